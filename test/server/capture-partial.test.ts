import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { newId } from '../../server/ids.ts';
import { allowPage, CONTACT_FORM, PAGE, proofFor, publish, submit } from '../support/capture-form.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;
let formId: string;

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
  await allowPage(workspace);
  formId = await publish(server.database, workspace, { ...CONTACT_FORM, partial: true });
});

const address = () => `${newId()}@example.test`;

/** Begins a submission that a visitor has not ended. */
async function begun(answers: Record<string, any> = { name: 'Ada' }): Promise<{ id: string; token: string }> {
  const { status, body } = await submit(server, formId, { answers, is_partial: true });
  assert.deepEqual([status, body.data.state], [201, 'partial'], JSON.stringify(body));
  return body.data;
}

async function goOn({ id, token }: { id: string; token: string }, body: object, origin = PAGE, at = server) {
  const response = await at.fetch(`${API_PREFIX}/public/submissions/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, Origin: origin },
    body: JSON.stringify({ version: 1, elapsed_ms: 20_000, ...body }),
  });
  return { status: response.status, body: (await response.json()) as any };
}

const read = (id: string) => workspace.client.submissions.get(id);

describe('a partial submission', () => {
  test('is kept without becoming a lead, though what is required is missing', async () => {
    const held = await begun();
    assert.partialDeepStrictEqual(await read(held.id), { state: 'partial', answers: { name: 'Ada' }, lead_id: null });
  });

  test('repeated under its key gets its receipt again, token and all', async () => {
    const [key, answers] = [newId(), { name: 'Ada' }];
    const first = await submit(server, formId, { answers, is_partial: true }, { key });
    const again = await submit(server, formId, { answers, is_partial: true }, { key });
    assert.equal(again.text, first.text);
    await goOn(first.body.data, {
      answers: { email: address() },
      sequence: 1,
      complete: true,
      proof: await proofFor(server, formId),
    });
    assert.equal((await submit(server, formId, { answers, is_partial: true }, { key })).text, first.text);
  });

  test('takes further answers in their order, whatever the order that they come in', async () => {
    const held = await begun();
    for (const [sequence, name] of [
      [2, 'second'],
      [1, 'first'],
      [2, 'again'],
      [3, 'third'],
    ] as const)
      assert.equal((await goOn(held, { answers: { name }, sequence })).body.data.state, 'partial');
    assert.deepEqual((await read(held.id)).answers, { name: 'third' });
    assert.equal((await goOn(held, { answers: { email: 'nobody' }, sequence: 4 })).status, 400);
  });

  test('becomes a lead when it is complete, once, and says the same whenever that is said again', async () => {
    const held = await begun();
    const email = address();
    const incomplete = await goOn(held, { answers: { name: 'Ada' }, sequence: 1, complete: true });
    assert.deepEqual([incomplete.status, incomplete.body.issues[0].path], [400, 'answers.email']);
    const proofs = await Promise.all(Array.from({ length: 50 }, () => proofFor(server, formId)));
    const ends = await Promise.all(
      proofs.map((proof) => goOn(held, { answers: { name: 'Ada', email }, sequence: 2, complete: true, proof })),
    );
    assert.equal(new Set(ends.map(({ status, body }) => JSON.stringify([status, body.data]))).size, 1);
    assert.equal(ends[0]!.body.data.state, 'received');
    assert.equal((await workspace.client.leads.list({ search: email })).data.length, 1);
    const late = await goOn(held, { answers: { name: 'late' }, sequence: 9 });
    assert.equal(late.body.data.state, 'received');
    assert.equal((await read(held.id)).answers['name'], 'Ada');
  });

  test('that has ended says the same after its form was deleted; one that has not stays as it was', async () => {
    const visited = await newServer({ database: server.database });
    const form = await publish(server.database, workspace, { ...CONTACT_FORM, partial: true });
    const begin = async () => (await submit(visited, form, { answers: { name: 'Ada' }, is_partial: true })).body.data;
    const [ended, open] = [await begin(), await begin()];
    const end = async (of: { id: string; token: string }) =>
      goOn(
        of,
        { answers: { email: address() }, sequence: 1, complete: true, proof: await proofFor(server, form) },
        PAGE,
        visited,
      );
    const first = await end(ended);
    await server.database.asOwner('update forms set deleted_at = now() where id = $1', [form]);
    visited.later(6_000);
    assert.deepEqual((await end(ended)).body.data, first.body.data);
    assert.equal((await end(open)).status, 404);
    assert.equal((await read(open.id)).state, 'partial');
  });

  test('that ends too fast or without a proof waits for a person', async () => {
    const [fast, unproved] = [await begun(), await begun()];
    await goOn(fast, {
      answers: { email: address() },
      sequence: 1,
      complete: true,
      elapsed_ms: 10,
      proof: await proofFor(server, formId),
    });
    await goOn(unproved, { answers: { email: address() }, sequence: 1, complete: true });
    assert.deepEqual((await read(fast.id)).spam_reasons, ['too_fast']);
    assert.deepEqual((await read(unproved.id)).spam_reasons, ['no_proof']);
    assert.equal((await read(fast.id)).state, 'quarantined');
  });

  test('is nobody’s who has not its token, nor a page’s that may not send the form', async () => {
    const [one, other] = [await begun(), await begun()];
    const body = { answers: { name: 'Eve' }, sequence: 1 };
    assert.equal((await goOn({ id: one.id, token: other.token }, body)).status, 404);
    assert.equal((await goOn({ id: one.id, token: 'made-up' }, body)).status, 404);
    assert.equal((await goOn({ id: newId(), token: one.token }, body)).status, 404);
    assert.equal((await goOn(one, body, 'https://elsewhere.example')).status, 403);
    const none = await server.fetch(`${API_PREFIX}/public/submissions/${one.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ version: 1, ...body }),
    });
    assert.equal(none.status, 401);
    assert.deepEqual((await read(one.id)).answers, { name: 'Ada' });
  });

  test('is not kept by forms that keep nothing that is begun', async () => {
    const strict = await publish(server.database, workspace, CONTACT_FORM);
    const { status, body } = await submit(server, strict, { answers: { name: 'Ada' }, is_partial: true });
    assert.deepEqual([status, body.issues[0].path], [400, 'is_partial']);
  });

  test('can’t be released or put out, and is gone after thirty days', async () => {
    const [kept, old] = [await begun(), await begun()];
    await assert.rejects(workspace.client.submissions.release(kept.id), { code: 'CONFLICT' });
    await assert.rejects(workspace.client.submissions.reject(kept.id), { code: 'CONFLICT' });
    const ended = await begun();
    await goOn(ended, { answers: { email: address() }, sequence: 1, complete: true, proof: await proofFor(server, formId) });
    await server.database.asOwner(`update submissions set created_at = now() - interval '31 days' where id = any ($1::uuid[])`, [
      [old.id, ended.id],
    ]);
    await server.app.purge();
    assert.equal((await read(kept.id)).state, 'partial');
    assert.equal((await read(ended.id)).state, 'accepted');
    await assert.rejects(read(old.id), { code: 'NOT_FOUND' });
  });
});
