import { sql } from 'kysely';
import { permissionToHear, recordOf } from '../../src/contract/live.ts';
import type { EventName } from '../../src/contract/events.ts';
import type { Caller } from '../http/caller.ts';
import { writePosition, type Position } from './position.ts';

/** An event as it is read from the outbox. */
export interface OutboxEvent extends Position {
  workspace_id: string;
  name: EventName;
  record_id: string;
  /** The event as it goes over the wire, as JSON. */
  wire: string;
  seen_by: string[] | null;
  left_by: string[];
}

/** The columns of an `OutboxEvent`, of the row called `e`. */
export const OUTBOX_EVENT = sql`e.txid, e.seq, e.workspace_id, e.name, e.record_id, e.seen_by, e.left_by,
  json_build_object('id', e.id, 'event', e.name, 'timestamp', wire_time(e.at), 'data', e.data, 'record_id', e.record_id, 'actor_id', e.actor_id)::text as wire`;

const encoder = new TextEncoder();

/** One message of a stream, as bytes. The text must hold no line break, which JSON has no need of. */
export const message = (name: string, position: Position, json: string): Uint8Array =>
  encoder.encode(`event: ${name}\nid: ${writePosition(position)}\ndata: ${json.replaceAll(/[\r\n]+/g, ' ')}\n\n`);

/** Tells where the stream is without telling anything of it; proxies see that it lives. */
export const heartbeat = (position: Position): Uint8Array => encoder.encode(`:\nid: ${writePosition(position)}\n\n`);

/** Each is made once, for however many streams. */
const made = { event: new WeakMap<OutboxEvent, Uint8Array>(), removed: new WeakMap<OutboxEvent, Uint8Array>() };

/** What a caller hears of an event: all of it, that the record has left their scope, or nothing. */
export function heard(event: OutboxEvent, caller: Caller, wanted: ReadonlySet<string> | undefined): Uint8Array | undefined {
  if (!caller.permissions.has(permissionToHear(event.name))) return undefined;
  const scope = caller.ownerScope;
  if (scope === undefined || event.seen_by === null || event.seen_by.includes(scope)) {
    if (wanted && !wanted.has(event.name)) return undefined;
    return keep(made.event, event, () => message(event.name, event, event.wire));
  }
  const record = recordOf(event.name);
  if (!event.left_by.includes(scope) || (wanted && !isAbout(wanted, record))) return undefined;
  return keep(made.removed, event, () => message('removed', event, JSON.stringify({ record, id: event.record_id })));
}

const isAbout = (names: ReadonlySet<string>, record: string) => [...names].some((name) => recordOf(name as EventName) === record);

function keep(kept: WeakMap<OutboxEvent, Uint8Array>, event: OutboxEvent, make: () => Uint8Array): Uint8Array {
  let bytes = kept.get(event);
  if (!bytes) kept.set(event, (bytes = make()));
  return bytes;
}
