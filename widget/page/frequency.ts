import type { Display } from '../../src/contract/form-definition.ts';
import { root } from '../launcher/page-document.ts';

/** How often a form was seen, dismissed and submitted, and when the last of it was, in milliseconds since 1970. */
type Count = [views: number, dismissals: number, submissions: number, at: number];
type Counts = Record<string, Count>;

const ITEM = 'millrace.forms';
const NOTHING: Count = [0, 0, 0, 0];
const EVENTS = { opened: 0, closed: 1, submitted: 2, queued: 2 };

/** How often the forms of a site came: in memory until the visitor acts, or consent permits more. */
export class Frequency {
  /** Whether the visitor was here before this session. */
  readonly isReturning: boolean;
  readonly #ever: Counts;
  readonly #session: Counts;
  readonly #mayStore: () => boolean;
  /** Forms whose closing now is no dismissal. */
  readonly #submitted = new Set<string>();

  constructor(mayStore: () => boolean, signal: AbortSignal) {
    this.#mayStore = mayStore;
    const [ever, session] = [stored('localStorage'), stored('sessionStorage')];
    this.isReturning = session ? '' in session : ever !== undefined;
    this.#ever = { ...ever };
    this.#session = session ?? (ever ? { '': NOTHING } : {});
    for (const [name, index] of Object.entries(EVENTS)) {
      const hear = ({ detail }: CustomEvent<{ formId: string }>) => this.#count(detail.formId, index);
      root.addEventListener(`mill-form-${name}`, hear as EventListener, { signal });
    }
  }

  /** Whether a form may come by itself once more; `caps` are the most views, dismissals and submissions of all in a session. */
  allows(id: string, { show, days = 1 }: NonNullable<Display['frequency']>, caps: string | null) {
    const [views, , submissions, at] = this.#ever[id] ?? NOTHING;
    if (show === 'once' && views) return false;
    if (show === 'session' && this.#session[id]) return false;
    if (show === 'days' && Date.now() - at < days * 86_400_000) return false;
    if (show === 'until_submitted' && submissions) return false;
    const all = Object.values(this.#session);
    return !caps?.split(',').some((most, index) => most && all.reduce((sum, count) => sum + count[index]!, 0) >= Number(most));
  }

  /** Stores what is known, where that is allowed. */
  keep(isAllowed = this.#mayStore()) {
    if (!isAllowed) return;
    try {
      localStorage.setItem(ITEM, JSON.stringify(this.#ever));
      sessionStorage.setItem(ITEM, JSON.stringify(this.#session));
    } catch {
      // A storage that is closed leaves what is in memory.
    }
  }

  #count(id: string, index: number) {
    if (index === EVENTS.closed && this.#submitted.delete(id)) return;
    if (index === EVENTS.submitted) this.#submitted.add(id);
    for (const counts of [this.#ever, this.#session]) {
      const count: Count = [...(counts[id] ?? NOTHING)];
      count[index]! += 1;
      count[3] = Date.now();
      counts[id] = count;
    }
    this.keep(index > 0 || this.#mayStore());
  }
}

function stored(area: 'localStorage' | 'sessionStorage'): Counts | undefined {
  try {
    return JSON.parse(window[area].getItem(ITEM)!) ?? undefined;
  } catch {
    return undefined;
  }
}
