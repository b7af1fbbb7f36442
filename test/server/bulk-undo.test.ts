import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Client } from '../../src/client/index.ts';
import type { BulkChange, BulkJob } from '../../src/contract/bulk.ts';
import { newId } from '../../server/ids.ts';
import { fillLeads } from '../support/many-leads.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

/** What an undo does not give back: that there were changes, when, and by whom. */
const TRACES = ['version', 'updated_at', 'updated_by', 'last_activity_at'];

/** The leads of a workspace as they stand, with what stands once more beside them. */
async function standing(workspace: TestWorkspace) {
  const leads = await owned(
    `select to_jsonb(l) - $2::text[] as lead from leads l where workspace_id = $1 order by id`,
    workspace.id,
    TRACES,
  );
  const tags = await owned('select * from lead_tags where workspace_id = $1 order by lead_id, tag_key', workspace.id);
  const totals = await owned(
    'select * from stage_totals where workspace_id = $1 and count > 0 order by stage_id, currency, score',
    workspace.id,
  );
  const scores = await owned('select id, score from contacts where workspace_id = $1 order by id', workspace.id);
  return { leads, tags, totals, scores };
}

async function ended(client: Client, change: BulkChange): Promise<BulkJob> {
  const { id } = await client.leads.bulk(change);
  await server.app.worker.runDue();
  return client.bulkJobs.get(id);
}

async function undone(client: Client, id: string): Promise<BulkJob> {
  const asked = await client.bulkJobs.undo(id);
  assert.deepEqual([asked.state, asked.undo_until], ['undoing', null]);
  await server.app.worker.runDue();
  return client.bulkJobs.get(id);
}

const newLead = async (given: object = {}, workspace = ours) =>
  (await workspace.client.leads.create({ contact: { firstname: 'Undo', lastname: newId() }, ...given } as never)).id;

describe('undoing a change of many leads', () => {
  /** Leads of every kind: in all stages, won and lost, owned and not, tagged, archived. */
  async function furnished(): Promise<TestWorkspace> {
    const workspace = await server.newWorkspace();
    const { stages } = (await workspace.client.pipelines.list()).data[0]!;
    for (const [index, stage] of stages.entries()) {
      const given = { stage_id: stage.id, score_value: index * 10, lead_value: index * 100 + 1 };
      await newLead({ ...given, owner_id: workspace.member.userId, tags: ['Roof', `stage ${index}`] }, workspace);
      await newLead({ ...given, tags: ['north'] }, workspace);
      await newLead({ ...given, owner_id: workspace.manager.userId, is_archived: true }, workspace);
    }
    const odd = await newLead({}, workspace);
    await workspace.client.leads.update(odd, { is_qualified: true, is_active: false });
    return workspace;
  }

  const changes: Record<string, (workspace: TestWorkspace, stages: string[]) => Record<string, unknown>> = {
    assign: ({ owner }) => ({ action: 'assign', owner_id: owner.userId }),
    'assign to nobody': () => ({ action: 'assign', owner_id: null }),
    'a move': (_, stages) => ({ action: 'move', stage_id: stages[4] }),
    'a move to lost': (_, stages) => ({ action: 'move', stage_id: stages[6] }),
    'a status': () => ({ action: 'status', status: 'converted' }),
    tag: () => ({ action: 'tag', tags: ['ROOF', 'south'] }),
    untag: () => ({ action: 'untag', tags: ['roof', 'North'] }),
    archive: () => ({ action: 'archive' }),
    delete: () => ({ action: 'delete' }),
  };
  for (const [what, changeOf] of Object.entries(changes)) {
    test(`${what} leaves the leads as they stood before, with all that is kept in step with them`, async () => {
      const workspace = await furnished();
      const { stages } = (await workspace.client.pipelines.list()).data[0]!;
      const earlier = await standing(workspace);
      const change = changeOf(
        workspace,
        stages.map(({ id }) => id),
      );
      const job = await ended(workspace.client, { filter: {}, ...change } as BulkChange);
      assert.ok(job.done > 5);
      assert.notDeepEqual(await standing(workspace), earlier);
      const { state, undo, undo_until } = await undone(workspace.client, job.id);
      assert.partialDeepStrictEqual(undo, { undone: job.done, skipped: 0, failed: 0, asked_by: workspace.owner.userId });
      assert.deepEqual([state, undo_until], ['undone', null]);
      assert.deepEqual(await standing(workspace), earlier);
    });
  }

  test('of leads that came back from the archive puts them there again', async () => {
    const workspace = await furnished();
    const earlier = await standing(workspace);
    const job = await ended(workspace.client, { filter: { is_archived: true }, action: 'archive', is_archived: false });
    assert.equal(job.done, 7);
    await undone(workspace.client, job.id);
    assert.deepEqual(await standing(workspace), earlier);
  });

  test('is told on timelines, in histories and by events like any change', async () => {
    const id = await newLead();
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    const job = await ours.client.leads.bulk({ ids: [id], action: 'move', stage_id: stages[1]!.id });
    await undone(ours.client, job.id);
    const [latest, before] = (await ours.client.leads.history(id)).data;
    assert.partialDeepStrictEqual(latest, {
      from_stage_id: stages[1]!.id,
      to_stage_id: stages[0]!.id,
      reason: 'A change of many leads was undone.',
    });
    assert.ok(latest!.changed_at > before!.changed_at);
    assert.ok(latest!.seconds_in_stage! >= 0);
    const events = await owned('select name from events where record_id = $1 order by seq', id);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['lead.created', 'lead.moved_to_stage', 'lead.moved_to_stage'],
    );
    const { stage_entered_at } = await ours.client.leads.get(id);
    assert.ok(stage_entered_at < before!.changed_at);
  });

  test('leaves a lead that was changed since in the same, and gives the others back', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, () => newLead({ tags: ['old'] })));
    const { id } = await ours.client.leads.bulk({ ids, action: 'tag', tags: ['new'] });
    await ours.client.leads.update(ids[1]!, { tags: ['by hand'] });
    await ours.client.leads.update(ids[2]!, { title: 'Changed in something else' });
    const { undo } = await undone(ours.client, id);
    assert.partialDeepStrictEqual(undo, { processed: 3, undone: 2, skipped: 1, failed: 0 });
    const tags = await Promise.all(ids.map(async (one) => (await ours.client.leads.get(one)).tags));
    assert.deepEqual(tags, [['old'], ['by hand'], ['old']]);
    assert.equal((await ours.client.leads.get(ids[2]!)).title, 'Changed in something else');
    assert.deepEqual(
      (await ours.client.bulkJobs.results(id)).data.map((row) => row.undo),
      ['undone', 'skipped', 'undone'],
    );
  });

  test('leaves leads that were moved on, given to others, brought back or archived since', async () => {
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    const lead = await newLead();
    const since: [BulkChange, () => Promise<unknown>][] = [
      [{ ids: [lead], action: 'move', stage_id: stages[1]!.id }, () => ours.client.leads.move(lead, { stage_id: stages[2]!.id })],
      [
        { ids: [lead], action: 'assign', owner_id: ours.owner.userId },
        () => ours.client.leads.update(lead, { owner_id: ours.member.userId }),
      ],
      [{ ids: [lead], action: 'delete' }, () => ours.client.leads.restore(lead)],
      [{ ids: [lead], action: 'archive' }, () => ours.client.leads.update(lead, { is_archived: false })],
    ];
    for (const [change, later] of since) {
      const { id } = await ours.client.leads.bulk(change);
      await later();
      const { version } = await ours.client.leads.get(lead);
      assert.partialDeepStrictEqual((await undone(ours.client, id)).undo, { skipped: 1, undone: 0, failed: 0 }, change.action);
      assert.equal((await ours.client.leads.get(lead)).version, version, change.action);
    }
  });

  test('a lead that went away and came back to the stage that it was moved to was moved since', async () => {
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    const lead = await newLead();
    const { id } = await ours.client.leads.bulk({ ids: [lead], action: 'move', stage_id: stages[1]!.id });
    await ours.client.leads.move(lead, { stage_id: stages[0]!.id });
    await ours.client.leads.move(lead, { stage_id: stages[1]!.id });
    assert.partialDeepStrictEqual((await undone(ours.client, id)).undo, { skipped: 1 });
  });

  test('is not stopped by a full stage, whoever undoes', async () => {
    const workspace = await server.newWorkspace();
    const pipeline = (await workspace.client.pipelines.list()).data[0]!;
    const [first, second] = pipeline.stages;
    const ids = await Promise.all([newLead({}, workspace), newLead({}, workspace)]);
    const { id } = await workspace.member.client.leads.bulk({ ids, action: 'move', stage_id: second!.id });
    await newLead({}, workspace);
    await workspace.client.pipelines.updateStage(pipeline.id, first!.id, { wip_limit: 1 });
    assert.partialDeepStrictEqual((await undone(workspace.member.client, id)).undo, { undone: 2 });

    const archived = await workspace.member.client.leads.bulk({ ids, action: 'archive' });
    assert.partialDeepStrictEqual((await undone(workspace.member.client, archived.id)).undo, { undone: 2 });
    const deleted = await workspace.manager.client.leads.bulk({ ids, action: 'delete' });
    assert.partialDeepStrictEqual((await undone(workspace.manager.client, deleted.id)).undo, { undone: 2 });
  });

  test('says of each lead why it can not be given back', async () => {
    const workspace = await server.newWorkspace();
    const pipeline = (await workspace.client.pipelines.list()).data[0]!;
    const { id: stageId } = await workspace.client.pipelines.addStage(pipeline.id, { name: 'Spare', category: 'new' });
    const lead = await newLead({ stage_id: stageId }, workspace);
    const moved = await workspace.client.leads.bulk({ ids: [lead], action: 'move', stage_id: pipeline.stages[1]!.id });
    await workspace.client.pipelines.removeStage(pipeline.id, stageId);
    await undone(workspace.client, moved.id);
    const [row] = (await workspace.client.bulkJobs.results(moved.id)).data;
    assert.deepEqual([row!.status, row!.undo, row!.undo_code], ['done', 'failed', 'VALIDATION_ERROR']);

    const owner = await newLead({ owner_id: workspace.manager.userId }, workspace);
    const given = await workspace.client.leads.bulk({ ids: [owner], action: 'assign', owner_id: workspace.owner.userId });
    const manager = (await workspace.client.members.list()).data.find(({ role }) => role === 'manager')!;
    await workspace.client.members.remove(manager.id, { reassign_to: 'nobody' });
    await undone(workspace.client, given.id);
    assert.match((await workspace.client.bulkJobs.results(given.id)).data[0]!.undo_error!, /Owner id names a record/);

    const gone = await newLead({}, workspace);
    const { contact_id } = await workspace.client.leads.get(gone);
    const deleted = await workspace.client.leads.bulk({ ids: [gone], action: 'delete' });
    await workspace.client.contacts.remove(contact_id);
    await undone(workspace.client, deleted.id);
    assert.match((await workspace.client.bulkJobs.results(deleted.id)).data[0]!.undo_error!, /restore the contact first/);
  });

  test('what was given to a member by themselves goes back to nobody, with the rights of the undoer', async () => {
    const workspace = await server.newWorkspace();
    const [free, other] = await Promise.all([newLead({}, workspace), newLead({}, workspace)]);
    const taken = await workspace.member.client.leads.bulk({
      ids: [free, other],
      action: 'assign',
      owner_id: workspace.member.userId,
    });
    assert.equal(taken.done, 2);
    await workspace.client.leads.update(other, { owner_id: workspace.manager.userId });
    assert.partialDeepStrictEqual((await undone(workspace.member.client, taken.id)).undo, { undone: 1, failed: 1 });
    assert.equal((await workspace.client.leads.get(free)).owner_id, null);

    const tagged = await workspace.member.client.leads.bulk({ ids: [free], action: 'tag', tags: ['x'] });
    await workspace.client.leads.update(free, { owner_id: workspace.manager.userId });
    await undone(workspace.manager.client, tagged.id);
    assert.deepEqual((await workspace.client.leads.get(free)).tags, []);
    const [latest] = await owned(
      `select actor_id from audit_log where record_id = $1 and action = 'lead.updated' order by at desc limit 1`,
      free,
    );
    assert.equal(latest.actor_id, workspace.manager.userId);
  });

  test('takes the permission that the action took', async () => {
    const workspace = await server.newWorkspace();
    const lead = await newLead({}, workspace);
    const manager = (await workspace.client.members.list()).data.find(({ role }) => role === 'manager')!;
    const { id } = await workspace.manager.client.leads.bulk({ ids: [lead], action: 'delete' });
    await workspace.client.members.update(manager.id, { role: 'member' });
    await assert.rejects(workspace.manager.client.bulkJobs.undo(id), {
      code: 'FORBIDDEN',
      message: 'To delete leads takes the permission crm:leads:delete, which the role member does not have.',
    });
    await assert.rejects(workspace.viewer.client.bulkJobs.undo(id), { code: 'FORBIDDEN' });
  });

  test('can be asked for once, after the end and for thirty days', async () => {
    const workspace = await server.newWorkspace();
    const lead = await newLead({}, workspace);
    const running = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['a'] });
    await assert.rejects(workspace.client.bulkJobs.undo(running.id), {
      code: 'CONFLICT',
      message: 'It goes on still: cancel it first.',
    });
    await server.app.worker.runDue();
    await workspace.client.bulkJobs.undo(running.id);
    await assert.rejects(workspace.client.bulkJobs.undo(running.id), { message: 'It is being undone already.' });
    await assert.rejects(workspace.client.bulkJobs.cancel(running.id), { code: 'CONFLICT' });
    await server.app.worker.runDue();
    await assert.rejects(workspace.client.bulkJobs.undo(running.id), { message: 'It was undone already.' });

    const { id } = await workspace.client.leads.bulk({ ids: [lead], action: 'tag', tags: ['b'] });
    await owned(`update bulk_jobs set finished_at = now() - interval '30 days 1 minute' where id = $1`, id);
    await assert.rejects(workspace.client.bulkJobs.undo(id), {
      code: 'CONFLICT',
      message: 'It is too late: changes of many leads can be undone for thirty days.',
    });
  });

  test('of one that was cancelled in its middle gives back what it had done until then', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 250);
    const earlier = await standing(workspace);
    const { id } = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['half'] });
    // Holds the second hundred back, so that it is known where it is cancelled.
    const [{ at: boundary }] = await owned(
      'select id as at from leads where workspace_id = $1 order by id offset 150 limit 1',
      workspace.id,
    );
    await owned(`
      create function cancel_bulk() returns trigger language plpgsql security definer as $$ begin
        if new.id = '${boundary}' then update bulk_jobs set state = 'cancelled', finished_at = now() where id = '${id}'; end if;
        return null;
      end $$`);
    await owned('create trigger z_cancel after update of tags on leads for each row execute function cancel_bulk()');
    await server.app.worker.runDue();
    await owned('drop trigger z_cancel on leads');
    const stopped = await workspace.client.bulkJobs.get(id);
    assert.deepEqual([stopped.state, stopped.total, stopped.done], ['cancelled', 250, 200]);
    assert.partialDeepStrictEqual((await undone(workspace.client, id)).undo, { undone: 200, processed: 200 });
    assert.deepEqual(await standing(workspace), earlier);
  });

  test('that was cut short by the leaving of its undoer can be gone on with by another', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 120);
    const earlier = await standing(workspace);
    const { id } = await ended(workspace.client, { filter: {}, action: 'tag', tags: ['a'] });
    await workspace.manager.client.bulkJobs.undo(id);
    const manager = (await workspace.client.members.list()).data.find(({ role }) => role === 'manager')!;
    await workspace.client.members.remove(manager.id, { reassign_to: 'nobody' });
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(id), {
      state: 'failed',
      error: 'Whoever asked for it has left the workspace.',
    });
    assert.equal((await undone(workspace.client, id)).state, 'undone');
    assert.deepEqual(await standing(workspace), earlier);
  });
});
