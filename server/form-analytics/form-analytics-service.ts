import { sql } from 'kysely';
import type { FormAnalytics, FormFigures } from '../../src/contract/form.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Fragment } from '../db/fragment.ts';
import type { Tenant } from '../db/tenant.ts';
import { notFound } from '../http/failure.ts';
import { dayIn, daySpan, onDays, within, type DaySpan } from './day-span.ts';

interface Asked {
  from?: string | undefined;
  to?: string | undefined;
}

type FormOrder = 'submissions' | 'views' | 'conversion';

/** What was counted of a form in one span, as the database tells it. */
interface Counted {
  id: string;
  name: string;
  definition: FormDefinition;
  submissions: number;
  quarantined: number;
  days: FormAnalytics['days'];
  totals: { event: string; step: string; field: string; count: number }[];
  sources: FormAnalytics['sources'];
}

const MOST_SOURCES = 100;
const USUAL_FORMS = 100;

/** Answers how forms did over days of the workspace: from the totals of their events, and from the submissions themselves. */
export class FormAnalyticsService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** One form's figures, day by day and place by place. */
  async analytics(tenant: Tenant, id: string, asked: Asked): Promise<FormAnalytics> {
    const span = daySpan(asked, tenant.caller.workspace.timezone, this.#clock());
    const { rows } = await countedForm(id, span).execute(tenant.db);
    const form = rows[0];
    if (!form) throw notFound('form');
    const count = (event: string, of: { step?: string; field?: string } = {}) =>
      form.totals
        .filter((one) => one.event === event && one.step === (of.step ?? one.step) && one.field === (of.field ?? one.field))
        .reduce((sum, one) => sum + one.count, 0);
    const starts = count('start');
    const { submissions, quarantined } = form;
    const asks = ({ type }: { type: string }) => type !== 'heading' && type !== 'hidden';
    const fields = form.definition.steps.flatMap((step) => step.fields.filter(asks).map((field) => field.id));
    return {
      ...figuresOf({ form_id: form.id, name: form.name, views: count('view'), starts, submissions, quarantined }),
      days: form.days,
      // Whoever starts has reached the first step; what comes behind it is told by the browser.
      steps: form.definition.steps.map(({ id: step }, index) => ({
        step,
        reached: Math.max(index === 0 ? starts : 0, count('step', { step })),
        left: count('close', { step }),
      })),
      fields: fields.map((field) => ({ field, dropped: count('close', { field }), refused: count('error', { field }) })),
      sources: form.sources,
    };
  }

  /** The figures of every form, the best first. */
  async forms(
    tenant: Tenant,
    asked: Asked & { limit?: number | undefined; sort_by?: FormOrder | undefined },
  ): Promise<FormFigures[]> {
    const span = daySpan(asked, tenant.caller.workspace.timezone, this.#clock());
    const { rows } = await sql<Omit<FormFigures, 'conversion' | 'start_rate'>>`
      select f.id as form_id, f.name, t.views, t.starts, s.submissions, s.quarantined
      from forms f
      cross join lateral (
        select coalesce(sum(t.count) filter (where t.event = 'view'), 0)::integer as views,
          coalesce(sum(t.count) filter (where t.event = 'start'), 0)::integer as starts
        from form_event_totals t where t.form_id = f.id and ${onDays(sql`t.day`, span)}) t
      cross join lateral (
        select count(*) filter (where s.state = 'accepted')::integer as submissions,
          count(*) filter (where s.state = 'quarantined')::integer as quarantined
        from submissions s where s.form_id = f.id and ${within(sql`s.submitted_at`, span)}) s
      where f.deleted_at is null
      order by ${ORDERS[asked.sort_by ?? 'submissions']}, f.name, f.id limit ${sql.lit(asked.limit ?? USUAL_FORMS)}`.execute(
      tenant.db,
    );
    return rows.map(figuresOf);
  }
}

const ORDERS: Record<FormOrder, Fragment> = {
  submissions: sql`s.submissions desc, t.views desc`,
  views: sql`t.views desc, s.submissions desc`,
  conversion: sql`case when t.views > 0 then least(1, s.submissions::float8 / t.views) end desc nulls last, s.submissions desc`,
};

/** Who has no script, or does not want to be counted, submits without a view: a rate is never more than one. */
function figuresOf(counts: Omit<FormFigures, 'conversion' | 'start_rate'>): FormFigures {
  const rate = (part: number) => (counts.views === 0 ? null : Math.min(1, Math.round((part / counts.views) * 10_000) / 10_000));
  return { ...counts, conversion: rate(counts.submissions), start_rate: rate(counts.starts) };
}

/** Where a submission came from: the campaign's word for it, else the page that led to the visit. */
const touch = (name: string): Fragment =>
  sql`coalesce(s.attribution #>> ${sql.lit(`{last,${name}}`)}, s.attribution #>> ${sql.lit(`{first,${name}}`)})`;
const hostOf = (address: Fragment): Fragment => sql`lower(substring(${address} from '^https?://([^/?#:]+)'))`;
const SOURCE = sql`coalesce(${touch('utm_source')},
  nullif(${hostOf(touch('referrer'))}, coalesce(${hostOf(sql`s.page`)}, '')))`;

/** Everything of one form in one statement, so that its parts fit together. */
const countedForm = (id: string, span: DaySpan) => sql<Counted>`
  with f as materialized (
    select f.id, f.name, coalesce(v.definition, f.draft) as definition
    from forms f
    left join form_versions v on v.workspace_id = f.workspace_id and v.form_id = f.id and v.number = f.published_version
    where f.id = ${id} and f.deleted_at is null
  ), happened as materialized (
    select t.day, t.event, t.step, t.field, sum(t.count)::integer as count
    from form_event_totals t where t.form_id = ${id} and ${onDays(sql`t.day`, span)} group by 1, 2, 3, 4
  ), sent as materialized (
    select ${dayIn(sql`s.submitted_at`, span)} as day, s.state, ${SOURCE} as source, ${touch('utm_campaign')} as campaign, count(*)::integer as count
    from submissions s where s.form_id = ${id} and s.state in ('accepted', 'quarantined') and ${within(sql`s.submitted_at`, span)}
    group by 1, 2, 3, 4
  )
  select f.id, f.name, f.definition,
    (select coalesce(sum(count), 0)::integer from sent where state = 'accepted') as submissions,
    (select coalesce(sum(count), 0)::integer from sent where state = 'quarantined') as quarantined,
    (select json_agg(json_build_object('day', to_char(d, 'YYYY-MM-DD'), 'views', coalesce(h.views, 0), 'starts', coalesce(h.starts, 0),
        'submissions', coalesce(s.submissions, 0)) order by d)
      from generate_series(${span.from}::date::timestamp, ${span.to}::date::timestamp, '1 day') d
      left join (select day, sum(count) filter (where event = 'view') as views, sum(count) filter (where event = 'start') as starts
        from happened group by day) h on h.day = d::date
      left join (select day, sum(count) as submissions from sent where state = 'accepted' group by day) s on s.day = d::date) as days,
    (select coalesce(json_agg(t), '[]') from (
      select event, step, field, sum(count)::integer as count from happened where event <> 'cta' group by 1, 2, 3) t) as totals,
    (select coalesce(json_agg(t), '[]') from (
      select source, campaign, sum(count)::integer as submissions from sent where state = 'accepted'
      group by 1, 2 order by 3 desc, 1, 2 limit ${sql.lit(MOST_SOURCES)}) t) as sources
  from f`;
