import type { Pagination } from '../../src/contract/envelope.ts';

/** A record, as far as lists look at it. */
export interface Row {
  id: string;
  version: number;
  is_archived?: boolean;
}

/** Query parameters that are no filters by a field of the same name. */
const NO_FILTERS = new Set(['page', 'page_size', 'cursor', 'count', 'sort_by', 'sort_order', 'search']);

/** A page of rows as the API would answer it: filtered, searched, sorted and counted. */
export function pageOf(rows: readonly Row[], query: URLSearchParams, total?: number) {
  const found = rows.filter((row) => holds(row, query));
  const size = Number(query.get('page_size') ?? 25);
  const number = Number(query.get('page') ?? 1);
  const sorted = found.toSorted(orderOf(query));
  const count = total ?? found.length;
  const pages = Math.ceil(count / size);
  const pagination: Pagination = {
    total: count,
    total_is_estimate: total !== undefined,
    page: number,
    page_size: size,
    pages,
    next_cursor: number < pages ? String(number) : null,
  };
  return { data: sorted.slice((number - 1) * size, number * size), pagination };
}

function holds(row: Row, query: URLSearchParams): boolean {
  if (row.is_archived && query.get('is_archived') !== 'true') return false;
  const words = (query.get('search') ?? '').toLowerCase().split(/\s+/);
  const text = JSON.stringify(row).toLowerCase();
  if (!words.every((word) => text.includes(word))) return false;
  return [...query].every(([name, wanted]) => {
    if (NO_FILTERS.has(name) || !(name in row)) return true;
    return (
      query
        .getAll(name)
        .join()
        .split(',')
        .includes(String(valueOf(row, name))) || wanted === ''
    );
  });
}

/** By the asked column, empty values last; else the latest first. */
function orderOf(query: URLSearchParams) {
  const name = query.get('sort_by') ?? 'last_activity_at';
  const turn = (query.get('sort_order') ?? 'desc') === 'asc' ? 1 : -1;
  return (one: Row, other: Row) => {
    const [a, b] = [valueOf(one, name), valueOf(other, name)];
    if (a == null || b == null) return Number(a == null) - Number(b == null);
    return turn * (typeof a === 'number' ? a - Number(b) : String(a).localeCompare(String(b)));
  };
}

const valueOf = (row: Row, name: string) => (row as unknown as Record<string, unknown>)[name];
