import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What an element gives to the form around it. */
export interface HostFormSource {
  /** Whether it takes part at all. */
  takesPart(): boolean;
  /** What the form sends of it, by the names of its fields. */
  entries(): readonly (readonly [name: string, value: string])[];
  /** The first thing that is wrong, with the control to point at. */
  problem(): { isMissing: boolean; text: string; anchor: HTMLElement | undefined } | undefined;
  /** What brings the fields back after the page was left and entered again. */
  kept(): string;
  /** A person is to see what is wrong. */
  tell(): void;
}

/** Makes an element a part of the form around it: it gives its values and whether they are right, as an input does. */
export class HostForm implements ReactiveController {
  /** Whether the form, or a fieldset in it, has switched the element off. */
  isDisabled = false;

  readonly #host: ReactiveControllerHost;
  readonly #internals: ElementInternals;
  readonly #source: HostFormSource;
  /** A person sends the form, or the page shows them what is wrong in the element. */
  #isTelling = false;
  /** Something was found wrong just now. */
  #isRefused = false;

  constructor(host: ReactiveControllerHost & HTMLElement, source: HostFormSource) {
    this.#host = host;
    this.#internals = host.attachInternals();
    this.#source = source;
    host.addEventListener('invalid', this.#refuse);
    host.addEventListener('focusin', this.#focus);
    host.addController(this);
  }

  hostConnected() {
    window.addEventListener('click', this.#press, true);
  }

  hostDisconnected() {
    window.removeEventListener('click', this.#press, true);
  }

  /** The form that the element is a part of. */
  get form(): HTMLFormElement | null {
    return this.#source.takesPart() ? this.#internals.form : null;
  }

  /** The element was put into a form, or taken out of one. */
  associated() {
    this.#host.requestUpdate();
  }

  disable(isDisabled: boolean) {
    this.isDisabled = isDisabled;
    this.#host.requestUpdate();
  }

  /** Gives the form what it would send now: it may be sent before the element has updated. */
  give() {
    if (!this.form) return this.#internals.setFormValue(null);
    const data = new FormData();
    for (const [name, value] of this.#source.entries()) data.append(name, value);
    this.#internals.setFormValue(data, this.#source.kept());
  }

  /** Sends the form as Enter does in an input of it: by its first button that sends, so that its name and value go along. */
  send() {
    const { form } = this;
    const button = Array.from(form?.elements ?? []).find(isSubmitButton);
    this.#asTelling(() => (button ? button.click() : form?.requestSubmit()));
  }

  hostUpdated() {
    this.give();
    const problem = this.form ? this.#source.problem() : undefined;
    if (!problem) return this.#internals.setValidity({});
    const { isMissing, text, anchor } = problem;
    this.#internals.setValidity(isMissing ? { valueMissing: true } : { customError: true }, text, anchor);
  }

  get validity() {
    return this.#internals.validity;
  }

  get validationMessage() {
    return this.#internals.validationMessage;
  }

  get willValidate() {
    return this.#internals.willValidate;
  }

  checkValidity() {
    return this.#internals.checkValidity();
  }

  reportValidity() {
    return this.#asTelling(() => this.#internals.reportValidity());
  }

  #asTelling<Result>(act: () => Result): Result {
    this.#isTelling = true;
    try {
      return act();
    } finally {
      this.#isTelling = false;
    }
  }

  /**
   * The page has asked whether the element is right. Nobody sees what is wrong for that alone: pages ask with every letter, to
   * switch their button on. Only who sends the form is told, or who is led here by the browser.
   */
  readonly #refuse = () => {
    if (this.#isTelling) return this.#source.tell();
    this.#isRefused = true;
    setTimeout(() => (this.#isRefused = false));
  };

  readonly #focus = () => {
    if (this.#isRefused) this.#source.tell();
  };

  /** The form is checked once all have heard of the click. */
  readonly #press = (event: MouseEvent) => {
    const { form } = this;
    const isSending = event.composedPath().some((each) => isSubmitButton(each) && each.form === form);
    if (form === null || !isSending) return;
    this.#isTelling = true;
    setTimeout(() => (this.#isTelling = false));
  };
}

const isSubmitButton = (target: EventTarget): target is HTMLButtonElement | HTMLInputElement =>
  (target instanceof HTMLButtonElement || target instanceof HTMLInputElement) &&
  (target.type === 'submit' || target.type === 'image');
