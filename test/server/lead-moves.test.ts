import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { issue } from '../../src/contract/issues.ts';
import type { Lead } from '../../src/contract/lead.ts';
import type { Pipeline } from '../../src/contract/pipeline.ts';
import { bearing, json } from '../support/calls.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';
import { aged } from '../support/stage-age.ts';

let server: TestServer;
let ours: TestWorkspace;
let sales: Pipeline;

before(async () => {
  server = await newServer();
});

/** Every group of facts begins with a board of its own, without cards. */
async function newBoard() {
  ours = await server.newWorkspace();
  sales = (await ours.client.pipelines.list()).data[0]!;
}

const stage = (category: string) => sales.stages.find((one) => one.category === category)!;
let people = 0;
const newLead = (title: string, given: object = {}): Promise<Lead> =>
  ours.client.leads.create({ title, contact: { email: `person${++people}@example.test` }, ...given });

/** The titles of a stage's cards, from top to bottom. */
async function titlesIn(stageId: string, query: object = {}) {
  const { data } = await ours.client.leads.boardStage(stageId, query);
  return data.map(({ title }) => title);
}

const eventsOf = (id: string): Promise<{ name: string; data: any; seen_by: string[] }[]> =>
  server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by txid, seq', [id]);
const rowOf = async (id: string) => (await server.database.asOwner('select * from leads where id = $1', [id]))[0];

describe('a move to another stage', () => {
  before(newBoard);

  test('puts the lead on top, follows the category, and is told in history, timeline and an event', async () => {
    await newLead('There before', { stage_id: stage('qualified').id });
    const lead = await newLead('Roof', { owner_id: ours.member.userId });
    const moved = await ours.member.client.leads.move(lead.id, {
      stage_id: stage('qualified').id,
      reason: 'They called back',
      notes: 'Wants it before\nwinter',
    });

    assert.partialDeepStrictEqual(moved, {
      stage_id: stage('qualified').id,
      status: 'qualified',
      is_qualified: true,
      is_active: true,
      is_closed_won: false,
      is_closed_lost: false,
      converted_at: null,
      version: lead.version + 1,
      updated_by: ours.member.userId,
    });
    assert.ok(moved.stage_entered_at > lead.stage_entered_at);
    assert.ok(moved.last_activity_at! >= lead.last_activity_at!);
    assert.deepEqual(await titlesIn(stage('qualified').id), ['Roof', 'There before']);

    const { data: history } = await ours.client.leads.history(lead.id);
    assert.equal(history.length, 2);
    assert.partialDeepStrictEqual(history, [
      {
        lead_id: lead.id,
        from_stage_id: stage('new').id,
        from_stage: 'New lead',
        to_stage_id: stage('qualified').id,
        to_stage: 'Qualified',
        reason: 'They called back',
        notes: 'Wants it before\nwinter',
        changed_at: moved.stage_entered_at,
        changed_by: ours.member.userId,
        person: { id: ours.member.userId, name: 'Test member' },
        seconds_in_stage: 0,
      },
      { from_stage_id: null, to_stage_id: stage('new').id, seconds_in_stage: null },
    ]);

    const { data: timeline } = await ours.client.leads.activities(lead.id, { type: ['stage_change'] });
    assert.equal(timeline.length, 1);
    assert.partialDeepStrictEqual(timeline[0]!, {
      contact_id: lead.contact_id,
      subject: 'Moved from New lead to Qualified',
      metadata: { from_stage_id: stage('new').id, to_stage_id: stage('qualified').id, reason: 'They called back' },
    });

    const told = (await eventsOf(lead.id)).filter(({ name }) => !['lead.created', 'lead.assigned'].includes(name));
    assert.deepEqual(told, [
      {
        name: 'lead.moved_to_stage',
        data: { ...moved, from_stage_id: stage('new').id, to_stage_id: stage('qualified').id },
        seen_by: [ours.member.userId],
      },
    ]);
  });

  test('counts the seconds spent in the stage that is left', async () => {
    const lead = await newLead('Slow');
    await aged(server, lead, 90);
    await ours.client.leads.move(lead.id, { stage_id: stage('lost').id });
    const { data } = await ours.client.leads.history(lead.id);
    assert.ok(data[0]!.seconds_in_stage! >= 5_400 && data[0]!.seconds_in_stage! < 5_460, `${data[0]!.seconds_in_stage}`);
  });

  test('sets the flags that its category says, and won is not converted', async () => {
    const flags = ({ status, is_active, is_qualified, is_closed_won, is_closed_lost, converted_at }: Lead) => [
      status,
      [is_active && 'active', is_qualified && 'qualified', is_closed_won && 'won', is_closed_lost && 'lost']
        .filter(Boolean)
        .join(' '),
      converted_at,
    ];
    const { id } = await newLead('Round trip');
    const seen = [];
    for (const category of ['contacted', 'lost', 'appointment', 'proposal', 'lost', 'converted', 'new']) {
      seen.push([category, ...flags(await ours.client.leads.move(id, { stage_id: stage(category).id }))]);
    }
    assert.deepEqual(seen, [
      ['contacted', 'contacted', 'active', null],
      ['lost', 'lost', 'lost', null],
      ['appointment', 'qualified', 'active qualified', null],
      ['proposal', 'qualified', 'active qualified', null],
      ['lost', 'lost', 'qualified lost', null],
      ['converted', 'converted', 'qualified won', null],
      ['new', 'new', 'active', null],
    ]);
  });

  test('may lead into another pipeline', async () => {
    const nurture = await ours.client.pipelines.create({ name: 'Nurture', stages: [{ name: 'Resting', category: 'contacted' }] });
    const { id } = await newLead('Later');
    const moved = await ours.client.leads.move(id, { stage_id: nurture.stages[0]!.id });
    assert.equal(moved.pipeline_id, nurture.id);
    assert.equal(moved.status, 'contacted');
    // And a status is then looked for there.
    await assert.rejects(ours.client.leads.setStatus(id, { status: 'lost' }), { code: 'CONFLICT' });
  });

  test('is refused into a stage that is not active, is elsewhere, or is none', async () => {
    const closed = await ours.client.pipelines.addStage(sales.id, { name: 'Closed', category: 'proposal', is_active: false });
    const theirs = await server.newWorkspace();
    const foreign = (await theirs.client.pipelines.list()).data[0]!.stages[0]!;
    const lead = await newLead('Stays');
    await assert.rejects(ours.client.leads.move(lead.id, { stage_id: closed.id }), {
      code: 'CONFLICT',
      message: /Closed.*not active/,
    });
    for (const stage_id of [foreign.id, lead.id]) {
      await assert.rejects(ours.client.leads.move(lead.id, { stage_id }), (error: any) => {
        assert.equal(error.code, 'VALIDATION_ERROR');
        assert.deepEqual(Object.keys(error.details), ['stage_id']);
        return true;
      });
    }
    await assert.rejects(theirs.client.leads.move(lead.id, { stage_id: foreign.id }), { code: 'NOT_FOUND' });
    assert.deepEqual(await ours.client.leads.get(lead.id).then(({ version, stage_id }) => [version, stage_id]), [
      1,
      stage('new').id,
    ]);
    assert.equal((await ours.client.leads.history(lead.id)).data.length, 1);
  });

  test('is refused from another stage than expected, with the card as it is', async () => {
    const lead = await newLead('Raced');
    const moved = await ours.client.leads.move(lead.id, { stage_id: stage('contacted').id, expected_stage_id: stage('new').id });
    await assert.rejects(
      ours.client.leads.move(lead.id, { stage_id: stage('proposal').id, expected_stage_id: stage('new').id }),
      (error: any) => {
        assert.equal(error.code, 'CONFLICT');
        assert.deepEqual(error.current, moved);
        return true;
      },
    );
  });

  test('is refused from another version than If-Match names', async () => {
    const lead = await newLead('Stale');
    await ours.client.leads.move(lead.id, { stage_id: stage('contacted').id }, { ifMatch: 1 });
    const to = { stage_id: stage('proposal').id };
    await assert.rejects(ours.client.leads.move(lead.id, to, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    const stale = await server.fetch(
      `/api/v2/leads/${lead.id}/status`,
      json('PUT', { status: 'lost' }, { ...bearing(ours.owner.token), 'If-Match': '"1"' }),
    );
    assert.equal(stale.status, 412);
    assert.equal((await rowOf(lead.id)).stage_id, stage('contacted').id);
  });

  test("is a member's for their own leads and nobody's, and no viewer's", async () => {
    const others = await newLead('Not yours', { owner_id: ours.manager.userId });
    const nobodys = await newLead("Nobody's");
    const to = { stage_id: stage('contacted').id };
    await assert.rejects(ours.member.client.leads.move(others.id, to), { code: 'FORBIDDEN', message: /somebody else/ });
    await assert.rejects(ours.member.client.leads.setStatus(others.id, { status: 'lost' }), { code: 'FORBIDDEN' });
    await assert.rejects(ours.viewer.client.leads.move(nobodys.id, to), { code: 'FORBIDDEN' });
    await ours.member.client.leads.move(nobodys.id, to);
    await ours.manager.client.leads.move(others.id, to);
  });
});

describe('a place in a stage', () => {
  before(newBoard);
  let cards: Record<string, Lead>;

  before(async () => {
    cards = {};
    for (const title of ['D', 'C', 'B', 'A']) cards[title] = await newLead(title);
  });

  const put = (title: string, place: { before_id?: string; after_id?: string }, stage_id = stage('new').id) =>
    ours.client.leads.move(cards[title]!.id, { stage_id, ...place });
  const order = async () => (await titlesIn(stage('new').id)).join('');

  test('is on top for a new lead', async () => {
    assert.equal(await order(), 'ABCD');
  });

  test('is before or after the card that is named, and is no change of stage', async () => {
    const { version, stage_entered_at } = cards['A']!;
    const moved = await put('A', { after_id: cards['C']!.id });
    assert.equal(await order(), 'BCAD');
    assert.deepEqual([moved.version, moved.stage_entered_at], [version + 1, stage_entered_at]);
    assert.equal((await ours.client.leads.history(moved.id)).data.length, 1);
    const last = (await eventsOf(moved.id)).at(-1)!;
    assert.equal(last.name, 'lead.updated');
    assert.deepEqual(last.data, moved);
    await put('D', { before_id: cards['B']!.id });
    assert.equal(await order(), 'DBCA');
    await put('D', { after_id: cards['A']!.id });
    await put('A', { before_id: cards['B']!.id });
    assert.equal(await order(), 'ABCD');
  });

  test('is after the one card where both are named and are no neighbours any more', async () => {
    await put('A', { before_id: cards['D']!.id, after_id: cards['B']!.id });
    assert.equal(await order(), 'BACD');
    await put('A', { before_id: cards['B']!.id });
    assert.equal(await order(), 'ABCD');
  });

  test('changes nothing where the lead is there already', async () => {
    // A rank that nobody would choose anew.
    await server.database.asOwner("update leads set position = position || '5' where id = $1", [cards['B']!.id]);
    const before = await rowOf(cards['B']!.id);
    await put('B', {});
    await put('B', { after_id: cards['A']!.id });
    await put('B', { before_id: cards['C']!.id });
    await put('B', { before_id: cards['B']!.id });
    await put('B', { after_id: cards['A']!.id, before_id: cards['C']!.id });
    assert.deepEqual(await rowOf(before.id), before);
    assert.equal(await order(), 'ABCD');
  });

  test('leaves out of account cards that are elsewhere by now, and is on top where none is left', async () => {
    const gone = await newLead('Gone');
    const away = await newLead('Away', { stage_id: stage('contacted').id });
    await ours.client.leads.remove(gone.id);
    await put('D', { after_id: away.id, before_id: cards['B']!.id });
    assert.equal(await order(), 'ADBC');
    await put('C', { after_id: gone.id, before_id: away.id });
    assert.equal(await order(), 'CADB');
    const coming = await ours.client.leads.move(away.id, { stage_id: stage('new').id, after_id: cards['A']!.id });
    assert.equal((await titlesIn(stage('new').id)).join(), 'C,A,Away,D,B');
    await ours.client.leads.remove(coming.id);
    for (const title of ['D', 'C', 'B', 'A']) await put(title, { before_id: (await firstCard()).id });
    assert.equal(await order(), 'ABCD');
  });

  const firstCard = async () => (await ours.client.leads.boardStage(stage('new').id)).data[0]!;

  test('is refused beside a card that was never to be seen', async () => {
    const theirs = await server.newWorkspace();
    const foreign = await theirs.client.leads.create({ contact: { email: 'foreign@example.test' } });
    for (const name of ['before_id', 'after_id'] as const) {
      await assert.rejects(put('A', { [name]: foreign.id }), (error: any) => {
        assert.equal(error.code, 'VALIDATION_ERROR');
        assert.deepEqual(Object.keys(error.details), [name]);
        return true;
      });
    }
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const own = await newLead('Own', { owner_id: ours.member.userId, stage_id: stage('lost').id });
    const beside = { stage_id: stage('new').id, after_id: cards['A']!.id };
    await assert.rejects(scoped.leads.move(own.id, beside), { code: 'VALIDATION_ERROR' });
  });

  test('keeps its own rank beside cards that the caller does not see, that are archived or that are deleted', async () => {
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const own = await newLead('Own', { owner_id: ours.member.userId, stage_id: stage('proposal').id });
    const unseen = await newLead('Unseen', { stage_id: stage('proposal').id });
    const archived = await newLead('Archived', { stage_id: stage('proposal').id });
    await ours.client.leads.update(archived.id, { is_archived: true });
    const deleted = await newLead('Deleted', { stage_id: stage('proposal').id });
    await ours.client.contacts.remove(deleted.contact_id);
    const moving = await newLead('Moving', { owner_id: ours.member.userId });
    const moved = await scoped.leads.move(moving.id, { stage_id: stage('proposal').id, before_id: own.id });
    assert.ok(moved.position > unseen.position && moved.position < own.position, moved.position);
    const top = await scoped.leads.move((await newLead('Top', { owner_id: ours.member.userId })).id, {
      stage_id: stage('proposal').id,
    });
    assert.ok(top.position < deleted.position);

    await ours.client.contacts.restore(deleted.contact_id);
    await ours.client.leads.update(archived.id, { is_archived: false });
    assert.deepEqual(await titlesIn(stage('proposal').id), ['Top', 'Deleted', 'Archived', 'Unseen', 'Moving', 'Own']);
  });

  test('stays short however often the same gap is used, whoever owns the cards around it', async () => {
    const stage_id = stage('new').id;
    const [upper, lower] = [cards['A']!, cards['B']!];
    for (const [{ id }, last] of [
      [upper, '1'],
      [lower, '2'],
    ] as const) {
      await ours.client.leads.update(id, { owner_id: ours.manager.userId });
      await server.database.asOwner('update leads set position = $2 where id = $1', [id, `a1${'0'.repeat(58)}${last}`]);
    }
    const before = await Promise.all([upper, lower].map(({ id }) => rowOf(id)));
    const lengths: number[] = [];
    for (let count = 0; count < 40; count++) {
      // Two in turn are put below the upper card, so that the gap is halved each time.
      const { id } = cards[count % 2 === 0 ? 'C' : 'D']!;
      const { position } = await ours.member.client.leads.move(id, { stage_id, after_id: upper.id });
      lengths.push(position.length);
    }
    assert.ok(lengths.includes(64) && Math.max(...lengths) === 64, `${lengths}`);
    assert.ok(lengths.at(-1)! < 16, `${lengths}`);
    assert.equal(await order(), 'ADCB');
    const ranks = (await server.database.asOwner('select position from leads where stage_id = $1', [stage_id])).map(
      ({ position }) => position,
    );
    assert.equal(new Set(ranks).size, ranks.length);
    for (const row of before) {
      const { position, ...rest } = await rowOf(row.id);
      assert.ok(position.length < 16, position);
      assert.deepEqual({ ...rest, position: row.position }, row, 'nothing but the rank of their neighbours is other');
    }
  });

  test('is found between cards that have the same rank, as only data from elsewhere has', async () => {
    const stageId = stage('contacted').id;
    const same = [];
    for (const title of ['One', 'Two', 'Three']) same.push(await newLead(title, { stage_id: stageId }));
    await server.database.asOwner("update leads set position = 'a1' where stage_id = $1", [stageId]);
    const [first, second] = (await ours.client.leads.boardStage(stageId)).data;
    const moved = await ours.client.leads.move(cards['D']!.id, { stage_id: stageId, after_id: first!.id });
    const { data } = await ours.client.leads.boardStage(stageId);
    assert.deepEqual(
      data.slice(0, 3).map(({ id }) => id),
      [first!.id, moved.id, second!.id],
    );
    assert.equal(new Set(data.map(({ position }) => position)).size, data.length);
  });
});

describe('a stage with a limit', () => {
  before(newBoard);
  let limited: string;

  before(async () => {
    limited = stage('appointment').id;
    await ours.client.pipelines.updateStage(sales.id, limited, { wip_limit: 2 });
    for (const title of ['One', 'Two']) await newLead(title, { stage_id: limited });
  });

  const moveAs = (member: Pick<TestMember, 'client'>, id: string, given: object = {}) =>
    member.client.leads.move(id, { stage_id: limited, ...given });

  test('refuses one more, by whatever way', async () => {
    const { id } = await newLead('Third');
    const issues = [issue('stage_id', 'too_many', { maximum: 2 })];
    const full = { code: 'CONFLICT', message: /Appointment set is full: it takes 2 leads/, issues };
    await assert.rejects(moveAs(ours.manager, id), full);
    await assert.rejects(moveAs(ours.member, id, { force: true }), full);
    await assert.rejects(newLead('Fourth', { stage_id: limited }), full);
    await assert.rejects(ours.client.leads.update(id, { stage_id: limited }), full);
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const own = await newLead('Own', { owner_id: ours.member.userId });
    await assert.rejects(scoped.leads.move(own.id, { stage_id: limited, force: true }), full);
    assert.equal((await titlesIn(limited)).length, 2);
  });

  test('takes one more of a manager or a key that sends force', async () => {
    const third = await newLead('By a manager');
    await moveAs(ours.manager, third.id, { force: true });
    const key = await keyed(server, ours, ['crm:access', 'crm:leads:view', 'crm:leads:edit']);
    const fourth = await newLead('By a key');
    await key.leads.move(fourth.id, { stage_id: limited, force: true });
    assert.equal((await titlesIn(limited)).length, 4);
    for (const { id } of [third, fourth]) await ours.client.leads.move(id, { stage_id: stage('new').id });
  });

  test('lets its own cards change places, and counts neither archived nor deleted ones', async () => {
    const { data } = await ours.client.leads.boardStage(limited);
    await moveAs(ours.member, data[0]!.id, { after_id: data[1]!.id });
    assert.deepEqual(await titlesIn(limited), [data[1]!.title, data[0]!.title]);
    await ours.client.leads.update(data[0]!.id, { is_archived: true });
    await moveAs(ours.member, (await newLead('For the archived')).id);
    await assert.rejects(moveAs(ours.member, (await newLead('Too many')).id), { code: 'CONFLICT' });
    await assert.rejects(ours.client.leads.update(data[0]!.id, { is_archived: false }), { code: 'CONFLICT' });
    await ours.client.leads.remove(data[1]!.id);
    await moveAs(ours.member, (await newLead('For the deleted')).id);
    await assert.rejects(moveAs(ours.member, (await newLead('Too many again')).id), { code: 'CONFLICT' });
  });

  test('is never overrun by many at once', async () => {
    const tight = await ours.client.pipelines.addStage(sales.id, { name: 'Tight', category: 'proposal', wip_limit: 3 });
    const leads = [];
    for (let count = 0; count < 12; count++) leads.push(await newLead(`Runner ${count}`));
    const outcomes = await Promise.allSettled(leads.map(({ id }) => ours.member.client.leads.move(id, { stage_id: tight.id })));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'CONFLICT');
    assert.equal((await titlesIn(tight.id)).length, 3);
  });
});

describe('a status', () => {
  before(newBoard);

  test("moves the lead to the first active stage of that category in the lead's pipeline, with its reason", async () => {
    const { id } = await newLead('Set');
    const moved = await ours.client.leads.setStatus(id, { status: 'lost', reason: 'Too expensive', notes: 'By half' });
    assert.deepEqual([moved.stage_id, moved.status, moved.is_active], [stage('lost').id, 'lost', false]);
    const { data } = await ours.client.leads.history(id);
    assert.partialDeepStrictEqual(data[0]!, { reason: 'Too expensive', notes: 'By half', to_stage: 'Lost' });
  });

  test('that the lead has already changes nothing, whichever of its stages the lead is in', async () => {
    const { id } = await newLead('Proposal', { stage_id: stage('proposal').id });
    const before = await rowOf(id);
    assert.equal((await ours.client.leads.setStatus(id, { status: 'qualified' })).stage_id, stage('proposal').id);
    assert.deepEqual(await rowOf(id), before);
  });

  test('without an active stage is refused', async () => {
    await ours.client.pipelines.updateStage(sales.id, stage('contacted').id, { is_active: false });
    const { id } = await newLead('Nowhere');
    await assert.rejects(ours.client.leads.setStatus(id, { status: 'contacted' }), {
      code: 'CONFLICT',
      message: /no active stage for contacted leads/,
    });
    assert.equal((await rowOf(id)).stage_id, stage('new').id);
  });
});

describe('the stage history', () => {
  before(newBoard);

  test('is listed by pages in either direction, and only of a lead that is there', async () => {
    const { id } = await newLead('Wanderer');
    for (const category of ['contacted', 'qualified', 'contacted', 'lost']) {
      await ours.client.leads.move(id, { stage_id: stage(category).id });
    }
    const names = ['New lead', 'Contacted', 'Qualified', 'Contacted', 'Lost'];
    const first = await ours.client.leads.history(id, { page_size: 3, sort_order: 'asc' });
    assert.equal(first.pagination.total, 5);
    const rest = await ours.client.leads.history(id, { page_size: 3, sort_order: 'asc', cursor: first.pagination.next_cursor! });
    const entries = [...first.data, ...rest.data];
    assert.deepEqual(
      entries.map(({ to_stage }) => to_stage),
      names,
    );
    assert.deepEqual(
      entries.map(({ from_stage }) => from_stage),
      [null, ...names.slice(0, -1)],
    );
    assert.deepEqual((await ours.client.leads.history(id)).data, entries.toReversed());

    const theirs = await server.newWorkspace();
    await assert.rejects(theirs.client.leads.history(id), { code: 'NOT_FOUND' });
    await ours.client.leads.remove(id);
    await assert.rejects(ours.client.leads.history(id), { code: 'NOT_FOUND' });
  });
});
