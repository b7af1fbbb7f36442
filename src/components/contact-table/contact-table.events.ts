import type { Contact } from '../../contract/contact.ts';

/** The user opens a contact. Cancel to handle it without following the link. */
export class ContactOpenEvent extends CustomEvent<{ contact: Contact }> {
  constructor(contact: Contact) {
    super('mill-contact-open', { detail: { contact }, bubbles: true, composed: true, cancelable: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-contact-open': ContactOpenEvent;
  }
}
