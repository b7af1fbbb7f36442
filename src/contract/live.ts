import * as z from 'zod/mini';
import { EVENTS, type EventName } from './events.ts';
import { Id, Time } from './fields.ts';
import type { Permission } from './permissions.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

/** One fact, as webhooks and live streams tell it. */
export const LiveEvent = z.object({
  /** The same for every delivery of the fact. */
  id: Id,
  event: z.enum(EVENTS),
  timestamp: Time,
  /** The record as lists show it, or `{id}` alone where it was deleted. */
  data: z.unknown(),
  record_id: Id,
  /** Null for what the system did by itself. */
  actor_id: z.nullable(Id),
});
export type LiveEvent = z.infer<typeof LiveEvent>;

/** A record that the credential may no longer see: it has left the owner's scope. */
export const Removed = z.object({
  /** What it is, as in the names of its events: `lead`, `contact`, `deal`. */
  record: z.string(),
  id: Id,
});
export type Removed = z.infer<typeof Removed>;

/** What a stream says besides events, by the SSE name of the message. */
export const CONTROLS = ['reset', 'removed'] as const;

/** The permission without which nobody hears of a kind of record, by the part of an event's name before the first dot. */
const PERMISSIONS: Record<string, Permission> = {
  contact: 'crm:contacts:view',
  company: 'crm:companies:view',
  lead: 'crm:leads:view',
  pipeline: 'crm:leads:view',
  deal: 'crm:leads:view',
  appointment: 'crm:appointments:view',
  activity: 'crm:activities:view',
  form: 'crm:forms:view',
  message: 'crm:messages:view',
  import: 'crm:import',
  custom_field: 'crm:access',
  tenant: 'crm:access',
};

/** What an event is about, by its name: `lead.moved_to_stage` is about a lead. */
export const recordOf = (event: EventName): string => event.slice(0, event.indexOf('.'));

/** The permission without which nobody hears of an event. */
export const permissionToHear = (event: EventName): Permission => PERMISSIONS[recordOf(event)]!;

export const liveRoutes = {
  stream: defineRoute({
    method: 'GET',
    path: '/events',
    summary:
      'Streams what happens in the workspace, as far as the credential may see it, as server-sent events. After a break the header Last-Event-ID brings what was missed, for seven days; where that is not possible, a message reset comes first. A record that has left the scope of the credential comes as removed.',
    permission: 'crm:access',
    query: z.strictObject({ events: z.optional(many(oneOf(EVENTS))) }),
    response: LiveEvent,
    stream: true,
  }),
};
