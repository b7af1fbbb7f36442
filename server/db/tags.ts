import { sql } from 'kysely';
import type { WorkspaceUnit } from './tenant.ts';

/** One tag in the place of others. */
export interface TagReplacement {
  /** Those that go, as `tagKeys` writes them. */
  keys: readonly string[];
  into: string;
}

/** The records that carry tags, and where those stand once more as rows. */
export const TAGGED = {
  leads: { table: 'leads', rows: 'lead_tags', column: 'lead_id' },
  contacts: { table: 'contacts', rows: 'contact_tags', column: 'contact_id' },
  companies: { table: 'companies', rows: 'company_tags', column: 'company_id' },
} as const;
export type Tagged = keyof typeof TAGGED;

/** Tags as they are compared: whatever their case. */
export const tagKeys = (tags: readonly string[]) =>
  sql`(select array_agg(lower(tag collate "und-x-icu")) from unnest(${tags}::text[]) tag)`;

/** How many records are changed at once. */
export const MOST_RETAGGED = 500;

/**
 * Puts a tag in the place of others on the next records that have any of them; one that has it already keeps it once. A
 * deleted record is changed as well, for it may be restored, but has no new version. Answers the ids of the others, and
 * whether there may be more.
 */
export async function retag(
  unit: WorkspaceUnit,
  kind: Tagged,
  { keys, into }: TagReplacement,
): Promise<{ ids: string[]; goesOn: boolean }> {
  const { table, rows: tagRows, column } = TAGGED[kind];
  const { rows } = await sql<{ id: string; is_live: boolean }>`
    update ${sql.table(table)} r set
      tags = (select array_agg(tag order by place) from (
        select case when key = any(${keys}::text[]) or key = lower(${into}::text collate "und-x-icu") then ${into} else tag end as tag, min(place) as place
        from (select tag, place, lower(tag collate "und-x-icu") as key from unnest(r.tags) with ordinality t (tag, place)) keyed
        group by 1) replaced),
      version = version + case when deleted_at is null then 1 else 0 end,
      updated_at = case when deleted_at is null then now() else updated_at end,
      updated_by = case when deleted_at is null then current_actor() else updated_by end
    where id = any(array(
      select distinct ${sql.ref(column)} from ${sql.table(tagRows)} where tag_key = any(${keys}::text[]) and tag <> ${into} limit ${MOST_RETAGGED}))
    returning id, deleted_at is null as is_live`.execute(unit.db);
  return { ids: rows.filter(({ is_live }) => is_live).map(({ id }) => id), goesOn: rows.length === MOST_RETAGGED };
}
