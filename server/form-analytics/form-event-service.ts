import type { CaptureEvent } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Db, Statement } from '../db/db.ts';

/** As much of a published form as its events are held against. */
export interface CountedForm {
  workspace: { id: string };
  definition: Pick<FormDefinition, 'steps'>;
}

/** A browser may keep events for a while; older ones, and those of a clock that is wrong, happened when they came. */
const LATEST_MS = 7 * 86_400_000;
const AHEAD_MS = 60_000;

/** Counts what browsers tell of forms: each event once, however often it is sent, and nothing about who it was. */
export class FormEventService {
  readonly #db: Db;
  readonly #clock: () => number;

  constructor(db: Db, clock: () => number) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Counts the events of published forms; those of others are nobody's. */
  async record(events: readonly CaptureEvent[], forms: ReadonlyMap<string, CountedForm>, requestId: string): Promise<void> {
    const known = events.flatMap((event) => {
      const form = forms.get(event.form_id);
      return form ? [{ workspaceId: form.workspace.id, row: rowOf(event, form, this.#clock()) }] : [];
    });
    for (const [workspaceId, group] of Map.groupBy(known, (one) => one.workspaceId)) {
      await this.#db.unit({ role: 'app', workspaceId, requestId }, [inserting(group.map(({ row }) => row))]);
    }
  }
}

/** What is stored of an event: steps and fields that the form has not are somebody's invention. */
function rowOf(event: CaptureEvent, { definition: { steps } }: CountedForm, now: number) {
  const at = event.at === undefined ? now : Date.parse(event.at);
  const isCta = event.event === 'cta';
  const has = (id: string | undefined, ids: readonly { id: string }[]) => (ids.some((one) => one.id === id) ? id : undefined);
  return {
    id: event.id,
    form_id: event.form_id,
    form_version: isVersion(event.version) ? event.version : undefined,
    event: event.event,
    step: has(event.step, steps),
    field: has(
      event.field,
      steps.flatMap(({ fields }) => fields),
    ),
    name: isCta ? event.name : undefined,
    surface: isCta ? event.surface : undefined,
    page: withoutQuery(event.page),
    happened_at: new Date(at > now + AHEAD_MS || at < now - LATEST_MS ? now : at).toISOString(),
  };
}

const isVersion = (number: number | undefined) => number !== undefined && number >= 1 && number < 2 ** 31;

/** What stands behind an address' path may name a person. */
function withoutQuery(page: string | undefined): string | undefined {
  if (page === undefined || !/^https?:/i.test(page) || !URL.canParse(page)) return undefined;
  const { origin, pathname } = new URL(page);
  return origin + pathname;
}

/** One statement for rows of one workspace: what is new of them, and how often it happened. */
const inserting = (rows: object[]): Statement => ({
  sql: `
    with fresh as (
      insert into form_events (id, form_id, form_version, event, step, field, name, surface, page, happened_at)
      select id, form_id, form_version, event, step, field, name, surface, page, happened_at
      from json_to_recordset($1::json) as s (id uuid, form_id uuid, form_version integer, event text, step text, field text,
        name text, surface text, page text, happened_at timestamptz)
      on conflict (workspace_id, id) do nothing
      returning form_id, event, step, field, happened_at
    )
    insert into form_event_totals as t (form_id, day, event, step, field, shard, count)
    select form_id, (happened_at at time zone w.timezone)::date, event, coalesce(step, ''), coalesce(field, ''),
      pg_backend_pid() % 32, count(*)
    from fresh, workspaces w where w.id = current_workspace() group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (workspace_id, form_id, day, event, step, field, shard) do update set count = t.count + excluded.count`,
  parameters: [JSON.stringify(rows)],
});
