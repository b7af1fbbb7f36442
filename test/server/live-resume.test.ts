import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { PostgresBell } from '../../server/events/postgres-bell.ts';
import { silentBell } from '../../server/events/bell.ts';
import { PostgresDb } from '../../server/db/postgres.ts';
import { Reader } from '../drill/resume/reader.ts';
import { writeLast, writeOutOfOrder } from '../drill/resume/writers.ts';
import { engine, newDatabase } from '../support/database.ts';
import { EventStream } from '../support/event-stream.ts';
import { newServer } from '../support/server.ts';
import { ROLES } from '../../src/contract/permissions.ts';

const WRITERS = 20;
const TRANSACTIONS = engine === 'postgres' ? 10 : 3;

/** Two servers over an embedded database would be one process, which is the first case. */
const CASES = engine === 'postgres' ? [1, 2] : [1];

describe('readers who come and go while many write', () => {
  for (const servers of CASES) {
    test(`hear every committed event once and in one order, from ${servers === 1 ? 'one server' : 'two servers'}`, async () => {
      const database = await newDatabase();
      after(() => database.close());
      const log = { info: () => {}, error: () => {} };
      const newBell = async () => {
        if (!database.urls) return silentBell;
        const bell = new PostgresBell(database.urls.requests, log);
        await bell.open();
        after(() => bell.close());
        return bell;
      };
      const running = await Promise.all(
        Array.from({ length: servers }, async () => newServer({ database, bell: await newBell() })),
      );
      const workspace = await running[0]!.newWorkspace();
      const db = database.urls ? new PostgresDb({ url: database.urls.requests, alone: WRITERS }) : database.db;
      if (db !== database.db) after(() => db.close());
      // The writers are a process of their own, which servers hear of by the database alone, where it can tell them.
      const ringing = await newBell();
      const ring = () => (database.urls ? ringing.ring() : running[0]!.app.live.told());

      const readers = await Promise.all(
        ROLES.map((role) =>
          Reader.start((lastEventId) =>
            EventStream.open(running[Math.floor(Math.random() * servers)]!, workspace[role].token, { lastEventId }),
          ),
        ),
      );
      const last = Promise.withResolvers<string>();
      const reading = readers.map((reader) => reader.until(last.promise));
      await writeOutOfOrder({ db, workspaceId: workspace.id, writers: WRITERS, goesOn: (done) => done < TRANSACTIONS, ring });
      last.resolve(await writeLast(db, workspace.id));
      ring();
      await Promise.all(reading);

      const written = await database.asOwner('select record_id from events where workspace_id = $1 order by txid, seq', [
        workspace.id,
      ]);
      const ids = written.map(({ record_id }) => record_id);
      assert.ok(ids.length > (WRITERS * TRANSACTIONS) / 2);
      for (const { heard } of readers) assert.deepEqual(heard, ids);
      assert.ok(readers.every(({ returns }) => returns > 0));
    });
  }
});
