import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Client } from '../../client/index.ts';
import type { Contact, ContactQuery } from '../../contract/contact.ts';
import type { LAST_PAGED_ROW } from '../../contract/envelope.ts';
import { ContactListController } from '../../controllers/contact-list-controller.ts';
import { en } from '../../locales/en.ts';
import controls from '../shared/controls.styles.ts';
import { MillErrorEvent } from '../shared/error.events.ts';
import { icons } from '../shared/icons.ts';
import tokens from '../shared/tokens.styles.ts';
import { ContactOpenEvent } from './contact-table.events.ts';
import styles from './contact-table.styles.ts';

type Status = Contact['status'];
type Sort = 'name' | 'email' | 'company' | 'created_at';
type Notice = keyof typeof texts.notices;

const texts = en.contactTable;
const day = new Intl.DateTimeFormat(en.locale, { dateStyle: 'medium' });

const COLUMNS = ['name', 'email', 'company', 'status', 'created_at'] as const;
const STATUSES = Object.keys(texts.statuses) as Status[];
const NOTICE_ICONS: Record<Notice, unknown> = {
  empty: icons.people,
  'no-match': icons.search,
  failed: icons.warning,
  forbidden: icons.lock,
  'signed-out': icons.lock,
  offline: icons.offline,
};

const DEFAULT_PAGE_SIZE = 25;
const LARGEST_PAGE = 100;
const SKELETON_ROWS = 8;
const TYPING_PAUSE = 250;
/** Typed from the contract, so that the two can't differ; its module would bring the schemas along. */
const LAST_ROW: typeof LAST_PAGED_ROW = 10_000;

/**
 * A searchable, sortable table of contacts, a page at a time.
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
export class ContactTable extends LitElement {
  static override styles = [tokens, controls, styles];

  /** Where contacts come from. Set as a property; it holds a token. */
  @property({ attribute: false }) client?: Client;

  /** Rows on a page, from 1 to 100. */
  @property({ type: Number, attribute: 'page-size' }) pageSize = DEFAULT_PAGE_SIZE;

  readonly #list = new ContactListController(
    this,
    () => this.client,
    (error) => this.dispatchEvent(new MillErrorEvent(error)),
  );
  #query: Partial<ContactQuery> = {};
  #typed = '';
  #typing: ReturnType<typeof setTimeout> | undefined;

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('client')) this.#list.clear();
    if (changed.has('client') || changed.has('pageSize')) void this.#ask({});
  }

  /** A notice goes with its button, so the focus moves to where the rows will be. */
  protected override update(changed: PropertyValues<this>) {
    const wasInNotice = this.renderRoot.querySelector('.notice :focus') !== null;
    super.update(changed);
    if (wasInNotice && !this.shadowRoot?.activeElement) this.renderRoot.querySelector<HTMLElement>('.frame')?.focus();
  }

  /** Loads the current page again. */
  refresh() {
    return this.#ask({ page: this.#query.page });
  }

  protected override render() {
    const notice = this.#notice();
    const isRefused = notice === 'forbidden' || notice === 'signed-out';
    const hasRows = this.#contacts.length > 0 || notice === undefined;
    return html`
      <form class="toolbar" part="toolbar" role="search" aria-label=${texts.search} ?hidden=${isRefused} @submit=${this.#submit}>
        ${this.#searchBox()} ${this.#statusFilter()}
      </form>
      <div class="frame" role="group" aria-label=${texts.caption} tabindex="-1">
        ${notice ? this.#noticeBox(notice, hasRows) : nothing} ${hasRows ? this.#table() : nothing}
      </div>
      ${this.#contacts.length > 0 ? this.#pager() : nothing}
      <p class="visually-hidden" role="status">${this.#announcement(notice)}</p>
    `;
  }

  get #contacts() {
    return this.#list.page?.contacts ?? [];
  }

  get #pageNumber() {
    return this.#query.page ?? 1;
  }

  get #hasNextPage() {
    const page = this.#list.page;
    if (!page || (this.#pageNumber + 1) * this.#rowsPerPage > LAST_ROW) return false;
    const { pages, total_is_estimate, next_cursor } = page.pagination;
    return pages === null || total_is_estimate ? next_cursor !== null : this.#pageNumber < pages;
  }

  get #rowsPerPage() {
    return Math.min(LARGEST_PAGE, Math.max(1, Math.trunc(this.pageSize) || DEFAULT_PAGE_SIZE));
  }

  get #range() {
    const { pagination, contacts, query } = this.#list.page!;
    const before = ((pagination.page ?? query.page ?? 1) - 1) * pagination.page_size;
    return texts.range(before + 1, before + contacts.length, pagination.total, pagination.total_is_estimate);
  }

  #notice(): Notice | undefined {
    const { failure, page } = this.#list;
    if (failure) return failure;
    if (!page || page.contacts.length > 0) return undefined;
    return page.query.search || page.query.status ? 'no-match' : 'empty';
  }

  #announcement(notice: Notice | undefined) {
    if (notice) return `${texts.notices[notice].title}. ${texts.notices[notice].text}`;
    if (!this.#list.page) return texts.loading;
    const { sort_by, sort_order } = this.#list.page.query;
    const sorting = isSort(sort_by) && sort_order ? texts.sortedBy(texts.columns[sort_by], texts.orders[sort_order]) : '';
    return texts.shown(this.#range, sorting);
  }

  #searchBox() {
    return html`
      <div class="search">
        ${icons.search}
        <input
          class="input"
          type="search"
          maxlength="200"
          autocomplete="off"
          spellcheck="false"
          enterkeyhint="search"
          aria-label=${texts.search}
          placeholder=${texts.searchHint}
          .value=${live(this.#typed)}
          @input=${this.#type}
        />
      </div>
    `;
  }

  #statusFilter() {
    const [chosen] = this.#query.status ?? [];
    return html`
      <div class="choice">
        <select class="input" aria-label=${texts.status} @change=${this.#filter}>
          <option value="" .selected=${live(!chosen)}>${texts.anyStatus}</option>
          ${STATUSES.map(
            (status) => html`<option value=${status} .selected=${live(status === chosen)}>${texts.statuses[status]}</option>`,
          )}
        </select>
        ${icons.expand}
      </div>
    `;
  }

  #noticeBox(notice: Notice, isBesideRows: boolean) {
    const { title, text } = texts.notices[notice];
    const requestId = (this.#list.error as { requestId?: string } | undefined)?.requestId;
    const box = html`
      <div class="notice ${notice} ${isBesideRows ? 'banner' : ''}" part="notice">
        <span class="notice-icon">${NOTICE_ICONS[notice]}</span>
        <div class="notice-text">
          <p class="notice-title">${title}</p>
          <p>${text}</p>
          ${notice === 'failed' && requestId ? html`<p class="reference">${texts.reference(requestId)}</p>` : nothing}
        </div>
        ${this.#noticeAction(notice)}
      </div>
    `;
    return notice === 'empty' ? html`<slot name="empty">${box}</slot>` : box;
  }

  #noticeAction(notice: Notice) {
    switch (notice) {
      case 'failed':
      case 'offline':
        return html`<button class="button" type="button" @click=${this.refresh}>${texts.retry}</button>`;
      case 'no-match':
        return html`<button class="button" type="button" @click=${this.#clear}>${texts.clear}</button>`;
      default:
        return nothing;
    }
  }

  /** The roles are said again because the narrow layout, which is no table to CSS, would take them away. */
  #table() {
    const isLoading = this.#list.status === 'loading';
    return html`
      ${isLoading && this.#list.page ? html`<div class="progress"></div>` : nothing}
      <table part="table" role="table" aria-busy=${isLoading ? 'true' : 'false'}>
        <caption class="visually-hidden">
          ${texts.caption}
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            ${COLUMNS.map((column) =>
              isSort(column)
                ? this.#sortHeader(column)
                : html`<th class=${column} role="columnheader" scope="col">${texts.columns[column]}</th>`,
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${this.#list.page ? repeat(this.#contacts, (contact) => contact.id, this.#row) : this.#skeleton()}
        </tbody>
      </table>
    `;
  }

  /** Tells the order of the rows that are there, not of those that were asked for. */
  #sortHeader(column: Sort) {
    const { sort_by, sort_order } = this.#list.page?.query ?? {};
    const order = sort_by === column ? sort_order : undefined;
    return html`
      <th
        class=${column}
        role="columnheader"
        scope="col"
        aria-sort=${order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : nothing}
      >
        <button class="sort" type="button" @click=${() => this.#sort(column)}>
          ${texts.columns[column]} ${order === 'asc' ? icons.ascending : order === 'desc' ? icons.descending : icons.unsorted}
        </button>
      </th>
    `;
  }

  #row = (contact: Contact) => {
    const name = contact.name ?? (contact.email === null ? contact.phone_number : null);
    return html`
      <tr role="row" @click=${this.#openRow}>
        <th class="name" role="rowheader" scope="row">
          ${name === null ? this.#none(texts.unnamed) : contact.email === null ? this.#link(contact, name) : html`<bdi>${name}</bdi>`}
        </th>
        <td class="email" role="cell">${contact.email === null ? this.#none(texts.nothing) : this.#link(contact, contact.email)}</td>
        <td class="company" role="cell">
          ${contact.company === null ? this.#none(texts.nothing) : html`<bdi>${contact.company}</bdi>`}
        </td>
        <td class="status" role="cell"><span class="badge ${contact.status}">${texts.statuses[contact.status]}</span></td>
        <td class="created_at" role="cell">
          <span class="label" aria-hidden="true">${texts.columns.created_at}</span>
          <time datetime=${contact.created_at}>${day.format(new Date(contact.created_at))}</time>
        </td>
      </tr>
    `;
  };

  #link(contact: Contact, text: string) {
    return html`<a href="#${contact.id}" @click=${(event: MouseEvent) => this.#open(event, contact)}><bdi>${text}</bdi></a>`;
  }

  #none(meaning: string) {
    return html`<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">${meaning}</span></span>`;
  }

  #skeleton() {
    return Array.from(
      { length: Math.min(SKELETON_ROWS, this.#rowsPerPage) },
      () => html`
        <tr class="skeleton" aria-hidden="true">
          ${COLUMNS.map((column) => html`<td class=${column}><span class="bone"></span></td>`)}
        </tr>
      `,
    );
  }

  #pager() {
    const isFirst = this.#pageNumber === 1;
    const isAtLimit = !this.#hasNextPage && this.#list.page!.pagination.next_cursor !== null;
    return html`
      <nav class="pager" part="pager" aria-label=${texts.pages}>
        <p class="range">${this.#range}</p>
        ${isAtLimit ? html`<p class="limit">${texts.pageLimit(LAST_ROW)}</p>` : nothing}
        <button class="button" type="button" aria-disabled=${isFirst ? 'true' : 'false'} @click=${this.#previous}>
          ${icons.previous} ${texts.previous}
        </button>
        <button class="button" type="button" aria-disabled=${this.#hasNextPage ? 'false' : 'true'} @click=${this.#next}>
          ${texts.next} ${icons.next}
        </button>
      </nav>
    `;
  }

  /** Changes what is asked for, from the first page unless `change` says another. */
  async #ask(change: Partial<ContactQuery>): Promise<void> {
    this.#query = { ...this.#query, page: 1, ...change, page_size: this.#rowsPerPage };
    await this.#list.load(this.#query);
    await this.#leaveMissingPage();
  }

  /** A page may be gone by the time it is asked for, when others deleted what stood on it. */
  async #leaveMissingPage() {
    const { status, page } = this.#list;
    const asked = page?.query.page ?? 1;
    if (status !== 'ready' || !page || page.contacts.length > 0 || page.query !== this.#query || asked === 1) return;
    const { pages } = page.pagination;
    await this.#ask({ page: pages !== null && pages > 0 && pages < asked ? pages : 1 });
  }

  #type(event: InputEvent) {
    this.#typed = (event.target as HTMLInputElement).value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#search(), TYPING_PAUSE);
  }

  #submit(event: SubmitEvent) {
    event.preventDefault();
    this.#search();
  }

  #search() {
    clearTimeout(this.#typing);
    const search = this.#typed.trim() || undefined;
    if (search !== this.#query.search) void this.#ask({ search });
  }

  #filter(event: Event) {
    const status = (event.target as HTMLSelectElement).value as Status | '';
    void this.#ask({ status: status === '' ? undefined : [status] });
  }

  #clear() {
    clearTimeout(this.#typing);
    this.#typed = '';
    void this.#ask({ search: undefined, status: undefined });
    this.renderRoot.querySelector<HTMLInputElement>('input')?.focus();
  }

  /** First the order a column is mostly wanted in, then the other, then the list's own again. */
  #sort(column: Sort) {
    const first = column === 'created_at' ? 'desc' : 'asc';
    const { sort_by, sort_order } = this.#query;
    if (sort_by !== column) return void this.#ask({ sort_by: column, sort_order: first });
    if (sort_order === first) return void this.#ask({ sort_order: first === 'asc' ? 'desc' : 'asc' });
    void this.#ask({ sort_by: undefined, sort_order: undefined });
  }

  #previous() {
    if (this.#pageNumber > 1) void this.#ask({ page: this.#pageNumber - 1 });
  }

  #next() {
    if (this.#hasNextPage) void this.#ask({ page: this.#pageNumber + 1 });
  }

  #open(event: MouseEvent, contact: Contact) {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!opensElsewhere && !this.dispatchEvent(new ContactOpenEvent(contact))) event.preventDefault();
  }

  #openRow(event: MouseEvent) {
    const link = (event.currentTarget as HTMLElement).querySelector('a');
    const isSelectingText = getSelection()?.toString() !== '';
    if (link && !isSelectingText && !event.composedPath().includes(link)) link.click();
  }
}

function isSort(column: string | undefined): column is Sort {
  return column === 'name' || column === 'email' || column === 'company' || column === 'created_at';
}
