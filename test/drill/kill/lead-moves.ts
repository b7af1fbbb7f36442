import type { Client } from '../../../src/client/index.ts';
import type { Read } from './homes.ts';

/** Leads that are made and moved from stage to stage, and where each must be. */
export class LeadMoves {
  /** The stages that a lead may be in: the one last acknowledged, and those that were asked for since without an answer. */
  readonly #stages = new Map<string, string[]>();
  readonly #contactId: string;
  readonly #open: readonly string[];
  moves = 0;

  private constructor(contactId: string, open: readonly string[]) {
    this.#contactId = contactId;
    this.#open = open;
  }

  static async on(client: Client, contactId: string): Promise<LeadMoves> {
    const [pipeline] = (await client.pipelines.list()).data;
    return new LeadMoves(
      contactId,
      pipeline!.stages.slice(0, 3).map(({ id }) => id),
    );
  }

  get count() {
    return this.#stages.size;
  }

  async create(client: Client) {
    const lead = await client.leads.create({ contact_id: this.#contactId, title: 'Drilled' });
    this.#stages.set(lead.id, [lead.stage_id]);
  }

  /** Moves a lead that is no other writer's: which it is, is told by the writer's number. */
  async move(client: Client, writer: number, writers: number) {
    const own = [...this.#stages.keys()].filter((_id, number) => number % writers === writer);
    const id = own[Math.floor(Math.random() * own.length)];
    if (id === undefined) return this.create(client);
    const to = this.#open[Math.floor(Math.random() * this.#open.length)]!;
    this.#stages.get(id)!.push(to);
    await client.leads.move(id, { stage_id: to });
    this.#stages.set(id, [to]);
    this.moves += 1;
  }

  /** Which leads are not where they were acknowledged to be. */
  async faults(look: Read): Promise<string[]> {
    const found = new Map<string, string>();
    for (const { id, stage_id } of await look('select id, stage_id from leads')) found.set(id, stage_id);
    return [...this.#stages].flatMap(([id, stages]) =>
      stages.includes(found.get(id) ?? '')
        ? []
        : [`lead ${id} was acknowledged in ${stages.join(' or ')} and is in ${found.get(id)}`],
    );
  }
}

/** What only half a transaction of a lead could leave behind. */
export const LEAD_HALVES: Record<string, string> = {
  'a lead without its one event, or an event of a lead that is not there': `
    select l.id, e.record_id, e.events from leads l
    full join (select record_id, count(*) as events from events where name = 'lead.created' group by record_id) e on e.record_id = l.id
    where l.id is null or e.events is distinct from 1`,
  'a move without its one event, or an event without its move': `
    select coalesce(h.lead_id, e.record_id) as lead, h.moves, e.events
    from (select lead_id, count(*) as moves from lead_stage_history where from_stage_id is not null group by lead_id) h
    full join (select record_id, count(*) as events from events where name = 'lead.moved_to_stage' group by record_id) e on e.record_id = h.lead_id
    where h.moves is distinct from e.events`,
};
