import { property } from 'lit/decorators.js';
import type { HostForm } from '../../controllers/host-form.ts';
import { MillElement } from './mill-element.ts';

/** An element that takes part in the form of the page around it, as an input does. */
export abstract class FormElement extends MillElement {
  static readonly formAssociated = true;

  /** Nothing can be changed or saved. */
  @property({ type: Boolean, reflect: true }) disabled = false;

  protected abstract readonly hostForm: HostForm;

  /** Begins anew with what was there at first. */
  abstract reset(): void;

  /** Brings back what `HostForm` was given to keep. */
  protected abstract restore(state: string): void;

  formAssociatedCallback() {
    this.hostForm.associated();
  }

  formDisabledCallback(isDisabled: boolean) {
    this.hostForm.disable(isDisabled);
  }

  formResetCallback() {
    this.reset();
  }

  formStateRestoreCallback(state: unknown) {
    if (typeof state === 'string') this.restore(state);
  }

  /** The form of the page that the element is a part of. */
  get form(): HTMLFormElement | null {
    return this.hostForm.form;
  }

  /** What is wrong, as of an input: a field that must be filled in, or another rule. */
  get validity(): ValidityState {
    return this.hostForm.validity;
  }

  /** The first thing that is wrong, in words. */
  get validationMessage(): string {
    return this.hostForm.validationMessage;
  }

  /** Whether the form of the page asks at all: not while the element is disabled. */
  get willValidate(): boolean {
    return this.hostForm.willValidate;
  }

  /** Whether all is right. */
  checkValidity(): boolean {
    return this.hostForm.checkValidity();
  }

  /** Whether all is right; shows what is not. */
  reportValidity(): boolean {
    return this.hostForm.reportValidity();
  }
}
