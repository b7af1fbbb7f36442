import { sql } from 'kysely';
import type { Board, BoardQuery, BoardStage, BoardStageQuery, Lead } from '../../src/contract/lead.ts';
import { writeCursor } from '../db/cursor.ts';
import { and, list, type Fragment, type Listing } from '../db/list.ts';
import { orderOf } from '../db/list-order.ts';
import { pageOf } from '../db/list-rows.ts';
import { matchedRows, waysToAll, waysToFirst } from '../db/matching.ts';
import { money } from '../db/money.ts';
import type { Tenant } from '../db/tenant.ts';
import { notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { pipelineWire, stageWire } from '../pipelines/pipeline-service.ts';
import { isWhole } from './lead-totals.ts';
import { askedLeads, type AskedLeads } from './lead-query.ts';
import { leadListing } from './lead-wire.ts';

const listing = {
  ...leadListing,
  sorts: { ...leadListing.sorts, position: { column: sql`r.position`, type: 'text' } },
  defaultSort: 'position',
} satisfies Listing<Lead, string>;

/** Fewer than of a list: a board reads them for every stage at once. */
const DEFAULT_SIZE = 20;

/** One row of the board's statement: JSON as text, null where the pipeline has no stage. */
interface StageRow {
  pipeline: string;
  stage_id: string | null;
  stage: string;
  count: number;
  amounts: string;
  weighted: string;
  age: number | null;
  cards: string;
  found: number;
  last: [string | null, string] | null;
}

/** A pipeline's leads as a board, by their ranks unless sorted otherwise. */
export class LeadBoard {
  /** Every stage with its figures and first cards, as of one moment; one that is not active only while it has any. */
  async read(tenant: Tenant, query: BoardQuery): Promise<Json<Board>> {
    const { pipeline_id, page_size: size = DEFAULT_SIZE, ...given } = inOrder(query);
    const asked = await askedLeads(tenant, given, listing);
    const { conditions, matching, query: filters } = asked;
    const order = orderOf(asked.listing, filters);
    // In a stage that has none, none are looked for.
    const inStage = [...conditions, sql`r.stage_id = s.id and f.count > 0`];
    const ways = waysToFirst(matching?.isMet ? undefined : matching, inStage);
    const { rows } = await sql<StageRow>`
      with ${matchedRows(matching, size + 1)} board as (
        select * from pipelines where ${pipeline_id === undefined ? sql`is_default` : sql`id = ${pipeline_id}::uuid`}
      ), figures as materialized (
        ${isWhole(tenant, filters) ? KEPT_FIGURES : countedFigures(waysToAll(matching, conditions))}
      )
      select (select row_to_json(w)::text from (select ${pipelineWire} from board r) w) as pipeline,
        s.id as stage_id, (select row_to_json(w)::text from (select ${stageWire} from stages r where r.id = s.id) w) as stage,
        coalesce(f.count, 0)::integer as count, coalesce(f.amounts, '[]')::text as amounts, coalesce(f.weighted, '[]')::text as weighted,
        f.age, c.*
      from board b left join stages s on s.pipeline_id = b.id
      left join lateral (${figuresOf(sql`s`)}) f on true
      left join lateral (
        with ${pageOf(order, { cursor: undefined, skipped: 0, size }, ways)}
        select
          (select coalesce(json_agg(w), '[]')::text from (
            select ${listing.wire} from page r where place_in_page <= ${size} order by place_in_page) w) as cards,
          (select count(*)::integer from page) as found,
          (select array[${order.ofRead.value}, r.id::text] from page r where place_in_page = ${size}) as last
      ) c on true
      where s.id is null or s.is_active or f.count > 0
      order by s.display_order, s.id`.execute(tenant.db);
    const first = rows[0];
    if (!first) throw notFound('pipeline');
    const stages = rows.filter(({ stage_id }) => stage_id !== null).map((row) => stageJson(row, size, asked));
    return new Json(`{"pipeline":${first.pipeline},"stages":[${stages.join()}]}`);
  }

  /** A stage's next cards; a cursor of the board goes on where its cards end. */
  async stage(tenant: Tenant, stageId: string, query: BoardStageQuery): Promise<Page<Lead>> {
    const { rows } = await sql`select from stages where id = ${stageId}`.execute(tenant.db);
    if (rows.length === 0) throw notFound('stage');
    const asked = await askedLeads(tenant, inOrder(query), listing);
    const { pipeline_id: _, ...filters } = asked.query;
    return list(tenant, asked.listing, ofStage(stageId, filters), [...asked.conditions, sql`r.stage_id = ${stageId}::uuid`], {
      matching: asked.matching && { ...asked.matching, isAll: false },
    });
  }
}

/** Ranks begin with the smallest, everything else as lists do. */
const inOrder = <Query extends BoardQuery>(query: Query): Query => ({
  ...query,
  sort_order: query.sort_order ?? ((query.sort_by ?? 'position') === 'position' ? 'asc' : 'desc'),
});

/** The query as one stage's own: what its cursors are bound to. */
const ofStage = <Query extends object>(stageId: string, query: Query) => ({ ...query, stage_id: [stageId] });

function stageJson(row: StageRow, size: number, asked: AskedLeads<Record<string, unknown>>): string {
  const { walk } = orderOf(asked.listing, ofStage(row.stage_id!, asked.query));
  const next = row.found > size ? writeCursor(walk, { value: row.last![0], id: row.last![1] }) : null;
  const fields: Record<keyof BoardStage, string> = {
    stage: row.stage,
    count: String(row.count),
    values: row.amounts,
    weighted_values: row.weighted,
    average_age_seconds: String(row.age),
    cards: row.cards,
    next_cursor: JSON.stringify(next),
  };
  return `{${Object.entries(fields).map(([name, json]) => `"${name}":${json}`)}}`;
}

/** Per stage and currency, as they are kept with every change of a lead. */
const KEPT_FIGURES: Fragment = sql`
  select stage_id, currency, sum(count) as count, sum(value_minor) as value_minor, sum(entered_seconds) as entered_seconds
  from stage_totals where stage_id in (select s.id from stages s join board b on b.id = s.pipeline_id) group by stage_id, currency`;

/** The same, counted: of what filters or the caller's scope leave. */
const countedFigures = (ways: Fragment[][]): Fragment => sql`
  select r.stage_id, r.currency, count(*) as count, coalesce(sum(r.lead_value_minor), 0) as value_minor,
    sum(extract(epoch from r.stage_entered_at)::bigint) as entered_seconds
  from (${sql.join(
    ways.map(
      (way) => sql`
        select r.stage_id, r.currency, r.lead_value_minor, r.stage_entered_at from leads r
        where r.stage_id = any (array(select s.id from stages s join board b on b.id = s.pipeline_id)) and ${and(way)}`,
    ),
    sql` union all `,
  )}) r
  group by r.stage_id, r.currency`;

/** One stage's figures as its column shows them; no amount of nothing. */
const figuresOf = (stage: Fragment): Fragment => sql`
  select sum(f.count) as count,
    json_agg(json_build_object('currency', f.currency, 'value', ${money(sql`f.value_minor`)}) order by f.currency)
      filter (where f.value_minor > 0) as amounts,
    json_agg(json_build_object('currency', f.currency, 'value', ${money(sql`round(f.value_minor * ${stage}.probability / 100.0)`)})
      order by f.currency) filter (where f.value_minor > 0) as weighted,
    case when sum(f.count) > 0
      then greatest(0, round(extract(epoch from now()) - sum(f.entered_seconds) / sum(f.count)))::integer end as age
  from figures f where f.stage_id = ${stage}.id`;
