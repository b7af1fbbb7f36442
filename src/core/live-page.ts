/** A record as lists show it, with the version that tells a later state from an earlier one. */
export interface LiveRow {
  readonly id: string;
  readonly version: number;
}

/** A change that was heard of. */
export type Change<Row> = { kind: 'created' | 'changed'; row: Row } | { kind: 'gone'; id: string };

/** One page of a list, as far as single changes reach it. */
export interface LivePage<Row> {
  readonly rows: readonly Row[];
  readonly total: number | null;
  /** New rows of the list that stand on another page. */
  readonly unseen: ReadonlySet<string>;
}

/** Which rows a list holds, and in what order. */
export interface ListOrder<Row> {
  isFirstPage: boolean;
  pageSize: number;
  holds(row: Row): boolean;
  precedes(row: Row, other: Row): boolean;
}

/**
 * The page after a change, which moves nothing that is being read: what is shown changes in its place or goes, and only a
 * row that now leads the whole list is put on top. The same page where the change does not reach it.
 */
export function changedPage<Row extends LiveRow>(page: LivePage<Row>, change: Change<Row>, order: ListOrder<Row>): LivePage<Row> {
  if (change.kind === 'gone') return without(page, change.id);
  const { row } = change;
  if (!order.holds(row)) return without(page, row.id);
  const shown = page.rows.find(({ id }) => id === row.id);
  if (shown) return isNews(row, shown) ? { ...page, rows: page.rows.with(page.rows.indexOf(shown), row) } : page;
  const [first] = page.rows;
  if (order.isFirstPage && (!first || order.precedes(row, first))) return withOnTop(page, change, order);
  return change.kind === 'created' ? { ...page, unseen: new Set([...page.unseen, row.id]) } : page;
}

/** What a row copies from other records changes without its version. */
const isNews = (row: LiveRow, shown: LiveRow) =>
  row.version > shown.version || (row.version === shown.version && JSON.stringify(row) !== JSON.stringify(shown));

function without<Row extends LiveRow>(page: LivePage<Row>, gone: string): LivePage<Row> {
  const rows = page.rows.filter(({ id }) => id !== gone);
  const unseen = lacking(page.unseen, gone);
  if (rows.length < page.rows.length) return { rows, unseen, total: page.total === null ? null : page.total - 1 };
  return unseen.size < page.unseen.size ? { ...page, unseen } : page;
}

const lacking = (ids: ReadonlySet<string>, gone: string) => new Set([...ids].filter((id) => id !== gone));

/** A changed row may have stood on another page before; where one page holds the whole list, it is new to it. */
function withOnTop<Row extends LiveRow>(
  { rows, total, unseen }: LivePage<Row>,
  { kind, row }: { kind: 'created' | 'changed'; row: Row },
  { pageSize }: ListOrder<Row>,
): LivePage<Row> {
  const isNew = kind === 'created' || unseen.has(row.id) || (total !== null && total <= pageSize);
  return {
    rows: [row, ...rows].slice(0, pageSize),
    total: total === null ? null : total + Number(isNew),
    unseen: lacking(unseen, row.id),
  };
}
