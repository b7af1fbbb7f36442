import { sql } from 'kysely';
import { latestActivities } from '../activities/activity-service.ts';
import { latestAppointments } from '../appointments/appointment-service.ts';
import type { Fragment } from '../db/list.ts';
import { money } from '../db/money.ts';
import { personOf } from '../db/people.ts';
import type { Tenant } from '../db/tenant.ts';

/** The columns of everything that stands beside one contact, as far as the caller may see it. */
export const besideContact = (tenant: Tenant, id: string): Fragment => sql`
  (select coalesce(json_agg(json_build_object('user_id', a.user_id, 'name', u.name, 'email', u.email, 'avatar_url', u.avatar_url,
      'assigned_at', wire_time(a.assigned_at)) order by a.assigned_at, a.user_id), '[]')
    from contact_assignments a join users u on u.id = a.user_id where a.contact_id = ${id}) as assignments,
  ${tenant.caller.permissions.has('crm:leads:view') ? leadsOf(id) : sql`'[]'::json`} as leads,
  ${latestAppointments(tenant, sql`r.contact_id = ${id}`)} as appointments,
  ${latestActivities(tenant, sql`r.contact_id = ${id}`)} as activities`;

const leadsOf = (contactId: string): Fragment => sql`
  (select coalesce(json_agg(l), '[]') from (
    select r.id, r.title, r.status, r.pipeline_id, r.stage_id, s.name as stage, r.score, r.score_value,
      ${money(sql`r.lead_value_minor`)} as lead_value, r.currency, ${personOf(sql`r.owner_id`)} as owner, r.is_active,
      wire_time(r.created_at) as created_at, wire_time(r.last_activity_at) as last_activity_at
    from leads r join stages s on s.id = r.stage_id
    where r.contact_id = ${contactId} and r.deleted_at is null and not r.is_archived
    order by r.created_at desc, r.id desc limit 50) l)`;
