import type { Lead, LeadChange, NewLead } from '../../contract/lead.ts';

/** How something else than the form saves a lead. It may be asked several times, with the same key, until it has an answer. */
export type SaveLead = (options: {
  /** The version that the change was made from; nothing for a new lead. */
  version: number | undefined;
  idempotencyKey: string;
  signal: AbortSignal;
}) => Promise<Lead | undefined>;

/**
 * The user wants a lead saved; `given` is what would be sent. Cancel to take it from here; or call `saveBy`, and the form
 * waits for what you save, shows what you throw, and goes on as if it had saved it itself.
 */
export class LeadSaveEvent extends CustomEvent<{ lead: Lead | undefined; given: NewLead | LeadChange }> {
  save: SaveLead | undefined;

  constructor(lead: Lead | undefined, given: NewLead | LeadChange) {
    super('mill-lead-save', { detail: { lead, given }, bubbles: true, composed: true, cancelable: true });
  }

  /** Names what saves the lead in the form's place. */
  saveBy(save: SaveLead) {
    this.save = save;
    this.preventDefault();
  }
}

/** A lead was saved: a new one, or a changed one, which `before` shows as it was. */
export class LeadSavedEvent extends CustomEvent<{ lead: Lead; before: Lead | undefined }> {
  constructor(lead: Lead, before: Lead | undefined) {
    super('mill-lead-saved', { detail: { lead, before }, bubbles: true, composed: true });
  }
}

/** The user left the form without saving. */
export class LeadCancelledEvent extends CustomEvent<{ lead: Lead | undefined }> {
  constructor(lead: Lead | undefined) {
    super('mill-lead-cancelled', { detail: { lead }, bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-lead-save': LeadSaveEvent;
    'mill-lead-saved': LeadSavedEvent;
    'mill-lead-cancelled': LeadCancelledEvent;
  }
}
