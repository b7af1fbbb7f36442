import { sql } from 'kysely';
import type { Company } from '../../src/contract/company.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { Role } from '../../src/contract/permissions.ts';
import type { Policies } from '../../src/contract/workspace.ts';
import type { Passwords } from '../app-parts.ts';
import type { Db } from '../db/db.ts';
import { queryOver, type Query } from '../db/query.ts';
import { System } from '../db/system.ts';
import { newId } from '../ids.ts';
import { fieldRowsOf, type SeedField } from './field-rows.ts';
import { formRowsOf, type SeedForm, type SeedFormTotal } from './form-rows.ts';
import type { Known, KnownStage } from './known.ts';
import { ranksOf, rowsOf } from './lead-rows.ts';
import { insertRows } from './rows.ts';
import type { SeedLead, SeedPipeline } from './seed-lead.ts';
import type { SuspectedSubmission } from './submission-rows.ts';

/** A workspace with its records, as it should stand. Records name one another by `key`. */
export interface Seed {
  workspace: { name: string; country: string; currency: string; timezone: string; locale: string; policies: Policies };
  /** The first is the owner. */
  members: { name: string; email: string; password: string; role: Role }[];
  pipelines: SeedPipeline[];
  fields: SeedField[];
  forms: SeedForm[];
  /** What waits in quarantine. */
  suspected: SuspectedSubmission[];
  form_totals: SeedFormTotal[];
  companies: ({ key: string; created_at: string } & Pick<
    Company,
    'name' | 'industry' | 'website' | 'employees' | 'phone_number' | 'city' | 'country' | 'tags'
  >)[];
  contacts: ({
    company_key: string | null;
    /** Whose e-mail's member created the contact and works with it. */
    assigned_to: string | null;
    created_at: string;
    updated_at: string;
  } & Pick<
    Contact,
    | 'firstname'
    | 'lastname'
    | 'email'
    | 'phone_number'
    | 'city'
    | 'country'
    | 'status'
    | 'type'
    | 'priority'
    | 'is_favorite'
    | 'is_archived'
    | 'tags'
    | 'notes'
    | 'custom_fields'
  >)[];
  leads: SeedLead[];
}

/** With what belongs to them, some forty leads are as many rows as one transaction should have. */
const LEADS_AT_ONCE = 40;

/** Puts a workspace into the database, unless its owner has one already. What was cut short is gone on with. */
export async function seedWorkspace(db: Db, passwords: Passwords, seed: Seed): Promise<void> {
  const system = new System(db, 'seed');
  const owner = await system.accountByEmail(seed.members[0]!.email);
  let workspaceId = owner && (await system.placesOf(owner.id))[0]?.id;
  if (workspaceId === undefined) {
    workspaceId = newId();
    await addPeople(db, passwords, seed, workspaceId);
  }
  const users = new Map<string, string>();
  for (const { email } of seed.members) users.set(email, (await system.accountByEmail(email))!.id);

  const scope = { role: 'app', workspaceId, actorId: users.get(seed.members[0]!.email)!, requestId: 'seed' } as const;
  const transaction = <T>(work: (query: Query) => Promise<T>) => db.transaction(scope, (run) => work(queryOver(run)));
  if (await transaction(isSeeded)) {
    // One that was made before there were forms gets them; of its own leads none came by them.
    await transaction(async (query) => addForms(query, seed, await whatIsKnown(query, seed, users)));
    return;
  }
  const known = await transaction(async (query) => {
    await sql`update workspaces set policies = ${JSON.stringify(seed.workspace.policies)}::jsonb`.execute(query);
    await addPipelines(query, seed);
    await addFields(query, seed);
    await addContacts(query, seed, users);
    const known = await whatIsKnown(query, seed, users);
    await addForms(query, seed, known);
    return known;
  });
  const leads = seed.leads.filter(({ contact_email }) => known.contacts.has(contact_email));
  const ranks = ranksOf(leads);
  for (let written = await transaction(countLeads); written < leads.length; written += LEADS_AT_ONCE) {
    const rows = rowsOf(leads.slice(written, written + LEADS_AT_ONCE), ranks, known);
    await transaction(async (query) => {
      for (const [table, some] of Object.entries(rows)) await insertRows(query, table, some);
    });
  }
  await transaction((query) => markSeeded(query, workspaceId));
}

/** The seed's last word. Until it is there nobody else has worked in the workspace: the server answers only afterwards. */
const SEEDED = 'workspace.seeded';

async function isSeeded(query: Query) {
  const { rows } = await sql`select from audit_log where action = ${SEEDED} limit 1`.execute(query);
  return rows.length > 0;
}

const markSeeded = (query: Query, workspaceId: string) =>
  insertRows(query, 'audit_log', [
    {
      workspace_id: workspaceId,
      id: newId(),
      at: new Date(),
      action: SEEDED,
      resource: 'workspace',
      record_id: workspaceId,
      request_id: 'seed',
    },
  ]);

async function countLeads(query: Query) {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from leads`.execute(query);
  return rows[0]!.count;
}

async function addPeople(db: Db, passwords: Passwords, { workspace, members }: Seed, workspaceId: string) {
  const people = await Promise.all(
    members.map(async (member) => ({ ...member, id: newId(), passwordHash: await passwords.hash(member.password) })),
  );
  const [owner, ...others] = people;
  await new System(db, 'seed', { actorId: owner!.id }).transaction(async (system) => {
    for (const person of people) await system.createUser(person);
    await system.createWorkspace({ ...workspace, id: workspaceId }, owner!.id);
    for (const person of others) await system.addMember(workspaceId, person.id, person.role);
  });
}

/** Those that are not there yet. */
async function addPipelines(query: Query, { pipelines }: Seed) {
  const { rows: there } = await sql<{ name: string }>`select name from pipelines`.execute(query);
  for (const { name, stages } of pipelines.filter((pipeline) => !there.some(({ name }) => name === pipeline.name))) {
    const id = newId();
    await sql`insert into pipelines (id, name) values (${id}, ${name})`.execute(query);
    const now = new Date();
    const rows = stages.map((stage, index) => ({
      ...stage,
      id: newId(),
      pipeline_id: id,
      display_order: index + 1,
      is_active: true,
      is_completed: false,
      configuration: {},
      version: 1,
      created_at: now,
      updated_at: now,
    }));
    await insertRows(query, 'stages', rows);
  }
}

async function addFields(query: Query, { fields }: Seed) {
  const { rows } = await sql`select from custom_fields limit 1`.execute(query);
  if (rows.length === 0) await insertRows(query, 'custom_fields', fieldRowsOf(fields));
}

/** Those of a workspace that never had one. */
async function addForms(query: Query, seed: Seed, known: Known) {
  const { rows } = await sql`select from forms limit 1`.execute(query);
  if (rows.length > 0) return;
  for (const [table, some] of Object.entries(formRowsOf(seed, known))) await insertRows(query, table, some);
}

async function addContacts(query: Query, { companies, contacts }: Seed, users: ReadonlyMap<string, string>) {
  const { rows } = await sql`select from contacts limit 1`.execute(query);
  if (rows.length > 0) return;
  const stamp = (created_at: string, updated_at: string, by: string) => ({
    created_at,
    updated_at,
    created_by: by,
    updated_by: by,
    version: 1,
  });
  const owner = [...users.values()][0]!;
  const companyIds = new Map(companies.map(({ key, created_at }) => [key, newId(Date.parse(created_at))]));
  await insertRows(
    query,
    'companies',
    companies.map(({ key, created_at, ...company }) => ({
      ...company,
      ...stamp(created_at, created_at, owner),
      id: companyIds.get(key),
    })),
  );
  const people = contacts.map(({ company_key, assigned_to, created_at, updated_at, ...contact }) => ({
    assigned_to,
    row: {
      ...contact,
      ...stamp(created_at, updated_at, users.get(assigned_to ?? '') ?? owner),
      id: newId(Date.parse(created_at)),
      company_id: company_key === null ? null : companyIds.get(company_key),
      metadata: {},
    },
  }));
  await insertRows(
    query,
    'contacts',
    people.map(({ row }) => row),
  );
  const assignments = people.flatMap(({ assigned_to, row }) =>
    assigned_to === null ? [] : [{ contact_id: row.id, user_id: users.get(assigned_to), assigned_at: row.created_at }],
  );
  await insertRows(query, 'contact_assignments', assignments);
}

async function whatIsKnown(query: Query, { forms }: Seed, users: ReadonlyMap<string, string>): Promise<Known> {
  const named = async (statement: ReturnType<typeof sql<{ name: string; id: string }>>) =>
    new Map((await statement.execute(query)).rows.map(({ name, id }) => [name, id]));
  const { rows: stages } = await sql<KnownStage>`
    select s.id, s.pipeline_id, s.name, s.category, case when not p.is_default then p.name end as pipeline
    from stages s join pipelines p on p.workspace_id = s.workspace_id and p.id = s.pipeline_id`.execute(query);
  const { rows: workspaces } = await sql<{
    currency: string;
    timezone: string;
  }>`select currency, timezone from workspaces`.execute(query);
  return {
    users,
    contacts: await named(sql`select email as name, id from contacts where email is not null and deleted_at is null`),
    sources: await named(sql`select name, id from lead_sources`),
    stages,
    forms: new Map(forms.map(({ id, ...form }) => [id, form])),
    ...workspaces[0]!,
  };
}
