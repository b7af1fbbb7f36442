import { sql } from 'kysely';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { Fragment } from './list.ts';
import type { Tenant } from './tenant.ts';

/** A name as it is compared: whatever its case. */
export const nameKey = (name: string): Fragment => sql`lower(${name}::text collate "und-x-icu")`;

interface Named {
  table: 'pipelines' | 'stages' | 'lead_sources' | 'saved_views';
  /** What people call one. */
  noun: string;
  /** Among which rows a name is unique; all of the table's unless given. */
  among?: Fragment;
}

/** Refuses a name that another record has, whatever its case, and tells which. */
export async function refuseTakenName(
  tenant: Tenant,
  { table, noun, among = sql`true` }: Named,
  name: string | undefined,
  ownId?: string,
): Promise<void> {
  if (name === undefined) return;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)} where name_key = ${nameKey(name)} and ${among}`.execute(tenant.db);
  if (!rows[0] || rows[0].id === ownId) return;
  throw new ApiFailure('DUPLICATE', `There is a ${noun} of this name already.`, {
    issues: invalidField('name', 'taken').extras.issues!,
    existingId: rows[0].id,
  });
}
