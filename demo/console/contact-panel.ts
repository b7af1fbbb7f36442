import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Client } from 'millrace/client';
import { sentenceOf } from './form.ts';

type ContactDetail = Awaited<ReturnType<Client['contacts']['get']>>;

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' });

/** Shows one contact above the list until it is closed. */
export class ContactPanel {
  readonly id: string;
  readonly #changed: () => void;
  readonly #run = new AbortController();
  #contact: ContactDetail | undefined;
  #message = '';

  constructor(id: string, client: Client, changed: () => void) {
    this.id = id;
    this.#changed = changed;
    void this.#load(client);
  }

  /** Cancels what is under way: nothing is shown any more. */
  close() {
    this.#run.abort();
  }

  render() {
    return html`
      <dialog class="panel" aria-labelledby="panel-title" ${ref(show)} @close=${leave} @click=${leaveFromBackdrop}>
        <form class="panel-head" method="dialog">
          <h2 id="panel-title">${this.#contact ? titleOf(this.#contact) : this.#message ? 'Not available' : 'Loading…'}</h2>
          <button class="quiet">Close</button>
        </form>
        <div role="alert">${this.#message ? html`<p class="note bad">${this.#message}</p>` : nothing}</div>
        ${this.#contact ? facts(this.#contact) : nothing}
      </dialog>
    `;
  }

  async #load(client: Client) {
    try {
      this.#contact = await client.contacts.get(this.id, { signal: this.#run.signal });
    } catch (error) {
      if (this.#run.signal.aborted) return;
      this.#message = sentenceOf(error);
    }
    this.#changed();
  }
}

const titleOf = (contact: ContactDetail) => contact.name ?? contact.email ?? contact.phone_number ?? 'No name';

const capitalised = (word: string) => word[0]!.toUpperCase() + word.slice(1);

function facts(contact: ContactDetail) {
  const { address_1, address_2, zip_code, city, state, country } = contact;
  const entries: [string, string | null][] = [
    ['E-mail', contact.email],
    ['Phone', contact.phone_number],
    ['Company', contact.company],
    ['Address', [address_1, address_2, [zip_code, city].filter(Boolean).join(' '), state, country].filter(Boolean).join(', ')],
    ['Status', capitalised(contact.status)],
    ['Type', capitalised(contact.type)],
    ['Priority', contact.priority && capitalised(contact.priority)],
    ['Tags', contact.tags.join(', ')],
    ['Works with', contact.assignments.map(({ name, email }) => name ?? email).join(', ')],
    ['Added', day.format(new Date(contact.created_at))],
    ['Changed', day.format(new Date(contact.updated_at))],
    ['Notes', contact.notes],
  ];
  return html`
    <dl>
      ${entries
        .filter(([, value]) => value)
        .map(([label, value]) => html`<div><dt>${label}</dt><dd><bdi>${value}</bdi></dd></div>`)}
    </dl>
  `;
}

/** The dialog is in the document only once Lit has placed it. */
function show(dialog: Element | undefined) {
  if (dialog)
    queueMicrotask(() => dialog.isConnected && !(dialog as HTMLDialogElement).open && (dialog as HTMLDialogElement).showModal());
}

function leave() {
  location.hash = '';
}

function leaveFromBackdrop(event: MouseEvent) {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
