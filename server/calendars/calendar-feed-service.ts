import { sql } from 'kysely';
import type { CalendarFeed, IssuedCalendarFeed } from '../../src/contract/calendar.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import type { AppParts } from '../app-parts.ts';
import type { System } from '../db/system.ts';
import { readingUnit, type Tenant } from '../db/tenant.ts';
import { notFound } from '../http/failure.ts';
import { hashOf, newSecret } from '../secret-tokens.ts';
import type { CalendarService } from './calendar-service.ts';

const NOTHING: CalendarFeed = { created_at: null, last_read_at: null };
const times = sql`wire_time(created_at) as created_at, wire_time(last_read_at) as last_read_at`;

/** The secret addresses that members' calendars read. A row policy keeps each to its member. */
export class CalendarFeedService {
  readonly #parts: Pick<AppParts, 'db' | 'clock' | 'publicUrl'>;
  readonly #system: System;
  readonly #calendars: CalendarService;

  constructor(parts: Pick<AppParts, 'db' | 'clock' | 'publicUrl'>, system: System, calendars: CalendarService) {
    this.#parts = parts;
    this.#system = system;
    this.#calendars = calendars;
  }

  async read(tenant: Tenant): Promise<CalendarFeed> {
    const { rows } =
      await sql<CalendarFeed>`select ${times} from calendar_feeds where user_id = ${tenant.caller.userId!}`.execute(tenant.db);
    return rows[0] ?? NOTHING;
  }

  /** Gives the caller an address of their own; the one before is dead once this is committed. */
  async issue(tenant: Tenant): Promise<IssuedCalendarFeed> {
    const token = newSecret();
    const hash = await hashOf(token);
    const { rows } = await sql<CalendarFeed>`
      insert into calendar_feeds as f (user_id, secret_hash) values (${tenant.caller.userId!}, ${hash})
      on conflict (workspace_id, user_id) do update
        set secret_hash = ${hash}, last_read_at = null, created_at = now(), version = f.version + 1
      returning ${times}`.execute(tenant.db);
    return { ...rows[0]!, url: `${this.#parts.publicUrl}${API_PREFIX}/calendars/${token}.ics` };
  }

  async revoke(tenant: Tenant) {
    await sql`delete from calendar_feeds where user_id = ${tenant.caller.userId!}`.execute(tenant.db);
  }

  /** The calendar of whoever's address holds this token, as far as their workspace shows it to them. */
  async calendar(token: string, requestId: string): Promise<string> {
    const { db, clock } = this.#parts;
    const system = this.#system.for(requestId);
    const feed = /^[\w-]{43}$/.test(token) ? await system.calendarFeed(await hashOf(token)) : undefined;
    if (!feed) throw notFound('calendar');
    const unit = readingUnit(db, { role: 'app', workspaceId: feed.workspace_id, actorId: feed.user_id, requestId });
    const calendar = await this.#calendars.ofMember(unit, feed.user_id, `${feed.name} (${feed.workspace})`);
    await system.noteFeedRead(feed, new Date(clock()));
    return calendar;
  }
}
