import { isolated } from './isolated.ts';
import type { Change, LiveRow } from './live-page.ts';

/** What a watcher hears: every change of a kind of record, or of one record alone. */
export type ChangeListener = (change: Change<LiveRow>) => void;

interface Kept {
  row: LiveRow;
  /** When it was learnt, by the cache's own count. */
  at: number;
  /** Whether it may have changed or gone since, unheard: it is not given any more, but nothing older counts. */
  isDoubtful?: boolean;
}

interface Grave {
  at: number;
  /** Whether the live stream told it, so that what it tells later is later indeed. */
  isHeard: boolean;
}

interface Watcher {
  kind: string;
  id: string | undefined;
  listener: ChangeListener;
}

const MOST_ROWS = 500;
const MOST_GRAVES = 1_000;

/**
 * Remembers records as they were last seen and tells whoever watches what has changed.
 *
 * The newest version counts, whichever way and however late it comes; what is gone comes back only by what was asked or
 * heard afterwards. It holds a bounded number of records: the ones that nobody has used for longest make room, except
 * those that are watched by their id.
 */
export class RecordCache {
  readonly #most: number;
  /** The least recently used first. */
  readonly #rows = new Map<string, Kept>();
  readonly #graves = new Map<string, Grave>();
  readonly #watchers = new Set<Watcher>();
  #count = 0;

  constructor(most = MOST_ROWS) {
    this.#most = most;
  }

  /** How many records are held. */
  get size() {
    return this.#rows.size;
  }

  /** The present moment, to be noted when something is asked and handed in with its answer. */
  now() {
    return this.#count;
  }

  /** The record as it was last seen; nothing where it is gone or was never seen. */
  get(kind: string, id: string): LiveRow | undefined {
    const key = keyOf(kind, id);
    const kept = this.#rows.get(key);
    if (!kept || kept.isDoubtful) return undefined;
    this.#keep(key, kept);
    return kept.row;
  }

  /** Takes in a record that someone saved, and tells everyone. Gives the record as it counts, or nothing where it is gone. */
  put(kind: string, row: LiveRow, asked = this.now(), isNew = false): LiveRow | undefined {
    const before = this.#rows.get(keyOf(kind, row.id))?.row;
    const newest = this.#newest(kind, row, asked);
    if (newest === undefined || newest !== row) return newest;
    this.#tell(kind, { kind: isNew && !before ? 'created' : 'changed', row });
    return row;
  }

  /** Takes in records that were read, and tells only what is news of those that were known. Gives each as it counts. */
  learn<Row extends LiveRow>(kind: string, rows: readonly Row[], asked: number): Row[] {
    return rows.map((row) => {
      const before = this.#rows.get(keyOf(kind, row.id))?.row;
      // One that is gone is left to whoever has heard of it.
      const newest = this.#newest(kind, row, asked) ?? row;
      if (newest === row && before && !isSame(before, row)) this.#tell(kind, { kind: 'changed', row });
      return newest as Row;
    });
  }

  /** Tells of a record that is not kept, or not in this shape. */
  pass(kind: string, change: Change<LiveRow>) {
    this.#tell(kind, change);
  }

  /** Takes in what the live stream tells. It is passed on even where it is no news here, since not everyone has read it yet. */
  hear(kind: string, change: Change<LiveRow>) {
    if (change.kind === 'gone') return this.gone(kind, change.id, true);
    const key = keyOf(kind, change.row.id);
    if (this.#graves.get(key)?.isHeard === false) return;
    const row = this.#newest(kind, change.row, Infinity);
    if (row) this.#tell(kind, { kind: change.kind, row });
  }

  /** Buries a record: answers to what was asked before can't bring it back. */
  gone(kind: string, id: string, isHeard = false) {
    const key = keyOf(kind, id);
    this.#rows.delete(key);
    this.#graves.delete(key);
    this.#graves.set(key, { at: ++this.#count, isHeard });
    trim(this.#graves, MOST_GRAVES);
    this.#tell(kind, { kind: 'gone', id });
  }

  /** Calls the listener at each change, of one record where an id is given, until the returned function is called. */
  watch(kind: string, listener: ChangeListener, id?: string): () => void {
    const watcher = { kind, id, listener };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      this.#trim();
    };
  }

  /** Gives nothing any more of what nobody watches by its id, until it is read again, as when changes may have been missed. */
  doubt() {
    const watched = this.#watched();
    for (const [key, kept] of this.#rows) if (!watched.has(key)) kept.isDoubtful = true;
  }

  /** Drops everything; watchers stay. */
  clear() {
    this.#rows.clear();
    this.#graves.clear();
    this.#count++;
  }

  /** The record that counts, once `row`, asked for at that moment, is taken in; nothing where it was gone after that. */
  #newest(kind: string, row: LiveRow, asked: number): LiveRow | undefined {
    const key = keyOf(kind, row.id);
    const grave = this.#graves.get(key);
    if (grave && asked < grave.at) return undefined;
    const kept = this.#rows.get(key);
    const { version } = row;
    // Of one version the later state counts: a row copies from other records what changes without its version.
    const isKeptNewer = kept && (kept.row.version > version || (kept.row.version === version && asked < kept.at));
    if (isKeptNewer) {
      kept.isDoubtful = false;
      this.#keep(key, kept);
      return kept.row;
    }
    this.#graves.delete(key);
    this.#keep(key, { row, at: ++this.#count });
    return row;
  }

  #keep(key: string, kept: Kept) {
    this.#rows.delete(key);
    this.#rows.set(key, kept);
    this.#trim();
  }

  #trim() {
    if (this.#rows.size > this.#most) trim(this.#rows, this.#most, this.#watched());
  }

  #watched() {
    return new Set(Array.from(this.#watchers, ({ kind, id }) => keyOf(kind, id ?? '')));
  }

  #tell(kind: string, change: Change<LiveRow>) {
    const about = change.kind === 'gone' ? change.id : change.row.id;
    for (const watcher of Array.from(this.#watchers)) {
      const isMeant = watcher.kind === kind && (watcher.id === undefined || watcher.id === about);
      if (isMeant && this.#watchers.has(watcher)) isolated(() => watcher.listener(change));
    }
  }
}

const keyOf = (kind: string, id: string) => `${kind} ${id}`;

const isSame = (one: LiveRow, other: LiveRow) => one.version === other.version && JSON.stringify(one) === JSON.stringify(other);

/** Takes the oldest away until so many are left, or only what has to stay. */
function trim(map: Map<string, unknown>, most: number, staying: ReadonlySet<string> = new Set()) {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    if (!staying.has(key)) map.delete(key);
  }
}
