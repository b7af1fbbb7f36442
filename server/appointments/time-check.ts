import { sql } from 'kysely';
import type { AppointmentWarning } from '../../src/contract/appointment.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure } from '../http/failure.ts';
import { workingHoursOf, workingTimes } from './working-times.ts';

/** An appointment's time, whose it is, and which appointment that is where it exists already. */
interface Taken {
  id?: string;
  ownerId: string | null;
  begins: Date;
  minutes: number;
}

interface Found {
  id: string;
  is_seen: boolean;
}

/**
 * Tells what speaks against a time of its owner's: other appointments then, and that they don't work. Where the workspace
 * forbids overlaps the first is refused, and until the transaction ends nobody else takes any of the owner's time.
 */
export async function checkTime(tenant: Tenant, { id, ownerId, begins, minutes }: Taken): Promise<AppointmentWarning[]> {
  if (ownerId === null) return [];
  const { forbid_overlaps: isForbidden } = tenant.caller.workspace.policies;
  if (isForbidden) await holdTimeOf(tenant, ownerId);
  const begin = sql`${begins}::timestamptz`;
  const end = sql`${new Date(begins.getTime() + minutes * 60_000)}::timestamptz`;
  const { rows } = await sql<{ overlapping: Found[]; is_at_work: boolean | null }>`
    select
      (select coalesce(json_agg(json_build_object('id', a.id, 'is_seen', exists (select from appointments s where s.id = a.id))
          order by a.appointment_date, a.id), '[]')
        from appointments_between(${ownerId}, ${begin}, ${end}) a where a.id is distinct from ${id ?? null}::uuid) as overlapping,
      (select tstzrange(${begin}, ${end}) <@ ${workingTimes(begin, end)} from (${workingHoursOf(tenant, sql`m.user_id = ${ownerId}`)}) m) as is_at_work
  `.execute(tenant.db);
  const { overlapping, is_at_work } = rows[0]!;
  const seen = overlapping.filter(({ is_seen }) => is_seen).map((one) => one.id);
  const others = overlapping.length === 1 ? 'another appointment' : `${overlapping.length} other appointments`;
  if (isForbidden && overlapping.length > 0) {
    throw new ApiFailure('CONFLICT', `The owner has ${others} at this time: choose another time, or another owner.`, {
      ...(seen[0] !== undefined && { existingId: seen[0] }),
    });
  }
  const warnings: AppointmentWarning[] = [];
  if (overlapping.length > 0)
    warnings.push({ code: 'overlap', message: `The owner has ${others} at this time.`, appointment_ids: seen });
  if (is_at_work === false)
    warnings.push({ code: 'outside_working_hours', message: 'The owner does not work at this time.', appointment_ids: [] });
  return warnings;
}

/** Of two that look whether the same member has time, the later waits for the earlier, and then sees it. */
async function holdTimeOf(tenant: Tenant, userId: string) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`appointments ${tenant.workspaceId} ${userId}`}, 0))`.execute(
    tenant.db,
  );
}
