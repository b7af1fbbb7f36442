import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { DatabaseUnavailable, type Run, type Scope, type Statement } from '../../server/db/db.ts';
import { PostgresDb } from '../../server/db/postgres.ts';
import { System } from '../../server/db/system.ts';
import { writingTenant } from '../../server/db/tenant.ts';
import { newId } from '../../server/ids.ts';
import { engine, newDatabase, type TestDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

const CALLS = 3_000;
const AT_ONCE = 40;

/** The embedded database has one connection whatever is asked for. */
const CONNECTIONS = engine === 'postgres' ? [1, 2] : [1];

const insert = (mark: string, status = 'active'): Statement => ({
  sql: 'insert into contacts (firstname, status) values ($1, $2)',
  parameters: [mark, status],
});
const readAll: Statement = { sql: 'select workspace_id, firstname from contacts order by id desc limit 50', parameters: [] };
const wrongConstraint = (mark: string) => insert(mark, 'nonsense');
const wrongSyntax: Statement = { sql: 'selekt 1', parameters: [] };
const wrongParameter: Statement = { sql: 'select $1::text', parameters: [{}] };

async function twoTenants({ db }: TestDatabase): Promise<[Scope, Scope]> {
  const scopes: Scope[] = [];
  for (const name of ['Ours', 'Theirs']) {
    const user = { id: newId(), name, email: `${newId()}@example.test`, passwordHash: 'none' };
    const workspace = { id: newId(), name };
    await new System(db, 'test').transaction(async (system) => {
      await system.createUser(user);
      await system.createWorkspace(workspace, user.id);
    });
    scopes.push({ role: 'app', workspaceId: workspace.id, actorId: user.id, requestId: name });
  }
  return scopes as [Scope, Scope];
}

for (const connections of CONNECTIONS) {
  describe(`two tenants on ${connections === 1 ? 'one connection' : `${connections} connections`}`, () => {
    test('never meet, lose nothing that was acknowledged, and leave nothing of what failed', async (t) => {
      const database = await newDatabase({ shared: connections, alone: 2 });
      t.after(() => database.close());
      const { db } = database;
      const tenants = await twoTenants(database);
      const random = seededRandom(8787);
      const kept = new Map<string, string>();
      const gone = new Set<string>();
      let failures = 0;

      function assertOwn(scope: Scope, rows: any[]) {
        for (const { workspace_id, firstname } of rows) {
          assert.equal(workspace_id, scope.workspaceId);
          assert.ok(firstname.startsWith(`${scope.requestId} `), firstname);
        }
      }

      /** Something that must work; what it wrote must be there at the end. */
      const working = [
        async (scope: Scope, mark: string) => {
          const [, read] = await db.unit(scope, [insert(mark), readAll]);
          assertOwn(scope, read!.rows);
          assert.ok(read!.rows.some(({ firstname }) => firstname === mark));
          kept.set(mark, scope.workspaceId!);
        },
        async (scope: Scope) => assertOwn(scope, (await db.unit(scope, [readAll], { readOnly: true }))[0]!.rows),
        async (scope: Scope, mark: string) => {
          await db.transaction(scope, async (run) => {
            await run(insert(mark));
            assertOwn(scope, (await run(readAll)).rows);
            await run(insert(`${mark} again`));
          });
          kept.set(mark, scope.workspaceId!).set(`${mark} again`, scope.workspaceId!);
        },
      ];

      /** Something that must be refused, and leave nothing. */
      const failing: ((scope: Scope, mark: string) => [work: Promise<unknown>, reason: object])[] = [
        (scope, mark) => [
          db.unit(scope, [insert(mark), wrongConstraint(mark), readAll]),
          { name: 'DatabaseError', code: '23514' },
        ],
        (scope, mark) => [
          db.unit(scope, [insert(mark), wrongSyntax, insert(`${mark} after`)]),
          { name: 'DatabaseError', code: '42601' },
        ],
        (scope, mark) => [db.unit(scope, [insert(mark), wrongParameter]), { name: 'TypeError' }],
        (scope, mark) => [db.unit(scope, [insert(mark)], { readOnly: true }), { name: 'DatabaseError', code: '25006' }],
        (scope, mark) => [
          db.transaction(scope, async (run) => {
            await run(insert(mark));
            throw new RangeError('Thought better of it.');
          }),
          { name: 'RangeError' },
        ],
        (scope, mark) => [
          db.transaction(scope, async (run) => void (await run(insert(mark)), await run(wrongParameter))),
          { name: 'TypeError' },
        ],
        (scope, mark) => [
          db.transaction(scope, async (run) => {
            await run(insert(mark));
            await run(wrongConstraint(mark)).catch(() => {});
            return 'as if nothing had been';
          }),
          engine === 'postgres' ? { name: 'DatabaseUnavailable' } : { name: 'DatabaseError', code: '25P02' },
        ],
        (scope, mark) => [
          db.transaction(scope, async (run) => {
            await run(wrongSyntax).catch(() => {});
            await run(insert(mark));
          }),
          { name: 'DatabaseError', code: '25P02' },
        ],
      ];

      let left = CALLS;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (left-- > 0) {
            const scope = random.oneOf(tenants);
            const mark = `${scope.requestId} ${left}`;
            if (random.below(3) > 0) {
              await random.oneOf(working)(scope, mark);
              continue;
            }
            failures++;
            gone.add(mark).add(`${mark} after`);
            const [work, reason] = random.oneOf(failing)(scope, mark);
            await assert.rejects(work, reason);
          }
        }),
      );

      const rows = await database.asOwner('select firstname, workspace_id from contacts');
      const there = new Map(rows.map(({ firstname, workspace_id }) => [firstname, workspace_id]));
      assert.equal(there.size, rows.length);
      assert.deepEqual([...there].sort(), [...kept].sort());
      assert.ok([...gone].every((mark) => !there.has(mark)));
      assert.ok(failures > CALLS / 4, String(failures));
      assert.ok(kept.size > CALLS / 4, String(kept.size));
    });

    test('refuse a statement that comes after its transaction has ended', async (t) => {
      const database = await newDatabase({ shared: connections, alone: 1 });
      t.after(() => database.close());
      const [ours, theirs] = await twoTenants(database);
      for (const ending of ['commit', 'rollback']) {
        let late: Run | undefined;
        const transaction = database.db.transaction(ours, async (run) => {
          late = run;
          if (ending === 'rollback') throw new RangeError('Thought better of it.');
        });
        await transaction.catch(() => {});
        await database.db.transaction(theirs, async () => {
          await assert.rejects(late!(readAll), /after the end of its transaction/);
        });
      }
    });
  });
}

if (engine === 'postgres') {
  describe('a connection that breaks', () => {
    const slow: Statement = { sql: 'select pg_sleep(60)', parameters: [] };

    /** Ends the connection that runs a statement, once it does. */
    async function cutOff(database: TestDatabase, running: string) {
      for (;;) {
        const ended = await database.asOwner(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()`,
          [running],
        );
        if (ended.length > 0) return;
      }
    }

    test('in the middle of units rejects them as unavailable, and the next are served', async (t) => {
      const database = await newDatabase({ shared: 1, alone: 1 });
      t.after(() => database.close());
      const { db } = database;
      const [ours] = await twoTenants(database);
      for (let round = 0; round < 5; round++) {
        const units = [db.unit(ours, [insert(`cut ${round}`), slow]), db.unit(ours, [insert(`behind ${round}`)])];
        const settled = Promise.allSettled(units);
        await cutOff(database, 'select pg_sleep%');
        for (const outcome of await settled) {
          assert.equal(outcome.status, 'rejected');
          assert.ok(outcome.reason instanceof DatabaseUnavailable, String(outcome.reason));
        }
        await db.unit(ours, [insert(`kept ${round}`)]);
      }
      const rows = await database.asOwner('select firstname from contacts order by firstname');
      assert.deepEqual(
        rows.map(({ firstname }) => firstname),
        ['kept 0', 'kept 1', 'kept 2', 'kept 3', 'kept 4'],
      );
    });

    test('in the middle of a transaction rejects it as unavailable, and the next is served', async (t) => {
      const database = await newDatabase({ shared: 1, alone: 1 });
      t.after(() => database.close());
      const { db } = database;
      const [ours] = await twoTenants(database);
      const cut = db.transaction(ours, async (run) => {
        await run(insert('cut'));
        await run(slow);
      });
      const rejected = assert.rejects(cut, DatabaseUnavailable);
      await cutOff(database, 'select pg_sleep%');
      await rejected;

      const idle = db.transaction(ours, async (run) => {
        const { rows } = await run({ sql: 'select pg_backend_pid() as pid', parameters: [] });
        await database.asOwner('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
        await run(insert('cut'));
      });
      await assert.rejects(idle, DatabaseUnavailable);
      await db.transaction(ours, async (run) => void (await run(insert('kept'))));
      assert.deepEqual(await database.asOwner('select firstname from contacts'), [{ firstname: 'kept' }]);
    });

    test('while nothing is asked of it is replaced, and no connection is left over', async (t) => {
      const database = await newDatabase({ shared: 2, alone: 1 });
      t.after(() => database.close());
      const { db } = database;
      const [ours] = await twoTenants(database);
      const others = `select pid from pg_stat_activity where datname = current_database() and application_name = 'millrace'`;
      for (let round = 0; round < 5; round++) {
        await Promise.all([1, 2, 3, 4].map(() => db.unit(ours, [readAll])));
        await database.asOwner(`select pg_terminate_backend(pid, 5000) from (${others}) open`);
        // What was under way when the connection broke may be refused; soon everything is served.
        while (
          (await Promise.allSettled([1, 2, 3, 4].map(() => db.unit(ours, [readAll])))).some(({ status }) => status === 'rejected')
        );
      }
      assert.ok((await database.asOwner(others)).length <= 3);
      await db.close();
      while ((await database.asOwner(others)).length > 0);
    });

    test('by a wrong address is told as unavailable', async () => {
      const db = new PostgresDb({ url: 'postgres://nobody:wrong@127.0.0.1:1/nothing' });
      const scope: Scope = { role: 'app', requestId: 'lost' };
      await assert.rejects(db.unit(scope, [readAll]), DatabaseUnavailable);
      await assert.rejects(
        db.transaction(scope, async (run) => void (await run(readAll))),
        DatabaseUnavailable,
      );
      await db.close();
      await assert.rejects(db.unit(scope, [readAll]), DatabaseUnavailable);
    });
  });
}

describe('a statement whose plan is kept', () => {
  test('is answered after its table got another column, in units and in transactions alike', async (t) => {
    const database = await newDatabase({ shared: 1, alone: 1 });
    t.after(() => database.close());
    const { db } = database;
    const [ours] = await twoTenants(database);
    const whole: Statement = { sql: 'select * from contacts', parameters: [] };
    const caller = { workspace: { id: ours.workspaceId } } as never;
    const write = () =>
      writingTenant(db, caller, 'plans', ({ db: query }) => sql`select * from contacts`.execute(query), {
        events: () => {},
        jobs: () => {},
      });
    await db.unit(ours, [insert('kept')]);
    for (const column of ['first_addition', 'second_addition']) {
      for (let turn = 0; turn < 8; turn++) {
        await db.unit(ours, [whole]);
        await write();
      }
      await database.asOwner(`alter table contacts add ${column} integer`);
      const [answer] = await db.unit(ours, [whole]);
      assert.ok(column in answer!.rows[0], column);
      await write();
    }
  });

  test('is not said to be there where its first use failed', async (t) => {
    const database = await newDatabase({ shared: 1, alone: 1 });
    t.after(() => database.close());
    const { db } = database;
    const [ours] = await twoTenants(database);
    for (let turn = 0; turn < 20; turn++) {
      const fresh: Statement = { sql: `select ${turn} as turn from contacts limit 1`, parameters: [] };
      const [failed, answered] = await Promise.allSettled([db.unit(ours, [wrongSyntax, fresh]), db.unit(ours, [fresh])]);
      assert.equal(failed.status, 'rejected');
      assert.equal(answered.status, 'fulfilled', (answered as PromiseRejectedResult).reason?.message);
    }
  });
});
