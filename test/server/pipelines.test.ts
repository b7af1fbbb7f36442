import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const owned = (text: string, parameters: unknown[] = []) => server.database.asOwner(text, parameters);
const namesOf = (records: { name: string }[]) => records.map(({ name }) => name);
const idsOf = (records: { id: string }[]) => records.map(({ id }) => id);
const newName = () => `Pipeline ${newId()}`;

/** A pipeline with a stage of each of these categories, called by it. */
const newPipeline = (categories: readonly any[] = ['new', 'contacted'], at = ours) =>
  at.client.pipelines.create({ name: newName(), stages: categories.map((category) => ({ name: `${category}!`, category })) });

const eventsOf = (recordId: string) =>
  owned('select name, data, seen_by, left_by from events where record_id = $1 order by seq', [recordId]);
const auditOf = async (record_id: string) => (await ours.client.audit.list({ record_id, sort_order: 'asc' } as any)).data;

describe('a new workspace', () => {
  test('has a default pipeline with seven stages in order', async () => {
    const at = await server.newWorkspace();
    const { data } = await at.client.pipelines.list();
    assert.equal(data.length, 1);
    assert.partialDeepStrictEqual(data[0], { name: 'Sales', is_default: true, version: 1, created_by: null });
    assert.deepEqual(
      data[0]!.stages.map(({ name, category, stage_type, display_order, is_active, is_completed, probability }) =>
        [name, category, stage_type, display_order, is_active, is_completed, probability].join(' '),
      ),
      [
        'New lead new process 1 true false 10',
        'Contacted contacted process 2 true false 20',
        'Qualified qualified milestone 3 true false 40',
        'Appointment set appointment milestone 4 true false 60',
        'Proposal sent proposal process 5 true false 75',
        'Won converted outcome 6 true true 100',
        'Lost lost outcome 7 true true 0',
      ],
    );
  });

  test('tells nothing of that in its audit log, for it was nobody', async () => {
    const at = await server.newWorkspace();
    const { data } = await at.client.audit.list({ resource: 'pipeline' } as any);
    assert.deepEqual(data, []);
  });
});

describe('pipelines', () => {
  test('are kept as they were sent, with their stages in order', async () => {
    const name = newName();
    const made = await ours.client.pipelines.create({
      name: `  ${name} `,
      stages: [
        { name: 'First', category: 'new' },
        {
          name: 'Second',
          category: 'proposal',
          stage_type: 'outcome',
          is_active: false,
          is_completed: true,
          color: '#A1b2C3',
          probability: 33,
          rot_after_days: 5,
          wip_limit: 12,
          configuration: { board: { wide: true } },
        },
      ],
    });
    assert.deepEqual(await ours.client.pipelines.get(made.id), made);
    assert.partialDeepStrictEqual(made, {
      name,
      is_default: false,
      version: 1,
      created_by: ours.owner.userId,
      workspace_id: ours.id,
    });
    assert.partialDeepStrictEqual(made.stages[0], {
      name: 'First',
      pipeline_id: made.id,
      stage_type: 'process',
      probability: 10,
      is_completed: false,
      is_active: true,
      color: null,
      rot_after_days: null,
      wip_limit: null,
      configuration: {},
      display_order: 1,
      version: 1,
    });
    assert.partialDeepStrictEqual(made.stages[1], {
      name: 'Second',
      stage_type: 'outcome',
      is_active: false,
      is_completed: true,
      color: '#A1b2C3',
      probability: 33,
      rot_after_days: 5,
      wip_limit: 12,
      configuration: { board: { wide: true } },
      display_order: 2,
    });
  });

  test('give each stage the type, probability and completion of its category', async () => {
    const categories = ['new', 'contacted', 'qualified', 'appointment', 'proposal', 'converted', 'lost'];
    const { stages } = await newPipeline(categories);
    assert.deepEqual(
      stages.map(({ stage_type, probability, is_completed }) => [stage_type, probability, is_completed].join(' ')),
      [
        'process 10 false',
        'process 20 false',
        'milestone 40 false',
        'milestone 60 false',
        'process 75 false',
        'outcome 100 true',
        'outcome 0 true',
      ],
    );
  });

  test('are listed with their stages, the newest first unless sorted otherwise', async () => {
    const at = await server.newWorkspace();
    await at.client.pipelines.create({ name: 'Zebra', stages: [{ name: 'S', category: 'new' }] });
    await at.client.pipelines.create({ name: 'ähnlich' });
    assert.deepEqual(namesOf((await at.client.pipelines.list()).data), ['ähnlich', 'Zebra', 'Sales']);
    const { data, pagination } = await at.client.pipelines.list({ sort_by: 'name', sort_order: 'asc' });
    assert.deepEqual(namesOf(data), ['ähnlich', 'Sales', 'Zebra']);
    assert.equal(pagination.total, 3);
    assert.deepEqual(
      data.map(({ stages }) => stages.length),
      [0, 7, 1],
    );
    const first = await at.client.pipelines.list({ page_size: 2, sort_by: 'name', sort_order: 'asc' });
    const next = { cursor: first.pagination.next_cursor!, sort_by: 'name', sort_order: 'asc' } as const;
    assert.deepEqual(namesOf((await at.client.pipelines.list(next)).data), ['Zebra']);
  });

  test('have a name that no other has, whatever its case', async () => {
    const first = await ours.client.pipelines.create({ name: 'Größe' });
    const taken = { code: 'DUPLICATE', existingId: first.id, details: { name: 'Name is already taken.' } };
    await assert.rejects(ours.client.pipelines.create({ name: 'GRÖßE' }), taken);
    const other = await newPipeline();
    await assert.rejects(ours.client.pipelines.update(other.id, { name: 'größe' }), taken);
    assert.equal((await ours.client.pipelines.update(first.id, { name: 'GRÖßE' })).name, 'GRÖßE');
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => ours.client.pipelines.create({ name: 'At once' })));
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of made) if (one.status === 'rejected') assert.deepEqual(Object.keys(one.reason.details), ['name']);
  });

  test('have stages of different names, and bad fields are named by their place', async () => {
    const stages = [
      { name: 'Same', category: 'new' },
      { name: 'Other', category: 'magic' },
    ];
    await assert.rejects(ours.client.pipelines.create({ name: newName(), stages } as any), (error: any) => {
      assert.deepEqual(Object.keys(error.details), ['stages.1.category']);
      return true;
    });
    const same = ['Same', 'Other', 'SAME'].map((name) => ({ name, category: 'new' as const }));
    await assert.rejects(ours.client.pipelines.create({ name: newName(), stages: same }), {
      code: 'VALIDATION_ERROR',
      details: { 'stages.2.name': 'Stages 2 name is already taken.' },
    });
    const wrong = { color: 'red', probability: 101, rot_after_days: 0, wip_limit: 0, stage_type: 'odd' };
    const { id } = await newPipeline();
    await assert.rejects(ours.client.pipelines.addStage(id, { name: 'X', category: 'new', ...wrong } as any), (error: any) => {
      assert.deepEqual(Object.keys(error.details).sort(), Object.keys(wrong).sort());
      return true;
    });
  });

  test('are one default at a time, which moves to the one that is made it', async () => {
    const at = await server.newWorkspace();
    const defaults = async () => namesOf((await at.client.pipelines.list()).data.filter(({ is_default }) => is_default));
    const stages = [{ name: 'S', category: 'new' as const }];
    const made = await at.client.pipelines.create({ name: 'Second', is_default: true, stages });
    assert.deepEqual(await defaults(), ['Second']);
    const third = await at.client.pipelines.create({ name: 'Third', stages });
    assert.equal((await at.client.pipelines.update(third.id, { is_default: true })).version, 2);
    assert.deepEqual(await defaults(), ['Third']);
    assert.equal((await at.client.pipelines.get(made.id)).version, 2);
    assert.equal((await at.client.pipelines.update(third.id, { is_default: true })).version, 2, 'a second time changes nothing');
    await assert.rejects(at.client.pipelines.update(third.id, { is_default: false } as any), { code: 'VALIDATION_ERROR' });

    const all = idsOf((await at.client.pipelines.list()).data);
    await Promise.all([...all, ...all].map((id) => at.client.pipelines.update(id, { is_default: true })));
    assert.equal((await defaults()).length, 1);
  });

  test('that are the default keep a stage that is active, for new leads come in there', async () => {
    const at = await server.newWorkspace();
    const refusal = { code: 'CONFLICT', message: /needs a stage that is active/ };
    await assert.rejects(at.client.pipelines.create({ name: 'Empty', is_default: true }), refusal);
    const empty = await at.client.pipelines.create({
      name: 'Empty',
      stages: [{ name: 'Off', category: 'new', is_active: false }],
    });
    await assert.rejects(at.client.pipelines.update(empty.id, { is_default: true }), refusal);
    const { id, stages } = await at.client.pipelines.create({
      name: 'Two',
      is_default: true,
      stages: [
        { name: 'A', category: 'new' },
        { name: 'B', category: 'new' },
      ],
    });
    const went = await Promise.allSettled([
      at.client.pipelines.updateStage(id, stages[0]!.id, { is_active: false }),
      at.client.pipelines.removeStage(id, stages[1]!.id),
    ]);
    assert.deepEqual(went.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const last = (await at.client.pipelines.get(id)).stages.find(({ is_active }) => is_active)!;
    await assert.rejects(at.client.pipelines.removeStage(id, last.id), refusal);
    await assert.rejects(at.client.pipelines.updateStage(id, last.id, { is_active: false }), refusal);
  });

  test('are seen by every member, and managed with workspace:pipelines', async () => {
    const { id, stages } = await newPipeline();
    const stage = stages[0]!.id;
    assert.equal((await ours.viewer.client.pipelines.get(id)).id, id);
    const { pipelines } = ours.manager.client;
    for (const call of [
      () => pipelines.create({ name: newName() }),
      () => pipelines.update(id, { name: newName() }),
      () => pipelines.remove(id),
      () => pipelines.addStage(id, { name: 'X', category: 'new' }),
      () => pipelines.updateStage(id, stage, { name: 'X' }),
      () => pipelines.removeStage(id, stage),
      () => pipelines.orderStages(id, { stage_ids: idsOf(stages) }),
    ]) {
      await assert.rejects(call, { code: 'FORBIDDEN', message: /workspace:pipelines/ }, String(call));
    }
    await ours.admin.client.pipelines.remove(id);
    await assert.rejects(ours.client.pipelines.get(id), { code: 'NOT_FOUND' });
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const { id, stages, name } = await newPipeline();
    const stage = stages[0]!.id;
    const { pipelines } = theirs.client;
    for (const call of [
      () => pipelines.get(id),
      () => pipelines.update(id, { name: 'X' }),
      () => pipelines.remove(id),
      () => pipelines.addStage(id, { name: 'X', category: 'new' }),
      () => pipelines.updateStage(id, stage, { name: 'X' }),
      () => pipelines.removeStage(id, stage),
      () => pipelines.orderStages(id, { stage_ids: idsOf(stages) }),
    ]) {
      await assert.rejects(call, { code: 'NOT_FOUND' }, String(call));
    }
    await pipelines.create({ name });
    assert.equal((await ours.client.pipelines.get(id)).version, 1);
  });

  test('are changed from the version that was seen', async () => {
    const { id, stages } = await newPipeline();
    const call = (method: string, path: string, body: unknown, version: string) =>
      server.fetch(`/api/v2/pipelines/${id}${path}`, json(method, body, { ...bearing(ours.owner.token), 'If-Match': version }));
    assert.equal((await call('PATCH', '', { name: newName() }, '"1"')).status, 200);
    const late = await call('PATCH', '', { name: newName() }, '"1"');
    assert.equal(late.status, 412);
    assert.partialDeepStrictEqual(await late.json(), { code: 'VERSION_MISMATCH', current: { id, version: 2 } });
    assert.equal((await call('PATCH', `/stages/${stages[0]!.id}`, { name: 'New name' }, '"1"')).status, 200);
    const stale = await call('PATCH', `/stages/${stages[0]!.id}`, { name: 'Newer name' }, '"1"');
    assert.partialDeepStrictEqual(await stale.json(), { code: 'VERSION_MISMATCH', current: { name: 'New name', version: 2 } });
    const order = idsOf(stages).toReversed();
    assert.equal((await call('PUT', '/stages/order', { stage_ids: order }, '"1"')).status, 412);
    assert.equal((await call('PUT', '/stages/order', { stage_ids: order }, '"2"')).status, 200);
    assert.equal((await call('PUT', '/stages/order', { stage_ids: idsOf(stages) }, '"2"')).status, 412, 'an order is a version');
    assert.equal((await call('DELETE', `/stages/${stages[1]!.id}`, undefined, '"1"')).status, 412);
    assert.equal((await call('DELETE', '', undefined, '"2"')).status, 412);
    assert.equal((await call('DELETE', '', undefined, '"3"')).status, 204);
  });

  test('leave a trace of each change in the audit log', async () => {
    const name = newName();
    const { id, stages } = await ours.client.pipelines.create({ name, stages: [{ name: 'A', category: 'new' }] });
    const stage = stages[0]!.id;
    await ours.admin.client.pipelines.update(id, { name: `${name} 2` });
    await ours.client.pipelines.updateStage(id, stage, { color: '#000000' });
    await ours.client.pipelines.remove(id);
    const [created, renamed, deleted] = await auditOf(id);
    assert.partialDeepStrictEqual(created, { action: 'pipeline.created', actor_id: ours.owner.userId });
    const changed = { action: 'pipeline.updated', actor_id: ours.admin.userId, before: { name }, after: { name: `${name} 2` } };
    assert.partialDeepStrictEqual(renamed, changed);
    assert.partialDeepStrictEqual(deleted, { action: 'pipeline.deleted' });
    assert.deepEqual(
      (await auditOf(stage)).map(({ action }) => action),
      ['stage.created', 'stage.updated', 'stage.deleted'],
    );
  });
});

describe('stages', () => {
  test('are added at the end, up to fifty', async () => {
    const { id } = await newPipeline();
    const added = await ours.client.pipelines.addStage(id, { name: 'Third', category: 'lost' });
    assert.partialDeepStrictEqual(added, {
      pipeline_id: id,
      display_order: 3,
      probability: 0,
      stage_type: 'outcome',
      is_completed: true,
    });
    const pipeline = await ours.client.pipelines.get(id);
    assert.equal(pipeline.version, 2);
    assert.deepEqual(pipeline.stages.at(-1), added);
    assert.partialDeepStrictEqual(await eventsOf(added.id), [{ name: 'pipeline.stage.updated', data: added, seen_by: null }]);

    const many = Array.from({ length: 50 }, (_, index) => ({ name: `S${index}`, category: 'new' as const }));
    const full = await ours.client.pipelines.create({ name: newName(), stages: many });
    await assert.rejects(ours.client.pipelines.addStage(full.id, { name: 'One more', category: 'new' }), {
      code: 'CONFLICT',
      message: 'A pipeline has at most 50 stages.',
    });
    const atOnce = Array.from({ length: 6 }, (_, index) =>
      ours.client.pipelines.addStage(id, { name: `N${index}`, category: 'new' }),
    );
    const orders = (await Promise.all(atOnce)).map(({ display_order }) => display_order);
    assert.deepEqual(orders.sort(), [4, 5, 6, 7, 8, 9]);
  });

  test('have a name that no other of their pipeline has', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted']);
    const taken = { code: 'DUPLICATE', existingId: stages[0]!.id };
    await assert.rejects(ours.client.pipelines.addStage(id, { name: 'NEW!', category: 'lost' }), taken);
    await assert.rejects(ours.client.pipelines.updateStage(id, stages[1]!.id, { name: 'New!' }), taken);
    const other = await newPipeline(['lost']);
    assert.equal((await ours.client.pipelines.updateStage(other.id, other.stages[0]!.id, { name: 'new!' })).name, 'new!');
  });

  test('are changed by what is sent; what changes nothing leaves no version and no event', async () => {
    const { id, stages } = await newPipeline();
    const stage = stages[0]!;
    const given = { name: 'Renamed', color: '#123456', rot_after_days: 9, configuration: { a: { b: 1 } } };
    const changed = await ours.client.pipelines.updateStage(id, stage.id, given);
    assert.deepEqual(changed, { ...stage, ...given, version: 2, updated_at: changed.updated_at });
    assert.deepEqual(await ours.client.pipelines.updateStage(id, stage.id, given), changed);
    assert.deepEqual(
      (await eventsOf(stage.id)).map(({ data }) => data),
      [stage, changed],
    );
    const cleared = await ours.client.pipelines.updateStage(id, stage.id, { color: '', rot_after_days: null } as any);
    assert.partialDeepStrictEqual(cleared, { color: null, rot_after_days: null, version: 3 });
  });

  test('are only found in their own pipeline', async () => {
    const [one, other] = [await newPipeline(), await newPipeline()];
    await assert.rejects(ours.client.pipelines.updateStage(other.id, one.stages[0]!.id, { name: 'X' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.pipelines.removeStage(other.id, one.stages[0]!.id), { code: 'NOT_FOUND' });
  });

  test('are put into another order, each named once', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted', 'lost']);
    const [a, b, c] = idsOf(stages) as [string, string, string];
    const ordered = await ours.client.pipelines.orderStages(id, { stage_ids: [a, c, b] });
    assert.deepEqual(idsOf(ordered.stages), [a, c, b]);
    assert.deepEqual(
      ordered.stages.map(({ version }) => version),
      [1, 2, 2],
    );
    assert.equal(ordered.version, 2);
    assert.deepEqual(await Promise.all([a, b, c].map(async (stage) => (await eventsOf(stage)).length)), [1, 2, 2]);
    assert.deepEqual(
      await ours.client.pipelines.orderStages(id, { stage_ids: [a, c, b] }),
      ordered,
      'the same order changes nothing',
    );
    const { stages: foreign } = await newPipeline();
    for (const [stage_ids, field] of [
      [[a, b], 'stage_ids'],
      [[a, b, b], 'stage_ids.2'],
      [[a, b, foreign[0]!.id], 'stage_ids.2'],
      [[a, b, c, c], 'stage_ids.3'],
      [[], 'stage_ids'],
    ] as const) {
      await assert.rejects(
        ours.client.pipelines.orderStages(id, { stage_ids: [...stage_ids] }),
        (error: any) => error.code === 'VALIDATION_ERROR' && Object.keys(error.details).join() === field,
        field,
      );
    }
    assert.deepEqual(idsOf((await ours.client.pipelines.get(id)).stages), [a, c, b]);
  });

  test('that hold no leads are deleted at once, and it is told', async () => {
    const { id, stages } = await newPipeline();
    await ours.client.pipelines.removeStage(id, stages[0]!.id);
    assert.deepEqual(idsOf((await ours.client.pipelines.get(id)).stages), [stages[1]!.id]);
    assert.deepEqual((await eventsOf(stages[0]!.id)).at(-1).data, { id: stages[0]!.id, pipeline_id: id });
    assert.equal((await ours.client.pipelines.get(id)).version, 2);
    await assert.rejects(ours.client.pipelines.removeStage(id, stages[0]!.id), { code: 'NOT_FOUND' });
  });
});
