import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { Contact } from '../../src/contract/contact.ts';
import type { Lead } from '../../src/contract/lead.ts';
import { bearing, json } from '../support/calls.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('converting a lead', () => {
  let server: TestServer;
  let ours: TestWorkspace;
  let contact: Contact;
  let lead: Lead;

  before(async () => {
    server = await newServer();
  });

  beforeEach(async () => {
    ours = await server.newWorkspace();
    contact = await ours.client.contacts.create({
      firstname: 'Anna',
      email: 'anna@example.test',
      status: 'unsubscribed',
      tags: ['Known', 'old'],
      notes: 'Met at the fair.',
    });
    lead = await ours.client.leads.create({
      contact_id: contact.id,
      title: 'Roof',
      lead_value: 1_200.5,
      tags: ['known', 'roof'],
      notes: 'Wants slate.',
      owner_id: ours.member.userId,
    });
  });

  const eventsSince = async (place: string) =>
    (
      await server.database.asOwner('select name from events where workspace_id = $1 and seq > $2 order by seq', [ours.id, place])
    ).map(({ name }) => name);
  const lastEvent = async () =>
    (await server.database.asOwner('select max(seq)::text as seq from events where workspace_id = $1', [ours.id]))[0].seq;

  test('makes its contact an active client with its tags, notes and owner, and wins the lead', async () => {
    const before = await lastEvent();
    const answer = await ours.client.leads.convert(lead.id, {});
    assert.partialDeepStrictEqual(answer.contact, {
      id: contact.id,
      type: 'client',
      status: 'active',
      tags: ['Known', 'old', 'roof'],
      notes: 'Met at the fair.\n\nWants slate.',
      version: contact.version + 1,
    });
    assert.partialDeepStrictEqual(answer.lead, { id: lead.id, status: 'converted', is_closed_won: true, is_active: false });
    assert.ok(answer.lead.converted_at);
    assert.equal(answer.deal, null);

    const now = await ours.client.contacts.get(contact.id);
    assert.deepEqual(
      now.assignments.map(({ user_id }) => user_id),
      [ours.member.userId],
    );
    const detail = await ours.client.leads.get(lead.id);
    assert.equal(detail.stage.name, 'Won');
    assert.equal(detail.stage_history.length, 2);
    const [conversion] = detail.activities.filter(({ activity_type }) => activity_type === 'conversion');
    assert.partialDeepStrictEqual(conversion, { subject: 'Converted to client', description: null, contact_id: contact.id });
    assert.deepEqual(await eventsSince(before), ['lead.moved_to_stage', 'lead.converted', 'contact.updated']);
  });

  test('makes a deal on the way, of what is sent and otherwise of the lead', async () => {
    const before = await lastEvent();
    const { deal } = await ours.client.leads.convert(lead.id, { deal: { title: 'Slate roof', state: 'won' } });
    assert.partialDeepStrictEqual(deal, {
      title: 'Slate roof',
      value: 1_200.5,
      state: 'won',
      owner_id: ours.member.userId,
      lead_id: lead.id,
      contact_id: contact.id,
    });
    assert.deepEqual(await eventsSince(before), ['lead.moved_to_stage', 'deal.created', 'lead.converted', 'contact.updated']);
    assert.partialDeepStrictEqual((await ours.client.leads.activities(lead.id, { type: ['conversion'] })).data[0]!.metadata, {
      deal_id: deal!.id,
    });
  });

  test('is refused with all that it would have done where the deal is', async () => {
    const other = await server.newWorkspace();
    await assert.rejects(ours.client.leads.convert(lead.id, { deal: { owner_id: other.owner.userId } }), (error: any) => {
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.deepEqual(Object.keys(error.details), ['deal.owner_id']);
      return true;
    });
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { version: lead.version, converted_at: null });
    assert.equal((await ours.client.contacts.get(contact.id)).version, contact.version);
  });

  test('happens once, and being dragged to Won is not it', async () => {
    await ours.client.leads.setStatus(lead.id, { status: 'converted' });
    assert.equal((await ours.client.leads.get(lead.id)).converted_at, null);
    const { lead: converted } = await ours.client.leads.convert(lead.id, {});
    assert.ok(converted.converted_at);
    assert.equal((await ours.client.leads.history(lead.id)).pagination.total, 2, 'it is where it was');
    await assert.rejects(ours.client.leads.convert(lead.id, {}), { status: 409, code: 'CONFLICT' });
    await ours.client.leads.setStatus(lead.id, { status: 'contacted' });
    await assert.rejects(ours.client.leads.convert(lead.id, {}), { status: 409 }, 'wherever it is by then');
  });

  test('two who convert at once convert once', async () => {
    const ended = await Promise.allSettled(Array.from({ length: 4 }, () => ours.client.leads.convert(lead.id, { deal: {} })));
    assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await ours.client.deals.list({ lead_id: lead.id })).pagination.total, 1);
  });

  test('keeps the notes and tags that the contact has no room for where they are found', async () => {
    const tags = Array.from({ length: 49 }, (_, index) => `tag ${index}`);
    await ours.client.contacts.update(contact.id, { tags, notes: 'x'.repeat(4_990) });
    const answer = await ours.client.leads.convert(lead.id, {});
    assert.deepEqual(answer.contact.tags, [...tags, 'known']);
    assert.equal(answer.contact.notes, 'x'.repeat(4_990));
    assert.deepEqual(answer.lead.tags, ['known', 'roof'], 'the lead keeps its own');
    const [entry] = (await ours.client.contacts.activities(contact.id, { type: ['conversion'] })).data;
    assert.equal(entry!.description, 'Wants slate.');
    assert.deepEqual(entry!.metadata['tags_left_out'], ['roof']);
  });

  test('goes by the limit of the won stage, unless a manager says otherwise', async () => {
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    const won = stages.find(({ category }) => category === 'converted')!;
    await ours.client.pipelines.updateStage(won.pipeline_id, won.id, { wip_limit: 1 });
    await ours.client.leads.create({ contact_id: contact.id, stage_id: won.id });
    await assert.rejects(ours.client.leads.convert(lead.id, {}), { status: 409 });
    await assert.rejects(ours.member.client.leads.convert(lead.id, { force: true }), { status: 409 });
    assert.ok((await ours.manager.client.leads.convert(lead.id, { force: true })).lead.is_closed_won);
  });

  test('takes a stage to win it in', async () => {
    const pipeline = await ours.client.pipelines.create({ name: 'Endless', stages: [{ name: 'On and on', category: 'new' }] });
    const endless = await ours.client.leads.create({ contact_id: contact.id, pipeline_id: pipeline.id });
    await assert.rejects(ours.client.leads.convert(endless.id, {}), { status: 409, code: 'CONFLICT' });
    assert.equal((await ours.client.leads.get(endless.id)).converted_at, null);
  });

  test('is for members with leads of their own or nobody’s, and for what holds the permission', async () => {
    const others = await ours.client.leads.create({ contact_id: contact.id, owner_id: ours.manager.userId });
    const nobodys = await ours.client.leads.create({ contact_id: contact.id });
    await assert.rejects(ours.member.client.leads.convert(others.id, {}), { status: 403 });
    await assert.rejects(ours.viewer.client.leads.convert(nobodys.id, {}), { status: 403 });
    assert.ok((await ours.member.client.leads.convert(nobodys.id, {})).lead.converted_at);

    const { key } = await newKey(ours, { permissions: ['crm:leads:convert'] });
    const response = await server.fetch(`/api/v2/leads/${others.id}/convert`, json('POST', {}, bearing(key)));
    assert.equal(response.status, 403);
    assert.match(((await response.json()) as any).error, /crm:contacts:view/);
  });

  test('of an owner’s scope leaves what is outside of it alone', async () => {
    const { key } = await newKey(ours);
    const token = await newEmbedToken(server, key, {
      permissions: ['crm:leads:convert', 'crm:leads:view', 'crm:contacts:view'],
      owner_scope: ours.member.userId,
    });
    const others = await ours.client.leads.create({ contact_id: contact.id, owner_id: ours.manager.userId });
    const call = (id: string) => server.fetch(`/api/v2/leads/${id}/convert`, json('POST', { deal: {} }, bearing(token)));
    assert.equal((await call(others.id)).status, 404);
    const body: any = await (await call(lead.id)).json();
    assert.equal(body.data.contact.type, 'client');
    assert.equal(body.data.deal.title, 'Roof');
  });

  test('goes by the version that it was made from', async () => {
    const convert = (version: string) =>
      server.fetch(`/api/v2/leads/${lead.id}/convert`, json('POST', {}, { ...bearing(ours.owner.token), 'If-Match': version }));
    assert.equal((await convert(`"${lead.version + 1}"`)).status, 412);
    await ours.client.workspace.update({ policies: { require_if_match: true } });
    await assert.rejects(ours.client.leads.convert(lead.id, {}), { status: 428 });
    assert.equal((await convert(`"${lead.version}"`)).status, 200);
  });
});
