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

  get validity() {
    return this.hostForm.validity;
  }

  get validationMessage() {
    return this.hostForm.validationMessage;
  }

  get willValidate() {
    return this.hostForm.willValidate;
  }

  checkValidity() {
    return this.hostForm.checkValidity();
  }

  reportValidity() {
    return this.hostForm.reportValidity();
  }
}
