import type { Pagination } from '../../src/contract/envelope.ts';

/**
 * A value as JSON text, made by the database and sent on as it is. `T` is what it parses to.
 */
export class Json<T> {
  declare readonly value: T;
  readonly text: string;
  /** The record's version, where it is one record: what If-Match compares. */
  readonly version: number | undefined;

  constructor(text: string, version?: number) {
    this.text = text;
    this.version = version;
  }
}

/** The answer of a route that queues work for some calls: it goes on, and this tells where to follow it. */
export class Queued<T> {
  readonly data: Json<T>;

  constructor(data: Json<T>) {
    this.data = data;
  }
}

/** The answer of a route whose record lives on in another. */
export class MovedTo {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** A page of a list: its rows as JSON text, and where it stands. */
export class Page<Row> {
  readonly rows: Json<Row[]>;
  readonly pagination: Pagination;
  readonly filters: Record<string, unknown>;

  constructor(rows: Json<Row[]>, pagination: Pagination, filters: Record<string, unknown>) {
    this.rows = rows;
    this.pagination = pagination;
    this.filters = filters;
  }
}
