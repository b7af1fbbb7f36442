import { html, nothing } from 'lit';
import { liveOf } from 'millrace/client';
import type { ContactForm } from 'millrace/components/contact-form';
import type { LeadForm } from 'millrace/components/lead-form';
import 'millrace/components/contact-form/define';
import 'millrace/components/contact-table/define';
import 'millrace/components/lead-form/define';
import 'millrace/components/lead-table/define';
import 'millrace/components/provider/define';
import { VIEWS, type Place, type View } from './address.ts';
import { contactPanel } from './contact-panel.ts';
import { sentenceOf } from './form.ts';
import { leadPanel } from './lead-panel.ts';
import type { Session } from './session.ts';
import { isDark, toggleTheme } from './theme.ts';
import { wordmark } from './wordmark.ts';

const TITLES: Record<View, string> = { leads: 'Leads', contacts: 'Contacts' };
const ADD: Record<View, string> = { leads: 'Add lead', contacts: 'Add contact' };
const PANELS = { leads: leadPanel, contacts: contactPanel };

/** The screen of someone who is signed in: who and where they are, and one view of the workspace. */
export class WorkspaceScreen {
  readonly #session: Session;
  readonly #changed: () => void;
  #view: View = 'leads';
  #panel: ReturnType<(typeof PANELS)[View]> | undefined;
  #isLeaving = false;
  #message = '';

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
    // Ends by itself when the client forgets its user.
    liveOf(session.client).subscribe({
      event: ({ record_id, data }) => this.#follow([record_id, ...Object.values(data as object)]),
      reset: () => void this.#panel?.refresh(),
    });
  }

  get title() {
    return TITLES[this.#view];
  }

  /** Shows a view, and the record of this id above it; tells whether the view is another than before. */
  show({ view, id }: Place): boolean {
    const isOther = view !== this.#view;
    this.#view = view;
    if (isOther || id !== this.#panel?.id) {
      this.#panel?.close();
      this.#panel = id ? PANELS[view](id, this.#session.client, this.#changed, this.#may(`crm:${view}:edit`)) : undefined;
    }
    return isOther;
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
      <mill-provider .client=${this.#session.client}>
        <main class="content">
          <div class="title-row">
            <h1 tabindex="-1">${this.title}</h1>
            ${
              this.#may(`crm:${this.#view}:create`)
                ? html`<button class="primary" type="button" @click=${this.#add}>${ADD[this.#view]}</button>`
                : nothing
            }
          </div>
          ${this.#list()}
        </main>
        ${this.#panel?.render()}
      </mill-provider>
    `;
  }

  /** The open record is loaded again when something happens to it, or to what names it, as its activities do. */
  #follow(ids: unknown[]) {
    if (this.#panel && ids.includes(this.#panel.id)) void this.#panel.refresh();
  }

  #may(permission: string) {
    return this.#session.me!.permissions.includes(permission);
  }

  #list() {
    return this.#view === 'leads'
      ? html`
          <mill-lead-table link-prefix="#/leads/"></mill-lead-table>
          <mill-lead-form dialog></mill-lead-form>
        `
      : html`
          <mill-contact-table link-prefix="#/contacts/"></mill-contact-table>
          <mill-contact-form dialog link-prefix="#/contacts/" @mill-contact-open=${closeForm}></mill-contact-form>
        `;
  }

  #header() {
    const { user, workspace, role } = this.#session.me!;
    return html`
      <header class="head">
        ${wordmark}
        <p class="workspace">${workspace.name}</p>
        <nav class="views" aria-label="Views">
          ${VIEWS.map((view) => html`<a href="#/${view}" aria-current=${view === this.#view ? 'page' : 'false'}>${TITLES[view]}</a>`)}
        </nav>
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

  #add = (event: Event) => {
    const page = (event.currentTarget as Element).closest('main')!;
    page.querySelector<ContactForm | LeadForm>('mill-contact-form, mill-lead-form')?.show();
  };

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

/** The contact that is opened stands above the list, as the form does. */
function closeForm(event: Event) {
  (event.currentTarget as ContactForm).open = false;
}

function initialsOf(name: string) {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends.map((word) => [...word][0]?.toLocaleUpperCase() ?? '').join('');
}
