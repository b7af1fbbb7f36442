import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import type { System } from '../../server/db/system.ts';
import type { OutboxEvent } from '../../server/events/outbox-event.ts';
import type { Read } from '../../server/events/outbox-table.ts';
import { PostgresBell } from '../../server/events/postgres-bell.ts';
import { Feed } from '../../server/live/feed.ts';
import { engine, newDatabase, type TestDatabase } from '../support/database.ts';

const log = { info: () => {}, error: () => {} };

describe('the feed', () => {
  /** A feed over an outbox that answers one look after another as the test says, and the last for ever. */
  function feedOver(...reads: Partial<Read>[]) {
    const told: unknown[] = [];
    let looks = 0;
    let wake = () => {};
    const outbox = {
      after: async (): Promise<Read> => ({
        events: [],
        horizon: 100,
        waits: false,
        ...reads[Math.min(looks++, reads.length - 1)],
      }),
    };
    const audience = {
      prepare: async (events: readonly OutboxEvent[]) => () => {
        told.push(...events.map(({ seq }) => seq));
        wake();
      },
      lost: () => {
        told.push('lost');
        wake();
      },
    };
    const feed = new Feed({ outbox } as unknown as System, audience, log);
    const until = async (count: number) => {
      while (told.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return told;
    };
    return { feed, until };
  }

  const event = (txid: number, seq: number) => ({ txid, seq }) as OutboxEvent;

  test('looks again by itself where older transactions hold events back, also such as were there when it began', async () => {
    const { feed, until } = feedOver({}, { waits: true }, { waits: true }, { horizon: 105, events: [event(101, 1)] });
    await feed.start();
    assert.deepEqual(await until(1), [1]);
    assert.deepEqual(feed.position, { txid: 105, seq: 0 });
    feed.stop();
  });

  test('says that all is lost where the database counts from elsewhere, and goes on from there', async () => {
    const { feed, until } = feedOver({}, { horizon: 50 }, { horizon: 60, events: [event(55, 9)] });
    await feed.start();
    await until(1);
    assert.deepEqual(feed.position, { txid: 50, seq: 0 });
    feed.ring();
    assert.deepEqual(await until(2), ['lost', 9]);
    feed.stop();
  });
});

/** The embedded database has no other process to tell. */
if (engine === 'postgres') {
  describe('the bell between processes', () => {
    let database: TestDatabase;

    before(async () => {
      database = await newDatabase();
    });

    after(() => database.close());

    async function newBell() {
      const bell = new PostgresBell(database.urls!.requests, log);
      let wake = () => {};
      bell.onRing(() => wake());
      await bell.open();
      /** Resolves at the next ring. */
      const ring = () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        });
      return { bell, ring };
    }

    test('is heard by the others', async () => {
      const [one, other] = [await newBell(), await newBell()];
      const heard = other.ring();
      one.bell.ring();
      await heard;
      await Promise.all([one.bell.close(), other.bell.close()]);
    });

    test('rings once it can be heard again after its connection broke, for what was missed', async () => {
      const { bell, ring } = await newBell();
      const heard = ring();
      await database.asOwner(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace events' and datname = current_database()`,
      );
      await heard;

      const client = new pg.Client({ connectionString: database.urls!.requests });
      await client.connect();
      await client.query('listen millrace_events');
      const notified = once(client, 'notification');
      bell.ring();
      await notified;
      await client.end();
      await bell.close();
    });
  });
}
