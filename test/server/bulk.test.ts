import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BulkChange } from '../../src/contract/bulk.ts';
import { newId } from '../../server/ids.ts';
import { newKey } from '../support/keys.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

async function newLeads(count: number, given: object = {}, workspace = ours): Promise<string[]> {
  const ids = [];
  for (let number = 0; number < count; number++) {
    const lead = await workspace.client.leads.create({ contact: { firstname: 'Bulk', lastname: newId() }, ...given } as never);
    ids.push(lead.id);
  }
  return ids;
}

const stages = async (workspace = ours) => (await workspace.client.pipelines.list()).data.find((one) => one.is_default)!.stages;

describe('changing leads that are named', () => {
  const cases: Record<string, { given: object; change: (ids: string[]) => Promise<BulkChange>; after: () => Promise<object> }> = {
    assign: {
      given: {},
      change: async (ids) => ({ ids, action: 'assign', owner_id: ours.member.userId }),
      after: async () => ({ owner_id: ours.member.userId }),
    },
    'assign to nobody': {
      given: { owner_id: '' },
      change: async (ids) => ({ ids, action: 'assign', owner_id: null }),
      after: async () => ({ owner_id: null }),
    },
    move: {
      given: {},
      change: async (ids) => ({ ids, action: 'move', stage_id: (await stages())[2]!.id }),
      after: async () => ({ stage_id: (await stages())[2]!.id, status: 'qualified', is_qualified: true }),
    },
    status: {
      given: {},
      change: async (ids) => ({ ids, action: 'status', status: 'lost' }),
      after: async () => ({ status: 'lost', is_closed_lost: true, is_active: false }),
    },
    tag: {
      given: { tags: ['Roof'] },
      change: async (ids) => ({ ids, action: 'tag', tags: ['ROOF', 'north', 'North'] }),
      after: async () => ({ tags: ['Roof', 'north'] }),
    },
    untag: {
      given: { tags: ['Roof', 'north'] },
      change: async (ids) => ({ ids, action: 'untag', tags: ['roof', 'unknown'] }),
      after: async () => ({ tags: ['north'] }),
    },
    archive: {
      given: {},
      change: async (ids) => ({ ids, action: 'archive' }),
      after: async () => ({ is_archived: true }),
    },
    'bring back from the archive': {
      given: { is_archived: true },
      change: async (ids) => ({ ids, action: 'archive', is_archived: false }),
      after: async () => ({ is_archived: false }),
    },
  };
  for (const [what, { given, change, after }] of Object.entries(cases)) {
    test(`can ${what}, all of them at once`, async () => {
      const owner = 'owner_id' in given ? { owner_id: ours.manager.userId } : {};
      const ids = await newLeads(3, { ...given, ...owner });
      const job = await ours.client.leads.bulk(await change(ids));
      assert.deepEqual(
        { state: job.state, total: job.total, processed: job.processed, done: job.done, filter: job.filter },
        { state: 'done', total: 3, processed: 3, done: 3, filter: null },
      );
      assert.deepEqual(
        job.results!.map(({ lead_id, status, code }) => ({ lead_id, status, code })),
        ids.map((lead_id) => ({ lead_id, status: 'done', code: null })),
      );
      for (const id of ids) assert.partialDeepStrictEqual(await ours.client.leads.get(id), await after());

      const again = await ours.client.leads.bulk(await change(ids));
      assert.deepEqual([again.done, again.unchanged, again.failed], [0, 3, 0]);
    });
  }

  test('can delete them', async () => {
    const ids = await newLeads(2);
    const { done } = await ours.client.leads.bulk({ ids, action: 'delete' });
    assert.equal(done, 2);
    for (const id of ids) await assert.rejects(ours.client.leads.get(id), { code: 'NOT_FOUND' });
    const again = await ours.client.leads.bulk({ ids, action: 'delete' });
    assert.deepEqual(
      again.results!.map(({ status, code }) => [status, code]),
      [
        ['failed', 'NOT_FOUND'],
        ['failed', 'NOT_FOUND'],
      ],
    );
  });

  test('leaves the same as changing them one by one: history, timeline, audit log and events', async () => {
    const [first, second] = [await server.newWorkspace(), await server.newWorkspace()];
    const traces = async (workspace: TestWorkspace, change: (ids: string[]) => Promise<void>) => {
      const ids = await newLeads(3, { tags: ['old'] }, workspace);
      await change(ids);
      const [history, timeline, audit, events] = [
        await owned(
          `select h.lead_id, o.name as from_stage, n.name as to_stage, h.reason, h.changed_at = l.stage_entered_at as is_entry, h.seconds_in_stage >= 0 as is_timed
           from lead_stage_history h join leads l on l.id = h.lead_id left join stages o on o.id = h.from_stage_id join stages n on n.id = h.to_stage_id
           where h.workspace_id = $1 order by h.changed_at`,
          workspace.id,
        ),
        await owned('select lead_id, activity_type, subject, metadata from activities where workspace_id = $1', workspace.id),
        await owned(
          `select record_id as lead_id, action, actor_id, after - 'last_activity_at' as after from audit_log where workspace_id = $1 and resource = 'lead'`,
          workspace.id,
        ),
        await owned(
          'select name, record_id as lead_id, seen_by, left_by, actor_id from events where workspace_id = $1',
          workspace.id,
        ),
      ];
      const people = Object.fromEntries((['owner', 'member'] as const).map((role) => [workspace[role].userId, role]));
      const named = (text: string) =>
        text
          .replaceAll(
            /[0-9a-f]{8}-[0-9a-f-]{27}/g,
            (id) => people[id] ?? (ids.includes(id) ? `lead ${ids.indexOf(id)}` : 'other'),
          )
          .replaceAll(/\d{4}-\d\d-\d\dT[^"]*/g, 'time')
          .replaceAll(/"position":"\w+"/g, '"position"');
      return [history, timeline, audit, events.filter(({ name }) => name.startsWith('lead.'))].map((rows) =>
        rows.map((row) => named(JSON.stringify(row))).sort(),
      );
    };
    const target = async (workspace: TestWorkspace) => (await stages(workspace))[3]!.id;
    const many = await traces(first, async (ids) => {
      await first.client.leads.bulk({ ids, action: 'move', stage_id: await target(first) });
      await first.client.leads.bulk({ ids, action: 'tag', tags: ['new'] });
      await first.client.leads.bulk({ ids, action: 'assign', owner_id: first.member.userId });
      await first.client.leads.bulk({ ids, action: 'status', status: 'lost' });
      await first.client.leads.bulk({ ids, action: 'archive' });
      await first.client.leads.bulk({ ids, action: 'delete' });
    });
    const single = await traces(second, async (ids) => {
      for (const id of ids) await second.client.leads.move(id, { stage_id: await target(second) });
      for (const id of ids) await second.client.leads.update(id, { tags: ['old', 'new'] });
      for (const id of ids) await second.client.leads.update(id, { owner_id: second.member.userId });
      for (const id of ids) await second.client.leads.setStatus(id, { status: 'lost' });
      for (const id of ids) await second.client.leads.update(id, { is_archived: true });
      for (const id of ids) await second.client.leads.remove(id);
    });
    assert.deepEqual(many, single);
    assert.ok(many.every((rows) => rows.length > 3));
  });

  test('puts those that are moved on top, the last above the others', async () => {
    const ids = await newLeads(3);
    const { id } = (await stages())[1]!;
    await ours.client.leads.bulk({ ids, action: 'move', stage_id: id });
    const cards = (await ours.client.leads.boardStage(id, { page_size: 3 })).data;
    assert.deepEqual(
      cards.map((card) => card.id),
      ids.toReversed(),
    );
  });

  test('fills a stage to its limit, refuses the others by themselves, and takes them where a manager forces it', async () => {
    const workspace = await server.newWorkspace();
    const pipeline = (await workspace.client.pipelines.list()).data[0]!;
    const stage = pipeline.stages[1]!;
    await workspace.client.pipelines.updateStage(pipeline.id, stage.id, { wip_limit: 2 });
    const ids = await newLeads(4, {}, workspace);
    const { results } = await workspace.member.client.leads.bulk({ ids, action: 'move', stage_id: stage.id, force: true });
    assert.deepEqual(
      results!.map(({ status, code }) => [status, code]),
      [
        ['done', null],
        ['done', null],
        ['failed', 'CONFLICT'],
        ['failed', 'CONFLICT'],
      ],
    );
    assert.match(results![2]!.error!, /is full: it takes 2 leads/);
    const forced = await workspace.manager.client.leads.bulk({ ids, action: 'move', stage_id: stage.id, force: true });
    assert.deepEqual([forced.done, forced.unchanged], [2, 2]);
  });

  test('counts no archived lead to a limit', async () => {
    const workspace = await server.newWorkspace();
    const pipeline = (await workspace.client.pipelines.list()).data[0]!;
    await workspace.client.pipelines.updateStage(pipeline.id, pipeline.stages[1]!.id, { wip_limit: 1 });
    const ids = [...(await newLeads(1, { is_archived: true }, workspace)), ...(await newLeads(2, {}, workspace))];
    const { results } = await workspace.client.leads.bulk({ ids, action: 'status', status: 'contacted' });
    assert.deepEqual(
      results!.map(({ status }) => status),
      ['done', 'done', 'failed'],
    );
  });

  test('brings back from the archive only as many as their stage takes', async () => {
    const workspace = await server.newWorkspace();
    const pipeline = (await workspace.client.pipelines.list()).data[0]!;
    const ids = await newLeads(3, { is_archived: true }, workspace);
    await workspace.client.pipelines.updateStage(pipeline.id, pipeline.stages[0]!.id, { wip_limit: 2 });
    const { results } = await workspace.client.leads.bulk({ ids, action: 'archive', is_archived: false });
    assert.deepEqual(
      results!.map(({ status }) => status),
      ['done', 'done', 'failed'],
    );
  });

  test("fails others' leads, those that are gone and those of another workspace, each by itself", async () => {
    const theirs = await server.newWorkspace();
    const [foreign] = await newLeads(1, {}, theirs);
    const [own] = await newLeads(1, { owner_id: ours.member.userId });
    const [other] = await newLeads(1, { owner_id: ours.manager.userId });
    const [free] = await newLeads(1);
    const [gone] = await newLeads(1);
    await ours.client.leads.remove(gone!);
    const unknown = newId();
    const ids = [other!, own!, foreign!, unknown, gone!, free!];
    const { results } = await ours.member.client.leads.bulk({ ids, action: 'tag', tags: ['mine'] });
    assert.deepEqual(
      results!.map(({ lead_id, status, code }) => [lead_id, status, code]),
      [
        [other, 'failed', 'FORBIDDEN'],
        [own, 'done', null],
        [foreign, 'failed', 'NOT_FOUND'],
        [unknown, 'failed', 'NOT_FOUND'],
        [gone, 'failed', 'NOT_FOUND'],
        [free, 'done', null],
      ],
    );
    assert.equal(results![2]!.error, results![3]!.error);
    assert.deepEqual((await theirs.client.leads.get(foreign!)).tags, []);
    assert.deepEqual((await ours.client.leads.get(other!)).tags, []);
  });

  test('fails a lead whose tags would be too many', async () => {
    const tags = Array.from({ length: 49 }, (_, number) => `tag ${number}`);
    const [full] = await newLeads(1, { tags });
    const { results } = await ours.client.leads.bulk({ ids: [full!], action: 'tag', tags: ['one', 'two'] });
    assert.deepEqual([results![0]!.status, results![0]!.code], ['failed', 'VALIDATION_ERROR']);
    assert.match(results![0]!.error!, /Tags must have at most 50 entries/);
  });

  test('does each by itself where the database refuses one of them', async () => {
    const [first, second, third] = (await newLeads(3)) as [string, string, string];
    await owned(`
      create function refuse_tag() returns trigger language plpgsql as $$ begin
        if new.id = '${second}' then raise exception 'no' using errcode = '23514'; end if;
        return new;
      end $$`);
    await owned('create trigger a_refusal before update of tags on leads for each row execute function refuse_tag()');
    const { results } = await ours.client.leads.bulk({ ids: [first, second, third], action: 'tag', tags: ['kept'] });
    await owned('drop trigger a_refusal on leads');
    assert.deepEqual(
      results!.map(({ status, code }) => [status, code]),
      [
        ['done', null],
        ['failed', 'VALIDATION_ERROR'],
        ['done', null],
      ],
    );
    assert.deepEqual((await ours.client.leads.get(third)).tags, ['kept']);
    assert.deepEqual((await ours.client.leads.get(second)).tags, []);
  });

  test('ends for all who change the same leads at once, together or one by one', async () => {
    const workspace = await server.newWorkspace();
    const ids = await newLeads(12, {}, workspace);
    const [, second, third, fourth] = (await stages(workspace)).map(({ id }) => id);
    const jobs = await Promise.all([
      workspace.client.leads.bulk({ ids, action: 'move', stage_id: second! }),
      workspace.manager.client.leads.bulk({ ids: ids.toReversed(), action: 'move', stage_id: third! }),
      workspace.admin.client.leads.bulk({ ids: ids.toReversed(), action: 'archive' }),
      workspace.member.client.leads.bulk({ ids, action: 'tag', tags: ['late'] }),
    ]);
    await Promise.all([
      workspace.client.leads.bulk({ ids, action: 'archive', is_archived: false }),
      ...ids.map((id) => workspace.manager.client.leads.move(id, { stage_id: fourth! })),
      workspace.admin.client.leads.bulk({ ids: ids.toReversed(), action: 'assign', owner_id: workspace.member.userId }),
    ]);
    for (const { done } of jobs) assert.equal(done, 12);
    const [{ places, count }] = await owned(
      'select count(distinct position)::integer as places, count(*)::integer as count from leads where workspace_id = $1 and stage_id = $2 and not is_archived',
      workspace.id,
      fourth,
    );
    assert.deepEqual([places, count], [12, 12]);
    const [{ total }] = await owned(
      'select sum(count)::integer as total from stage_totals where workspace_id = $1',
      workspace.id,
    );
    assert.equal(total, 12);
  });

  test('counts an id once, whatever its case', async () => {
    const [id] = await newLeads(1);
    const { total, results } = await ours.client.leads.bulk({
      ids: [id!, id!.toUpperCase(), id!],
      action: 'tag',
      tags: ['once'],
    });
    assert.deepEqual([total, results!.length], [1, 1]);
  });

  test('needs no version where the workspace wants one of single changes', async () => {
    const workspace = await server.newWorkspace();
    const ids = await newLeads(2, {}, workspace);
    await workspace.client.workspace.update({ policies: { require_if_match: true } });
    assert.equal((await workspace.client.leads.bulk({ ids, action: 'tag', tags: ['kept'] })).done, 2);
    assert.equal((await workspace.client.leads.bulk({ ids, action: 'delete' })).done, 2);
  });

  test('happens once for an Idempotency-Key, and the repeat gets the same answer', async () => {
    const ids = await newLeads(2);
    const call = () =>
      server.fetch(
        '/api/v2/leads/bulk',
        json('POST', { ids, action: 'tag', tags: ['kept'] }, { ...bearing(ours.owner.token), 'Idempotency-Key': 'bulk' }),
      );
    const [first, again] = [await call(), await call()];
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(await again.text(), await first.text());
    assert.equal((await ours.client.leads.get(ids[0]!)).version, 2);
  });
});

describe('a change of many leads', () => {
  const refused = async (given: unknown, code: string, details: string[] = [], who = ours.owner) =>
    assert.rejects(who.client.leads.bulk(given as BulkChange), (error: any) => {
      assert.equal(error.code, code, error.message);
      assert.deepEqual(Object.keys(error.details ?? {}), details);
      return true;
    });

  test('names its leads by ids or by a filter, one of both', async () => {
    await refused({ action: 'delete' }, 'VALIDATION_ERROR', ['ids']);
    await refused({ action: 'delete', ids: [newId()], filter: {} }, 'VALIDATION_ERROR', ['filter']);
    await refused({ action: 'delete', ids: [] }, 'VALIDATION_ERROR', ['ids']);
    await refused({ action: 'delete', ids: Array.from({ length: 101 }, newId) }, 'VALIDATION_ERROR', ['ids']);
    await refused({ action: 'delete', ids: ['nothing'] }, 'VALIDATION_ERROR', ['ids.0']);
    await refused({ action: 'delete', filter: { status: ['unknown'], page: 1 } }, 'VALIDATION_ERROR', [
      'filter.status.0',
      'filter.page',
    ]);
    await refused({ action: 'delete', filter: { cf: { unknown: '1' } } }, 'VALIDATION_ERROR', ['filter.cf.unknown']);
  });

  test('takes what its action takes, and nothing of another', async () => {
    const ids = [newId()];
    await refused({ ids }, 'VALIDATION_ERROR', ['action']);
    await refused({ ids, action: 'sell' }, 'VALIDATION_ERROR', ['action']);
    await refused({ ids, action: 'assign' }, 'VALIDATION_ERROR', ['owner_id']);
    await refused({ ids, action: 'move' }, 'VALIDATION_ERROR', ['stage_id']);
    await refused({ ids, action: 'tag' }, 'VALIDATION_ERROR', ['tags']);
    await refused({ ids, action: 'untag', tags: [] }, 'VALIDATION_ERROR', ['tags']);
    await refused({ ids, action: 'status', status: 'sold' }, 'VALIDATION_ERROR', ['status']);
    await refused({ ids, action: 'delete', force: true }, 'VALIDATION_ERROR', ['force']);
    await refused({ ids, action: 'archive', tags: ['x'] }, 'VALIDATION_ERROR', ['tags']);
    await refused({ ids, action: 'tag', tags: ['x'], owner_id: null }, 'VALIDATION_ERROR', ['owner_id']);
  });

  test('names an owner and a stage that there are', async () => {
    const ids = [newId()];
    await refused({ ids, action: 'assign', owner_id: newId() }, 'VALIDATION_ERROR', ['owner_id']);
    await refused({ ids, action: 'move', stage_id: newId() }, 'VALIDATION_ERROR', ['stage_id']);
  });

  test('is for those who may change leads, give them to others, or delete them', async () => {
    const ids = await newLeads(1);
    await refused({ ids, action: 'tag', tags: ['x'] }, 'FORBIDDEN', [], ours.viewer);
    await refused({ ids, action: 'delete' }, 'FORBIDDEN', [], ours.member);
    await refused({ ids, action: 'assign', owner_id: ours.viewer.userId }, 'FORBIDDEN', [], ours.member);
    assert.equal((await ours.member.client.leads.bulk({ ids, action: 'assign', owner_id: ours.member.userId })).done, 1);
    const { key } = await newKey(ours, { permissions: ['crm:leads:view', 'crm:leads:edit'] });
    const call = (body: object) => server.fetch('/api/v2/leads/bulk', json('POST', body, bearing(key)));
    assert.equal((await call({ ids, action: 'assign', owner_id: null })).status, 403);
    assert.equal((await call({ ids, action: 'tag', tags: ['by key'] })).status, 200);
  });
});
