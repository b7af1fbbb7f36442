import { html, nothing } from 'lit';
import 'millrace/components/contact-table/define';
import { ContactPanel } from './contact-panel.ts';
import { sentenceOf } from './form.ts';
import type { Session } from './session.ts';
import { isDark, toggleTheme } from './theme.ts';
import { wordmark } from './wordmark.ts';

/** The screen of someone who is signed in: who and where they are, and the contacts. */
export class WorkspaceScreen {
  readonly #session: Session;
  readonly #changed: () => void;
  #panel: ContactPanel | undefined;
  #isLeaving = false;
  #message = '';

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
  }

  /** Shows the contact of this id above the list, or none. */
  show(contactId: string | undefined) {
    if (contactId === this.#panel?.id) return;
    this.#panel?.close();
    this.#panel = contactId ? new ContactPanel(contactId, this.#session.client, this.#changed) : undefined;
  }

  /** The connection is back: what was said of its loss no longer holds. */
  reconnected() {
    this.#message = '';
  }

  render() {
    return html`
      ${this.#header()}
      <div role="status">
        ${navigator.onLine ? nothing : html`<p class="strip">You are offline. What is on the screen may have changed since.</p>`}
      </div>
      <div role="alert">${this.#message ? html`<p class="strip bad">${this.#message}</p>` : nothing}</div>
      <main class="content">
        <h1 tabindex="-1">Contacts</h1>
        <mill-contact-table .client=${this.#session.client}></mill-contact-table>
      </main>
      ${this.#panel?.render()}
    `;
  }

  #header() {
    const { user, workspace, role } = this.#session.me!;
    return html`
      <header class="head">
        ${wordmark}
        <p class="workspace">${workspace.name}</p>
        <button class="quiet theme" type="button" aria-pressed=${isDark() ? 'true' : 'false'} @click=${this.#turnTheme}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="8" />
            <path d="M12 4a8 8 0 0 1 0 16z" />
          </svg>
          <span class="visually-hidden">Dark theme</span>
        </button>
        <div class="member">
          <span class="initials" aria-hidden="true">${initialsOf(user.name)}</span>
          <p><bdi>${user.name}</bdi><span class="role">${role}</span></p>
        </div>
        <button class="quiet" type="button" aria-disabled=${this.#isLeaving ? 'true' : 'false'} @click=${this.#signOut}>
          ${this.#isLeaving ? 'Signing out…' : 'Sign out'}
        </button>
      </header>
    `;
  }

  #turnTheme = () => {
    toggleTheme();
    this.#changed();
  };

  #signOut = async () => {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#message = '';
    this.#changed();
    try {
      await this.#session.signOut();
    } catch (error) {
      this.#message = `You are still signed in. ${sentenceOf(error)}`;
    } finally {
      this.#isLeaving = false;
      this.#changed();
    }
  };
}

function initialsOf(name: string) {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends.map((word) => [...word][0]?.toLocaleUpperCase() ?? '').join('');
}
