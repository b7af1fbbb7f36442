import * as z from 'zod/mini';
import { Time } from './fields.ts';
import { defineRoute } from './route.ts';

/** What is known of the caller's own feed; nothing where there is none. Its address is in the answer that made it, and nowhere else. */
export const CalendarFeed = z.object({
  created_at: z.nullable(Time),
  /** When a calendar last asked for it, to the minute. */
  last_read_at: z.nullable(Time),
});
export type CalendarFeed = z.infer<typeof CalendarFeed>;

/** A feed with its address, which is shown this once. */
export const IssuedCalendarFeed = z.extend(CalendarFeed, { url: z.url() });
export type IssuedCalendarFeed = z.infer<typeof IssuedCalendarFeed>;

export const calendarFeedRoutes = {
  read: defineRoute({
    method: 'GET',
    path: '/calendar-feed',
    summary: "Says whether the caller's appointments are to be had as a feed, and when it was last read.",
    permission: 'signed-in',
    response: CalendarFeed,
  }),
  issue: defineRoute({
    method: 'POST',
    path: '/calendar-feed',
    summary:
      "Makes a secret address of the caller's appointments, for their calendar, and shows it once. The one before is dead at once.",
    permission: 'signed-in',
    response: IssuedCalendarFeed,
    status: 201,
    repeat: 'secret',
  }),
  revoke: defineRoute({
    method: 'DELETE',
    path: '/calendar-feed',
    summary: "Revokes the address of the caller's feed, which is dead at once; without one nothing changes.",
    permission: 'signed-in',
    status: 204,
  }),
};

export const calendarRoutes = {
  feed: defineRoute({
    method: 'GET',
    path: '/calendars/:token.ics',
    summary: "Reads a member's appointments of the last 90 days and the year ahead as a calendar, 2,000 at most.",
    permission: 'public',
    produces: 'text/calendar',
  }),
};

/** As an appointment's other routes. */
export const appointmentCalendarRoutes = {
  calendar: defineRoute({
    method: 'GET',
    path: '/appointments/:id.ics',
    summary: 'Reads an appointment as a calendar of one event.',
    permission: 'crm:appointments:view',
    produces: 'text/calendar',
  }),
};
