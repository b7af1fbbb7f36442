import { createClient, defineScript } from '@redis/client';
import { hash } from 'node:crypto';
import type { Log } from '../app-parts.ts';
import type { Limit, LimitStore, Standing } from './limits.ts';

/** What is done while Redis is away, and who hears of it. */
export interface RedisLimitsParts {
  /** Counts while Redis does not. */
  meanwhile: LimitStore;
  log: Log;
  /** Hears whether the counts are those of all processes, at each change. */
  shared(isShared: boolean): void;
}

/** How long Redis may take for an answer before it counts as away, and after which it is asked again. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 1_000;

/** Counts one call more and tells how many there were in the window, and the milliseconds that are left of it. */
const take = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local calls = redis.call('INCR', KEYS[1])
    local left = redis.call('PTTL', KEYS[1])
    if left < 0 then
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      left = tonumber(ARGV[1])
    end
    return { calls, left }`,
  parseCommand(parser, key: string, windowMs: number) {
    parser.pushKey(key);
    parser.push(String(windowMs));
  },
  transformReply: undefined as unknown as () => [calls: number, leftMs: number],
});

/** Counts one call less in a window that is still open, never below none. */
const giveBack = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then return redis.call('DECR', KEYS[1]) end return 0`,
  parseCommand(parser, key: string) {
    parser.pushKey(key);
  },
  transformReply: undefined as unknown as () => number,
});

type Redis = Awaited<ReturnType<typeof connected>>;

/**
 * Counts calls in Redis, in fixed windows that all processes share. While Redis is away each process counts for itself, and
 * asks again every second.
 */
export class RedisLimits implements LimitStore {
  readonly #url: string;
  readonly #parts: RedisLimitsParts;
  #redis: Redis | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(url: string, parts: RedisLimitsParts) {
    this.#url = url;
    this.#parts = parts;
  }

  /** Rejects if Redis can't be used from the start. */
  static async open(url: string, parts: RedisLimitsParts): Promise<RedisLimits> {
    const limits = new RedisLimits(url, parts);
    await limits.#begin();
    return limits;
  }

  async take(limit: Limit, caller: string): Promise<Standing> {
    const windowMs = limit.seconds * 1_000;
    const counted = await this.#ask((redis) => redis.take(keyOf(limit, caller), windowMs));
    if (!counted) return this.#parts.meanwhile.take(limit, caller);
    const [calls, leftMs] = counted as [number, number];
    return {
      allowed: calls <= limit.quota,
      remaining: Math.max(0, limit.quota - calls),
      reset: Math.max(1, Math.ceil(leftMs / 1_000)),
    };
  }

  async giveBack(limit: Limit, caller: string) {
    const counted = await this.#ask((redis) => redis.giveBack(keyOf(limit, caller)));
    if (counted === undefined) await this.#parts.meanwhile.giveBack(limit, caller);
  }

  async close() {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    end(this.#redis);
    this.#redis = undefined;
  }

  async #begin() {
    const redis = await connected(this.#url);
    if (this.#isClosed) return end(redis);
    this.#redis = redis;
    this.#parts.shared(true);
    redis.on('error', (error: Error) => this.#lose(redis, error.name));
    if (!redis.isReady) this.#lose(redis, 'ClientOfflineError');
  }

  /** What Redis answers; nothing while it is away. */
  async #ask<Reply>(question: (redis: Redis) => Promise<Reply>): Promise<Reply | undefined> {
    const redis = this.#redis;
    if (!redis) return undefined;
    try {
      return await inTime(question(redis));
    } catch (error) {
      this.#lose(redis, (error as Error).name);
      return undefined;
    }
  }

  #lose(redis: Redis, kind: string) {
    if (this.#redis !== redis) return;
    this.#redis = undefined;
    end(redis);
    this.#parts.log.error({ kind }, 'REDIS_AWAY');
    this.#parts.shared(false);
    this.#returnSoon();
  }

  #returnSoon() {
    this.#retry = setTimeout(async () => {
      try {
        await this.#begin();
        this.#parts.log.info({}, 'Redis counts the calls of all processes again');
      } catch {
        if (!this.#isClosed) this.#returnSoon();
      }
    }, RETRY_MS).unref();
  }
}

/** A connection that has counted once. One that breaks is not mended: there will be another. */
async function connected(url: string) {
  const redis = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: PATIENCE_MS },
    scripts: { take, giveBack },
  });
  // Without a listener an error would end the process; what was asked fails with it anyway.
  redis.on('error', () => {});
  try {
    await inTime(redis.connect());
    await inTime(redis.take('millrace:limit:probe', PATIENCE_MS));
  } catch (error) {
    end(redis);
    throw error;
  }
  return redis;
}

function end(redis: Pick<Redis, 'isOpen' | 'destroy'> | undefined) {
  if (redis?.isOpen) redis.destroy();
}

/** Redis keeps no address and no e-mail of anyone, only what tells them apart. */
const keyOf = (limit: Limit, caller: string) => `millrace:limit:${limit.name}:${hash('sha256', caller, 'base64url')}`;

async function inTime<Reply>(reply: Promise<Reply>): Promise<Reply> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), PATIENCE_MS);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer!);
  }
}
