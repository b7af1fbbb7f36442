import { sql } from 'kysely';
import type { Company } from '../../src/contract/company.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { Role } from '../../src/contract/permissions.ts';
import type { Passwords } from '../app-parts.ts';
import type { Db } from '../db/db.ts';
import { queryOver, type Query } from '../db/query.ts';
import { System } from '../db/system.ts';
import { newId } from '../ids.ts';

/** A workspace with its records, as it should stand. Records name one another by `key`. */
export interface Seed {
  workspace: { name: string; country: string; currency: string; timezone: string; locale: string };
  /** The first is the owner. */
  members: { name: string; email: string; password: string; role: Role }[];
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
  >)[];
}

/** Puts a workspace into the database, unless its owner has one already. What was cut short is gone on with. */
export async function seedWorkspace(db: Db, passwords: Passwords, seed: Seed): Promise<void> {
  const users = new Map<string, string>();
  const system = new System(db, 'seed');
  const owner = await system.accountByEmail(seed.members[0]!.email);
  let workspaceId = owner && (await system.placesOf(owner.id))[0]?.id;
  if (workspaceId === undefined) {
    workspaceId = newId();
    await addPeople(db, passwords, seed, workspaceId);
  }
  for (const { email } of seed.members) users.set(email, (await system.accountByEmail(email))!.id);

  const scope = { role: 'app', workspaceId, actorId: users.get(seed.members[0]!.email)!, requestId: 'seed' } as const;
  await db.transaction(scope, async (run) => {
    const query = queryOver(run);
    const { rows } = await sql`select from contacts limit 1`.execute(query);
    if (rows.length === 0) await addRecords(query, seed, users);
  });
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

async function addRecords(query: Query, { companies, contacts }: Seed, users: Map<string, string>) {
  const companyIds = new Map(companies.map(({ key }) => [key, newId()]));
  for (const { key, created_at, ...company } of companies) {
    await query
      .insertInto('companies')
      .values({ ...company, id: companyIds.get(key)!, created_at: new Date(created_at), updated_at: new Date(created_at) })
      .execute();
  }
  for (const { company_key, assigned_to, created_at, updated_at, ...contact } of contacts) {
    const id = newId(Date.parse(created_at));
    const company_id = company_key === null ? null : companyIds.get(company_key)!;
    const by = assigned_to === null ? null : users.get(assigned_to)!;
    await query
      .insertInto('contacts')
      .values({
        ...contact,
        id,
        company_id,
        created_at: new Date(created_at),
        updated_at: new Date(updated_at),
        ...(by && { created_by: by, updated_by: by }),
      })
      .execute();
    if (by)
      await query
        .insertInto('contact_assignments')
        .values({ contact_id: id, user_id: by, assigned_at: new Date(created_at) })
        .execute();
  }
}
