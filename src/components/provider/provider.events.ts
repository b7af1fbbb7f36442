import type { ApiError } from '../../client/index.ts';

/** The API accepts no token of the user any more: they have to sign in again. Said once for all calls that it fails. */
export class SessionEndedEvent extends CustomEvent<{ error: ApiError }> {
  constructor(error: ApiError) {
    super('mill-session-ended', { detail: { error }, bubbles: true, composed: true });
  }
}

/** What the user may do is known, or known no longer: `can` answers otherwise than before. */
export class AccessChangedEvent extends CustomEvent<undefined> {
  constructor() {
    super('mill-access-changed', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-session-ended': SessionEndedEvent;
    'mill-access-changed': AccessChangedEvent;
  }
}
