import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Client } from '../../src/client/index.ts';
import type { BulkChange, BulkJob } from '../../src/contract/bulk.ts';
import { bearing, json } from '../support/calls.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { fillLeads } from '../support/many-leads.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;

before(async () => {
  server = await newServer();
});

const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

/** Calls the API with a credential that is no member's own. */
async function call(token: string, method: string, path: string, body?: unknown) {
  const response = await server.fetch(`/api/v2${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { 'Content-Type': 'application/json', ...bearing(token) },
  });
  return { status: response.status, ...((await response.json()) as any) };
}

const ended = async (client: Client, change: BulkChange): Promise<BulkJob> => {
  const { id } = await client.leads.bulk(change);
  await server.app.worker.runDue();
  return client.bulkJobs.get(id);
};

describe('changing the leads of a filter', () => {
  test('is queued, answered with 202, and done by a job', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 620);
    await fillLeads(server, workspace, 3, { tags: ['other'] });
    const answer = await call(workspace.owner.token, 'POST', '/leads/bulk', {
      filter: { tags: 'other', status: ['new'], is_active: true, score_max: 50 },
      action: 'tag',
      tags: ['found'],
    });
    assert.equal(answer.status, 202);
    assert.partialDeepStrictEqual(answer.data, {
      state: 'waiting',
      action: 'tag',
      parameters: { tags: ['found'] },
      filter: { tags: ['other'], status: ['new'], is_active: true, score_max: 50 },
      total: null,
      processed: 0,
      finished_at: null,
      undo_until: null,
      undo: null,
      creator: { id: workspace.owner.userId },
    });
    assert.equal(answer.data.results, undefined);

    const all = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['all'] });
    await server.app.worker.runDue();
    const found = await workspace.client.bulkJobs.get(answer.data.id);
    assert.deepEqual([found.state, found.total, found.done], ['done', 3, 3]);
    const { state, total, processed, done, finished_at, undo_until } = await workspace.client.bulkJobs.get(all.id);
    assert.deepEqual([state, total, processed, done], ['done', 623, 623, 623]);
    assert.equal(Date.parse(undo_until!) - Date.parse(finished_at!), 30 * 86_400_000);
    assert.equal((await workspace.client.leads.list({ tags: ['all'] })).pagination.total, 623);
    assert.equal((await workspace.client.leads.list({ tags: ['found'] })).pagination.total, 3);

    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await workspace.client.bulkJobs.results(all.id, { page_size: 100, ...(cursor && { cursor }) });
      for (const { lead_id, status } of page.data) {
        assert.equal(status, 'done');
        seen.add(lead_id);
      }
      cursor = page.pagination.next_cursor ?? undefined;
    } while (cursor);
    assert.equal(seen.size, 623);
    assert.equal((await workspace.client.bulkJobs.results(all.id, { status: ['failed', 'unchanged'] })).pagination.total, 0);
  });

  test('changes the leads that it found when it began, though by the change they are found no more', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 250);
    const { id: stage } = (await workspace.client.pipelines.list()).data[0]!.stages[0]!;
    const moved = await ended(workspace.client, { filter: { stage_id: [stage] }, action: 'status', status: 'contacted' });
    assert.deepEqual([moved.total, moved.done], [250, 250]);
    const deleted = await ended(workspace.client, { filter: { status: ['contacted'] }, action: 'delete' });
    assert.deepEqual([deleted.total, deleted.done], [250, 250]);
    const none = await ended(workspace.client, { filter: { search: 'number' }, action: 'delete' });
    assert.deepEqual([none.state, none.total, none.processed], ['done', 0, 0]);
  });

  test("fails a member's others by themselves, and changes the member's own", async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 60, { owner: workspace.manager.userId });
    await fillLeads(server, workspace, 50, { owner: workspace.member.userId });
    const job = await ended(workspace.member.client, { filter: {}, action: 'archive' });
    assert.deepEqual([job.done, job.failed], [50, 60]);
    const { data } = await workspace.member.client.bulkJobs.results(job.id, { status: ['failed'], page_size: 1 });
    assert.deepEqual([data[0]!.code, data[0]!.status], ['FORBIDDEN', 'failed']);
  });

  test('can be cancelled: what is done stays', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 5);
    const { id } = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['x'] });
    const cancelled = await workspace.client.bulkJobs.cancel(id);
    assert.equal(cancelled.state, 'cancelled');
    assert.notEqual(cancelled.finished_at, null);
    await server.app.worker.runDue();
    assert.equal((await workspace.client.leads.list({ tags: ['x'] })).pagination.total, 0);
    assert.equal((await workspace.client.bulkJobs.cancel(id)).version, cancelled.version);

    const done = await ended(workspace.client, { filter: {}, action: 'tag', tags: ['y'] });
    await assert.rejects(workspace.client.bulkJobs.cancel(done.id), {
      code: 'CONFLICT',
      message: 'It has ended: undo it instead.',
    });
  });

  test('counts no lead before it is changed, and changes none twice', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 350);
    const { id } = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['piece'] });
    const looking = (async () => {
      for (;;) {
        const { state, processed } = await workspace.client.bulkJobs.get(id);
        if (state === 'done') return;
        const [{ count }] = await owned(
          `select count(*)::integer as count from leads where workspace_id = $1 and 'piece' = any(tags)`,
          workspace.id,
        );
        assert.ok(count >= processed);
      }
    })();
    await Promise.all([server.app.worker.runDue(), server.app.worker.runDue(), looking]);
    await server.app.worker.runDue();
    const { state, done } = await workspace.client.bulkJobs.get(id);
    assert.deepEqual([state, done], ['done', 350]);
    const twice = await owned(
      `select record_id from audit_log where workspace_id = $1 and action = 'lead.updated' group by 1 having count(*) > 1`,
      workspace.id,
    );
    assert.deepEqual(twice, []);
  });

  test('fails at once where a field that the filter names was retired meanwhile', async () => {
    const workspace = await server.newWorkspace();
    const { client } = workspace;
    const field = await client.customFields.create({ context: 'lead', name: 'size', label: 'Size', field_type: 'number' });
    await fillLeads(server, workspace, 2);
    const { id } = await client.leads.bulk({ filter: { cf: { size: 1 } }, action: 'tag', tags: ['late'] });
    await client.customFields.update(field.id, { is_active: false });
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await client.bulkJobs.get(id), {
      state: 'failed',
      error: 'Nothing is found by its filter any more: There is no field called cf.size.',
      done: 0,
    });
  });
});

describe('the rights of a bulk job', () => {
  const waiting = async (client: Client) => (await client.leads.bulk({ filter: {}, action: 'tag', tags: ['late'] })).id;
  const memberOf = async (workspace: TestWorkspace, role: string) =>
    (await workspace.client.members.list()).data.find((member) => member.role === role)!;
  const tagged = async (workspace: TestWorkspace) => (await workspace.client.leads.list({ tags: ['late'] })).pagination.total;

  test('are those of its creator when it runs: a manager who has become a member changes no leads of others', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 4, { owner: workspace.owner.userId });
    await fillLeads(server, workspace, 3);
    const id = await waiting(workspace.manager.client);
    await workspace.client.members.update((await memberOf(workspace, 'manager')).id, { role: 'member' });
    await server.app.worker.runDue();
    const { state, done, failed } = await workspace.client.bulkJobs.get(id);
    assert.deepEqual([state, done, failed], ['done', 3, 4]);
  });

  test('end with the right to change leads at all', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 2);
    const id = await waiting(workspace.member.client);
    await workspace.client.members.update((await memberOf(workspace, 'member')).id, { role: 'viewer' });
    await server.app.worker.runDue();
    const { state, error, total } = await workspace.client.bulkJobs.get(id);
    assert.deepEqual(
      [state, error, total],
      ['failed', 'Whoever asked for it has no longer the permission crm:leads:edit.', null],
    );
    assert.equal(await tagged(workspace), 0);
  });

  test('end when its creator leaves, also for one who comes back', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 2);
    const id = await waiting(workspace.manager.client);
    const { id: memberId } = await memberOf(workspace, 'manager');
    await workspace.client.members.remove(memberId, { reassign_to: 'nobody' });
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(id), {
      state: 'failed',
      error: 'Whoever asked for it has left the workspace.',
    });
    const again = await waiting(workspace.admin.client);
    await owned(
      `update members set joined_at = now() + interval '1 second' where workspace_id = $1 and role = 'admin'`,
      workspace.id,
    );
    await server.app.worker.runDue();
    assert.equal((await workspace.client.bulkJobs.get(again)).state, 'failed');
    assert.equal(await tagged(workspace), 0);
  });

  test("are a key's, until it is revoked or ends", async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 2);
    const started = async () => {
      const expires_at = new Date(Date.now() + 86_400_000).toISOString();
      const { key, id } = await newKey(workspace, { permissions: ['crm:leads:view', 'crm:leads:edit'], expires_at });
      const { data } = await call(key, 'POST', '/leads/bulk', { filter: {}, action: 'tag', tags: ['late'] });
      return { key, keyId: id, id: data.id as string };
    };
    const revoked = await started();
    await workspace.client.apiKeys.remove(revoked.keyId);
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(revoked.id), {
      state: 'failed',
      error: 'The key that asked for it was revoked.',
    });
    assert.equal(await tagged(workspace), 0);
    const kept = await started();
    await server.app.worker.runDue();
    assert.deepEqual((await call(kept.key, 'GET', `/bulk-jobs/${kept.id}`)).data.state, 'done');
    const expired = await started();
    server.later(2 * 86_400_000);
    await server.app.worker.runDue();
    server.later(-2 * 86_400_000);
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(expired.id), {
      state: 'failed',
      error: 'The key that asked for it has expired.',
    });
  });

  test("are an embed token's: one owner's leads, and no permission that the token did not carry", async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 3, { owner: workspace.member.userId });
    await fillLeads(server, workspace, 4, { owner: workspace.manager.userId });
    const { key } = await newKey(workspace);
    const scoped = await newEmbedToken(server, key, {
      owner_scope: workspace.member.userId,
      permissions: ['crm:leads:view', 'crm:leads:edit'],
    });
    const { data } = await call(scoped, 'POST', '/leads/bulk', { filter: {}, action: 'tag', tags: ['late'] });
    assert.equal((await call(scoped, 'POST', '/leads/bulk', { filter: {}, action: 'delete' })).status, 403);
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual((await call(scoped, 'GET', `/bulk-jobs/${data.id}`)).data, {
      state: 'done',
      total: 3,
      done: 3,
    });
    assert.equal(await tagged(workspace), 3);

    const other = await newEmbedToken(server, key, {
      owner_scope: workspace.manager.userId,
      permissions: ['crm:leads:view', 'crm:leads:edit'],
    });
    assert.equal((await call(other, 'GET', `/bulk-jobs/${data.id}`)).status, 404);
    assert.equal((await call(other, 'GET', `/bulk-jobs/${data.id}/results`)).status, 404);
    assert.equal((await call(other, 'POST', `/bulk-jobs/${data.id}/undo`)).status, 404);
    assert.deepEqual((await call(other, 'GET', '/bulk-jobs')).data, []);
    assert.equal((await call(scoped, 'GET', `/bulk-jobs/${data.id}/results`)).data.length, 3);
    assert.equal((await call(scoped, 'POST', `/bulk-jobs/${data.id}/undo`)).status, 202);
    await server.app.worker.runDue();
    assert.equal((await call(scoped, 'GET', `/bulk-jobs/${data.id}`)).data.state, 'undone');
  });

  test('are no more than the key and the member of an embed token still have', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 2);
    const { key, id: keyId } = await newKey(workspace);
    const { id: memberId } = await memberOf(workspace, 'manager');
    const started = async (action: object) => {
      const token = await newEmbedToken(server, key, { member_id: memberId });
      return (await call(token, 'POST', '/leads/bulk', { filter: {}, ...action })).data.id as string;
    };
    const deleting = await started({ action: 'delete' });
    await workspace.client.members.update(memberId, { role: 'member' });
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(deleting), {
      state: 'failed',
      error: 'Whoever asked for it has no longer the permission crm:leads:delete.',
    });
    const tagging = await started({ action: 'tag', tags: ['late'] });
    await workspace.client.apiKeys.update(keyId, { permissions: ['crm:leads:view'] });
    await server.app.worker.runDue();
    assert.equal((await workspace.client.bulkJobs.get(tagging)).state, 'failed');
    assert.equal(await tagged(workspace), 0);
  });
});

describe('bulk jobs', () => {
  test('are seen by those who asked for them, and all of them by managers and above', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 1);
    const mine = await ended(workspace.member.client, { filter: {}, action: 'tag', tags: ['a'] });
    const managers = await ended(workspace.manager.client, { filter: {}, action: 'archive' });
    const seenBy = async (role: 'member' | 'manager' | 'viewer' | 'owner', query = {}) =>
      (await workspace[role].client.bulkJobs.list(query)).data.map(({ id }) => id);
    assert.deepEqual(await seenBy('member'), [mine.id]);
    assert.deepEqual(await seenBy('viewer'), []);
    assert.deepEqual(await seenBy('manager'), [managers.id, mine.id]);
    assert.deepEqual(await seenBy('owner', { action: ['archive'] }), [managers.id]);
    assert.deepEqual(await seenBy('owner', { state: ['running', 'failed'] }), []);
    assert.deepEqual(await seenBy('owner', { state: ['done'], sort_order: 'asc' }), [mine.id, managers.id]);
    await assert.rejects(workspace.member.client.bulkJobs.get(managers.id), { code: 'NOT_FOUND' });
    await assert.rejects(workspace.member.client.bulkJobs.results(managers.id), { code: 'NOT_FOUND' });
    await assert.rejects(workspace.member.client.bulkJobs.cancel(managers.id), { code: 'NOT_FOUND' });
    await assert.rejects(workspace.member.client.bulkJobs.undo(managers.id), { code: 'NOT_FOUND' });
  });

  test('that the worker has given up say so, and what they did can be undone', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 150);
    const { id } = await workspace.client.leads.bulk({ filter: {}, action: 'tag', tags: ['given up'] });
    await owned(`
      create function break_tags() returns trigger language plpgsql as $$ begin
        if (select count(*) from leads where workspace_id = new.workspace_id and 'given up' = any(tags)) > 110 then raise exception 'broken' using errcode = 'XX000'; end if;
        return null;
      end $$`);
    await owned('create trigger z_broken after update of tags on leads for each row execute function break_tags()');
    await server.app.worker.runDue();
    for (let attempt = 0; attempt < 4; attempt++) {
      server.later(20 * 60_000);
      await server.app.worker.runDue();
    }
    server.later(-80 * 60_000);
    await owned('drop trigger z_broken on leads');
    const given = await workspace.client.bulkJobs.get(id);
    assert.deepEqual([given.state, given.error, given.done], ['failed', 'It was given up after several attempts.', 100]);
    assert.deepEqual((await workspace.client.bulkJobs.list({ state: ['failed'] })).data.length, 1);
    assert.deepEqual((await workspace.client.bulkJobs.list({ state: ['running'] })).data.length, 0);
    await assert.rejects(workspace.client.bulkJobs.cancel(id), { code: 'CONFLICT' });
    await workspace.client.bulkJobs.undo(id);
    await server.app.worker.runDue();
    assert.partialDeepStrictEqual(await workspace.client.bulkJobs.get(id), { state: 'undone', undo: { undone: 100 } });
    assert.equal((await workspace.client.leads.list({ tags: ['given up'] })).pagination.total, 0);
  });

  test('are told in the audit log when somebody asks for them, cancels or undoes them', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 2);
    const { id } = await ended(workspace.client, { filter: {}, action: 'tag', tags: ['a'] });
    await workspace.manager.client.bulkJobs.undo(id);
    await server.app.worker.runDue();
    const { data } = await workspace.client.audit.list({ record_id: id, sort_order: 'asc' });
    assert.deepEqual(
      data.map(({ action, actor_id }) => [action, actor_id]),
      [
        ['bulk_job.created', workspace.owner.userId],
        ['bulk_job.updated', workspace.manager.userId],
      ],
    );
  });

  test('go thirty days after their end, with what they did to each lead', async () => {
    const workspace = await server.newWorkspace();
    await fillLeads(server, workspace, 3);
    const { id } = await ended(workspace.client, { filter: {}, action: 'tag', tags: ['a'] });
    const age = (time: string) =>
      owned(`update bulk_jobs set finished_at = now() - $2::interval where workspace_id = $1`, workspace.id, time);
    await age('29 days 23 hours');
    while ((await server.app.purge()) > 0);
    assert.equal((await workspace.client.bulkJobs.get(id)).id, id);
    await age('30 days 1 minute');
    while ((await server.app.purge()) > 0);
    await assert.rejects(workspace.client.bulkJobs.get(id), { code: 'NOT_FOUND' });
    assert.deepEqual(await owned('select from bulk_rows where bulk_id = $1', id), []);
    const told = await owned('select before, after from audit_log where record_id = $1', id);
    assert.deepEqual(told, [{ before: null, after: null }]);
  });
});
