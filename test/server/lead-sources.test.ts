import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('lead sources', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const namesIn = async (query: object, at = ours) => (await at.client.leadSources.list(query)).data.map(({ name }) => name);
  const newName = () => `Source ${newId()}`;

  test('are ten in a new workspace', async () => {
    const at = await server.newWorkspace();
    const { data } = await at.client.leadSources.list({ sort_by: 'name', sort_order: 'asc' });
    assert.deepEqual(
      data.map(({ name, category, is_active, version }) => [name, category, is_active, version].join(' ')),
      [
        'Advertisement traditional true 1',
        'Email campaign digital true 1',
        'Event event true 1',
        'Import other true 1',
        'Other other true 1',
        'Partner partner true 1',
        'Phone call traditional true 1',
        'Referral referral true 1',
        'Social media digital true 1',
        'Website digital true 1',
      ],
    );
    assert.deepEqual((await at.client.audit.list({ resource: 'lead_source' })).data, []);
  });

  test('are kept as they were sent, and need a name and nothing else', async () => {
    const name = newName();
    const made = await ours.client.leadSources.create({ name, category: 'partner', description: ' One\ntwo ', is_active: false });
    assert.deepEqual(await ours.client.leadSources.get(made.id), made);
    const kept = { name, category: 'partner', description: 'One\ntwo', is_active: false, version: 1 } as const;
    assert.partialDeepStrictEqual(made, { ...kept, workspace_id: ours.id, created_by: ours.owner.userId });
    assert.partialDeepStrictEqual(await ours.client.leadSources.create({ name: newName() }), {
      category: 'other',
      description: null,
      is_active: true,
    });
    for (const wrong of [
      {},
      { name: '' },
      { name: 'x'.repeat(101) },
      { name: 'X', category: 'magic' },
      { name: 'X', id: newId() },
    ]) {
      await assert.rejects(ours.client.leadSources.create(wrong as any), { code: 'VALIDATION_ERROR' }, JSON.stringify(wrong));
    }
  });

  test('have a name that no other has, whatever its case', async () => {
    const first = await ours.client.leadSources.create({ name: 'Straße' });
    const taken = { code: 'DUPLICATE', existingId: first.id, details: { name: 'Name is already taken.' } };
    await assert.rejects(ours.client.leadSources.create({ name: 'STRAßE' }), taken);
    const second = await ours.client.leadSources.create({ name: newName() });
    await assert.rejects(ours.client.leadSources.update(second.id, { name: ' straße ' }), taken);
    assert.equal((await ours.client.leadSources.update(first.id, { name: 'STRAßE' })).name, 'STRAßE');
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => ours.client.leadSources.create({ name: 'At once' })));
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of made) if (one.status === 'rejected') assert.deepEqual(Object.keys(one.reason.details), ['name']);
  });

  test('are listed the newest first, sorted by name where asked, and filtered', async () => {
    const at = await server.newWorkspace();
    for (const { id } of (await at.client.leadSources.list()).data) await at.client.leadSources.remove(id);
    const rows = [
      { name: 'ähnlich', category: 'digital' },
      { name: 'Zebra', category: 'event', is_active: false },
      { name: 'Bote', category: 'digital', is_active: false },
    ] as const;
    for (const row of rows) await at.client.leadSources.create(row);
    assert.deepEqual(await namesIn({}, at), ['Bote', 'Zebra', 'ähnlich']);
    assert.deepEqual(await namesIn({ sort_by: 'name', sort_order: 'asc' }, at), ['ähnlich', 'Bote', 'Zebra']);
    assert.deepEqual(await namesIn({ category: ['digital'] }, at), ['Bote', 'ähnlich']);
    assert.deepEqual(await namesIn({ category: ['digital', 'event'], is_active: false }, at), ['Bote', 'Zebra']);
    assert.deepEqual(await namesIn({ is_active: true }, at), ['ähnlich']);
    const { pagination } = await at.client.leadSources.list({ page_size: 2 });
    assert.deepEqual(await namesIn({ cursor: pagination.next_cursor! }, at), ['ähnlich']);
    await assert.rejects(at.client.leadSources.list({ sort_by: 'category' } as any), { code: 'VALIDATION_ERROR' });
  });

  test('have a version that each change raises, compared with the one that was seen', async () => {
    const made = await ours.client.leadSources.create({ name: newName(), description: 'Old' });
    assert.deepEqual(await ours.client.leadSources.update(made.id, { description: 'Old' }), made);
    const changed = await ours.admin.client.leadSources.update(made.id, { description: '', is_active: false } as any);
    assert.partialDeepStrictEqual(changed, { version: 2, description: null, is_active: false, updated_by: ours.admin.userId });
    for (const method of ['PATCH', 'DELETE']) {
      const late = await server.fetch(
        `/api/v2/lead-sources/${made.id}`,
        json(method, { description: 'Late' }, { ...bearing(ours.owner.token), 'If-Match': '"1"' }),
      );
      assert.partialDeepStrictEqual(await late.json(), { code: 'VERSION_MISMATCH', current: changed });
    }
    await ours.client.leadSources.remove(made.id);
    const { data } = await ours.client.audit.list({ record_id: made.id });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['lead_source.deleted', 'lead_source.updated', 'lead_source.created'],
    );
  });

  test('leave their leads without one when they are deleted', async () => {
    const source = await ours.client.leadSources.create({ name: newName() });
    const contact = { email: `${newId()}@example.test` };
    const lead = await ours.client.leads.create({ contact, source_id: source.id });
    await ours.client.leadSources.remove(source.id);
    await assert.rejects(ours.client.leadSources.get(source.id), { code: 'NOT_FOUND' });
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { source_id: null, source: null, version: lead.version });
  });

  test('are seen by every member, managed with workspace:pipelines, and stay inside their workspace', async () => {
    const { id } = await ours.admin.client.leadSources.create({ name: newName() });
    assert.equal((await ours.viewer.client.leadSources.get(id)).id, id);
    const { leadSources } = ours.manager.client;
    for (const call of [
      () => leadSources.create({ name: newName() }),
      () => leadSources.update(id, { name: newName() }),
      () => leadSources.remove(id),
    ]) {
      await assert.rejects(call, { code: 'FORBIDDEN', message: /workspace:pipelines/ }, String(call));
    }
    const theirs = (await server.newWorkspace()).client.leadSources;
    for (const call of [() => theirs.get(id), () => theirs.update(id, { name: 'X' }), () => theirs.remove(id)]) {
      await assert.rejects(call, { code: 'NOT_FOUND' }, String(call));
    }
  });
});
