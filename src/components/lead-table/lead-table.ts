import { html, nothing, type PropertyValues } from 'lit';
import type { CallOptions, Client, Page } from '../../client/index.ts';
import type { Lead, LeadQuery } from '../../contract/lead.ts';
import { ClockController } from '../../controllers/clock-controller.ts';
import { LeadNamesController } from '../../controllers/lead-names-controller.ts';
import { leadTable, records } from '../../locales/en.ts';
import { Localized } from '../shared/localized.ts';
import { RecordTable } from '../shared/record-table.ts';
import { matchesWords } from '../shared/words.ts';
import { LeadOpenEvent } from './lead-table.events.ts';
import styles from './lead-table.styles.ts';

type Status = Lead['status'];

const STATUSES: readonly Status[] = ['new', 'contacted', 'qualified', 'converted', 'lost'];

/**
 * A searchable, sortable table of leads, a page at a time, that follows what others change.
 *
 * @tag mill-lead-table
 * @slot empty - Shown while the workspace has no lead.
 * @csspart toolbar - Search and filter.
 * @csspart table - The table element.
 * @csspart notice - What stands there instead of rows, or above them when they could not be renewed.
 * @csspart pager - The range shown, with the buttons to the other pages.
 * @cssprop [--mill-table-row-height=3.25rem] - The least height of a row.
 * @fires {LeadOpenEvent} mill-lead-open - The user opens a lead. Cancelable.
 * @fires {MillErrorEvent} mill-error - The leads could not be loaded.
 */
export class LeadTable extends RecordTable<Lead, Status, Partial<LeadQuery>> {
  static override styles = [...RecordTable.styles, styles];

  protected override readonly texts = new Localized(this, 'leadTable', leadTable);
  protected override readonly ownSort = 'last_activity_at';
  protected override readonly columns = [
    { name: 'title', sortBy: 'title' },
    { name: 'contact', sortBy: 'name' },
    { name: 'stage' },
    { name: 'score', sortBy: 'score_value', first: 'desc' },
    { name: 'value', sortBy: 'lead_value', first: 'desc' },
    { name: 'owner' },
    { name: 'source' },
    { name: 'activity', sortBy: 'last_activity_at', first: 'desc' },
  ] as const;

  readonly #names = new LeadNamesController(this, () => this.client);
  readonly #clock = new ClockController(this);
  readonly #kinds = new Localized(this, 'records', records);

  constructor() {
    super('lead');
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('client')) this.#names.forget();
    super.willUpdate(changed);
  }

  protected override updated() {
    void this.#names.know(this.rows);
  }

  protected override list(client: Client, query: Partial<LeadQuery>, options: CallOptions): Promise<Page<Lead>> {
    return client.leads.list(query, options);
  }

  protected override holds(lead: Lead, { status, search }: Partial<LeadQuery>) {
    const { name, email, company, phone_number } = lead.contact;
    return (
      !lead.is_archived &&
      (!status || status.includes(lead.status)) &&
      matchesWords(search, [lead.title, name, email, company, phone_number])
    );
  }

  protected override sortKey(lead: Lead, sortBy: string) {
    if (sortBy === 'name') return lead.contact.name;
    return lead[sortBy as 'title' | 'score_value' | 'lead_value' | 'last_activity_at'];
  }

  protected override openEvent(lead: Lead) {
    return new LeadOpenEvent(lead);
  }

  protected override filters() {
    const chosen = this.query.status ?? [];
    return html`
      <div class="chips" role="group" aria-label=${this.tableTexts.text('status')}>
        ${STATUSES.map((status) => {
          const isChosen = chosen.includes(status);
          return html`
            <button class="chip" type="button" aria-pressed=${isChosen ? 'true' : 'false'} @click=${() => this.#toggle(status)}>
              ${this.#statusText(status)}
            </button>
          `;
        })}
      </div>
    `;
  }

  protected override cells(lead: Lead) {
    const { contact, status, score, score_value, lead_value, owner, last_activity_at } = lead;
    const person = contact.name ?? contact.email ?? contact.phone_number;
    const source = this.#names.sourceOf(lead);
    const { formats } = this.texts;
    return html`
      <th class="title" role="rowheader" scope="row">${this.link(lead, lead.title)}</th>
      <td class="contact" role="cell">
        ${person === null ? this.none() : html`<bdi>${person}</bdi>`}
        ${contact.company === null ? nothing : html`<span class="company"><bdi>${contact.company}</bdi></span>`}
      </td>
      <td class="stage" role="cell">
        <span class="badge ${status}"><bdi>${this.#names.stageOf(lead) ?? this.#statusText(status)}</bdi></span>
      </td>
      <td class="score" role="cell"><span class="band ${score}">${formats.number(score_value)}</span> <bdi>${this.#kinds.text(`lead.score.${score}`)}</bdi></td>
      <td class="value" role="cell">${lead_value === null ? this.none() : html`<bdi>${formats.money(lead_value, lead.currency)}</bdi>`}</td>
      <td class="owner" role="cell">${owner === null ? this.none(this.texts.text('noOwner')) : html`<bdi>${owner.name}</bdi>`}</td>
      <td class="source" role="cell">${source === undefined ? this.none() : html`<bdi>${source}</bdi>`}</td>
      <td class="activity" role="cell">
        ${
          last_activity_at === null
            ? this.none()
            : html`
              <time datetime=${last_activity_at} title=${formats.moment(last_activity_at)}>
                <bdi>${formats.ago(last_activity_at, this.#clock.now)}</bdi>
              </time>
            `
        }
      </td>
    `;
  }

  #statusText = (status: Status) => this.#kinds.text(`lead.status.${status}`);

  #toggle(status: Status) {
    const chosen = this.query.status ?? [];
    const next = chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
    void this.ask({ status: next.length === 0 ? undefined : next });
  }
}
