/** One SQL statement with its values. Objects must come as JSON text already; lists become Postgres arrays. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What a statement answered. */
export interface Answer {
  rows: any[];
  /** How many rows it wrote or read. */
  count: number;
}

/** Who a unit of work runs as. Nothing of it outlives the transaction. */
export interface Scope {
  /** `app` sees one workspace; `system` looks across them, and belongs to `system.ts` alone. */
  role: 'app' | 'system';
  workspaceId?: string | undefined;
  actorId?: string | undefined;
  requestId: string;
  /** The one owner whose records are seen; all where it is left out. */
  ownerScope?: string | undefined;
  /** Whether only the actor's own leads, and nobody's, may be changed. */
  editsOwnLeadsOnly?: boolean | undefined;
}

export interface UnitOptions {
  readOnly?: boolean;
}

/** Runs one statement in the transaction that it was given for. */
export type Run = (statement: Statement) => Promise<Answer>;

/**
 * Leaves a statement to the end of its transaction: it is sent behind all others, together with the commit, so that what it locks
 * is held for no longer than the database takes. If it fails, so does the transaction.
 */
export type Leave = (statement: Statement) => void;

/** A database, embedded or not. Work reaches it in whole units only: there is no statement outside a transaction. */
export interface Db {
  readonly engine: 'pglite' | 'postgres';
  /** Runs statements as one transaction, sent all at once; resolves only when the commit was acknowledged. */
  unit(scope: Scope, statements: readonly Statement[], options?: UnitOptions): Promise<Answer[]>;
  /** Runs `work` in one transaction on a connection that it holds alone; rejects, and leaves nothing, if it throws. */
  transaction<T>(scope: Scope, work: (run: Run, leave: Leave) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database can't be reached, or gave up in the middle; whether a commit arrived is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** A refusal by the database itself, with the names it gives: `code` is the SQLSTATE. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: string;
  readonly constraint: string | undefined;

  constructor(cause: { message: string; code: string; constraint?: string | undefined }) {
    super(cause.message, { cause });
    this.code = cause.code;
    this.constraint = cause.constraint;
  }
}

/** The SQLSTATE that statements of an already failed transaction answer: never the reason itself. */
const FOLLOWS_A_FAILURE = '25P02';

/** Makes one of our two errors from what a driver threw. */
export function databaseError(error: any): Error {
  if (error instanceof DatabaseError || error instanceof DatabaseUnavailable) return error;
  const code: unknown = error?.code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P|53)/.test(code)) return new DatabaseError(error);
  return new DatabaseUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Why a transaction failed: the first refusal that is not merely the consequence of another. */
export function firstReason(outcomes: readonly PromiseSettledResult<unknown>[]): Error | undefined {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const reason = reasons.find(({ code }) => code !== FOLLOWS_A_FAILURE) ?? reasons[0];
  return reason && databaseError(reason);
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const REQUEST_ID = /^[\w-]{1,64}$/;

/** The statements that begin a unit of work, as one text. Everything put into it is checked to be an id. */
export function begin(scope: Scope, { readOnly = false }: UnitOptions = {}): string {
  if (!REQUEST_ID.test(scope.requestId)) throw new TypeError('A request id has a character it must not have.');
  const id = (value: string | undefined) => {
    if (value === undefined) return 'null';
    if (!UUID.test(value)) throw new TypeError('A unit of work was given an id that is none.');
    return `'${value}'`;
  };
  const edits = scope.editsOwnLeadsOnly ? 'own' : 'all';
  const enter = `select enter('millrace_${scope.role}', ${id(scope.workspaceId)}, ${id(scope.actorId)}, '${scope.requestId}', ${id(scope.ownerScope)}, '${edits}')`;
  return `begin${readOnly ? ' read only' : ''}; ${enter}`;
}

/** Turns a value into what the wire carries. Throws before anything is sent, so that a unit is sent whole or not at all. */
export function toWire(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return `{${value.map(toElement).join(',')}}`;
  throw new TypeError('A statement was given an object: objects are sent as JSON text.');
}

function toElement(value: unknown): string {
  const text = toWire(value);
  if (text === null) return 'NULL';
  if (typeof text !== 'string') throw new TypeError('Bytes are not sent inside a list.');
  return Array.isArray(value) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
