import { sql, type RawBuilder } from 'kysely';
import type { Expected } from '../http/answer.ts';
import type { Caller } from '../http/caller.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import type { Json } from '../http/json.ts';
import type { Tenant } from './tenant.ts';

/** The tables whose records have a version. */
type Table =
  | 'workspaces'
  | 'members'
  | 'api_keys'
  | 'contacts'
  | 'companies'
  | 'pipelines'
  | 'stages'
  | 'lead_sources'
  | 'leads'
  | 'activities'
  | 'deals'
  | 'lead_jobs'
  | 'appointments'
  | 'custom_fields'
  | 'saved_views'
  | 'forms'
  | 'submissions';

interface Kind {
  table: Table;
  /** What people call one. */
  noun: string;
  /** Whether a deleted record stays, to be restored. */
  keepsDeleted: boolean;
  /** What is read of it for a change, where that is not all. */
  columns?: RawBuilder<unknown>;
  /** Where a caller may see records that they may not change: the refusal of one of those. */
  refusal?: ApiFailure;
}

/** Holds one record for a change: it stays as it is read until the transaction ends. Refuses a version other than expected. */
export async function hold<Row extends { version: number }>(
  tenant: Tenant,
  { table, noun, keepsDeleted, columns = sql`*`, refusal }: Kind,
  id: string,
  expected: Expected,
  read: (id: string) => Promise<Json<unknown>>,
): Promise<Row> {
  const gone = keepsDeleted ? sql`and deleted_at is null` : sql``;
  // Whoever writes beside a record that stays only refers to it, and need not wait for its change.
  const lock = keepsDeleted ? sql`for no key update` : sql`for update`;
  const { rows } = await sql<Row>`select ${columns} from ${sql.table(table)} where id = ${id} ${gone} ${lock}`.execute(tenant.db);
  const row = rows[0];
  if (!row) throw refusal && (await isThere(tenant, table, id, gone)) ? refusal : notFound(noun);
  if (!isExpected(row.version, expected)) throw versionMismatch(noun, await read(id));
  assertVersionGiven(tenant.caller, noun, expected);
  return row;
}

/** Policies of updates hide from `for update` what a plain look sees. */
async function isThere(tenant: Tenant, table: Table, id: string, gone: RawBuilder<unknown>) {
  return (await sql`select from ${sql.table(table)} where id = ${id} ${gone}`.execute(tenant.db)).rows.length > 0;
}

const isExpected = (version: number, expected: Expected) => expected === undefined || expected === '*' || expected === version;

const versionMismatch = (noun: string, current?: Json<unknown>) =>
  new ApiFailure(
    'VERSION_MISMATCH',
    `The ${noun} was changed meanwhile: look at it as it is now, and change it again.`,
    current && { current },
  );

function assertVersionGiven(caller: Caller, noun: string, expected: Expected) {
  if (expected !== undefined || !caller.workspace.policies.require_if_match) return;
  throw new ApiFailure(
    'VERSION_REQUIRED',
    `This workspace wants changes to name the version they were made from: send If-Match with the ${noun}'s ETag.`,
  );
}

/** Refuses a change that was made from another version of a record, or from none where one must be named. */
export function assertExpected(caller: Caller, noun: string, version: number, expected: Expected) {
  assertVersionGiven(caller, noun, expected);
  if (!isExpected(version, expected)) throw versionMismatch(noun);
}

/** Writes what differs from the record as it was held, as its next version, and tells which columns. Nothing different is no change. */
export async function change<Row extends object>(
  tenant: Tenant,
  table: Table,
  held: Row & { id: string },
  values: Partial<Record<keyof Row, unknown>>,
): Promise<string[] | undefined> {
  const names = differing(held, values);
  if (names.length === 0) return undefined;
  const set = names.map((name) => sql`${sql.ref(name)} = ${forColumn(values[name])}`);
  await sql`update ${sql.table(table)} set ${sql.join([...set, TOUCHED])} where id = ${held.id}`.execute(tenant.db);
  return names;
}

/** The same for many records: in one statement those that differ in the same columns. */
export async function changeAll<Row extends object>(
  tenant: Tenant,
  table: Table,
  changes: readonly { held: Row & { id: string }; values: Partial<Record<keyof Row, unknown>> }[],
): Promise<(string[] | undefined)[]> {
  const names = changes.map(({ held, values }) => differing(held, values));
  for (const group of Map.groupBy(changes.keys(), (place) => names[place]!.join()).values()) {
    const columns = names[group[0]!]!;
    const alike = group.map((place) => changes[place]!);
    if (columns.length === 0) continue;
    if (alike.length === 1) await change(tenant, table, alike[0]!.held, alike[0]!.values);
    else await changeAlike(tenant, table, columns, alike);
  }
  return names.map((own) => (own.length === 0 ? undefined : own));
}

async function changeAlike<Row extends object>(
  tenant: Tenant,
  table: Table,
  columns: readonly (keyof Row & string)[],
  changes: readonly { held: Row & { id: string }; values: Partial<Record<keyof Row, unknown>> }[],
) {
  const rows = changes.map(({ held, values }) => ({
    id: held.id,
    ...Object.fromEntries(columns.map((name) => [name, values[name]])),
  }));
  const set = columns.map((name) => sql`${sql.ref(name)} = given.${sql.ref(name)}`);
  await sql`
    update ${sql.table(table)} r set ${sql.join([...set, TOUCHED_ROW])}
    from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json) given
    where r.id = given.id and r.id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(tenant.db);
}

const differing = <Row extends object>(held: Row, values: Partial<Record<keyof Row, unknown>>) =>
  (Object.keys(values) as (keyof Row & string)[]).filter(
    (name) => values[name] !== undefined && !isSame(held[name], values[name]),
  );

/** What every change of a record writes beside its own: the next version, and who made it when. */
export const TOUCHED: RawBuilder<unknown> = sql`version = version + 1, updated_at = now(), updated_by = current_actor()`;

/** The same where the record is called `r`. */
const TOUCHED_ROW: RawBuilder<unknown> = sql`version = r.version + 1, updated_at = now(), updated_by = current_actor()`;

/** The tables whose records stay for thirty days when they are deleted. */
type KeptTable = 'contacts' | 'companies' | 'leads' | 'activities' | 'appointments';

/** Puts a held record away for thirty days. */
export async function remove(tenant: Tenant, table: KeptTable, id: string): Promise<void> {
  await removeAll(tenant, table, [id]);
}

/** Puts held records away for thirty days; answers since when. */
export async function removeAll(tenant: Tenant, table: KeptTable, ids: readonly string[]): Promise<string> {
  const { rows } = await sql<{ deleted_at: string }>`
    update ${sql.table(table)} set deleted_at = now(), ${TOUCHED} where id = any(${ids}::uuid[]) returning wire_time(deleted_at) as deleted_at`.execute(
    tenant.db,
  );
  return rows[0]!.deleted_at;
}

/** Takes back a record that was deleted within the last thirty days; one that is not deleted is left as it is, and the answer is no. */
export async function restore(tenant: Tenant, { table, noun }: Kind, id: string, expected: Expected): Promise<boolean> {
  const { rows } = await sql<{ version: number; is_deleted: boolean }>`
    select version, deleted_at is not null as is_deleted from ${sql.table(table)}
    where id = ${id} and (deleted_at is null or deleted_at > now() - interval '30 days') for no key update`.execute(tenant.db);
  const row = rows[0];
  if (!row) throw notFound(noun);
  if (!isExpected(row.version, expected)) throw versionMismatch(noun);
  if (row.is_deleted) await sql`update ${sql.table(table)} set deleted_at = null, ${TOUCHED} where id = ${id}`.execute(tenant.db);
  return row.is_deleted;
}

/** Whether two values are the same: JSON and lists compare by what they hold, for the database keeps the keys of an object in an order of its own. */
export const isSame = (held: unknown, given: unknown) =>
  held === given || JSON.stringify(held ?? null, inOneOrder) === JSON.stringify(given ?? null, inOneOrder);

const inOneOrder = (_key: string, value: unknown) =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

const forColumn = (value: unknown) => (isObject(value) ? JSON.stringify(value) : value);
