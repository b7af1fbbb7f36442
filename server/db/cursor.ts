import { isDay } from '../../src/contract/time.ts';
import { invalidField } from '../http/failure.ts';

/** What rows are sorted by: the type that a cursor's text is read as, and whether there are rows without a value. */
export interface Place {
  type: 'timestamptz' | 'text' | 'integer' | 'smallint' | 'bigint' | 'double precision' | 'date';
  nullable?: boolean;
}

/** What a cursor holds: the place of the last row seen. */
export interface Cursor {
  value: string | null;
  id: string;
}

/** What a cursor belongs to: rows in one order, with the same filters. */
export const walkOf = (sort: string, order: string, filters: Record<string, unknown>) =>
  JSON.stringify([sort, order, Object.entries(filters).sort(([one], [other]) => (one < other ? -1 : 1))]);

export const writeCursor = (walk: string, { value, id }: Cursor) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify([markOf(walk, value, id), value, id]))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Reads a cursor of this walk; refuses any other text. */
export function readCursor(text: string, walk: string, { type, nullable }: Place): Cursor {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const [mark, value, id] = JSON.parse(new TextDecoder().decode(bytes));
    const isValue = value === null ? nullable : typeof value === 'string' && READS_AS[type](value) && !value.includes('\0');
    if (mark === markOf(walk, value, id) && isValue && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      return { value, id };
  } catch {
    // Not text of ours: refused below like any other.
  }
  throw invalidField('cursor', 'not_cursor');
}

const wholeUpTo = (most: bigint) => (text: string) =>
  /^-?\d{1,19}$/.test(text) && BigInt(text) <= most && BigInt(text) >= -most - 1n;

/** Whether a cursor's text is a value of its column; a cursor may come from anyone. */
const READS_AS: Record<Place['type'], (text: string) => boolean> = {
  timestamptz: (text) => Number.isFinite(Date.parse(text)) && new Date(text).toISOString() === text && /^[1-9]/.test(text),
  text: () => true,
  smallint: wholeUpTo(32_767n),
  integer: wholeUpTo(2_147_483_647n),
  bigint: wholeUpTo(9_223_372_036_854_775_807n),
  'double precision': (text) => /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/.test(text) && Number.isFinite(Number(text)),
  date: isDay,
};

/** Tells a cursor of this walk from others and from one that was changed; no secret, for a forged one merely begins elsewhere. */
function markOf(walk: string, value: unknown, id: unknown) {
  const text = JSON.stringify([walk, value, id]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
