import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createClient } from '../../src/client/index.ts';
import { PERMISSIONS } from '../../src/contract/permissions.ts';
import type { NewSavedView } from '../../src/contract/saved-view.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, ORIGIN, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('saved views', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const clientWith = (token: string) => createClient({ baseUrl: ORIGIN, token, fetch: (request) => server.fetch(request) });
  const newName = () => `View ${newId()}`;
  const save = (by: TestMember, given: Partial<NewSavedView> = {}) =>
    by.client.savedViews.create({ resource: 'leads', name: newName(), ...given });
  const forbidden = { status: 403, code: 'FORBIDDEN' };
  const unknown = { status: 404, code: 'NOT_FOUND' };

  test('keep filters as the list takes them, columns in their order, and how to sort', async () => {
    const name = newName();
    const made = await save(ours.viewer, {
      name: ` ${name} `,
      filters: { status: 'new', value_min: '100.5', is_active: 'true', owner_id: 'me', tags: ['a', 'b'] },
      columns: ['title', 'cf.budget', 'title', 'value'],
      sort: { by: 'lead_value', order: 'asc' },
    });
    assert.partialDeepStrictEqual(made, {
      workspace_id: ours.id,
      created_by: ours.viewer.userId,
      version: 1,
      resource: 'leads',
      name,
      filters: { status: ['new'], value_min: 100.5, is_active: true, owner_id: 'me', tags: ['a', 'b'] },
      columns: ['title', 'cf.budget', 'value'],
      sort: { by: 'lead_value', order: 'asc' },
      is_shared: false,
    });
    assert.deepEqual(await ours.viewer.client.savedViews.get(made.id), made);
    const page = await ours.viewer.client.leads.list({ ...made.filters, sort_by: 'lead_value', sort_order: made.sort!.order });
    assert.deepEqual(page.filters, made.filters);
  });

  test('are of nothing in particular unless said', async () => {
    assert.partialDeepStrictEqual(await save(ours.member), { filters: {}, columns: [], sort: null, is_shared: false });
    assert.deepEqual((await save(ours.member, { sort: { by: 'title' } })).sort, { by: 'title', order: 'desc' });
  });

  for (const [what, given, path, code] of [
    ['a filter that the list does not have', { filters: { colour: 'blue' } }, 'filters.colour', 'unknown'],
    ['a filter of another resource', { resource: 'companies', filters: { score_min: 3 } }, 'filters.score_min', 'unknown'],
    ['a value that the filter does not take', { filters: { status: ['asleep'] } }, 'filters.status.0', 'not_option'],
    ['a page', { filters: { page: 2 } }, 'filters.page', 'unknown'],
    ['an order among the filters', { filters: { sort_by: 'title' } }, 'filters.sort_by', 'unknown'],
    ['an order that the list does not have', { sort: { by: 'colour', order: 'asc' } }, 'sort.by', 'not_option'],
    ['an order of another resource', { resource: 'contacts', sort: { by: 'lead_value', order: 'asc' } }, 'sort.by', 'not_option'],
    ['a column that can be no name', { columns: ['a b'] }, 'columns.0', 'not_format'],
    ['more columns than fifty', { columns: Array.from({ length: 51 }, (_, at) => `c${at}`) }, 'columns', 'too_many'],
    ['a resource that has no list', { resource: 'members' }, 'resource', 'not_option'],
    ['no name', { name: '' }, 'name', 'too_short'],
    ['a creator', { created_by: newId() }, 'created_by', 'unknown'],
    ['filters beyond 16 KB', { filters: { search: 'x'.repeat(17_000) } }, 'filters', 'too_big'],
  ] as const) {
    test(`are refused with ${what}`, async () => {
      await assert.rejects(save(ours.owner, given as any), (error: any) => {
        assert.equal(error.code, 'VALIDATION_ERROR');
        assert.deepEqual(
          error.issues.map((one: any) => [one.path, one.code]),
          [[path, code]],
        );
        return true;
      });
    });
  }

  test('take custom fields for filters and order, as far as there are any', async () => {
    const at = await server.newWorkspace();
    const { customFields, savedViews } = at.client;
    const size = await customFields.create({ context: 'lead', name: 'size', label: 'Size', field_type: 'number' });
    const given = { resource: 'leads', sort: { by: 'cf.size', order: 'asc' } } as const;
    const flat = await savedViews.create({ ...given, name: 'Flat', filters: { status: ['new'], 'cf.size.gte': '20' } });
    assert.deepEqual(flat.filters, { status: ['new'], cf: { 'size.gte': 20 } });
    assert.deepEqual(flat.sort, given.sort);
    const page = await at.client.leads.list({ ...(flat.filters as object), sort_by: 'cf.size' });
    assert.deepEqual(page.filters, flat.filters);
    const refused = async (more: object, path: string) =>
      assert.rejects(savedViews.create({ ...given, name: 'No', ...more } as NewSavedView), (error: any) => {
        assert.deepEqual(
          error.issues.map((one: any) => one.path),
          [path],
        );
        return true;
      });
    await refused({ filters: { cf: { colour: 'blue' } } }, 'filters.cf.colour');
    await refused({ filters: { cf: { size: 'blue' } } }, 'filters.cf.size');
    await refused({ sort: { by: 'cf.colour' } }, 'sort.by');
    await refused({ resource: 'contacts' }, 'sort.by');
    await refused({ resource: 'companies', sort: null, filters: { cf: { size: 20 } } }, 'filters.cf');

    // What a view has already may be sent back once a field of it is retired, and nothing else of that field.
    await customFields.update(size.id, { is_active: false });
    const same = await savedViews.update(flat.id, { name: 'Flatter', filters: flat.filters, sort: flat.sort });
    assert.deepEqual([same.name, same.filters, same.sort], ['Flatter', flat.filters, flat.sort]);
    await assert.rejects(savedViews.update(flat.id, { filters: { cf: { size: 3 } } }), { code: 'VALIDATION_ERROR' });
  });

  test('change in what is sent, are checked against their own resource, and know versions', async () => {
    const made = await save(ours.viewer, {
      resource: 'contacts',
      filters: { type: ['lead'] },
      sort: { by: 'name', order: 'asc' },
    });
    const at = ours.viewer.client.savedViews;
    const changed = await at.update(made.id, { columns: ['name'], sort: null }, { ifMatch: 1 });
    assert.partialDeepStrictEqual(changed, {
      version: 2,
      columns: ['name'],
      sort: null,
      filters: { type: ['lead'] },
      name: made.name,
    });
    assert.equal((await at.update(made.id, { columns: ['name'] })).version, 2);
    await assert.rejects(at.update(made.id, { filters: { score: ['hot'] } }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(at.update(made.id, { resource: 'leads' } as any), { code: 'VALIDATION_ERROR' });
    await assert.rejects(at.update(made.id, { name: 'Late' }, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    await assert.rejects(at.remove(made.id, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    await at.remove(made.id);
    await assert.rejects(at.get(made.id), unknown);
  });

  test('have names that are unique among what one has saved of a resource, whatever the case', async () => {
    const name = newName();
    const first = await save(ours.member, { name });
    await assert.rejects(save(ours.member, { name: name.toUpperCase() }), { code: 'DUPLICATE', existingId: first.id });
    await save(ours.member, { name, resource: 'contacts' });
    await save(ours.manager, { name });
    const other = await save(ours.member);
    await assert.rejects(ours.member.client.savedViews.update(other.id, { name }), { code: 'DUPLICATE', existingId: first.id });
    const again = { name: newName() };
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => save(ours.member, again)));
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('that are private exist for nobody else, whatever their role', async () => {
    const made = await save(ours.member);
    for (const role of ['owner', 'admin', 'manager', 'viewer'] as const) {
      const { savedViews } = ours[role].client;
      await assert.rejects(savedViews.get(made.id), unknown, role);
      await assert.rejects(savedViews.update(made.id, { name: 'Taken' }), unknown, role);
      await assert.rejects(savedViews.update(made.id, { is_shared: true }), unknown, role);
      await assert.rejects(savedViews.remove(made.id), unknown, role);
      assert.ok(!(await savedViews.list({ page_size: 100 })).data.some(({ id }) => id === made.id), role);
    }
    const log = await ours.owner.client.audit.list({ record_id: made.id });
    assert.deepEqual(log.data, []);
    assert.equal((await ours.member.client.savedViews.get(made.id)).version, 1);
  });

  test('that are shared are seen by everyone, and made, changed and deleted by managers and above', async () => {
    const made = await save(ours.manager, { is_shared: true });
    for (const role of ['owner', 'admin', 'member', 'viewer'] as const)
      assert.deepEqual(await ours[role].client.savedViews.get(made.id), made);
    for (const role of ['member', 'viewer'] as const) {
      const { savedViews } = ours[role].client;
      await assert.rejects(save(ours[role], { is_shared: true }), forbidden, role);
      await assert.rejects(savedViews.update(made.id, { name: 'Mine' }), forbidden, role);
      await assert.rejects(savedViews.remove(made.id), forbidden, role);
      const own = await save(ours[role]);
      await assert.rejects(savedViews.update(own.id, { is_shared: true }), forbidden, role);
    }
    const name = newName();
    assert.partialDeepStrictEqual(await ours.admin.client.savedViews.update(made.id, { name }), {
      name,
      is_shared: true,
      created_by: ours.manager.userId,
      updated_by: ours.admin.userId,
    });
    const log = await ours.owner.client.audit.list({ record_id: made.id });
    assert.deepEqual(log.data.map(({ action }) => action).toSorted(), ['saved_view.created', 'saved_view.updated']);
    await ours.owner.client.savedViews.remove(made.id);
    await assert.rejects(ours.manager.client.savedViews.get(made.id), unknown);
  });

  test('are made private again by whoever created them, and by no other', async () => {
    const made = await save(ours.manager);
    assert.equal((await ours.manager.client.savedViews.update(made.id, { is_shared: true })).is_shared, true);
    await assert.rejects(ours.owner.client.savedViews.update(made.id, { is_shared: false }), forbidden);
    assert.equal((await ours.manager.client.savedViews.update(made.id, { is_shared: false })).is_shared, false);
    await assert.rejects(ours.owner.client.savedViews.get(made.id), unknown);
  });

  test('are listed by resource and by whether they are shared, in the order that is asked for', async () => {
    const at = await server.newWorkspace();
    const given = [
      { name: 'b', resource: 'leads', is_shared: true },
      { name: 'A', resource: 'contacts', is_shared: false },
      { name: 'c', resource: 'deals', is_shared: true },
      { name: 'd', resource: 'companies', is_shared: false },
    ] as const;
    for (const one of given) await save(at.owner, one);
    const names = async (query: object, by = at.owner) => (await by.client.savedViews.list(query)).data.map(({ name }) => name);
    assert.deepEqual(await names({}), ['d', 'c', 'A', 'b']);
    assert.deepEqual(await names({ sort_by: 'name', sort_order: 'asc' }), ['A', 'b', 'c', 'd']);
    assert.deepEqual(await names({ sort_by: 'updated_at', sort_order: 'asc' }), ['b', 'A', 'c', 'd']);
    assert.deepEqual(await names({ resource: ['leads', 'companies'] }), ['d', 'b']);
    assert.deepEqual(await names({ is_shared: true }), ['c', 'b']);
    assert.deepEqual(await names({ is_shared: false }), ['d', 'A']);
    assert.deepEqual(await names({}, at.viewer), ['c', 'b']);
  });

  test("end with their creator's membership where they are private, and stay where they are shared", async () => {
    const at = await server.newWorkspace();
    const own = await save(at.manager);
    const shared = await save(at.manager, { is_shared: true });
    const { data } = await at.client.members.list({ role: ['manager'] });
    await at.client.members.remove(data[0]!.id, { reassign_to: 'nobody' });
    assert.deepEqual(await server.database.asOwner('select id from saved_views where workspace_id = $1', [at.id]), [
      { id: shared.id },
    ]);
    assert.equal((await at.viewer.client.savedViews.get(shared.id)).created_by, at.manager.userId);
    await assert.rejects(at.owner.client.savedViews.update(shared.id, { is_shared: false }), forbidden);
    await at.admin.client.savedViews.remove(shared.id);
    await assert.rejects(at.owner.client.savedViews.get(own.id), unknown);
  });

  test('that are private are not to be had by a key, which makes and sees shared ones', async () => {
    const { key } = await newKey(ours);
    const { savedViews } = clientWith(key);
    const own = await save(ours.owner);
    await assert.rejects(savedViews.get(own.id), unknown);
    await assert.rejects(savedViews.create({ resource: 'leads', name: newName() }), forbidden);
    const made = await savedViews.create({ resource: 'leads', name: newName(), is_shared: true });
    await assert.rejects(savedViews.update(made.id, { is_shared: false }), forbidden);
    assert.equal((await ours.viewer.client.savedViews.get(made.id)).is_shared, true);
    const token = clientWith(await newEmbedToken(server, key));
    assert.equal((await token.savedViews.get(made.id)).id, made.id);
    await assert.rejects(token.savedViews.create({ resource: 'leads', name: newName(), is_shared: true }), forbidden);
  });

  test("are a person's also where an embed token acts for them", async () => {
    const { key } = await newKey(ours);
    const members = (await ours.client.members.list()).data;
    const tokenOf = async (role: string) =>
      clientWith(await newEmbedToken(server, key, { member_id: members.find((one) => one.role === role)!.id }));
    const own = await save(ours.member);
    assert.equal((await (await tokenOf('member')).savedViews.get(own.id)).id, own.id);
    await assert.rejects((await tokenOf('manager')).savedViews.get(own.id), unknown);
  });

  test('are of no use to whoever may not see their resource', async () => {
    const made = await save(ours.owner, { is_shared: true });
    const seen = await save(ours.owner, { is_shared: true, resource: 'contacts' });
    const { key } = await newKey(ours, { permissions: PERMISSIONS.filter((one) => one !== 'crm:leads:view') });
    const { savedViews } = clientWith(key);
    await assert.rejects(savedViews.get(made.id), unknown);
    await assert.rejects(savedViews.remove(made.id), unknown);
    assert.equal((await savedViews.get(seen.id)).id, seen.id);
    const listed = (await savedViews.list({ page_size: 100 })).data;
    assert.ok(listed.every(({ resource }) => resource !== 'leads' && resource !== 'deals') && listed.length > 0);
    assert.deepEqual((await savedViews.list({ resource: ['leads'] })).data, []);
    await assert.rejects(
      savedViews.create({ resource: 'deals', name: newName(), is_shared: true }),
      /needs the permission crm:leads:view/,
    );
  });

  test('must name their version where the workspace asks for it', async () => {
    const at = await server.newWorkspace();
    const made = await save(at.viewer);
    await at.client.workspace.update({ policies: { require_if_match: true } });
    await assert.rejects(at.viewer.client.savedViews.remove(made.id), { code: 'VERSION_REQUIRED' });
    const response = await server.fetch(`/api/v2/saved-views/${made.id}`, { headers: bearing(at.viewer.token) });
    const etag = response.headers.get('etag')!;
    const changed = await server.fetch(
      `/api/v2/saved-views/${made.id}`,
      json('PATCH', { columns: ['title'] }, { ...bearing(at.viewer.token), 'If-Match': etag }),
    );
    assert.equal(changed.status, 200);
  });
});
