import { sql } from 'kysely';
import { DAYS } from '../../src/contract/working-hours.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';

const days: Fragment = sql`${[...DAYS]}::text[]`;

/**
 * A member's working hours, as one row of `user_id`, `hours` (JSON by weekday) and `zone`; none where there is no such member.
 * They are the membership's or else the workspace's, in the zone that they name or else the workspace's; without any, `hours`
 * is null, which is around the clock.
 */
export const workingHoursOf = ({ caller }: Tenant, member: Fragment): Fragment => sql`
  select h.user_id, h.hours, coalesce(h.hours ->> 'timezone', case when h.hours is null then h.own_zone end, ${caller.workspace.timezone}) as zone
  from (
    select m.user_id, coalesce(m.working_hours ->> 'timezone', u.timezone) as own_zone,
      case when m.working_hours ?| ${days} then m.working_hours when p.hours ?| ${days} then p.hours end as hours
    from members m join users u on u.id = m.user_id,
      (select ${JSON.stringify(caller.workspace.policies.working_hours ?? null)}::jsonb as hours) p
    where ${member}) h`;

/**
 * The time that somebody works between two moments, as a multirange, by `hours` and `zone` of the row called `m`. Clocks that
 * are put forward or back make a day of 23 or 25 hours, and work begins and ends when they say so.
 */
export const workingTimes = (earliest: Fragment, latest: Fragment): Fragment => sql`
  (case when m.hours is null then tstzmultirange(tstzrange(${earliest}, ${latest})) else (
    select coalesce(range_agg(tstzrange(shown_at(d.day + (s.span ->> 'from')::time, m.zone), shown_at(d.day + (s.span ->> 'to')::time, m.zone))),
      '{}'::tstzmultirange) * tstzmultirange(tstzrange(${earliest}, ${latest}))
    from (select (${earliest} at time zone m.zone)::date + n as day
        from generate_series(-1, (${latest} at time zone m.zone)::date - (${earliest} at time zone m.zone)::date) n) d,
      jsonb_array_elements(m.hours -> (${days})[extract(isodow from d.day)::integer]) s (span)) end)`;
