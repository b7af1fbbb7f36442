import type { ReactiveController, ReactiveControllerHost } from 'lit';

const MINUTE = 60_000;

/** Updates its host once a minute while it is on the page, so that what it says of the time stays true. */
export class ClockController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get now() {
    return Date.now();
  }

  hostConnected() {
    this.#ticking = setInterval(() => this.#host.requestUpdate(), MINUTE);
  }

  hostDisconnected() {
    clearInterval(this.#ticking);
  }
}
