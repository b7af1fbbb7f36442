import { appointmentCalendarRoutes, calendarFeedRoutes, calendarRoutes } from '../../src/contract/calendar.ts';
import type { Api } from '../http/api.ts';
import type { CalendarFeedService } from './calendar-feed-service.ts';
import type { CalendarService } from './calendar-service.ts';

/** To be called before the appointments' own routes are served, which would take `.ics` for a part of the id. */
export function serveCalendars(api: Api, calendars: CalendarService, feeds: CalendarFeedService) {
  api.serve(appointmentCalendarRoutes.calendar, async ({ tenant, params, header }) => {
    const text = await calendars.appointment(tenant, params.id);
    header('Content-Disposition', `attachment; filename="appointment-${params.id}.ics"`);
    return text;
  });
  api.serve(calendarFeedRoutes.read, ({ tenant }) => feeds.read(tenant));
  api.serve(calendarFeedRoutes.issue, ({ tenant }) => feeds.issue(tenant));
  api.serve(calendarFeedRoutes.revoke, ({ tenant }) => feeds.revoke(tenant));
  api.servePublic(calendarRoutes.feed, async ({ params, requestId, header }) => {
    const text = await feeds.calendar(params.token, requestId);
    header('Content-Disposition', 'inline; filename="appointments.ics"');
    return text;
  });
}
