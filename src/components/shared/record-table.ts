import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CallOptions, Client, Page } from '../../client/index.ts';
import type { LAST_PAGED_ROW } from '../../contract/envelope.ts';
import { ListController, type ListQuery } from '../../controllers/list-controller.ts';
import { LiveController } from '../../controllers/live-controller.ts';
import { recordsOf } from '../../controllers/records.ts';
import type { LiveRow } from '../../core/live-page.ts';
import { common, recordTable } from '../../locales/en.ts';
import badgeStyles from './badge.styles.ts';
import controls from './controls.styles.ts';
import { icons } from './icons.ts';
import { Localized } from './localized.ts';
import { MillElement } from './mill-element.ts';
import { noticeBox, type Notice } from './notice.ts';
import noticeStyles from './notice.styles.ts';
import { pager } from './pager.ts';
import pagerStyles from './pager.styles.ts';
import styles from './record-table.styles.ts';
import type { RecordTexts } from './record-texts.ts';
import { standsBefore } from './sort-order.ts';
import skeletonStyles from './skeleton.styles.ts';
import tokens from './tokens.styles.ts';

/** A column, and what the list is sorted by when its header is pressed. */
export interface Column {
  readonly name: string;
  readonly sortBy?: string;
  /** The order that it is mostly wanted in. */
  readonly first?: 'asc' | 'desc';
}

/** What records of a table may be asked for: all of it but the status is any list's. */
export interface RecordQuery<Status extends string> extends ListQuery {
  status?: Status[] | undefined;
}

const DEFAULT_PAGE_SIZE = 25;
const LARGEST_PAGE = 100;
const SKELETON_ROWS = 8;
const TYPING_PAUSE = 250;
/** Typed from the contract, so that the two can't differ; its module would bring the schemas along. */
const LAST_ROW: typeof LAST_PAGED_ROW = 10_000;

/** A searchable, sortable table of one kind of record, a page at a time, that changes as others change the records. */
export abstract class RecordTable<
  Row extends LiveRow,
  Status extends string,
  Query extends RecordQuery<Status>,
> extends MillElement {
  static override styles = [tokens, controls, badgeStyles, skeletonStyles, noticeStyles, pagerStyles, styles];

  /** Rows on a page, from 1 to 100. */
  @property({ type: Number, attribute: 'page-size' }) pageSize = DEFAULT_PAGE_SIZE;

  /** What the address of a record begins with; its id follows. */
  @property({ attribute: 'link-prefix' }) linkPrefix = '#';

  /** What is said of this kind of record. */
  protected abstract readonly texts: Localized<RecordTexts>;
  protected abstract readonly columns: readonly Column[];
  /** What the list is sorted by, the latest first, while no header is pressed. */
  protected abstract readonly ownSort: string;

  protected query = {} as Query;

  protected readonly words = new Localized(this, 'common', common);
  protected readonly tableTexts = new Localized(this, 'recordTable', recordTable);

  readonly #list = new ListController<Row, Query>(this, {
    client: () => this.client,
    list: (client, query, options) => recordsOf(client).read(this.#record, () => this.list(client, query, options)),
    holds: (row, query) => this.holds(row, query),
    precedes: (row, other, { sort_by = this.ownSort, sort_order = 'desc' }) => {
      const sorted = (one: Row) => ({ key: this.sortKey(one, sort_by), id: one.id });
      return standsBefore(sorted(row), sorted(other), sort_order);
    },
    report: (error) => this.report(error),
  });
  readonly #live: LiveController<Row>;
  readonly #record: string;
  #typed = '';
  #typing: ReturnType<typeof setTimeout> | undefined;

  /** `record` is what events call the rows: `lead` for `lead.created`. */
  constructor(record: string) {
    super();
    this.#record = record;
    this.#live = new LiveController<Row>(this, () => this.client, record, {
      heard: (change) => this.#list.hear(change),
      reset: () => this.#list.renew(),
      open: () => this.#list.reconnected(),
      forgotten: () => this.#list.clear(),
      again: () => void this.ask({}),
    });
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('client')) this.#list.clear();
    if (changed.has('client') || changed.has('pageSize')) void this.ask({});
  }

  /** A notice goes with its button, so the focus moves to where the rows will be. */
  protected override update(changed: PropertyValues<this>) {
    const wasInNotice = this.renderRoot.querySelector('.notice :focus') !== null;
    super.update(changed);
    if (wasInNotice && !this.shadowRoot?.activeElement) this.renderRoot.querySelector<HTMLElement>('.frame')?.focus();
  }

  /** Loads the current page again. */
  refresh(): Promise<void> {
    return this.ask({ page: this.query.page });
  }

  protected abstract list(client: Client, query: Query, options: CallOptions): Promise<Page<Row>>;
  /** Whether a list that is filtered so holds the row. */
  protected abstract holds(row: Row, query: Query): boolean;
  /** What the row is sorted by. */
  protected abstract sortKey(row: Row, sortBy: string): string | number | null;
  protected abstract cells(row: Row): unknown;
  protected abstract filters(): unknown;
  protected abstract openEvent(row: Row): CustomEvent;

  protected override render() {
    const notice = this.#notice();
    const isRefused = notice === 'forbidden' || notice === 'signed-out';
    const hasRows = this.rows.length > 0 || notice === undefined;
    return html`
      <form
        class="toolbar"
        part="toolbar"
        role="search"
        aria-label=${this.texts.text('search')}
        ?hidden=${isRefused}
        @submit=${this.#submit}
      >
        ${this.#searchBox()} ${this.filters()}
        ${this.#isBehind ? html`<p class="behind">${this.words.text('reconnecting')}</p>` : nothing}
      </form>
      <div class="frame" role="group" aria-label=${this.texts.text('caption')} tabindex="-1">
        ${notice ? this.#noticeBox(notice, hasRows) : nothing} ${this.#unseen()} ${hasRows ? this.#table() : nothing}
      </div>
      ${this.rows.length > 0 ? this.#pager() : nothing}
      <p class="visually-hidden" role="status">${this.#announcement(notice)}</p>
    `;
  }

  /** The link by which a record is opened. */
  protected link(row: Row, text: string) {
    return html`<a href="${this.linkPrefix}${row.id}" @click=${(event: MouseEvent) => this.#open(event, row)}><bdi>${text}</bdi></a>`;
  }

  /** What stands where a record has no value. */
  protected none(meaning: string = this.words.text('none')) {
    return html`<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">${meaning}</span></span>`;
  }

  /** Changes what is asked for, from the first page unless `change` says another. */
  protected async ask(change: RecordQuery<Status>): Promise<void> {
    this.query = { ...this.query, page: 1, ...change, page_size: this.#rowsPerPage };
    this.#live.listen();
    await this.#list.load(this.query);
    await this.#leaveMissingPage();
  }

  /** The rows that are shown. */
  protected get rows() {
    return this.#list.page?.rows ?? [];
  }

  get #pageNumber() {
    return this.query.page ?? 1;
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
    const { pagination, rows, query } = this.#list.page!;
    const before = ((pagination.page ?? query.page ?? 1) - 1) * pagination.page_size;
    const shown = this.texts.formats.range(before + 1, before + rows.length);
    const { total, total_is_estimate } = pagination;
    return total === null ? shown : this.tableTexts.text(total_is_estimate ? 'ofAbout' : 'of', { rows: shown, total });
  }

  /** Whether what others change does not arrive; said only where nothing else is amiss. */
  get #isBehind() {
    return this.#live.isCut && this.#list.status === 'ready';
  }

  #notice(): Notice | undefined {
    const { failure, page } = this.#list;
    if (failure) return failure;
    if (!page || page.rows.length > 0) return undefined;
    return page.query.search || page.query.status ? 'no-match' : 'empty';
  }

  #announcement(notice: Notice | undefined) {
    if (notice) return `${this.texts.text(`notice.${notice}.title`)}. ${this.texts.text(`notice.${notice}.text`)}`;
    if (!this.#list.page) return this.texts.text('loading');
    const { sort_by, sort_order } = this.#list.page.query;
    const column = this.columns.find(({ sortBy }) => sortBy !== undefined && sortBy === sort_by);
    const shown =
      column && sort_order
        ? this.texts.text('shownSorted', {
            rows: this.#range,
            column: this.#columnText(column),
            order: this.tableTexts.text(`order.${sort_order}`),
          })
        : this.texts.text('shown', { rows: this.#range });
    return this.#isBehind ? `${shown} ${this.words.text('reconnecting')}` : shown;
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
          aria-label=${this.texts.text('search')}
          placeholder=${this.texts.text('searchHint')}
          .value=${live(this.#typed)}
          @input=${this.#type}
        />
      </div>
    `;
  }

  #noticeBox(notice: Notice, isBesideRows: boolean) {
    const { requestId } = (this.#list.error ?? {}) as { requestId?: string };
    return noticeBox({
      notice,
      title: this.texts.text(`notice.${notice}.title`),
      text: this.texts.text(`notice.${notice}.text`),
      reference: requestId && this.words.text('reference', { id: requestId }),
      isBesideRows,
      retry: { text: this.words.text('retry'), act: () => void this.refresh() },
      clear: { text: this.texts.text('clear'), act: () => this.#clear() },
    });
  }

  #unseen() {
    const count = this.#list.page?.unseen.size ?? 0;
    if (count === 0) return nothing;
    return html`<button class="unseen" type="button" @click=${this.#showUnseen}>${this.texts.text('unseen', { count })}</button>`;
  }

  /** The roles are said again because the narrow layout, which is no table to CSS, would take them away. */
  #table() {
    const isLoading = this.#list.status === 'loading';
    return html`
      ${isLoading && this.#list.page ? html`<div class="progress"></div>` : nothing}
      <table part="table" role="table" aria-busy=${isLoading ? 'true' : 'false'}>
        <caption class="visually-hidden">
          ${this.texts.text('caption')}
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            ${this.columns.map((column) => this.#header(column))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${this.#list.page ? repeat(this.rows, ({ id }) => id, this.#row) : this.#skeleton()}
        </tbody>
      </table>
    `;
  }

  /** Tells the order of the rows that are there, not of those that were asked for. */
  #header(column: Column) {
    const text = this.#columnText(column);
    if (!column.sortBy) return html`<th class=${column.name} role="columnheader" scope="col">${text}</th>`;
    const { sort_by, sort_order } = this.#list.page?.query ?? {};
    const order = sort_by === column.sortBy ? sort_order : undefined;
    return html`
      <th
        class=${column.name}
        role="columnheader"
        scope="col"
        aria-sort=${order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : nothing}
      >
        <button class="sort" type="button" @click=${() => this.#sort(column)}>
          ${text} ${order === 'asc' ? icons.ascending : order === 'desc' ? icons.descending : icons.unsorted}
        </button>
      </th>
    `;
  }

  #columnText = ({ name }: Column) => this.texts.text(`column.${name}`);

  #row = (row: Row) => html`
    <tr class=${this.#list.marked.has(row.id) ? 'marked' : ''} role="row" @click=${this.#openRow}>
      ${this.cells(row)}
    </tr>
  `;

  #skeleton() {
    return Array.from(
      { length: Math.min(SKELETON_ROWS, this.#rowsPerPage) },
      () => html`
        <tr class="skeleton" aria-hidden="true">
          ${this.columns.map(({ name }) => html`<td class=${name}><span class="bone"></span></td>`)}
        </tr>
      `,
    );
  }

  #pager() {
    const isAtLimit = !this.#hasNextPage && this.#list.page!.pagination.next_cursor !== null;
    return pager({
      label: this.texts.text('pages'),
      range: this.#range,
      limit: isAtLimit ? this.texts.text('pageLimit', { count: LAST_ROW }) : undefined,
      previous: {
        text: this.words.text('previous'),
        go: this.#pageNumber > 1 ? () => void this.ask({ page: this.#pageNumber - 1 }) : undefined,
      },
      next: {
        text: this.words.text('next'),
        go: this.#hasNextPage ? () => void this.ask({ page: this.#pageNumber + 1 }) : undefined,
      },
    });
  }

  /** A page may be gone by the time it is asked for, when others deleted what stood on it. */
  async #leaveMissingPage() {
    const { status, page } = this.#list;
    const asked = page?.query.page ?? 1;
    if (status !== 'ready' || !page || page.rows.length > 0 || page.query !== this.query || asked === 1) return;
    const { pages } = page.pagination;
    await this.ask({ page: pages !== null && pages > 0 && pages < asked ? pages : 1 });
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
    if (search !== this.query.search) void this.ask({ search });
  }

  #clear() {
    clearTimeout(this.#typing);
    this.#typed = '';
    void this.ask({ search: undefined, status: undefined });
    this.renderRoot.querySelector<HTMLInputElement>('input')?.focus();
  }

  /** The button goes with its rows shown, so the focus moves to them. */
  #showUnseen() {
    void this.ask({});
    this.renderRoot.querySelector<HTMLElement>('.frame')?.focus();
  }

  /** First the order a column is mostly wanted in, then the other, then the list's own again. */
  #sort({ sortBy, first = 'asc' }: Column) {
    const { sort_by, sort_order } = this.query;
    if (sort_by !== sortBy) return void this.ask({ sort_by: sortBy, sort_order: first });
    if (sort_order === first) return void this.ask({ sort_order: first === 'asc' ? 'desc' : 'asc' });
    void this.ask({ sort_by: undefined, sort_order: undefined });
  }

  #open(event: MouseEvent, row: Row) {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!opensElsewhere && !this.dispatchEvent(this.openEvent(row))) event.preventDefault();
  }

  #openRow(event: MouseEvent) {
    const link = (event.currentTarget as HTMLElement).querySelector('a');
    const isSelectingText = getSelection()?.toString() !== '';
    if (link && !isSelectingText && !event.composedPath().includes(link)) link.click();
  }
}
