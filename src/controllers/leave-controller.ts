import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Tells that a field was left, but not while a pointer is pressed: what is then said below the field would move the button from
 * under the pointer, and the press would be lost.
 */
export class LeaveController implements ReactiveController {
  readonly #host: HTMLElement;
  readonly #leave: (name: string) => void;
  #isPressed = false;
  #left: string[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement, leave: (name: string) => void) {
    this.#host = host;
    this.#leave = leave;
    host.addController(this);
  }

  hostConnected() {
    this.#host.addEventListener('pointerdown', this.#press);
    window.addEventListener('pointerup', this.#release);
    window.addEventListener('pointercancel', this.#release);
  }

  hostDisconnected() {
    this.#host.removeEventListener('pointerdown', this.#press);
    window.removeEventListener('pointerup', this.#release);
    window.removeEventListener('pointercancel', this.#release);
    this.#isPressed = false;
  }

  /** A field was left. */
  leave(name: string) {
    if (this.#isPressed) this.#left.push(name);
    else this.#leave(name);
  }

  readonly #press = () => {
    this.#isPressed = true;
  };

  /** The click comes first. */
  readonly #release = () => {
    setTimeout(() => {
      this.#isPressed = false;
      for (const name of this.#left.splice(0)) this.#leave(name);
    });
  };
}
