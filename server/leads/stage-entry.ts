import { sql } from 'kysely';
import { rankBetween, ranksBetween } from '../../src/core/ranks.ts';
import { issue } from '../../src/contract/issues.ts';
import type { LeadStatus } from '../../src/contract/lead.ts';
import type { StageCategory } from '../../src/contract/pipeline.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { decidesForOthers, type Caller } from '../http/caller.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { HeldLead } from './held-lead.ts';
import { flagsOf, type StageFlags } from './stage-flags.ts';

/** Where a lead is to go: a stage, or the first active stage of a status or of all. */
export interface StageTarget {
  stageId?: string | undefined;
  status?: LeadStatus | undefined;
  /** Unless given it is the lead's own, and for a new lead the default one; a stage's id alone may be of any. */
  pipelineId?: string | undefined;
}

/** Between which cards; the card to stand after counts over the one to stand before. */
export interface Place {
  beforeId?: string | undefined;
  afterId?: string | undefined;
}

interface EntryOptions {
  /** Takes one more lead than the stage's limit, for those who may. */
  force?: boolean | undefined;
  /** Takes it although it is full, whoever asks: the lead had its place there. */
  comesBack?: boolean | undefined;
  /** On top where it is left out, or where none of its cards is in the stage. */
  place?: Place | undefined;
  /** The lead that goes, where it exists already. */
  leadId?: string | undefined;
}

/** What a lead's row holds once it is in its stage; one that was there already keeps everything but its rank. */
export interface Entry extends StageFlags {
  pipeline_id: string;
  stage_id: string;
  /** Later than when it entered the stage before, whatever the clocks say. */
  stage_entered_at: string;
  position: string;
}

interface Held {
  id: string;
  pipeline_id: string;
  name: string;
  category: StageCategory;
  is_active: boolean;
  wip_limit: number | null;
  cards: number;
  around: Card[];
  entered_at: string;
  was_qualified: boolean;
  /** What the lead's row holds, where it is in this stage already. */
  own: (Omit<Entry, 'pipeline_id' | 'stage_id'> & { is_card: boolean }) | null;
}

/** One card next to the place. */
interface Card {
  card: string;
  rank: string;
  is_above: boolean;
}

/**
 * Finds a place in a stage, and holds the stage until the transaction ends: until then nobody else enters it, so ranks
 * stay apart and limits are kept. Refuses a stage that is not active or is full. Stages are held before their leads, several
 * by `holdStages`.
 */
export async function enterStage(tenant: Tenant, target: StageTarget, options: EntryOptions = {}): Promise<Entry> {
  const { leadId = null, place = {} } = options;
  const stage = await holdStage(tenant, target, leadId, place);
  const refusal = refusalOf(tenant.caller, stage, options);
  if (refusal) throw refusal;
  const { is_card: _, ...entry } = stage.own ?? {
    ...flagsOf(stage.category, stage.was_qualified),
    stage_entered_at: stage.entered_at,
    is_card: false,
  };
  return { ...entry, pipeline_id: stage.pipeline_id, stage_id: stage.id, position: await rankAt(tenant, stage, leadId, place) };
}

/** A lead as far as it matters to the stage that it enters. */
type Entering = Pick<HeldLead, 'stage_id' | 'stage_entered_at' | 'is_qualified' | 'is_archived' | 'position'>;

/**
 * The same for many leads at once, that are held and go on top in their order: the last of them stands above the others. One
 * that is in the stage keeps its rank. Each that is not let in is answered with its refusal; a stage that there is none of
 * refuses all.
 */
export async function enterStageAll(
  tenant: Tenant,
  target: StageTarget,
  leads: readonly Entering[],
  options: Pick<EntryOptions, 'force' | 'comesBack'> = {},
): Promise<(Entry | ApiFailure)[]> {
  const stage = await holdStage(tenant, target, null, {});
  let { cards } = stage;
  let top = stage.around[0]?.rank;
  return leads.map((lead) => {
    const isIn = lead.stage_id === stage.id;
    const refusal = refusalOf(tenant.caller, { ...stage, cards, own: isIn ? { is_card: !lead.is_archived } : null }, options);
    if (refusal) return refusal;
    // One that is archived stays so where it enters, and is a card where it comes back.
    if (isIn === lead.is_archived) cards += 1;
    const entered = Math.max(Date.parse(stage.entered_at), lead.stage_entered_at.getTime() + 1);
    return {
      ...flagsOf(stage.category, lead.is_qualified),
      pipeline_id: stage.pipeline_id,
      stage_id: stage.id,
      stage_entered_at: isIn ? lead.stage_entered_at.toISOString() : new Date(entered).toISOString(),
      position: isIn ? lead.position : (top = rankBetween(undefined, top)),
    };
  });
}

async function holdStage(tenant: Tenant, target: StageTarget, leadId: string | null, place: Place): Promise<Held> {
  const { rows } = await sql<Held>`
    select s.*, cards_in_stage(s.id) as cards, ${cardsAround(sql`s.id`, leadId, place, 1)} as around,
      wire_time(greatest(date_trunc('milliseconds', clock_timestamp()), l.stage_entered_at + interval '1 millisecond')) as entered_at,
      coalesce(l.is_qualified, false) as was_qualified,
      case when l.stage_id = s.id then json_build_object('status', l.status, 'is_qualified', l.is_qualified, 'is_closed_won', l.is_closed_won,
        'is_closed_lost', l.is_closed_lost, 'is_active', l.is_active, 'stage_entered_at', wire_time(l.stage_entered_at),
        'position', l.position, 'is_card', l.deleted_at is null and not l.is_archived) end as own
    from (select id, pipeline_id, name, category, is_active, wip_limit from stages where id = ${stageOf(target, leadId)} for no key update) s
    left join leads l on l.id = ${leadId}::uuid`.execute(tenant.db);
  return rows[0] ?? refuseTarget(tenant, target);
}

/** Holds the stage that a lead goes to and the one that it leaves, always in the same order, so that no two wait for each other. */
export async function holdStages(tenant: Tenant, leadId: string, target: StageTarget): Promise<void> {
  await sql`select from stages where id in (${stageOf(target, leadId)}, (select stage_id from leads where id = ${leadId}))
    order by id for no key update`.execute(tenant.db);
}

/** Where many leads go: stages by their ids, or those of a status in each lead's pipeline. */
export interface StagesEntered {
  stageIds?: readonly string[];
  status?: LeadStatus | undefined;
}

/** The same for many leads at once: the stages that they are in, and those that they go to. */
export async function holdStagesOf(
  tenant: Tenant,
  leadIds: readonly string[],
  { stageIds = [], status }: StagesEntered,
): Promise<void> {
  await sql`
    with own as materialized (select distinct pipeline_id, stage_id from leads where id = any(${leadIds}::uuid[]))
    select from stages where id in (
      select stage_id from own
      union select unnest(${stageIds}::uuid[])
      union select s.id from stages s where s.pipeline_id in (select pipeline_id from own) and s.is_active and s.category = ${status ?? null})
    order by id for no key update`.execute(tenant.db);
}

/** Refuses a stage that does not exist. */
export async function assertStage(tenant: Tenant, id: string): Promise<void> {
  const { rows } = await sql`select from stages where id = ${id}`.execute(tenant.db);
  if (rows.length === 0) throw invalidField('stage_id', 'not_found');
}

/** The id of the stage that is meant; null where there is none. */
function stageOf({ stageId, status, pipelineId }: StageTarget, leadId: string | null): Fragment {
  if (stageId !== undefined) {
    const inPipeline = pipelineId === undefined ? sql`` : sql`and pipeline_id = ${pipelineId}::uuid`;
    return sql`(select id from stages where id = ${stageId}::uuid ${inPipeline})`;
  }
  // A status is called as the category that it begins with.
  const category = status === undefined ? sql`` : sql`and category = ${status}`;
  return sql`(select id from stages where pipeline_id = ${pipelineOf(pipelineId, leadId)} and is_active ${category}
    order by display_order, id limit 1)`;
}

function pipelineOf(pipelineId: string | undefined, leadId: string | null): Fragment {
  if (pipelineId !== undefined) return sql`${pipelineId}::uuid`;
  return leadId === null
    ? sql`(select id from pipelines where is_default)`
    : sql`(select pipeline_id from leads where id = ${leadId}::uuid)`;
}

async function refuseTarget(tenant: Tenant, { stageId, status, pipelineId }: StageTarget): Promise<never> {
  if (pipelineId !== undefined) {
    const { rows } = await sql`select from pipelines where id = ${pipelineId}`.execute(tenant.db);
    if (rows.length === 0) throw invalidField('pipeline_id', 'not_found');
  }
  if (stageId !== undefined) throw invalidField('stage_id', 'not_found');
  const kind = status === undefined ? '' : ` for ${status} leads`;
  throw new ApiFailure('CONFLICT', `The pipeline has no active stage${kind}: name another stage, or add one.`);
}

/** Why a lead is not let in; one that is in the stage may stay and be put elsewhere in it. */
function refusalOf(
  caller: Caller,
  { name, is_active, wip_limit, cards, own }: Omit<Held, 'own'> & { own: { is_card: boolean } | null },
  { force, comesBack }: EntryOptions,
): ApiFailure | undefined {
  if (!is_active && own === null)
    return new ApiFailure('CONFLICT', `The stage ${name} takes no leads any more: it is not active.`);
  if (own?.is_card || wip_limit === null || cards < wip_limit || comesBack || (force && decidesForOthers(caller)))
    return undefined;
  const leads = wip_limit === 1 ? 'lead' : 'leads';
  return new ApiFailure(
    'CONFLICT',
    `The stage ${name} is full: it takes ${wip_limit} ${leads}. Make room in it, or let a manager send \`force\`.`,
    { issues: [issue('stage_id', 'too_many', { maximum: wip_limit })] },
  );
}

const cardsAround = (stage: Fragment, leadId: string | null, { beforeId, afterId }: Place, many: number) => sql`
  (select coalesce(json_agg(c), '[]')
    from cards_around(${stage}, ${leadId}::uuid, ${beforeId ?? null}::uuid, ${afterId ?? null}::uuid, ${many}) c)`;

/** Beyond this many characters a rank's neighbours are spread anew. */
const LONGEST_RANK = 64;
/** Short enough that it takes many cards in one place until they are spread again. */
const SHORT_RANK = 32;
/** How many cards in each direction are spread, at first and at most. */
const FEWEST_SPREAD = 50;
const MOST_SPREAD = 5_000;

/** The lead's rank at a place in a stage that is held; its own where it is there already. */
async function rankAt(tenant: Tenant, stage: Held, leadId: string | null, place: Place): Promise<string> {
  const above = stage.around.find(({ is_above }) => is_above)?.rank;
  const below = stage.around.find(({ is_above }) => !is_above)?.rank;
  if (above === undefined || below === undefined || above < below) {
    const own = stage.own?.position;
    if (own !== undefined && (above === undefined || above < own) && (below === undefined || own < below)) return own;
    const rank = rankBetween(above, below);
    if (rank.length <= LONGEST_RANK) return rank;
  }
  return spread(tenant, stage.id, leadId, place, FEWEST_SPREAD);
}

/** Spreads the cards around a place evenly between those beyond them, and answers the rank that is kept free for the lead. */
async function spread(tenant: Tenant, stageId: string, leadId: string | null, place: Place, many: number): Promise<string> {
  const { rows } = await sql<{ around: Card[] }>`
    select ${cardsAround(sql`${stageId}::uuid`, leadId, place, many + 1)} as around`.execute(tenant.db);
  const above = rows[0]!.around.filter(({ is_above }) => is_above);
  const below = rows[0]!.around.filter(({ is_above }) => !is_above);
  const lower = above[many]?.rank;
  const upper = below[many]?.rank;
  const moved = [...above.slice(0, many).reverse(), ...below.slice(0, many)];
  const isTied = lower !== undefined && upper !== undefined && lower >= upper;
  const ranks = isTied ? [] : ranksBetween(lower, upper, moved.length + 1);
  const isShort = !isTied && ranks.every(({ length }) => length <= SHORT_RANK);
  if (!isShort && many < MOST_SPREAD) return spread(tenant, stageId, leadId, place, many * 10);
  if (isTied) throw new ApiFailure('CONFLICT', 'There is no room at this place of the stage: choose another.');
  const [rank] = ranks.splice(Math.min(many, above.length), 1);
  await sql`select respread_cards(${stageId}, ${moved.map(({ card }) => card)}::uuid[], ${ranks}::text[])`.execute(tenant.db);
  return rank!;
}
