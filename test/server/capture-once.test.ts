import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { allowPage, CONTACT_FORM, PAGE, proofFor, publish, submit, submitUntilTaken } from '../support/capture-form.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;
let formId: string;

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
  await allowPage(workspace);
  formId = await publish(server.database, workspace, CONTACT_FORM);
});

const address = () => `${newId()}@example.test`;
const count = async (table: string, of = workspace.id) =>
  (await server.database.asOwner(`select count(*)::integer as count from ${table} where workspace_id = $1`, [of]))[0].count;
const counts = () => Promise.all(['contacts', 'leads', 'submissions', 'events', 'activities'].map((table) => count(table)));

describe('a key', () => {
  test('sent a hundred times at once is one submission, and all are answered alike', async () => {
    const [key, email] = [newId(), address()];
    const proof = await proofFor(server, formId);
    const before = await counts();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => submitUntilTaken(server, formId, { answers: { email }, proof }, { key })),
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.ok(answers.every(({ status }) => status === 201));
    assert.equal(answers.filter(({ response }) => response.headers.get('idempotent-replayed') === null).length, 1);
    assert.deepEqual((await counts()).map((now, index) => now - before[index]).slice(0, 3), [1, 1, 1]);
  });

  test('gets its first answer for ever, whatever has changed since: the proof, the limits, the pages, the form', async () => {
    const [key, answers] = [newId(), { email: address() }];
    const first = await submit(server, formId, { answers, proof: await proofFor(server, formId) }, { key });
    const strict = await newServer({
      database: server.database,
      limits: { captures: { name: 'captures', quota: 1, seconds: 900 } },
    });
    assert.equal((await submit(strict, formId, { answers: { email: address() } })).status, 201);
    await server.database.asOwner('update forms set is_active = false where id = $1', [formId]);
    strict.later(40 * 86_400_000);
    const again = await submit(strict, formId, { answers, proof: 'worn out' }, { key, origin: 'https://elsewhere.example' });
    assert.equal(again.text, first.text);
    assert.equal(again.response.headers.get('idempotent-replayed'), 'true');
    await server.database.asOwner('update forms set is_active = true where id = $1', [formId]);
  });

  test('that is known uses up nothing of its limit, and over the limit still gets its first answer', async () => {
    const strict = await newServer({
      database: server.database,
      limits: { captures: { name: 'captures', quota: 2, seconds: 900 } },
    });
    const [key, answers] = [newId(), { email: address() }];
    const sent = { answers, proof: await proofFor(server, formId) };
    const first = await submit(strict, formId, sent, { key });
    for (let times = 0; times < 3; times++) {
      const again = await submit(strict, formId, { ...sent, proof: await proofFor(server, formId) }, { key });
      assert.deepEqual([again.status, again.text], [201, first.text]);
    }
    const another = async () =>
      (await submit(strict, formId, { answers: { email: address() }, proof: await proofFor(server, formId) })).status;
    assert.deepEqual([await another(), await another()], [201, 429]);
    assert.equal((await submit(strict, formId, sent, { key })).text, first.text);
  });

  test('gets its first answer although the form is deleted since, and nothing else is taken', async () => {
    const visited = await newServer({ database: server.database });
    const form = await publish(server.database, workspace, CONTACT_FORM);
    const [key, answers] = [newId(), { email: address() }];
    const first = await submit(visited, form, { answers }, { key });
    await server.database.asOwner('update forms set deleted_at = now() where id = $1', [form]);
    visited.later(6_000);
    const again = await submit(visited, form, { answers, proof: 'another' }, { key });
    assert.deepEqual([again.text, again.response.headers.get('idempotent-replayed')], [first.text, 'true']);
    assert.equal((await submit(visited, form, { answers: { email: address() } }, { key })).body.code, 'IDEMPOTENCY_MISMATCH');
    assert.equal((await submit(visited, form, { answers })).status, 404);
    await server.database.asOwner('update workspaces set deleted_at = now() where id = $1', [workspace.id]);
    visited.later(6_000);
    const gone = [await submit(visited, form, { answers }, { key }), await submit(visited, formId, { answers })];
    await server.database.asOwner('update workspaces set deleted_at = null where id = $1', [workspace.id]);
    visited.later(6_000);
    assert.deepEqual(
      gone.map(({ status }) => status),
      [404, 404],
    );
  });

  test('is refused for another submission', async () => {
    const key = newId();
    await submit(server, formId, { answers: { email: address() } }, { key });
    const other = await submit(server, formId, { answers: { email: address() } }, { key });
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_MISMATCH']);
  });

  test('of another workspace is another key', async () => {
    const other = await server.newWorkspace();
    await allowPage(other);
    const theirs = await publish(server.database, other, CONTACT_FORM);
    const [key, answers] = [newId(), { email: address() }];
    const [one, two] = [await submit(server, formId, { answers }, { key }), await submit(server, theirs, { answers }, { key })];
    assert.notEqual(one.body.data.id, two.body.data.id);
    await assert.rejects(workspace.client.submissions.get(two.body.data.id), { code: 'NOT_FOUND' });
  });
});

describe('a proof', () => {
  test('sent a hundred times at once lets one submission in', async () => {
    const proof = await proofFor(server, formId);
    const before = await count('leads');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => submitUntilTaken(server, formId, { answers: { email: address() }, proof })),
    );
    const let_in = answers.filter(({ status }) => status === 201);
    assert.equal(let_in.length, 1);
    for (const { status, body } of answers.filter(({ status }) => status !== 201))
      assert.deepEqual(
        [status, body.issues[0].path, body.issues[0].code, body.issues[0].params],
        [400, 'proof', 'not_proof', { reason: 'spent' }],
      );
    assert.equal((await count('leads')) - before, 1);
  });

  test('is of one form, for five minutes, and nothing that can be made up', async () => {
    const other = await publish(server.database, workspace, CONTACT_FORM);
    const [proof, foreign] = [await proofFor(server, formId), await proofFor(server, other)];
    const sent = async (proof: string) => {
      const { status, body } = await submit(server, formId, { answers: { email: address() }, proof });
      return status === 201 ? 'in' : body.issues[0].params.reason;
    };
    const changed = JSON.parse(atob(proof));
    changed.challenge.parameters.cost = 1;
    const guessed = JSON.parse(atob(proof));
    guessed.solution.derivedKey = guessed.solution.derivedKey.replace(/.$/, (sign: string) => (sign === '0' ? '1' : '0'));
    assert.deepEqual(
      [
        await sent(foreign),
        await sent(btoa(JSON.stringify(changed))),
        await sent(btoa(JSON.stringify(guessed))),
        await sent('?'),
      ],
      ['wrong', 'wrong', 'wrong', 'wrong'],
    );
    const late = await newServer({ database: server.database });
    late.later(200_000);
    assert.equal((await submit(late, formId, { answers: { email: address() }, proof })).status, 201);
    late.later(101_000);
    const over = await submit(late, formId, { answers: { email: address() }, proof: await proofFor(server, formId) });
    assert.equal(over.body.issues[0].params.reason, 'expired');
  });

  test('survives a change of the server’s secret', async () => {
    const proof = await proofFor(server, formId);
    const changed = await newServer({
      database: server.database,
      secrets: ['another secret that is long enough too', 'a secret for tests that is long enough'],
    });
    assert.equal((await submit(changed, formId, { answers: { email: address() }, proof })).status, 201);
  });
});

describe('many at once', () => {
  test('of one new visitor make one contact, one lead, and an entry for each', async () => {
    const email = address();
    const proofs = await Promise.all(Array.from({ length: 20 }, () => proofFor(server, formId)));
    const answers = await Promise.all(proofs.map((proof) => submitUntilTaken(server, formId, { answers: { email }, proof })));
    assert.ok(answers.every(({ status }) => status === 201));
    const contacts = await workspace.client.contacts.list({ search: email });
    assert.equal(contacts.data.length, 1);
    const [lead, ...others] = (await workspace.client.leads.list({ search: email })).data;
    assert.equal(others.length, 0);
    const { activities } = await workspace.client.leads.get(lead!.id);
    assert.equal(activities.filter(({ activity_type }) => activity_type === 'form_submission').length, 20);
  });

  test('with the same phone number and other e-mails lose nothing but the number', async () => {
    const proofs = await Promise.all(Array.from({ length: 10 }, () => proofFor(server, formId)));
    const answers = await Promise.all(
      proofs.map((proof) => submitUntilTaken(server, formId, { answers: { email: address(), phone: '+4930555777' }, proof })),
    );
    assert.ok(answers.every(({ status }) => status === 201));
    const submissions = await Promise.all(answers.map(({ body }) => workspace.client.submissions.get(body.data.id)));
    assert.equal(submissions.filter(({ not_mapped }) => not_mapped['phone'] === 'taken').length, 9);
    assert.equal(new Set(submissions.map(({ lead_id }) => lead_id)).size, 10);
  });
});

test('a stage that changes while a lead is on its way there is looked up again', async () => {
  const { db } = server.database;
  let changes = 1;
  const changing = await newServer({
    database: {
      ...server.database,
      db: Object.assign(Object.create(db), {
        engine: db.engine,
        unit: db.unit.bind(db),
        transaction: (scope: any, work: any) =>
          db.transaction(scope, (run, leave) =>
            work(async (statement: any) => {
              const answer = await run(statement);
              const stage = answer.rows[0]?.stage;
              if (stage && changes-- > 0) stage.category = 'lost';
              return answer;
            }, leave),
          ),
      }),
    },
  });
  const email = address();
  assert.equal((await submit(changing, formId, { answers: { email }, proof: await proofFor(server, formId) })).status, 201);
  const [lead, ...others] = (await workspace.client.leads.list({ search: email })).data;
  assert.deepEqual([lead!.status, others.length, changes], ['new', 0, -1]);
});

test('a submission that fails in the middle leaves nothing, and the next try makes it', async () => {
  const { db } = server.database;
  let fails = true;
  const broken = await newServer({
    database: {
      ...server.database,
      db: Object.assign(Object.create(db), {
        engine: db.engine,
        unit: db.unit.bind(db),
        transaction: (scope: any, work: any) =>
          db.transaction(scope, async (run, leave) => {
            const result = await work(run, leave);
            if (fails && scope.workspaceId === workspace.id) throw new Error('the process ends here');
            return result;
          }),
      }),
    },
  });
  const [key, email] = [newId(), address()];
  const proof = await proofFor(server, formId);
  const before = await counts();
  assert.equal((await submit(broken, formId, { answers: { email }, proof }, { key })).status, 500);
  assert.deepEqual(await counts(), before);
  fails = false;
  assert.equal((await submit(broken, formId, { answers: { email }, proof }, { key })).status, 201);
});

test('whatever is sent, nothing is answered that was not foreseen', async () => {
  const wild = [
    null,
    '',
    '\u0000',
    '\ud800',
    -1,
    1e308,
    true,
    [],
    ['x'],
    {},
    { a: 1 },
    'x'.repeat(6_000),
    "'; drop table leads; --",
    '<script>',
  ];
  for (const value of wild) {
    for (const body of [
      { answers: { email: value } },
      { answers: { email: address(), name: value, phone: value, message: value, terms: value } },
      { answers: value },
      { answers: { email: address() }, version: value },
      { answers: { email: address() }, attribution: value, traits: value },
      { answers: { email: address() }, locale: value, page: value, submitted_at: value, proof: value },
      { answers: { email: address(), ['__proto__']: value, constructor: value, toString: value } },
    ]) {
      const { status, body: answer } = await submit(server, formId, body as any, { origin: PAGE });
      assert.ok(status < 500, `${JSON.stringify(body).slice(0, 200)} was answered ${status}: ${JSON.stringify(answer)}`);
    }
  }
});
