import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { Answer, Statement } from './db.ts';
import type { FromWorker, PgliteOptions, Task, ToWorker } from './pglite-messages.ts';

const asText = (text: string) => text;

/** Values arrive as the text that Postgres reads, whatever the parameter's type. */
const serializers = new Proxy<Record<number, (value: any) => string>>({}, { get: () => String, has: () => true });

const { directory, snapshot } = workerData as PgliteOptions;
const opened = PGlite.create({
  ...(directory && { dataDir: directory }),
  ...(snapshot && { loadDataDir: new Blob([snapshot as BlobPart]) }),
  extensions: { btree_gin, pg_trgm, unaccent },
  parsers: { [types.DATE]: asText, [types.NUMERIC]: asText, [types.INT8]: Number },
  // As the package starts it, but for -F: with fsync on, what was acknowledged is on the disk.
  startParams: PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
});

async function run({ sql, parameters }: Statement): Promise<Answer> {
  const { rows, affectedRows } = await (await opened).query(sql, [...parameters], { serializers });
  return { rows, count: affectedRows || rows.length };
}

async function runUnit(opening: string, statements: Statement[]): Promise<Answer[]> {
  const db = await opened;
  try {
    await db.exec(opening);
    const answers: Answer[] = [];
    for (const statement of statements) answers.push(await run(statement));
    await db.exec('commit');
    return answers;
  } catch (error) {
    await db.exec('rollback');
    throw error;
  }
}

async function carryOut(task: Task): Promise<unknown> {
  const db = await opened;
  switch (task.kind) {
    case 'open':
      return db.waitReady;
    case 'unit':
      return runUnit(task.opening, task.statements);
    case 'statement':
      return run(task.statement);
    case 'script':
      await db.exec(task.sql);
      return;
    case 'commit': {
      // A failed transaction answers `commit` with a rollback and no error, so ask first whether it is sound.
      await db.query('select 1');
      await db.exec('commit');
      return;
    }
    case 'pack': {
      const file = await db.dumpDataDir('none');
      return new Uint8Array(await file.arrayBuffer());
    }
    case 'close':
      await db.close();
      return;
  }
}

/** Messages are carried out one after another, in the order they came. */
let line: Promise<unknown> = Promise.resolve();

parentPort!.on('message', ({ number, task }: ToWorker) => {
  line = line.then(async () => {
    const answer: FromWorker = { number };
    try {
      answer.result = await carryOut(task);
    } catch (error) {
      const { message, code, constraint } = error as { message: string; code?: string; constraint?: string };
      answer.error = { message, ...(code && { code }), ...(constraint && { constraint }) };
    }
    parentPort!.postMessage(answer);
    if (task.kind === 'close') parentPort!.close();
  });
});
