import { PGlite, types } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { Answer, Statement } from './db.ts';
import type { PgliteOptions, Task } from './pglite-messages.ts';

const asText = (text: string) => text;

/** Values arrive as the text that Postgres reads, whatever the parameter's type. */
const serializers = new Proxy<Record<number, (value: any) => string>>({}, { get: () => String, has: () => true });

/** The embedded engine itself, which carries out one task at a time, in the order they came; the same in Node and in a browser. */
export function openEngine({ directory, snapshot }: PgliteOptions): (task: Task) => Promise<unknown> {
  const opened = PGlite.create({
    ...(directory && { dataDir: directory }),
    ...(snapshot && { loadDataDir: new Blob([snapshot as BlobPart]) }),
    extensions: { btree_gin, pg_trgm, unaccent },
    parsers: { [types.DATE]: asText, [types.NUMERIC]: asText, [types.INT8]: Number },
    // As the package starts it, but for -F: with fsync on, what was acknowledged is on the disk.
    startParams: PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  });
  let line: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = line.then(async () => carryOut(await opened, task));
    line = turn.catch(() => {});
    return turn;
  };
}

async function carryOut(db: PGlite, task: Task): Promise<unknown> {
  switch (task.kind) {
    case 'open':
      return db.waitReady;
    case 'unit':
      return runUnit(db, task.opening, task.statements);
    case 'statement':
      return run(db, task.statement);
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

async function run(db: PGlite, { sql, parameters }: Statement): Promise<Answer> {
  const { rows, affectedRows } = await db.query(sql, [...parameters], { serializers });
  return { rows, count: affectedRows || rows.length };
}

async function runUnit(db: PGlite, opening: string, statements: Statement[]): Promise<Answer[]> {
  try {
    await db.exec(opening);
    const answers: Answer[] = [];
    for (const statement of statements) answers.push(await run(db, statement));
    await db.exec('commit');
    return answers;
  } catch (error) {
    await db.exec('rollback');
    throw error;
  }
}
