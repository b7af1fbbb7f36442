import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const owned = (text: string, parameters: unknown[] = []) => server.database.asOwner(text, parameters);
const idsOf = (records: { id: string }[]) => records.map(({ id }) => id);
const newName = () => `Pipeline ${newId()}`;

/** A pipeline with a stage of each of these categories, called by it. */
const newPipeline = (categories: readonly any[] = ['new', 'contacted'], at = ours) =>
  at.client.pipelines.create({ name: newName(), stages: categories.map((category) => ({ name: `${category}!`, category })) });

const newLead = async (stage_id: string, given: object = {}) =>
  ours.client.leads.create({ contact: { email: `${newId()}@example.test` }, stage_id, ...given });

/** Puts many leads of one contact into a stage. */
async function fill(stage: { id: string; pipeline_id: string }, count: number) {
  const contact = await ours.client.contacts.create({ email: `${newId()}@example.test` });
  await owned(
    `insert into leads (workspace_id, contact_id, title, pipeline_id, stage_id, status, currency, position)
      select $1::uuid, $2, 'Lead ' || n, $3, $4, 'new', 'EUR', 'b' || lpad(n::text, 4, '0') || 'V' from (select set_config('millrace.workspace', $1::text, true)) entered, generate_series(1, $5) n`,
    [ours.id, contact.id, stage.pipeline_id, stage.id, count],
  );
}

/** The leads of a stage by their rank, as the table has them. */
const cardsIn = (stageId: string) =>
  owned('select * from leads where stage_id = $1 and deleted_at is null order by position, id', [stageId]);
const eventsOf = (recordId: string) =>
  owned('select name, data, seen_by, left_by from events where record_id = $1 order by seq', [recordId]);

describe('the category of a stage', () => {
  test('brings its type, probability and completion along, but not what was set otherwise', async () => {
    const { id, stages } = await newPipeline(['new']);
    const stage = stages[0]!.id;
    assert.partialDeepStrictEqual(await ours.client.pipelines.updateStage(id, stage, { category: 'converted' }), {
      category: 'converted',
      stage_type: 'outcome',
      probability: 100,
      is_completed: true,
    });
    await ours.client.pipelines.updateStage(id, stage, { probability: 90 });
    assert.partialDeepStrictEqual(
      await ours.client.pipelines.updateStage(id, stage, { category: 'qualified', is_completed: true }),
      {
        stage_type: 'milestone',
        probability: 90,
        is_completed: true,
      },
    );
  });

  test('is followed by its leads in status and flags, without a change of stage', async () => {
    const { id, stages } = await newPipeline(['contacted']);
    const stage = stages[0]!;
    const lead = await newLead(stage.id, { owner_id: ours.member.userId });
    const gone = await newLead(stage.id);
    await ours.client.leads.remove(gone.id);
    const history = (await ours.client.leads.history(lead.id)).data.length;

    await ours.client.pipelines.updateStage(id, stage.id, { category: 'qualified' });
    const qualified = {
      status: 'qualified',
      is_qualified: true,
      is_active: true,
      is_closed_won: false,
      is_closed_lost: false,
    } as const;
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { ...qualified, version: lead.version + 1 });
    await ours.client.pipelines.updateStage(id, stage.id, { category: 'proposal' });
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { ...qualified, version: lead.version + 1 });
    await ours.client.pipelines.updateStage(id, stage.id, { category: 'lost' });
    const lost = { status: 'lost', is_qualified: true, is_active: false, is_closed_won: false, is_closed_lost: true } as const;
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { ...lost, stage_entered_at: lead.stage_entered_at });
    await ours.client.pipelines.updateStage(id, stage.id, { category: 'converted' });
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), {
      status: 'converted',
      is_active: false,
      is_closed_won: true,
      is_closed_lost: false,
      converted_at: null,
    });
    await ours.client.pipelines.updateStage(id, stage.id, { category: 'new' });
    assert.partialDeepStrictEqual(await ours.client.leads.get(lead.id), { status: 'new', is_qualified: false, is_active: true });

    assert.equal((await ours.client.leads.history(lead.id)).data.length, history);
    const told = (await eventsOf(lead.id)).filter(({ name }) => name === 'lead.updated');
    assert.deepEqual(
      told.map(({ data }) => data.status),
      ['qualified', 'lost', 'converted', 'new'],
    );
    assert.deepEqual(told[0].seen_by, [ours.member.userId]);
    assert.deepEqual(told.at(-1).data, (await ours.client.leads.list({ contact_id: lead.contact_id })).data[0]);
    assert.deepEqual((await eventsOf(gone.id)).at(-1).name, 'lead.deleted');
    assert.equal((await ours.client.leads.restore(gone.id)).status, 'new');
  });

  test('is followed by any number of leads, those beyond five hundred by a job', async () => {
    const { id, stages } = await newPipeline(['new']);
    await fill(stages[0]!, 1_100);
    await ours.client.pipelines.updateStage(id, stages[0]!.id, { category: 'contacted' });
    const statuses = () =>
      owned('select status, count(*)::integer as count from leads where stage_id = $1 group by status order by status', [
        stages[0]!.id,
      ]);
    assert.deepEqual(await statuses(), [
      { status: 'contacted', count: 500 },
      { status: 'new', count: 600 },
    ]);
    await server.app.worker.runDue();
    assert.deepEqual(await statuses(), [{ status: 'contacted', count: 1_100 }]);
    const [{ count }] = (await owned(
      `select count(*)::integer from audit_log where resource = 'lead' and after ->> 'status' = 'contacted' and actor_id = $1
        and record_id in (select id from leads where stage_id = $2)`,
      [ours.owner.userId, stages[0]!.id],
    )) as [{ count: number }];
    assert.equal(count, 1_100);
  });
});

describe('the deletion of a stage that holds leads', () => {
  test('needs the stage that they go to', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted', 'lost']);
    const [from, to, off] = stages as [any, any, any];
    await newLead(from.id);
    const gone = await newLead(from.id);
    await ours.client.leads.remove(gone.id);
    await ours.client.pipelines.updateStage(id, off.id, { is_active: false });
    const remove = (query?: any) => ours.client.pipelines.removeStage(id, from.id, query);
    await assert.rejects(remove(), {
      code: 'CONFLICT',
      message: 'It holds 2 leads, 1 of them deleted and still to be restored: name in move_to the stage that they go to.',
    });
    await assert.rejects(remove({ move_to: newId() }), { details: { move_to: 'Move to names a record that does not exist.' } });
    await assert.rejects(remove({ move_to: from.id }), { code: 'CONFLICT', message: /goes as well/ });
    await assert.rejects(remove({ move_to: off.id }), { code: 'CONFLICT', message: /takes no leads any more/ });
    assert.equal((await cardsIn(from.id)).length, 1);
    await remove({ move_to: to.id });
    assert.equal((await cardsIn(to.id)).length, 1);
    assert.partialDeepStrictEqual(await ours.client.leads.restore(gone.id), { stage_id: to.id, status: 'contacted' });
  });

  test('moves them in their order below those that are there, with history, timeline, flags and events', async () => {
    const one = await newPipeline(['new']);
    const other = await newPipeline(['qualified']);
    const [from, to] = [one.stages[0]!, other.stages[0]!];
    const there = [await newLead(to.id), await newLead(to.id)];
    const [third, second, first] = [
      await newLead(from.id),
      await newLead(from.id, { is_archived: true }),
      await newLead(from.id, { owner_id: ours.member.userId }),
    ];
    await ours.client.pipelines.removeStage(one.id, from.id, { move_to: to.id });

    const cards = await cardsIn(to.id);
    assert.deepEqual(idsOf(cards), [there[1]!.id, there[0]!.id, first.id, second.id, third.id]);
    assert.equal(new Set(cards.map(({ position }) => position)).size, 5);
    const moved = await ours.client.leads.get(first.id);
    assert.partialDeepStrictEqual(moved, {
      pipeline_id: other.id,
      stage_id: to.id,
      status: 'qualified',
      is_qualified: true,
      version: first.version + 1,
    });
    assert.ok(moved.stage_entered_at > first.stage_entered_at);
    assert.partialDeepStrictEqual(moved.stage_history[0], {
      from_stage_id: null,
      from_stage: null,
      to_stage_id: to.id,
      to_stage: 'qualified!',
      reason: 'The stage new! was deleted.',
      changed_by: ours.owner.userId,
    });
    assert.ok(moved.stage_history[0]!.seconds_in_stage! >= 0);
    assert.partialDeepStrictEqual(moved.activities[0], {
      activity_type: 'stage_change',
      subject: 'Moved from new! to qualified!',
      metadata: { event: 'lead.moved_to_stage', from_stage_id: from.id, to_stage_id: to.id },
      created_by: ours.owner.userId,
    });
    const [row] = (await ours.client.leads.list({ contact_id: first.contact_id })).data;
    const event = (await eventsOf(first.id)).at(-1);
    assert.deepEqual(event, {
      name: 'lead.moved_to_stage',
      data: { ...row, from_stage_id: from.id, to_stage_id: to.id },
      seen_by: [ours.member.userId],
      left_by: [],
    });
    const [totals] = (await owned('select sum(count)::integer as count from stage_totals where stage_id = $1', [to.id])) as any[];
    assert.equal(totals.count, 4, 'the archived one is not counted');
  });

  test('moves any number, those beyond five hundred by a job, until which the stage takes no more', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted']);
    const [from, to] = stages as [any, any];
    await fill(from, 1_200);
    await newLead(to.id, { title: 'There before' });
    await ours.client.pipelines.removeStage(id, from.id, { move_to: to.id });
    const emptied = (await ours.client.pipelines.get(id)).stages[0]!;
    assert.partialDeepStrictEqual(emptied, { id: from.id, is_active: false });
    await assert.rejects(newLead(from.id), { code: 'CONFLICT' });
    assert.equal((await cardsIn(from.id)).length, 700);
    await server.app.worker.runDue();
    assert.deepEqual(idsOf((await ours.client.pipelines.get(id)).stages), [to.id]);
    const cards = await cardsIn(to.id);
    assert.deepEqual(
      cards.map(({ title }) => title),
      ['There before', ...Array.from({ length: 1_200 }, (_, index) => `Lead ${index + 1}`)],
    );
    assert.equal(new Set(cards.map(({ position }) => position)).size, 1_201);
    assert.deepEqual((await eventsOf(from.id)).at(-1).data, { id: from.id, pipeline_id: id });
  });

  test('loses no lead that comes in or is moved at the same moment', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted', 'qualified']);
    const [from, to, other] = idsOf(stages) as [string, string, string];
    const there = [];
    for (let count = 0; count < 4; count++) there.push(await newLead(from));
    const went = await Promise.allSettled([
      ...there.slice(2).map((lead) => ours.client.leads.move(lead.id, { stage_id: other })),
      newLead(from),
      ours.client.pipelines.removeStage(id, from, { move_to: to }),
      newLead(from),
      ours.client.leads.move(there[1]!.id, { stage_id: from, before_id: there[0]!.id }),
    ]);
    const refusals = went.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    assert.ok(
      refusals.every((code) => code === 'VALIDATION_ERROR' || code === 'CONFLICT'),
      refusals.join(),
    );
    assert.deepEqual(idsOf((await ours.client.pipelines.get(id)).stages), [to, other]);
    const made = went.filter(({ status, value }: any) => status === 'fulfilled' && value?.contact_id !== undefined);
    const all = new Set([...there, ...made.map(({ value }: any) => value)].map((lead) => lead.id));
    const cards = [...(await cardsIn(to)), ...(await cardsIn(other))];
    assert.deepEqual(new Set(idsOf(cards)), all);
    const wrong = await owned(
      `select l.id from leads l where l.pipeline_id = $1 and l.deleted_at is null and l.stage_id is distinct from
        (select h.to_stage_id from lead_stage_history h where h.lead_id = l.id order by h.changed_at desc, h.id desc limit 1)`,
      [id],
    );
    assert.deepEqual(wrong, [], 'the last entry of every history names the stage');
  });
});

describe('the deletion of a pipeline', () => {
  test('is refused for the default one', async () => {
    const { data } = await ours.client.pipelines.list();
    const standard = data.find(({ is_default }) => is_default)!;
    await assert.rejects(ours.client.pipelines.remove(standard.id), {
      code: 'CONFLICT',
      message: /make another one the default/,
    });
  });

  test('takes its stages along and needs the stage that its leads go to', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted']);
    const other = await newPipeline(['lost']);
    const [a, b] = [await newLead(stages[1]!.id), await newLead(stages[0]!.id)];
    await assert.rejects(ours.client.pipelines.remove(id), { code: 'CONFLICT', message: /^It holds 2 leads: name in move_to/ });
    await assert.rejects(ours.client.pipelines.remove(id, { move_to: stages[0]!.id }), {
      code: 'CONFLICT',
      message: /goes as well/,
    });
    await ours.client.pipelines.remove(id, { move_to: other.stages[0]!.id });
    await assert.rejects(ours.client.pipelines.get(id), { code: 'NOT_FOUND' });
    assert.deepEqual(idsOf(await cardsIn(other.stages[0]!.id)), [b.id, a.id], 'those of the first stage come first');
    assert.partialDeepStrictEqual(await ours.client.leads.get(a.id), {
      pipeline_id: other.id,
      status: 'lost',
      is_closed_lost: true,
    });
    for (const stage of stages) assert.deepEqual((await eventsOf(stage.id)).at(-1).data, { id: stage.id, pipeline_id: id });
  });

  test('goes on by a job where its leads are many', async () => {
    const { id, stages } = await newPipeline(['new', 'contacted']);
    const other = await newPipeline(['qualified']);
    for (const stage of stages) await fill(stage, 400);
    await ours.client.pipelines.remove(id, { move_to: other.stages[0]!.id });
    assert.deepEqual(
      (await ours.client.pipelines.get(id)).stages.map(({ is_active }) => is_active),
      [false, false],
    );
    await server.app.worker.runDue();
    await assert.rejects(ours.client.pipelines.get(id), { code: 'NOT_FOUND' });
    assert.equal((await cardsIn(other.stages[0]!.id)).length, 800);
  });
});
