import type { Lead } from '../../contract/lead.ts';

/** The user opens a lead. Cancel to handle it without following the link. */
export class LeadOpenEvent extends CustomEvent<{ lead: Lead }> {
  constructor(lead: Lead) {
    super('mill-lead-open', { detail: { lead }, bubbles: true, composed: true, cancelable: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-lead-open': LeadOpenEvent;
  }
}
