import type { Limit, LimitStore, Standing } from './limits.ts';

interface Count {
  calls: number;
  /** When the window ends, in milliseconds of the clock. */
  ends: number;
}

/** A flood of callers must not fill the memory: beyond this many, ended windows are swept out. */
const SWEEP_AT = 50_000;

/** Counts calls in this process, in fixed windows: right where one process serves. */
export class MemoryLimits implements LimitStore {
  readonly #counts = new Map<string, Count>();
  readonly #clock: () => number;
  #sweepAt = SWEEP_AT;

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  async take(limit: Limit, caller: string): Promise<Standing> {
    const now = this.#clock();
    const key = `${limit.name} ${caller}`;
    let count = this.#counts.get(key);
    if (!count || count.ends <= now) {
      this.#counts.set(key, (count = { calls: 0, ends: now + limit.seconds * 1000 }));
      if (this.#counts.size > this.#sweepAt) this.#sweep(now);
    }
    count.calls++;
    return {
      allowed: count.calls <= limit.quota,
      remaining: Math.max(0, limit.quota - count.calls),
      reset: Math.ceil((count.ends - now) / 1000),
    };
  }

  async giveBack(limit: Limit, caller: string) {
    const count = this.#counts.get(`${limit.name} ${caller}`);
    if (count && count.calls > 0) count.calls--;
  }

  #sweep(now: number) {
    for (const [key, { ends }] of this.#counts) if (ends <= now) this.#counts.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, this.#counts.size * 2);
  }
}
