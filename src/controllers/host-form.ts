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
}

/** Makes an element a part of the form around it: it gives its values and whether they are right, as an input does. */
export class HostForm implements ReactiveController {
  /** Whether the form, or a fieldset in it, has switched the element off. */
  isDisabled = false;

  readonly #host: ReactiveControllerHost;
  readonly #internals: ElementInternals;
  readonly #source: HostFormSource;

  constructor(host: ReactiveControllerHost & HTMLElement, source: HostFormSource) {
    this.#host = host;
    this.#internals = host.attachInternals();
    this.#source = source;
    host.addController(this);
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

  /** Sends the form, as Enter does in an input of it. */
  send() {
    this.form?.requestSubmit();
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
    return this.#internals.reportValidity();
  }
}
