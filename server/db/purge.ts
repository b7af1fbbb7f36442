import { sql } from 'kysely';
import type { Fragment } from './list.ts';
import type { Query } from './query.ts';

const PAST = sql`now() - interval '30 days'`;
const PAST_WORKSPACES = sql`(select id from workspaces where deleted_at < ${PAST})`;

/** A bulk job that has ended is kept as long as what it did can be undone; one that never ended, twice as long. */
const PAST_BULKS = sql`(finished_at < ${PAST} and state <> 'undoing' or created_at < now() - interval '60 days')`;

/**
 * What is kept for thirty days after its deletion, or its workspace's, in the order of its going: a record goes when nothing
 * hangs on it any more, so that the database takes no other along by itself. Deals and jobs go with their leads.
 */
const PURGED: { table: string; due: Fragment; hanging: Record<string, string> }[] = [
  { table: 'activities', due: sql`deleted_at < ${PAST}`, hanging: {} },
  { table: 'appointments', due: sql`deleted_at < ${PAST}`, hanging: {} },
  ...['deals', 'lead_jobs'].map((table) => ({
    table,
    due: sql`(workspace_id, lead_id) in (select workspace_id, id from leads where deleted_at < ${PAST})`,
    hanging: {},
  })),
  {
    table: 'leads',
    due: sql`deleted_at < ${PAST}`,
    hanging: { activities: 'lead_id', appointments: 'lead_id', deals: 'lead_id', lead_jobs: 'lead_id' },
  },
  ...['contact_merge_moves', 'contact_merge_changes'].map((table) => ({
    table,
    due: sql`(workspace_id, merge_id) in (select workspace_id, id from contact_merges where merged_at < ${PAST})`,
    hanging: {},
  })),
  {
    table: 'contact_merges',
    due: sql`merged_at < ${PAST}`,
    hanging: { contact_merge_moves: 'merge_id', contact_merge_changes: 'merge_id' },
  },
  {
    table: 'contacts',
    due: sql`deleted_at < ${PAST}`,
    hanging: { activities: 'contact_id', appointments: 'contact_id', leads: 'contact_id', contact_merges: 'contact_id' },
  },
  { table: 'submissions', due: sql`state = 'partial' and created_at < ${PAST}`, hanging: {} },
  { table: 'bulk_jobs', due: PAST_BULKS, hanging: { bulk_rows: 'bulk_id' } },
  { table: 'companies', due: sql`deleted_at < ${PAST}`, hanging: {} },
];

/** Removes for good what is past its time, at most 500 rows of each kind; tells how many went. */
export async function purge(query: Query): Promise<number> {
  let gone = 0;
  const remove = async (statement: ReturnType<typeof sql>) => {
    gone += Number((await statement.execute(query)).numAffectedRows ?? 0);
  };
  await remove(sql`delete from idempotency_keys where (workspace_id, actor_id, key) in
    (select workspace_id, actor_id, key from idempotency_keys where created_at < now() - interval '24 hours' limit 500)`);
  await remove(
    sql`delete from refresh_tokens where hash in (select hash from refresh_tokens where expires_at < now() limit 500)`,
  );
  await remove(sql`delete from spent_proofs where (workspace_id, signature) in (
    select workspace_id, signature from spent_proofs where expires_at < now() limit 500)`);
  await remove(sql`delete from form_events where (workspace_id, id) in (
    select workspace_id, id from form_events where created_at < now() - interval '90 days' limit 500)`);
  await remove(sql`delete from sessions where id in (
    select id from sessions s where created_at < now() - interval '1 day'
      and not exists (select from refresh_tokens t where t.session_id = s.id) limit 500)`);
  await remove(sql`delete from jobs where id in (
    select id from jobs where state = 'done' and finished_at < now() - interval '3 days'
    union all select id from jobs where state = 'failed' and finished_at < ${PAST} limit 500)`);
  const dueRows = (table: string, due: ReturnType<typeof sql>) =>
    sql`delete from ${sql.table(table)} where (workspace_id, id) in (select workspace_id, id from ${sql.table(table)} where ${due} limit 500)`;
  const removeRows = (table: string, due: ReturnType<typeof sql>) => remove(dueRows(table, due));
  await remove(sql`delete from bulk_rows where (workspace_id, bulk_id, place) in (
    select r.workspace_id, r.bulk_id, r.place from (
      select workspace_id, id from bulk_jobs where ${PAST_BULKS} or workspace_id in ${PAST_WORKSPACES}) j
    join bulk_rows r on r.workspace_id = j.workspace_id and r.bulk_id = j.id limit 500)`);
  for (const { table, due, hanging } of PURGED) {
    const isFree = Object.entries(hanging).map(
      ([other, column]) =>
        sql`and not exists (select from ${sql.table(other)} h where h.workspace_id = ${sql.ref(`${table}.workspace_id`)} and ${sql.ref(`h.${column}`)} = ${sql.ref(`${table}.id`)})`,
    );
    const rest = sql.join(isFree, sql` `);
    // What the audit log tells of them goes as well; that there was a change stays.
    await remove(sql`with gone as (${dueRows(table, sql`${due} ${rest}`)} returning workspace_id, id),
      forgotten as (update audit_log a set before = null, after = null from gone where a.workspace_id = gone.workspace_id and a.record_id = gone.id)
      select from gone`);
    await removeRows(table, sql`workspace_id in ${PAST_WORKSPACES} ${rest}`);
  }
  await removeRows(
    'members',
    sql`workspace_id in ${PAST_WORKSPACES} and not exists (select from contacts where contacts.workspace_id = members.workspace_id)`,
  );
  await removeRows('form_events', sql`workspace_id in ${PAST_WORKSPACES}`);
  await removeRows('audit_log', sql`workspace_id in ${PAST_WORKSPACES}`);
  await removeRows('events', sql`workspace_id in ${PAST_WORKSPACES}`);
  const isEmpty = [...PURGED.map(({ table }) => table), 'members', 'audit_log', 'events'].map(
    (table) => sql`not exists (select from ${sql.table(table)} r where r.workspace_id = w.id)`,
  );
  await remove(
    sql`delete from workspaces where id in (select id from workspaces w where deleted_at < ${PAST} and ${sql.join(isEmpty, sql` and `)} limit 500)`,
  );
  return gone;
}
