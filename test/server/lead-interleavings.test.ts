import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Lead } from '../../src/contract/lead.ts';
import type { Client } from '../../src/client/index.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const LEADS = 24;
const ACTORS = 6;
const STEPS = 25;
const PAGE = 4;

/** What may befall someone whose picture of the board is not quite the present one. */
const EXPECTED_REFUSALS = new Set(['CONFLICT', 'VERSION_MISMATCH', 'FORBIDDEN', 'NOT_FOUND']);

/** A board read as its readers do: the first cards of every stage, then page after page. */
async function readBoard(client: Client): Promise<Map<string, Lead[]>> {
  const { stages } = await client.leads.board({ page_size: PAGE });
  const columns = new Map<string, Lead[]>();
  for (const { stage, cards, next_cursor } of stages) {
    const column = [...cards];
    for (let cursor = next_cursor; cursor !== null;) {
      const { data, pagination } = await client.leads.boardStage(stage.id, { cursor, page_size: PAGE });
      column.push(...data);
      cursor = pagination.next_cursor;
    }
    columns.set(stage.id, column);
  }
  return columns;
}

describe('many who move cards at once', () => {
  let server: TestServer;
  let ours: TestWorkspace;
  let leads: Lead[];

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
    leads = [];
    for (let count = 0; count < LEADS; count++) {
      leads.push(
        await ours.client.leads.create({
          title: `Card ${count}`,
          contact: { firstname: `Person ${count % 5}` },
          lead_value: count,
          ...(count % 4 === 0 && { owner_id: ours.member.userId }),
        }),
      );
    }
  });

  test('leave one order that all readers see, and figures, ranks and histories that fit it', async () => {
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    await ours.client.pipelines.updateStage(stages[0]!.pipeline_id, stages[3]!.id, { wip_limit: 5 });
    const people = [ours.owner, ours.admin, ours.manager, ours.member, ours.owner, ours.member].slice(0, ACTORS);
    let moves = 0;
    let unexpected = 0;

    async function act(client: Client, seed: number) {
      const { oneOf, below } = seededRandom(seed);
      for (let step = 0; step < STEPS; step++) {
        const { id } = oneOf(leads);
        const target = oneOf(stages);
        const one = oneOf(leads).id;
        const kind = below(10);
        try {
          if (kind === 0)
            await client.leads.setStatus(id, { status: oneOf(['new', 'contacted', 'qualified', 'converted', 'lost']) });
          else if (kind === 1) await client.leads.update(id, { score: oneOf(['cold', 'warm', 'hot']), lead_value: below(1_000) });
          else if (kind === 2) await client.leads.update(id, { stage_id: target.id, is_archived: below(4) === 0 });
          else {
            const place = oneOf([{}, { before_id: one }, { after_id: one }, { before_id: one, after_id: oneOf(leads).id }]);
            await client.leads.move(id, { stage_id: target.id, ...place, ...(kind === 3 && { force: true }) });
          }
          moves++;
        } catch (error: any) {
          if (!EXPECTED_REFUSALS.has(error.code)) throw error;
          unexpected++;
        }
      }
    }

    async function watch(client: Client) {
      for (let round = 0; round < 5; round++) {
        for (const [stageId, column] of await readBoard(client)) {
          // While cards move, no page holds one of another stage, and each page goes on below the one before.
          assert.ok(column.every((card) => card.stage_id === stageId));
          assert.deepEqual(
            column.map(({ position }) => position),
            column.map(({ position }) => position).toSorted((one, other) => (one < other ? -1 : 1)),
          );
        }
      }
    }

    await Promise.all([
      ...people.map(({ client }, index) => act(client, index + 1)),
      watch(ours.viewer.client),
      watch(ours.manager.client),
    ]);
    assert.ok(moves > unexpected, `${moves} were carried out, ${unexpected} refused`);

    const rows: any[] = await server.database.asOwner(
      'select id, stage_id, position, is_archived from leads where deleted_at is null order by stage_id, position, id',
    );
    assert.equal(rows.length, LEADS);
    assert.equal(new Set(rows.map((row) => `${row.stage_id} ${row.position}`)).size, LEADS, 'ranks are unique in a stage');

    const shown = (stageId: string) => rows.filter((row) => row.stage_id === stageId && !row.is_archived).map(({ id }) => id);
    for (const { client } of [...people, ours.viewer]) {
      for (const [stageId, column] of await readBoard(client))
        assert.deepEqual(
          column.map(({ id }) => id),
          shown(stageId),
        );
    }

    const kept = await server.database.asOwner(`
      select stage_id, currency, score, count::integer, value_minor::integer, entered_seconds::text from stage_totals where count > 0
      order by stage_id, currency, score`);
    const counted = await server.database.asOwner(`
      select stage_id, currency, score, count(*)::integer as count, coalesce(sum(lead_value_minor), 0)::integer as value_minor,
        sum(extract(epoch from stage_entered_at)::bigint)::text as entered_seconds
      from leads where deleted_at is null and not is_archived group by stage_id, currency, score order by stage_id, currency, score`);
    assert.deepEqual(kept, counted, 'what is kept is what is there');
    assert.deepEqual(
      await server.database.asOwner('select * from stage_totals where count = 0 and (value_minor <> 0 or entered_seconds <> 0)'),
      [],
    );

    for (const { id } of leads) {
      const { data } = await ours.client.leads.history(id, { sort_order: 'asc', page_size: 100 });
      assert.deepEqual(
        data.map(({ from_stage_id }) => from_stage_id),
        [null, ...data.slice(0, -1).map(({ to_stage_id }) => to_stage_id)],
        'each change begins where the one before ended',
      );
      const now = await ours.client.leads.get(id);
      assert.deepEqual([now.stage_id, now.stage_entered_at], [data.at(-1)!.to_stage_id, data.at(-1)!.changed_at]);
      const category = now.stage.category;
      assert.equal(now.status, ['appointment', 'proposal'].includes(category) ? 'qualified' : category);
    }
  });
});
