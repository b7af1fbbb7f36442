/**
 * How many jobs a second one process carries out, on both databases: `npm run bench:jobs`. Each number is the median of
 * several runs over the same number of jobs, which do nothing but end.
 */
import { sql } from 'kysely';
import { exitOnSignals } from '../../scripts/signals.ts';
import { withPostgres } from '../../scripts/postgres.ts';
import type { Db } from '../../server/db/db.ts';
import { System } from '../../server/db/system.ts';
import { inWorkspace } from '../../server/db/tenant.ts';
import { newId } from '../../server/ids.ts';
import { enqueue } from '../../server/jobs/enqueue.ts';
import { JobWorker } from '../../server/jobs/job-worker.ts';
import { newDatabase } from '../support/database.ts';

declare module '../../server/jobs/kinds.ts' {
  interface JobKinds {
    'bench-outside': object;
    'bench-in-transaction': object;
  }
}

const RUNS = 5;
const JOBS = 4_000;
const JOBS_IN_TRANSACTIONS = 1_000;
const ENQUEUED_ALONE = 500;

interface Row {
  engine: string;
  what: string;
  perSecond: number;
}

const median = (numbers: number[]) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]!;

async function measure(db: Db): Promise<Row[]> {
  const system = new System(db, 'bench');
  const [owner, workspaceId] = [newId(), newId()];
  await system.transaction(async (tx) => {
    await tx.createUser({ id: owner, name: 'Bench', email: `${owner}@example.test`, passwordHash: 'none' });
    await tx.createWorkspace({ id: workspaceId, name: 'Bench' }, owner);
  });
  const told = { events: () => {}, jobs: () => {} };
  const quiet = { info: () => {}, error: (facts: object, sentence: string) => console.error(sentence, facts) };
  const write = (work: Parameters<typeof inWorkspace<void>>[3]) =>
    inWorkspace(db, { role: 'app', workspaceId, requestId: 'bench' }, told, work);
  const fill = (kind: string, count: number) =>
    write(async (unit) => {
      await sql`insert into jobs (kind) select ${kind} from generate_series(1, ${count}::integer)`.execute(unit.db);
    });
  const newWorker = () => {
    const worker = new JobWorker({ db, clock: Date.now, log: quiet, metrics: { job: () => {} } }, system, told);
    worker.outside('bench-outside', async () => {}, { limit: 200 });
    worker.inTransaction('bench-in-transaction', async () => {}, { limit: 8 });
    return worker;
  };
  const timed = async (what: string, count: number, prepare: () => Promise<void>, work: () => Promise<void>): Promise<Row> => {
    const rates: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      await prepare();
      const began = performance.now();
      await work();
      rates.push((count * 1_000) / (performance.now() - began));
    }
    return { engine: db.engine, what, perSecond: Math.round(median(rates)) };
  };
  return [
    await timed(
      'enqueued, each in a transaction of its own',
      ENQUEUED_ALONE,
      async () => {},
      async () => {
        const lane = async () => {
          for (let count = 0; count < ENQUEUED_ALONE / 8; count++)
            await write(async (unit) => void (await enqueue(unit, 'bench-outside', {})));
        };
        await Promise.all(Array.from({ length: 8 }, lane));
      },
    ),
    await timed(
      'outside the database',
      JOBS,
      async () => {
        await newWorker().runDue();
        await fill('bench-outside', JOBS);
      },
      () => newWorker().runDue(),
    ),
    await timed(
      'in a transaction of their workspace',
      JOBS_IN_TRANSACTIONS,
      () => fill('bench-in-transaction', JOBS_IN_TRANSACTIONS),
      () => newWorker().runDue(),
    ),
  ];
}

async function onEngine(engine: 'pglite' | 'postgres'): Promise<Row[]> {
  const database = await newDatabase({ of: engine });
  try {
    return await measure(database.db);
  } finally {
    await database.close();
  }
}

exitOnSignals();
const rows = await onEngine('pglite');
rows.push(
  ...(await withPostgres(
    (url) => {
      process.env['MILLRACE_TEST_POSTGRES_URL'] = url;
      return onEngine('postgres');
    },
    { durable: true },
  )),
);
console.log(`Jobs a second, one process, median of ${RUNS} runs:`);
for (const { engine, what, perSecond } of rows)
  console.log(`${engine.padEnd(9)} ${what.padEnd(44)} ${String(perSecond).padStart(7)}`);
