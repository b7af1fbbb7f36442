import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { embedded } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const newLead = (given: object = {}, at = ours) =>
  at.client.leads.create({ contact: { email: `${newId()}@example.test` }, title: 'Roof', ...given });
const ids = (records: { id: string }[]) => records.map(({ id }) => id);

describe('jobs', () => {
  test('are kept as they were sent, with the title of their lead unless they have one', async () => {
    const lead = await newLead();
    const given = {
      title: 'Mount the gutters',
      status: 'in_progress',
      details: { crew: ['Ada', 'Bo'], ladder: { length: 8 } },
      scheduled_for: '2030-05-06T08:30:00.000Z',
    } as const;
    const made = await ours.client.jobs.create({ lead_id: lead.id, ...given, details: { ...given.details } });
    assert.deepEqual(await ours.client.jobs.get(made.id), made);
    assert.partialDeepStrictEqual(made, { ...given, lead_id: lead.id, version: 1, created_by: ours.owner.userId });
    assert.partialDeepStrictEqual(await ours.client.leads.addJob(lead.id, {}), {
      title: 'Roof',
      status: 'planned',
      details: {},
      scheduled_for: null,
    });
  });

  test('are changed field by field, from the version that was seen', async () => {
    const lead = await newLead();
    const job = await ours.client.leads.addJob(lead.id, { details: { a: 1 }, scheduled_for: '2030-01-01T10:00:00+02:00' });
    const same = { details: { a: 1 }, scheduled_for: '2030-01-01T08:00:00Z' };
    assert.deepEqual(await ours.client.jobs.update(job.id, same), job, 'the same moment is no change');
    assert.partialDeepStrictEqual(await ours.client.jobs.update(job.id, { status: 'done', details: {} }, { ifMatch: 1 }), {
      status: 'done',
      details: {},
      scheduled_for: '2030-01-01T08:00:00.000Z',
      version: 2,
    });
    assert.equal((await ours.client.jobs.update(job.id, { scheduled_for: '' } as any)).scheduled_for, null);
    await assert.rejects(ours.client.jobs.update(job.id, { status: 'planned' }, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    await assert.rejects(ours.client.jobs.update(job.id, { status: 'sold' } as any), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ours.client.jobs.update(job.id, { details: { a: 'x'.repeat(17_000) } }), { code: 'VALIDATION_ERROR' });
  });

  test('are listed, filtered and sorted', async () => {
    const at = await server.newWorkspace();
    const [lead, other] = [await newLead({}, at), await newLead({}, at)];
    const late = await at.client.leads.addJob(lead.id, { title: 'B', scheduled_for: '2031-01-01T00:00:00Z' });
    const early = await at.client.leads.addJob(lead.id, { title: 'A', scheduled_for: '2030-01-01T00:00:00Z', status: 'done' });
    const open = await at.client.leads.addJob(other.id, { title: 'C', status: 'cancelled' });
    const found = async (query: object) => ids((await at.client.jobs.list(query)).data);
    assert.deepEqual(await found({}), ids([open, early, late]));
    assert.deepEqual(await found({ lead_id: lead.id }), ids([early, late]));
    assert.deepEqual(await found({ state: ['planned', 'done'] }), ids([early, late]));
    assert.deepEqual(await found({ sort_by: 'scheduled_for' }), ids([late, early, open]));
    assert.deepEqual(await found({ sort_by: 'scheduled_for', sort_order: 'asc' }), ids([early, late, open]));
    assert.deepEqual(await found({ sort_by: 'title', sort_order: 'asc' }), ids([early, late, open]));
    assert.deepEqual(ids((await at.client.leads.jobs(lead.id, { state: ['planned'] })).data), [late.id]);
    assert.deepEqual((await at.client.leads.jobs(other.id, { state: ['planned'] })).data, []);
    assert.deepEqual(ids((await at.client.leads.get(lead.id)).jobs), [early.id, late.id]);
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const lead = await newLead();
    const job = await ours.client.leads.addJob(lead.id, {});
    for (const id of [lead.id, newId()]) {
      await assert.rejects(theirs.client.leads.jobs(id), { code: 'NOT_FOUND', message: 'That lead does not exist.' });
      await assert.rejects(theirs.client.leads.addJob(id, {}), { code: 'NOT_FOUND' });
      await assert.rejects(theirs.client.jobs.create({ lead_id: id }), {
        details: { lead_id: 'Lead id names a record that does not exist.' },
      });
    }
    await assert.rejects(theirs.client.jobs.get(job.id), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.jobs.update(job.id, { title: 'x' }), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.jobs.remove(job.id), { code: 'NOT_FOUND' });
  });

  test('are changed by a member only where the lead is theirs or nobodyʼs', async () => {
    const other = await newLead({ owner_id: ours.manager.userId });
    const job = await ours.client.leads.addJob(other.id, {});
    const refused = { code: 'FORBIDDEN', message: /^This lead belongs to somebody else: / };
    await assert.rejects(ours.member.client.jobs.update(job.id, { status: 'done' }), refused);
    await assert.rejects(ours.member.client.leads.addJob(other.id, {}), refused);
    await assert.rejects(ours.member.client.jobs.remove(job.id), { code: 'FORBIDDEN' });
    for (const owner_id of [ours.member.userId, null]) {
      const made = await ours.member.client.leads.addJob((await newLead({ owner_id })).id, {});
      assert.equal((await ours.member.client.jobs.update(made.id, { status: 'done' })).status, 'done');
    }
  });

  test('are deleted for good, and recorded', async () => {
    const lead = await newLead();
    const job = await ours.client.leads.addJob(lead.id, {});
    await ours.client.jobs.remove(job.id);
    await assert.rejects(ours.client.jobs.get(job.id), { code: 'NOT_FOUND' });
    const { data } = await ours.client.audit.list({ record_id: job.id });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['job.deleted', 'job.created'],
    );
  });

  test('are gone while their lead is deleted, and back with it', async () => {
    const lead = await newLead();
    const job = await ours.client.leads.addJob(lead.id, {});
    await ours.client.leads.remove(lead.id);
    await assert.rejects(ours.client.jobs.get(job.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.jobs.update(job.id, { status: 'done' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.leads.jobs(lead.id), { code: 'NOT_FOUND' });
    assert.deepEqual((await ours.client.jobs.list({ lead_id: lead.id })).data, []);
    await ours.client.leads.restore(lead.id);
    assert.deepEqual(await ours.client.jobs.get(job.id), job);
  });

  test('of other ownersʼ leads are out of the sight of a token with an owner scope', async () => {
    const [mine, other] = [await newLead({ owner_id: ours.member.userId }), await newLead({ owner_id: ours.manager.userId })];
    const [seen, unseen] = [await ours.client.leads.addJob(mine.id, {}), await ours.client.leads.addJob(other.id, {})];
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const listed = ids((await scoped.jobs.list()).data);
    assert.ok(listed.includes(seen.id) && !listed.includes(unseen.id));
    await assert.rejects(scoped.jobs.get(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.leads.addJob(other.id, {}), { code: 'NOT_FOUND' });
    assert.equal((await scoped.jobs.update(seen.id, { status: 'done' })).status, 'done');
  });
});
