import { sql, type Selectable } from 'kysely';
import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type {
  Form,
  FormChange,
  FormDetail,
  FormQuery,
  formRoutes,
  FormSnippet,
  FormVersion,
  NewForm,
} from '../../src/contract/form.ts';
import type { QueryOf } from '../../src/contract/route.ts';
import { asked, is } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import type { FormTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { invalid, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { formProblems } from './form-checks.ts';
import { knownTo } from './form-references.ts';
import { formSnippet, type SnippetPlace } from './form-snippet.ts';
import { publicForm, type FormWorkspace } from './public-form-service.ts';

const FORM = { table: 'forms', noun: 'form', keepsDeleted: true } as const;

/** What counts as a submission of the form called `f`: what became a lead, or an entry on one. */
const submissions = sql`submissions s where s.form_id = f.id and s.state = 'accepted'`;

/** Counted where they are read: a number on the form itself is what all its submissions would wait for. */
const forms = sql`(select f.*, (select max(s.created_at) from ${submissions}) as last_submission_at from forms f where f.deleted_at is null) r`;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.draft, case when r.is_active then r.published_version end as published_version, wire_time(r.published_at) as published_at,
  coalesce((select v.definition <> r.draft from form_versions v where v.form_id = r.id and v.number = r.published_version), true) as has_changes,
  r.is_active, (select count(*)::integer from submissions s where s.form_id = r.id and s.state = 'accepted') as submissions_count,
  wire_time(r.last_submission_at) as last_submission_at`;

const listing: Listing<Form, 'created_at' | 'updated_at' | 'name' | 'last_submission_at'> = {
  from: forms,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
    last_submission_at: { column: sql`r.last_submission_at`, type: 'timestamptz', nullable: true },
  },
  defaultSort: 'created_at',
};

const versionListing: Listing<FormVersion, 'created_at'> = {
  from: sql`form_versions r`,
  wire: sql`r.form_id, r.number, r.definition, wire_time(r.published_at) as published_at, r.published_by`,
  // Numbers are given in the order of publishing, however close together that was.
  sorts: { created_at: { column: sql`r.number`, type: 'integer' } },
  defaultSort: 'created_at',
};

type HeldForm = Selectable<FormTable>;

/** What visitors would meet of a form, with its workspace. */
interface Shown {
  draft: FormDefinition;
  published: FormDefinition | null;
  number: number | null;
  workspace: FormWorkspace;
}

/** Forms as their authors know them. Every method works inside its tenant's unit of work. */
export class FormService {
  readonly #place: SnippetPlace;

  constructor(place: SnippetPlace) {
    this.#place = place;
  }

  list(tenant: Tenant, query: FormQuery): Promise<Page<Form>> {
    return list(tenant, listing, query, asked([is('is_active', query.is_active, 'boolean'), named(query.search)]));
  }

  /** A form with everything that keeps its draft from being published. */
  async get(tenant: Tenant, id: string): Promise<Json<FormDetail>> {
    const { rows } = await sql<{ json: string; version: number; draft: FormDefinition }>`
      select row_to_json(w)::text as json, w.version, w.draft from (select ${wire} from ${forms} where r.id = ${id}) w`.execute(
      tenant.db,
    );
    const [row] = rows;
    if (!row) throw notFound('form');
    const problems = formProblems(row.draft, await knownTo(tenant, row.draft, id));
    return new Json(`${row.json.slice(0, -1)},"problems":${JSON.stringify(problems)}}`, row.version);
  }

  async create(tenant: Tenant, { name, draft, is_active }: NewForm): Promise<Json<FormDetail>> {
    const id = newId();
    await tenant.db
      .insertInto('forms')
      .values({ id, name, draft: JSON.stringify(draft), is_active })
      .execute();
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: FormChange, expected: Expected): Promise<Json<FormDetail>> {
    await change(tenant, 'forms', await this.#hold(tenant, id, expected), given);
    return this.get(tenant, id);
  }

  /** Puts a form away for good: its submissions and what became of them stay. */
  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await sql`update forms set deleted_at = now(), ${TOUCHED} where id = ${id}`.execute(tenant.db);
  }

  /** Makes the draft the next version, which visitors meet from then on. */
  async publish(tenant: Tenant, id: string, expected: Expected): Promise<Json<FormDetail>> {
    const { draft, published_version } = await this.#hold(tenant, id, expected);
    const problems = formProblems(draft, await knownTo(tenant, draft, id));
    if (problems.length > 0) throw invalid(problems.map((problem) => ({ ...problem, path: `draft.${problem.path}` })));
    const number = (published_version ?? 0) + 1;
    await sql`insert into form_versions (form_id, number, definition) values (${id}, ${number}, ${JSON.stringify(draft)}::jsonb)`.execute(
      tenant.db,
    );
    await sql`update forms set published_version = ${number}, published_at = now(), ${TOUCHED} where id = ${id}`.execute(
      tenant.db,
    );
    return this.get(tenant, id);
  }

  async versions(tenant: Tenant, id: string, query: QueryOf<typeof formRoutes.versions>): Promise<Page<FormVersion>> {
    await this.#shown(tenant, id);
    return list(tenant, versionListing, query, [sql`r.form_id = ${id}`]);
  }

  /** Another form of the same draft. */
  async duplicate(tenant: Tenant, id: string, name: string | undefined): Promise<Json<FormDetail>> {
    const { rows } = await sql<{ name: string; draft: FormDefinition; names: string[] }>`
      select f.name, f.draft, (select coalesce(json_agg(name), '[]') from forms where deleted_at is null and name like 'Copy of %') as names
      from forms f where f.id = ${id} and f.deleted_at is null`.execute(tenant.db);
    const [row] = rows;
    if (!row) throw notFound('form');
    return this.create(tenant, { name: name ?? copyName(row.name, row.names), draft: row.draft });
  }

  /** What a page needs to show the form as it is published, or as it would be. */
  async snippet(tenant: Tenant, id: string): Promise<FormSnippet> {
    const { draft, published, number, workspace } = await this.#shown(tenant, id);
    return formSnippet(publicForm(published ?? draft, { id, version: number ?? 1, workspace }), this.#place);
  }

  /** The draft as a visitor would meet it, were it published now. */
  async preview(tenant: Tenant, id: string, lang: string | undefined): Promise<PublicForm> {
    const { draft, number, workspace } = await this.#shown(tenant, id);
    return publicForm(draft, { id, version: (number ?? 0) + 1, lang, workspace });
  }

  async #shown(tenant: Tenant, id: string): Promise<Shown> {
    const { rows } = await sql<Shown>`
      select f.draft, v.definition as published, f.published_version as number, json_build_object('locale', w.locale, 'theme', w.theme) as workspace
      from forms f join workspaces w on w.id = f.workspace_id
      left join form_versions v on v.form_id = f.id and v.number = f.published_version
      where f.id = ${id} and f.deleted_at is null`.execute(tenant.db);
    if (!rows[0]) throw notFound('form');
    return rows[0];
  }

  #hold(tenant: Tenant, id: string, expected: Expected): Promise<HeldForm> {
    return hold<HeldForm>(tenant, FORM, id, expected, (id) => this.get(tenant, id));
  }
}

/** Forms whose name holds every word. */
const named = (term: string | undefined): Fragment | undefined =>
  term
    ? sql`not exists (select from regexp_split_to_table(folded(${term}), '\\s+') word where position(word in folded(r.name)) = 0)`
    : undefined;

/** A name that none of these has: each copy has its number. */
function copyName(name: string, taken: readonly string[]): string {
  const plain = `Copy of ${name}`;
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : ` (${number})`;
    const free = plain.slice(0, 100 - end.length) + end;
    if (!taken.includes(free)) return free;
  }
}
