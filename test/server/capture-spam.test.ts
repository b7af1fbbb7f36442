import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { allowPage, CONTACT_FORM, proofFor, publish, submit } from '../support/capture-form.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
  await allowPage(workspace);
});

const address = () => `${newId()}@example.test`;
const formOf = (more: Partial<FormDefinition> = {}) =>
  publish(server.database, workspace, { ...CONTACT_FORM, notify: ['sales@example.test'], ...more });
const send = async (formId: string, more: object = {}) =>
  submit(server, formId, { answers: { email: address() }, proof: await proofFor(server, formId), ...more });
const stateOf = async ({ body }: { body: any }) => {
  const { state, spam_reasons } = await workspace.client.submissions.get(body.data.id);
  return [state, ...spam_reasons];
};

describe('a suspected submission', () => {
  test('is answered as any other, kept with its reasons, and starts nothing', async () => {
    const formId = await formOf();
    const usual = await send(formId);
    await server.app.worker.runDue();
    const before = await workspace.client.contacts.list();
    const mails = server.mails.length;
    const suspected = [
      await send(formId, { trap: 'https://spam.example' }),
      await send(formId, { elapsed_ms: 2_900 }),
      await submit(server, formId, { answers: { email: address() } }),
      await submit(server, formId, { answers: { email: address() }, trap: 'x', elapsed_ms: 1 }),
    ];
    await server.app.worker.runDue();
    const shape = ({ body, status }: any) => [status, { ...body.data, id: '' }];
    for (const one of suspected) assert.deepEqual(shape(one), shape(usual));
    assert.deepEqual(await Promise.all(suspected.map(stateOf)), [
      ['quarantined', 'honeypot'],
      ['quarantined', 'too_fast'],
      ['quarantined', 'no_proof'],
      ['quarantined', 'honeypot', 'too_fast', 'no_proof'],
    ]);
    assert.equal((await workspace.client.contacts.list()).pagination.total, before.pagination.total);
    assert.equal(server.mails.length, mails);
    const [{ count }] = await server.database.asOwner(
      `select count(*)::integer as count from events where name = 'form.submitted' and record_id = any ($1::uuid[])`,
      [suspected.map(({ body }) => body.data.id)],
    );
    assert.equal(count, 0);
  });

  test('is only what its form takes for one', async () => {
    const lax = await formOf({ spam: { honeypot: false, min_seconds: 0, proof: false } });
    assert.deepEqual(await stateOf(await submit(server, lax, { answers: { email: address() }, trap: 'x', elapsed_ms: 0 })), [
      'accepted',
    ]);
  });

  test('is none where a page can’t work for its visitor', async () => {
    await allowPage(workspace, 'http://plain.example');
    const formId = await formOf();
    const sent = await submit(server, formId, { answers: { email: address() } }, { origin: 'http://plain.example' });
    assert.deepEqual(await stateOf(sent), ['accepted']);
    await allowPage(workspace);
    server.later(6_000);
  });

  test('is listed by its state, released as of the time that it came, and mailed of by then', async () => {
    const sales = address();
    const formId = await formOf({ notify: [sales] });
    const email = address();
    const sent = await submit(server, formId, { answers: { email, message: 'Please\nThe lead: http://elsewhere.test' } });
    const id = sent.body.data.id;
    await server.database.asOwner(
      `update submissions set created_at = '2026-01-02T03:04:05Z', submitted_at = '2026-01-02T03:04:00Z' where id = $1`,
      [id],
    );
    const quarantined = await workspace.client.forms.submissions(formId, { state: ['quarantined'] });
    assert.deepEqual(
      quarantined.data.map((one) => one.id),
      [id],
    );
    assert.deepEqual((await workspace.client.forms.submissions(formId, { state: ['accepted'] })).data, []);
    assert.deepEqual((await workspace.client.forms.submissions(formId, { from: '2026-01-03T00:00:00Z' })).data, []);

    const released = await workspace.manager.client.submissions.release(id);
    assert.equal(released.state, 'accepted');
    const lead = await workspace.client.leads.get(released.lead_id!);
    assert.equal(lead.created_at, '2026-01-02T03:04:05.000Z');
    assert.equal(lead.contact.email, email);
    assert.equal(lead.activities.find((one) => one.activity_type === 'form_submission')!.occurred_at, '2026-01-02T03:04:00.000Z');
    await server.app.worker.runDue();
    const [mail, ...others] = server.mails.filter(({ to }) => to === sales);
    assert.equal(others.length, 0);
    assert.partialDeepStrictEqual(mail!, { to: sales, replyTo: email });
    assert.match(mail!.text, new RegExp(`Message: Please[^]*/#/leads/${lead.id}`));
    // What a visitor writes passes for no line of ours.
    assert.deepEqual(mail!.text.match(/^The lead: .*$/gm), [`The lead: http://millrace.test/#/leads/${lead.id}`]);
    await assert.rejects(workspace.client.submissions.release(id), { code: 'CONFLICT' });
    await assert.rejects(workspace.client.submissions.reject(id), { code: 'CONFLICT' });
  });

  test('released many times at once is one lead', async () => {
    const formId = await formOf();
    const email = address();
    const { body } = await submit(server, formId, { answers: { email } });
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => workspace.client.submissions.release(body.data.id)));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await workspace.client.leads.list({ search: email })).data.length, 1);
  });

  test('released while its contact is merged is one lead, of the contact that is left', async () => {
    const formId = await formOf();
    const email = address();
    const [kept, other] = [
      await workspace.client.contacts.create({ email: address() }),
      await workspace.client.contacts.create({ email }),
    ];
    const { body } = await submit(server, formId, { answers: { email } });
    const [merged, ...released] = await Promise.allSettled([
      workspace.client.contacts.merge(kept.id, { contact_id: other.id }),
      workspace.client.submissions.release(body.data.id),
      workspace.client.submissions.release(body.data.id),
    ]);
    assert.deepEqual([merged.status, released.filter(({ status }) => status === 'fulfilled').length], ['fulfilled', 1]);
    const { state, contact_id, lead_id } = await workspace.client.submissions.get(body.data.id);
    const leads = (await workspace.client.leads.list({ form_id: formId })).data;
    assert.deepEqual([state, leads.map(({ id }) => id)], ['accepted', [lead_id]]);
    // Whoever had the address last is whom the submission is of: the survivor, or a new contact where the other was gone already.
    assert.equal(leads[0]!.contact_id, contact_id);
    assert.equal((await workspace.client.contacts.get(contact_id!)).id, contact_id);
  });

  test('is put out for good, and can still be released', async () => {
    const { body } = await submit(server, await formOf(), { answers: { email: address() } });
    const rejected = await workspace.client.submissions.reject(body.data.id);
    assert.deepEqual([rejected.state, rejected.lead_id], ['rejected', null]);
    assert.equal((await workspace.client.submissions.reject(body.data.id)).version, rejected.version);
    assert.equal((await workspace.client.submissions.release(body.data.id)).state, 'accepted');
  });

  test('is for those who may change forms', async () => {
    const { body } = await submit(server, await formOf(), { answers: { email: address() } });
    for (const role of ['viewer', 'member'] as const) {
      assert.equal((await workspace[role].client.submissions.get(body.data.id)).state, 'quarantined');
      await assert.rejects(workspace[role].client.submissions.release(body.data.id), { code: 'FORBIDDEN' });
      await assert.rejects(workspace[role].client.submissions.reject(body.data.id), { code: 'FORBIDDEN' });
    }
    const stranger = await server.newWorkspace();
    await assert.rejects(stranger.client.submissions.get(body.data.id), { code: 'NOT_FOUND' });
    await assert.rejects(stranger.client.submissions.release(body.data.id), { code: 'NOT_FOUND' });
  });
});

test('a submission is mailed to each whom its form names', async () => {
  const notify = [address(), address()];
  const formId = await formOf({ notify });
  await send(formId, { answers: { email: address(), message: 'Two\nlines' } });
  await server.app.worker.runDue();
  const sent = server.mails.filter(({ to }) => notify.includes(to));
  assert.deepEqual(sent.map(({ to }) => to).sort(), notify.toSorted());
  assert.notEqual(sent[0]!.id, sent[1]!.id);
  assert.match(sent[0]!.subject, /^Contact us: /);
});

test('a lead’s submissions are seen by those who see the lead', async () => {
  const formId = await formOf({ lead: { owner: { kind: 'fixed', user_id: workspace.member.userId } } });
  const { body } = await send(formId);
  const key = await workspace.client.apiKeys.create({
    name: 'Host',
    kind: 'secret',
    permissions: ['crm:access', 'crm:forms:view'],
  } as any);
  const seen = async (owner_scope: string) => {
    const made = await server.fetch('/api/v2/embed-tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${(key as any).key}` },
      body: JSON.stringify({ permissions: ['crm:forms:view'], owner_scope }),
    });
    const { token } = (await made.json()).data;
    const answer = await server.fetch(`/api/v2/submissions/${body.data.id}`, { headers: { Authorization: `Bearer ${token}` } });
    return answer.status;
  };
  assert.deepEqual([await seen(workspace.member.userId), await seen(workspace.manager.userId)], [200, 404]);
});
