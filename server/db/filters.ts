import { sql } from 'kysely';
import type { Fragment } from './list.ts';
import type { Tenant } from './tenant.ts';

/** Conditions on the row called `r`; one that was not asked for is left out. */

type Given = Fragment | undefined;

/** The conditions that were asked for. */
export const asked = (conditions: Given[]): Fragment[] => conditions.filter((condition) => condition !== undefined);

export const anyOf = (column: string, values: string[] | undefined, type: 'text' | 'uuid' = 'text'): Given =>
  values && sql`${sql.ref(`r.${column}`)} = any(${values}::${sql.raw(type)}[])`;

export const is = (column: string, value: boolean | string | undefined, type: 'boolean' | 'uuid' | 'text'): Given =>
  value === undefined ? undefined : sql`${sql.ref(`r.${column}`)} = ${value}::${sql.raw(type)}`;

/** Whose a record is: a member's by their user id, the caller's own, or nobody's. A key owns nothing, so what is its own is nothing. */
export const owned = ({ caller }: Tenant, owner: string | undefined): Given => {
  if (owner === 'none') return sql`r.owner_id is null`;
  if (owner === 'me') return sql`r.owner_id = ${caller.userId ?? null}::uuid`;
  return is('owner_id', owner, 'uuid');
};

type Measured = 'integer' | 'smallint' | 'bigint' | 'date';

export const atLeast = (column: string, value: number | string | undefined, type: Measured = 'integer'): Given =>
  value === undefined ? undefined : sql`${sql.ref(`r.${column}`)} >= ${value}::${sql.raw(type)}`;

export const atMost = (column: string, value: number | string | undefined, type: Measured = 'integer'): Given =>
  value === undefined ? undefined : sql`${sql.ref(`r.${column}`)} <= ${value}::${sql.raw(type)}`;

/** Both ends belong to the span; a day is the workspace's, from its midnight to the next. */
export const since = (tenant: Tenant, column: string, from: string | undefined): Given =>
  from === undefined
    ? undefined
    : sql`${sql.ref(`r.${column}`)} >= ${isDay(from) ? midnight(tenant, from, 0) : sql`${from}::timestamptz`}`;

export const until = (tenant: Tenant, column: string, to: string | undefined): Given => {
  if (to === undefined) return undefined;
  return isDay(to)
    ? sql`${sql.ref(`r.${column}`)} < ${midnight(tenant, to, 1)}`
    : sql`${sql.ref(`r.${column}`)} <= ${to}::timestamptz`;
};

const isDay = (text: string) => text.length === 10;

const midnight = (tenant: Tenant, day: string, daysLater: number) =>
  sql`((${day}::date + ${daysLater}::integer)::timestamp at time zone ${tenant.caller.workspace.timezone})`;

/** Rows found by their text; see `search_ids` for why a function answers this. */
export const found = (table: 'contacts' | 'companies' | 'leads', term: string | undefined): Given =>
  term ? sql`r.id in (select search_ids(${table}::regclass, ${term}))` : undefined;

/** Rows with any of these tags, whatever their case. */
export const tagged = (
  table: 'contact_tags' | 'company_tags' | 'lead_tags',
  column: 'contact_id' | 'company_id' | 'lead_id',
  tags: string[] | undefined,
): Given =>
  tags &&
  sql`r.id in (select ${sql.ref(column)} from ${sql.table(table)} where tag_key in (select lower(tag collate "und-x-icu") from unnest(${tags}::text[]) tag))`;
