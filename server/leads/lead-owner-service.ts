import { sql } from 'kysely';
import { writeEntries } from '../activities/activity-service.ts';
import { TOUCHED } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import { emitLeads } from './lead-event-service.ts';

/** Whose the leads of a workspace are. Every method works inside its tenant's unit of work. */
export class LeadOwnerService {
  /** How many leads a member owns. */
  async ownedBy(tenant: Tenant, userId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from leads where owner_id = ${userId} and deleted_at is null`.execute(tenant.db);
    return rows[0]!.count;
  }

  /** Gives all leads of a member to another, or to nobody: deleted ones as well, for they may come back. Answers whose they are. */
  async reassign(tenant: Tenant, fromUserId: string, toUserId: string | undefined): Promise<string[]> {
    const to = toUserId ?? null;
    const { rows } = await sql<{ id: string; contact_id: string; is_present: boolean }>`
      update leads set owner_id = ${to}::uuid, ${TOUCHED}
      where owner_id = ${fromUserId} returning id, contact_id, deleted_at is null as is_present`.execute(tenant.db);
    const present = rows.filter((lead) => lead.is_present);
    const ids = present.map(({ id }) => id);
    if (ids.length === 0) return [];
    const facts = JSON.stringify({ event: 'lead.assigned', from: fromUserId, to });
    await writeEntries(
      tenant,
      'assignment',
      sql`
        select l.contact_id, l.id as lead_id, 'Handed over' as subject, ${facts}::jsonb as metadata
        from leads l where l.id = any (${ids}::uuid[])`,
    );
    await emitLeads(tenant, 'lead.assigned', sql`r.id = any (${ids}::uuid[])`, fromUserId);
    return [...new Set(present.map(({ contact_id }) => contact_id))];
  }
}
