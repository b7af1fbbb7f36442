import { html } from 'lit';
import { entry } from './entry.ts';
import type { Session } from './session.ts';

/** What stands there until it is known whether someone is signed in. */
export class RestoringScreen {
  render() {
    return entry(html`<p class="muted" role="status">Opening…</p>`);
  }
}

/** The server did not say whether someone is signed in. */
export class UnreachableScreen {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  render() {
    return entry(html`
      <h1 tabindex="-1">The server can’t be reached</h1>
      <p>The console opens as soon as the connection is back.</p>
      <button class="primary" type="button" @click=${() => this.#session.restore()}>Try again</button>
    `);
  }
}
