/**
 * Readers of the live stream come and go at random while twenty writers commit out of order, against one server process
 * and against two: each must hear every committed event once, and all in one order. `npm run drill:resume`, with
 * `-- --short` for a few seconds instead of a minute each.
 */
import assert from 'node:assert/strict';
import { ROLES } from '../../src/contract/permissions.ts';
import { withPostgres } from '../../scripts/postgres.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { PostgresDb } from '../../server/db/postgres.ts';
import { PostgresBell } from '../../server/events/postgres-bell.ts';
import { EventStream } from '../support/event-stream.ts';
import { ServerProcess } from '../support/process.ts';
import { newWorkspaceIn, SECRET } from './resume/workspace.ts';
import { Reader } from './resume/reader.ts';
import { whole, writeLast, writeOutOfOrder } from './resume/writers.ts';

const MILLISECONDS = process.argv.includes('--short') ? 3_000 : 60_000;
const WRITERS = 20;

async function drill(processes: number) {
  // Reads the environment when it is loaded.
  const { newDatabase } = await import('../support/database.ts');
  const database = await newDatabase();
  const { requests } = database.urls!;
  const db = new PostgresDb({ url: requests, alone: WRITERS });
  const bell = new PostgresBell(requests, { info: () => {}, error: () => {} });
  await bell.open();
  const { workspaceId, tokens } = await newWorkspaceIn(database.db, ROLES);
  const settings = { DATABASE_URL: requests, SECRET, RATE_LIMIT_PEOPLE: '999999999/60' };
  const servers = await Promise.all(Array.from({ length: processes }, () => ServerProcess.start(settings)));
  try {
    const readers = await Promise.all(
      tokens.map((token) =>
        Reader.start((lastEventId) => {
          const { url } = servers[whole(0, processes - 1)]!;
          return EventStream.open({ fetch: (path, init) => fetch(url + path, init) }, token, { lastEventId });
        }),
      ),
    );
    const last = Promise.withResolvers<string>();
    const reading = Promise.all(readers.map((reader) => reader.until(last.promise)));
    const end = performance.now() + MILLISECONDS;
    const ring = () => bell.ring();
    await writeOutOfOrder({ db, workspaceId, writers: WRITERS, goesOn: () => performance.now() < end, ring });
    last.resolve(await writeLast(db, workspaceId));
    ring();
    await reading;

    const rows = await database.asOwner('select record_id from events order by txid, seq');
    const written = rows.map(({ record_id }) => record_id);
    for (const { heard } of readers) assert.deepEqual(heard, written);
    const returns = readers.reduce((sum, reader) => sum + reader.returns, 0);
    console.log(
      `${processes === 1 ? 'One process' : 'Two processes'}: ${written.length} events, heard once and in order by each of ${readers.length} readers, who came again ${returns} times.`,
    );
  } finally {
    await Promise.all(servers.map((server) => server.kill()));
    await bell.close();
    await db.close();
    await database.close();
  }
}

exitOnSignals();
process.env['MILLRACE_TEST_DB'] = 'postgres';
await withPostgres(async (url) => {
  process.env['MILLRACE_TEST_POSTGRES_URL'] = url;
  for (const processes of [1, 2]) await drill(processes);
});
process.exit();
