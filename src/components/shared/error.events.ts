/** An element met an error, which it also shows: for hosts that log or count. */
export class MillErrorEvent extends CustomEvent<{ error: unknown }> {
  constructor(error: unknown) {
    super('mill-error', { detail: { error }, bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'mill-error': MillErrorEvent;
  }
}
