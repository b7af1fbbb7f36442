import type { Contact, ContactChange, NewContact } from '../../contract/contact.ts';

/** How something else than the form saves a contact. It may be asked several times, with the same key, until it has an answer. */
export type SaveContact = (options: {
  /** The version that the change was made from; nothing for a new contact. */
  version: number | undefined;
  idempotencyKey: string;
  signal: AbortSignal;
}) => Promise<Contact | undefined>;

/**
 * The user wants a contact saved; `given` is what would be sent. Cancel to take it from here; or call `saveBy`, and the form
 * waits for what you save, shows what you throw, and goes on as if it had saved it itself.
 */
export class ContactSaveEvent extends CustomEvent<{ contact: Contact | undefined; given: NewContact | ContactChange }> {
  save: SaveContact | undefined;

  constructor(contact: Contact | undefined, given: NewContact | ContactChange) {
    super('mill-contact-save', { detail: { contact, given }, bubbles: true, composed: true, cancelable: true });
  }

  /** Names what saves the contact in the form's place. */
  saveBy(save: SaveContact) {
    this.save = save;
    this.preventDefault();
  }
}

/** A contact was saved: a new one, or a changed one, which `before` shows as it was. */
export class ContactSavedEvent extends CustomEvent<{ contact: Contact; before: Contact | undefined }> {
  constructor(contact: Contact, before: Contact | undefined) {
    super('mill-contact-saved', { detail: { contact, before }, bubbles: true, composed: true });
  }
}

/** The user left the form without saving. */
export class ContactCancelledEvent extends CustomEvent<{ contact: Contact | undefined }> {
  constructor(contact: Contact | undefined) {
    super('mill-contact-cancelled', { detail: { contact }, bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-contact-save': ContactSaveEvent;
    'mill-contact-saved': ContactSavedEvent;
    'mill-contact-cancelled': ContactCancelledEvent;
  }
}
