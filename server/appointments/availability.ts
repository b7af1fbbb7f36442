import { sql } from 'kysely';
import { MOST_DAYS, type Availability, type AvailabilityQuery } from '../../src/contract/appointment.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { workingHoursOf, workingTimes } from './working-times.ts';

const DAY_MS = 86_400_000;

/** When a member is free and when not, without a word of what they do then. */
export async function readAvailability(tenant: Tenant, query: AvailabilityQuery): Promise<Json<Availability>> {
  assertSpan(query);
  const { member_id: id, from, to, duration_minutes: minutes = 0 } = query;
  const { rows } = await sql<{ json: string; user_id: string }>`
    with m as materialized (
      select h.*, ${boundary(from, 0)} as earliest, ${boundary(to, 1)} as latest
      from (${workingHoursOf(tenant, sql`(m.user_id = ${id} or m.id = ${id})`)}) h
    ), busy as materialized (
      select coalesce(range_agg(tstzrange(a.appointment_date, a.ends_at) * tstzrange(m.earliest, m.latest)), '{}'::tstzmultirange) as times
      from m, appointments_between(m.user_id, m.earliest, m.latest) a
    ), free as materialized (
      select ${workingTimes(sql`m.earliest`, sql`m.latest`)} - busy.times as times from m, busy
    )
    select m.user_id, json_build_object('member_id', ${id}::uuid, 'timezone', m.zone, 'free', ${spans(sql`free.times`, minutes)},
      'busy', ${spans(sql`busy.times`, 0)})::text as json
    from m, busy, free`.execute(tenant.db);
  const found = rows[0];
  if (!found) throw invalidField('member_id', 'not_found');
  const { ownerScope } = tenant.caller;
  if (ownerScope !== undefined && ownerScope !== found.user_id)
    throw new ApiFailure('FORBIDDEN', "This token sees one owner's records only: ask for that owner's availability.");
  return new Json(found.json);
}

/** A moment, or the beginning of a member's day or of the one after it. */
const boundary = (given: string, daysLater: number): Fragment =>
  isDay(given) ? sql`shown_at((${given}::date + ${daysLater}::integer)::timestamp, h.zone)` : sql`${given}::timestamptz`;

/** The spans of a multirange that are long enough, as JSON. */
const spans = (times: Fragment, minutes: number): Fragment => sql`
  (select coalesce(json_agg(json_build_object('from', wire_time(lower(t)), 'to', wire_time(upper(t))) order by t), '[]')
    from unnest(${times}) t where upper(t) - lower(t) >= make_interval(mins => ${minutes}))`;

const isDay = (text: string) => text.length === 10;

/** Where one end is a day and the other a moment, zones don't count: the longest span is not exact to the hour. */
function assertSpan({ from, to }: AvailabilityQuery) {
  const begins = Date.parse(from);
  const ends = Date.parse(to) + (isDay(to) ? DAY_MS : 0);
  if (ends <= begins) throw invalidField('to', 'too_small', { minimum: from, exclusive: 1 });
  if (ends - begins <= MOST_DAYS * DAY_MS) return;
  const last = new Date(begins + (isDay(to) ? MOST_DAYS - 1 : MOST_DAYS) * DAY_MS).toISOString();
  throw invalidField('to', 'too_large', { maximum: isDay(to) ? last.slice(0, 10) : last });
}
