import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CallOptions, Client } from '../../client/index.ts';
import type { Contact, ContactQuery } from '../../contract/contact.ts';
import { contactTable, records } from '../../locales/en.ts';
import { icons } from '../shared/icons.ts';
import { Localized } from '../shared/localized.ts';
import { RecordTable } from '../shared/record-table.ts';
import { matchesWords } from '../shared/words.ts';
import { ContactOpenEvent } from './contact-table.events.ts';
import styles from './contact-table.styles.ts';

type Status = Contact['status'];

const STATUSES: readonly Status[] = ['active', 'bounced', 'unsubscribed'];

/**
 * A searchable, sortable table of contacts, a page at a time, that follows what others change.
 *
 * @tag mill-contact-table
 * @slot empty - Shown while the workspace has no contact.
 * @csspart toolbar - Search and filter.
 * @csspart table - The table element.
 * @csspart notice - What stands there instead of rows, or above them when they could not be renewed.
 * @csspart pager - The range shown, with the buttons to the other pages.
 * @cssprop [--mill-table-row-height=3.25rem] - The least height of a row.
 * @fires {ContactOpenEvent} mill-contact-open - The user opens a contact. Cancelable.
 * @fires {MillErrorEvent} mill-error - The contacts could not be loaded.
 */
export class ContactTable extends RecordTable<Contact, Status, Partial<ContactQuery>> {
  static override styles = [...RecordTable.styles, styles];

  protected override readonly texts = new Localized(this, 'contactTable', contactTable);
  protected override readonly ownSort = 'updated_at';
  protected override readonly columns = [
    { name: 'name', sortBy: 'name' },
    { name: 'email', sortBy: 'email' },
    { name: 'company', sortBy: 'company' },
    { name: 'status' },
    { name: 'created_at', sortBy: 'created_at', first: 'desc' },
  ] as const;

  readonly #kinds = new Localized(this, 'records', records);

  constructor() {
    super('contact');
  }

  protected override list(client: Client, query: Partial<ContactQuery>, options: CallOptions) {
    return client.contacts.list(query, options);
  }

  protected override holds(contact: Contact, { status, search }: Partial<ContactQuery>) {
    const { name, email, company, phone_number, is_archived } = contact;
    return (
      !is_archived && (!status || status.includes(contact.status)) && matchesWords(search, [name, email, company, phone_number])
    );
  }

  protected override sortKey(contact: Contact, sortBy: string) {
    return contact[sortBy as 'name' | 'email' | 'company' | 'created_at' | 'updated_at'];
  }

  protected override openEvent(contact: Contact) {
    return new ContactOpenEvent(contact);
  }

  protected override filters() {
    const [chosen] = this.query.status ?? [];
    return html`
      <div class="choice">
        <select class="input" aria-label=${this.tableTexts.text('status')} @change=${this.#filter}>
          <option value="" .selected=${live(!chosen)}>${this.tableTexts.text('anyStatus')}</option>
          ${STATUSES.map(
            (status) => html`<option value=${status} .selected=${live(status === chosen)}>${this.#statusText(status)}</option>`,
          )}
        </select>
        ${icons.expand}
      </div>
    `;
  }

  protected override cells(contact: Contact) {
    const { email, company, status, created_at } = contact;
    const name = contact.name ?? (email === null ? contact.phone_number : null);
    return html`
      <th class="name" role="rowheader" scope="row">
        ${name === null ? this.none(this.texts.text('unnamed')) : email === null ? this.link(contact, name) : html`<bdi>${name}</bdi>`}
      </th>
      <td class="email" role="cell">${email === null ? this.none() : this.link(contact, email)}</td>
      <td class="company" role="cell">${company === null ? this.none() : html`<bdi>${company}</bdi>`}</td>
      <td class="status" role="cell"><span class="badge ${status}">${this.#statusText(status)}</span></td>
      <td class="created_at" role="cell">
        <span class="label" aria-hidden="true">${this.texts.text('column.created_at')}</span>
        <time datetime=${created_at}>${this.texts.formats.day(created_at)}</time>
      </td>
    `;
  }

  #statusText = (status: Status) => this.#kinds.text(`contact.status.${status}`);

  #filter(event: Event) {
    const status = (event.target as HTMLSelectElement).value as Status | '';
    void this.ask({ status: status === '' ? undefined : [status] });
  }
}
