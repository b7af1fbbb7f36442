import type { AppParts } from '../app-parts.ts';
import { tooMany } from './limits.ts';

/** Look-ups of credentials that anyone can make up: those that find nothing count as calls without a credential. */
export class Guesses {
  readonly #parts: Pick<AppParts, 'limits' | 'limitStore' | 'metrics'>;

  constructor(parts: Pick<AppParts, 'limits' | 'limitStore' | 'metrics'>) {
    this.#parts = parts;
  }

  /** Looks something up for a caller's network, unless it has guessed wrong too often. */
  async attempt<Found>(network: string, look: () => Promise<Found | undefined>): Promise<Found | undefined> {
    const { limits, limitStore, metrics } = this.#parts;
    const limit = limits.public;
    const standing = await limitStore.take(limit, network);
    if (!standing.allowed) {
      metrics.limited(limit.name);
      throw tooMany(limit, standing);
    }
    let isWrong = false;
    try {
      const found = await look();
      isWrong = found === undefined;
      return found;
    } finally {
      if (!isWrong) await limitStore.giveBack(limit, network);
    }
  }
}
