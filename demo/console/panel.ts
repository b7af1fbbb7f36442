import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Client } from 'millrace/client';
import type { ContactForm } from 'millrace/components/contact-form';
import type { LeadForm } from 'millrace/components/lead-form';
import { sentenceOf } from './form.ts';

/** Where a record comes from, and how it is shown. */
export interface PanelOf<T> {
  /** Where the page goes when the panel is closed. */
  back: string;
  load(signal: AbortSignal): Promise<T>;
  title(record: T): string;
  body(record: T): unknown;
  /** Where it can be changed: a form in a dialog of its own. */
  form: (() => unknown) | undefined;
}

/** Shows one record above the list until it is closed. */
export class Panel<T> {
  readonly id: string;
  readonly #of: PanelOf<T>;
  readonly #changed: () => void;
  readonly #run = new AbortController();
  #record: T | undefined;
  #message = '';

  constructor(id: string, of: PanelOf<T>, changed: () => void) {
    this.id = id;
    this.#of = of;
    this.#changed = changed;
    void this.refresh();
  }

  /** Loads the record again; what is shown stays until it is there. */
  async refresh() {
    try {
      this.#record = await this.#of.load(this.#run.signal);
      this.#message = '';
    } catch (error) {
      if (this.#run.signal.aborted) return;
      this.#message = sentenceOf(error);
    }
    this.#changed();
  }

  /** Cancels what is under way: nothing is shown any more. */
  close() {
    this.#run.abort();
  }

  render() {
    const title = this.#record ? this.#of.title(this.#record) : this.#message ? 'Not available' : 'Loading…';
    return html`
      <dialog class="panel" aria-labelledby="panel-title" ${ref(show)} @close=${this.#leave} @click=${leaveFromBackdrop}>
        <form class="panel-head" method="dialog">
          <h2 id="panel-title"><bdi>${title}</bdi></h2>
          ${this.#record && this.#of.form ? html`<button class="quiet" type="button" @click=${edit}>Edit</button>` : nothing}
          <button class="quiet">Close</button>
        </form>
        <div role="alert">${this.#message ? html`<p class="note bad">${this.#message}</p>` : nothing}</div>
        ${this.#record ? this.#of.body(this.#record) : nothing} ${this.#of.form?.()}
      </dialog>
    `;
  }

  #leave = () => {
    location.hash = this.#of.back;
  };
}

/** Labels and values; those without a value are left out. */
export const facts = (entries: readonly (readonly [label: string, value: string | null | undefined])[]) => html`
  <dl>
    ${entries
      .filter(([, value]) => value)
      .map(([label, value]) => html`<div><dt>${label}</dt><dd><bdi>${value}</bdi></dd></div>`)}
  </dl>
`;

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

type Activity = Awaited<ReturnType<Client['activities']['get']>>;

/** What has happened, the latest first. */
export function timeline(title: string, activities: readonly Activity[]) {
  if (activities.length === 0) return nothing;
  return html`
    <h3>${title}</h3>
    <ol class="timeline">
      ${activities.map(
        ({ subject, activity_type, occurred_at, author }) => html`
          <li>
            <p><bdi>${subject ?? capitalised(activity_type)}</bdi></p>
            <p class="muted">
              <time datetime=${occurred_at}>${moment.format(new Date(occurred_at))}</time>${
                author ? html` · <bdi>${author.name}</bdi>` : nothing
              }
            </p>
          </li>
        `,
      )}
    </ol>
  `;
}

/** A word as a label writes it. */
export const capitalised = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** The dialog is in the document only once Lit has placed it. */
function show(dialog: Element | undefined) {
  if (dialog)
    queueMicrotask(() => dialog.isConnected && !(dialog as HTMLDialogElement).open && (dialog as HTMLDialogElement).showModal());
}

/** Opens the form of the panel that the button stands in. */
function edit(event: Event) {
  const panel = (event.currentTarget as Element).closest('.panel')!;
  panel.querySelector<ContactForm | LeadForm>('mill-contact-form, mill-lead-form')?.show();
}

function leaveFromBackdrop(event: MouseEvent) {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
