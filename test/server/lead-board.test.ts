import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Board, BoardStage, Lead } from '../../src/contract/lead.ts';
import type { Pipeline } from '../../src/contract/pipeline.ts';
import { embedded } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';
import { aged } from '../support/stage-age.ts';

let server: TestServer;
let ours: TestWorkspace;
let sales: Pipeline;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  sales = (await ours.client.pipelines.list()).data[0]!;
});

const stage = (category: string) => sales.stages.find((one) => one.category === category)!;
const newLead = (title: string, category: string, given: object = {}): Promise<Lead> =>
  ours.client.leads.create({ title, contact: { firstname: title }, stage_id: stage(category).id, ...given });
const column = (board: Board, category: string): BoardStage => board.stages.find((one) => one.stage.category === category)!;
const titles = (cards: Lead[]) => cards.map(({ title }) => title);

describe('a board', () => {
  before(async () => {
    await newLead('Plain', 'new');
    await newLead('Dear', 'new', { lead_value: 1_000.5, score_value: 90 });
    await newLead('Dollars', 'new', { lead_value: 20, currency: 'USD' });
    await newLead('Cents', 'new', { lead_value: 0.03, owner_id: ours.member.userId });
    await newLead('Sent', 'proposal', { lead_value: 10_000, tags: ['Big'] });
    const archived = await newLead('Archived', 'proposal', { lead_value: 5 });
    await ours.client.leads.update(archived.id, { is_archived: true });
    const deleted = await newLead('Deleted', 'proposal', { lead_value: 5 });
    await ours.client.leads.remove(deleted.id);
  });

  test('shows every stage in order, with its cards and what they are worth', async () => {
    const board = await ours.viewer.client.leads.board();
    const { stages: _, ...pipeline } = sales;
    assert.deepEqual(board.pipeline, pipeline);
    assert.deepEqual(
      board.stages.map((one) => one.stage),
      sales.stages,
    );
    const { cards, average_age_seconds, ...figures } = column(board, 'new');
    assert.deepEqual(titles(cards), ['Cents', 'Dollars', 'Dear', 'Plain']);
    assert.deepEqual(cards[0], (await ours.client.leads.list({ search: 'Cents' })).data[0]);
    assert.deepEqual(figures, {
      stage: stage('new'),
      count: 4,
      values: [
        { currency: 'EUR', value: 1_000.53 },
        { currency: 'USD', value: 20 },
      ],
      weighted_values: [
        { currency: 'EUR', value: 100.05 },
        { currency: 'USD', value: 2 },
      ],
      next_cursor: null,
    });
    assert.ok(average_age_seconds! >= 0);
    const sent = column(board, 'proposal');
    assert.deepEqual([titles(sent.cards), sent.count, sent.values], [['Sent'], 1, [{ currency: 'EUR', value: 10_000 }]]);
    const empty = column(board, 'contacted');
    assert.deepEqual(
      [empty.count, empty.values, empty.weighted_values, empty.average_age_seconds, empty.cards, empty.next_cursor],
      [0, [], [], null, [], null],
    );
  });

  test('tells how long its cards have been in their stage on average', async () => {
    const pipeline = await ours.client.pipelines.create({ name: 'Ages', stages: [{ name: 'Aging', category: 'new' }] });
    for (const minutes of [60, 180]) {
      const lead = await ours.client.leads.create({
        title: 'Old',
        contact: { firstname: 'Old' },
        pipeline_id: pipeline.id,
        tags: ['old'],
      });
      await aged(server, lead, minutes);
    }
    for (const filters of [{}, { tags: ['old'] }]) {
      const board = await ours.client.leads.board({ pipeline_id: pipeline.id, ...filters });
      const age = board.stages[0]!.average_age_seconds!;
      assert.ok(age >= 7_199 && age < 7_260, `${age}`);
    }
  });

  test('narrows cards and figures alike by the filters of lists', async () => {
    const { data: listed } = await ours.client.leads.list({ value_min: 20 });
    const board = await ours.client.leads.board({ value_min: 20 });
    assert.deepEqual(new Set(board.stages.flatMap(({ cards }) => titles(cards))), new Set(titles(listed)));
    const { count, values, cards } = column(board, 'new');
    assert.deepEqual([count, titles(cards)], [2, ['Dollars', 'Dear']]);
    assert.deepEqual(values, [
      { currency: 'EUR', value: 1_000.5 },
      { currency: 'USD', value: 20 },
    ]);
    assert.equal(board.stages.length, sales.stages.length, 'its columns stay');

    for (const [filters, found] of [
      [{ search: 'dolla' }, ['Dollars']],
      [{ owner_id: ours.member.userId }, ['Cents']],
      [{ tags: ['big'] }, ['Sent']],
      [{ score: ['hot'] }, ['Dear']],
      [{ is_archived: true }, ['Archived']],
      [{ stage_id: [stage('proposal').id] }, ['Sent']],
      [{ status: ['lost'] }, []],
    ] as const) {
      const { stages } = await ours.client.leads.board(filters as {});
      assert.deepEqual(
        stages.flatMap(({ cards }) => titles(cards)),
        found,
        JSON.stringify(filters),
      );
      assert.equal(
        stages.reduce((sum, one) => sum + one.count, 0),
        found.length,
      );
    }
  });

  test('is of the pipeline that is asked for', async () => {
    const other = await ours.client.pipelines.create({ name: 'Empty' });
    const board = await ours.client.leads.board({ pipeline_id: other.id });
    assert.deepEqual([board.pipeline.name, board.stages], ['Empty', []]);
    const theirs = await server.newWorkspace();
    await assert.rejects(theirs.client.leads.board({ pipeline_id: other.id }), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.leads.boardStage(stage('new').id), { code: 'NOT_FOUND' });
    assert.ok((await theirs.client.leads.board()).stages.every(({ count }) => count === 0));
  });

  test('shows a stage that is not active only while it holds leads', async () => {
    const closing = await ours.client.pipelines.addStage(sales.id, { name: 'Closing', category: 'proposal' });
    const lead = await newLead('Last one', 'new');
    await ours.client.leads.move(lead.id, { stage_id: closing.id });
    await ours.client.pipelines.updateStage(sales.id, closing.id, { is_active: false });
    const names = async () => (await ours.client.leads.board()).stages.map((one) => one.stage.name);
    assert.ok((await names()).includes('Closing'));
    await ours.client.leads.remove(lead.id);
    assert.ok(!(await names()).includes('Closing'));
  });

  test('is one owner’s alone under their scope, figures as well', async () => {
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const board = await scoped.leads.board();
    const { count, values, cards } = column(board, 'new');
    assert.deepEqual([count, values, titles(cards)], [1, [{ currency: 'EUR', value: 0.03 }], ['Cents']]);
    assert.deepEqual([column(board, 'proposal').count, column(board, 'proposal').values], [0, []]);
    assert.deepEqual(titles((await scoped.leads.boardStage(stage('new').id)).data), ['Cents']);
  });
});

describe("a stage's cards", () => {
  let long: Pipeline;
  let all: string[];
  const COUNT = 23;

  before(async () => {
    long = await ours.client.pipelines.create({
      name: 'Long',
      stages: [
        { name: 'Long', category: 'new' },
        { name: 'Short', category: 'contacted' },
      ],
    });
    for (let count = 0; count < COUNT; count++) {
      await ours.client.leads.create({
        title: `Card ${String(count).padStart(2, '0')}`,
        contact: { firstname: 'Card' },
        pipeline_id: long.id,
        ...(count % 3 > 0 && { lead_value: (count * 7) % 10 }),
      });
    }
    all = Array.from({ length: COUNT }, (_, index) => `Card ${String(COUNT - 1 - index).padStart(2, '0')}`);
  });

  async function walked(query: object) {
    const board = await ours.client.leads.board({ pipeline_id: long.id, page_size: 5, ...query });
    const [first, second] = board.stages;
    assert.equal(second!.next_cursor, null);
    const cards = [...first!.cards];
    let cursor = first!.next_cursor;
    while (cursor !== null) {
      const page = await ours.client.leads.boardStage(first!.stage.id, { page_size: 7, cursor, ...query });
      cards.push(...page.data);
      cursor = page.pagination.next_cursor;
    }
    return titles(cards);
  }

  test('are all reached by the cursors of the board, from top to bottom', async () => {
    assert.deepEqual(await walked({}), all);
    assert.deepEqual(await walked({ sort_order: 'desc' }), all.toReversed());
    assert.deepEqual(
      await walked({ search: 'card 1' }),
      all.filter((title) => title.startsWith('Card 1')),
    );
  });

  test('may stand in any order of the list, the same as there', async () => {
    for (const sort_by of ['created_at', 'title', 'lead_value', 'stage_entered_at', 'last_contact_at', 'name'] as const) {
      for (const sort_order of ['asc', 'desc', undefined] as const) {
        const { data } = await ours.client.leads.list({ pipeline_id: long.id, sort_by, sort_order, page_size: 100 });
        assert.deepEqual(await walked({ sort_by, sort_order }), titles(data), `${sort_by} ${sort_order}`);
      }
    }
  });

  test('are walked by cursors of the same stage, order and filters only', async () => {
    const board = await ours.client.leads.board({ pipeline_id: long.id, page_size: 5 });
    const { stage, next_cursor } = board.stages[0]!;
    const cursor = next_cursor!;
    const refused = { code: 'VALIDATION_ERROR' };
    await assert.rejects(ours.client.leads.boardStage(board.stages[1]!.stage.id, { cursor }), refused);
    await assert.rejects(ours.client.leads.boardStage(stage.id, { cursor, sort_order: 'desc' }), refused);
    await assert.rejects(ours.client.leads.boardStage(stage.id, { cursor, search: 'card' }), refused);
    await assert.rejects(ours.client.leads.boardStage(stage.id, { cursor: `${cursor}x` }), refused);
    // Which pipeline it is, the stage says.
    assert.equal((await ours.client.leads.boardStage(stage.id, { cursor, pipeline_id: long.id })).data[0]!.title, all[5]);
  });

  test('come once each while others are put on top', async () => {
    const board = await ours.client.leads.board({ pipeline_id: long.id, page_size: 5 });
    const added = await ours.client.leads.create({ title: 'On top', contact: { firstname: 'Top' }, pipeline_id: long.id });
    const page = await ours.client.leads.boardStage(board.stages[0]!.stage.id, {
      cursor: board.stages[0]!.next_cursor!,
      page_size: 100,
    });
    assert.deepEqual([...titles(board.stages[0]!.cards), ...titles(page.data)], all);
    await ours.client.leads.remove(added.id);
  });
});
