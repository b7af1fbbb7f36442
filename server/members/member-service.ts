import { sql, type Selectable } from 'kysely';
import { outranks, ROLE_PERMISSIONS, type Role } from '../../src/contract/permissions.ts';
import type { Member, memberRoutes } from '../../src/contract/member.ts';
import type { BodyOf, QueryOf } from '../../src/contract/route.ts';
import type { AppointmentService } from '../appointments/appointment-service.ts';
import { hashOf, invitationToken, newSecret } from '../secret-tokens.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import type { DealService } from '../deals/deal-service.ts';
import { emailKey } from '../db/email-key.ts';
import { anyOf, asked } from '../db/filters.ts';
import { list, type Listing } from '../db/list.ts';
import { change, hold } from '../db/records.ts';
import type { MemberTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { holderOf } from '../http/access.ts';
import type { Expected } from '../http/answer.ts';
import type { Caller } from '../http/caller.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import type { LeadOwnerService } from '../leads/lead-owner-service.ts';
import { enqueue } from '../jobs/enqueue.ts';

/** What a change looks at. Requests may not read an invitation's secret, so there is no reading all. */
const columns = sql`id, user_id, role, working_hours, version`;
type Held = Pick<Selectable<MemberTable>, 'id' | 'user_id' | 'role' | 'working_hours' | 'version'>;
const MEMBER = { table: 'members', noun: 'member', keepsDeleted: false, columns } as const;
/** How long an invitation may be accepted. */
export const INVITATION_DAYS = 7;

/** Members with the names and addresses of their users. */
const people = sql`(
  select m.id, m.workspace_id, m.created_at, m.updated_at, m.created_by, m.updated_by, m.version, m.user_id, m.role, m.status, m.working_hours,
    m.joined_at, u.name, coalesce(u.email, m.email) as address, u.avatar_url, array_position(array['viewer', 'member', 'manager', 'admin', 'owner'], m.role) as rank
  from members m left join users u on u.id = m.user_id) r`;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.user_id, r.name, r.address as email, r.avatar_url, r.role, r.status, r.working_hours, wire_time(r.joined_at) as joined_at`;

const listing: Listing<Member, 'created_at' | 'name' | 'email' | 'role'> = {
  from: people,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    name: { column: sql`r.name collate "und-x-icu"`, type: 'text', nullable: true },
    email: { column: sql`r.address collate "und-x-icu"`, type: 'text' },
    role: { column: sql`r.rank`, type: 'integer' },
  },
  defaultSort: 'created_at',
};

/** Whose services hand over what a member leaves behind. */
interface HandedOver {
  contacts: ContactService;
  leads: LeadOwnerService;
  deals: DealService;
  appointments: AppointmentService;
}

/** The rules of who belongs to a workspace. Every method works inside its tenant's unit of work. */
export class MemberService {
  readonly #contacts: ContactService;
  readonly #leads: LeadOwnerService;
  readonly #deals: DealService;
  readonly #appointments: AppointmentService;
  readonly #serverSecret: string;

  constructor({ contacts, leads, deals, appointments }: HandedOver, serverSecret: string) {
    this.#contacts = contacts;
    this.#leads = leads;
    this.#deals = deals;
    this.#appointments = appointments;
    this.#serverSecret = serverSecret;
  }

  list(tenant: Tenant, query: QueryOf<typeof memberRoutes.list>): Promise<Page<Member>> {
    const words = query.search?.split(/\s+/).filter(Boolean) ?? [];
    return list(tenant, listing, query, [
      ...asked([anyOf('role', query.role), anyOf('status', query.status)]),
      ...words.map((word) => sql`position(folded(${word}::text) in folded(coalesce(r.name, '') || ' ' || r.address)) > 0`),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<Member>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${wire} from ${people} where r.id = ${id}) w`.execute(
      tenant.db,
    );
    if (!rows[0]) throw notFound('member');
    return new Json(rows[0].json, rows[0].version);
  }

  /** Invites an address; the mail is a job. Inviting again replaces the first invitation, and its mail if that has not gone out. */
  async invite(tenant: Tenant, { email, role }: BodyOf<typeof memberRoutes.invite>): Promise<Json<Member>> {
    this.#assertMayGive(tenant, role);
    const existing = await sql<{ id: string }>`
      select m.id from members m join users u on u.id = m.user_id where u.email_key = ${emailKey(email)}`.execute(tenant.db);
    if (existing.rows[0]) {
      throw new ApiFailure('DUPLICATE', 'This person is a member already.', {
        issues: invalidField('email', 'taken').extras.issues!,
        existingId: existing.rows[0].id,
      });
    }
    const nonce = newSecret();
    const hash = await hashOf(await invitationToken(nonce, this.#serverSecret));
    const { rows } = await sql<{ id: string }>`
      insert into members as m (id, email, role, status, invitation_hash, invitation_expires_at)
      values (${newId()}, ${email}, ${role}, 'invited', ${hash}, now() + ${`${INVITATION_DAYS} days`}::interval)
      on conflict (workspace_id, email_key) do update
        set role = excluded.role, invitation_hash = ${hash}, invitation_expires_at = excluded.invitation_expires_at,
          version = m.version + 1, updated_at = now(), updated_by = current_actor()
      returning id`.execute(tenant.db);
    const { id } = rows[0]!;
    await enqueue(tenant, 'mail-invitation', { member_id: id, nonce }, { key: id });
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: BodyOf<typeof memberRoutes.update>, expected: Expected): Promise<Json<Member>> {
    const held = await this.#hold(tenant, id, expected);
    if (given.role !== undefined && given.role !== held.role) {
      this.#assertMayTouch(tenant, held);
      this.#assertMayGive(tenant, given.role);
    }
    await change(tenant, 'members', held, given);
    return this.get(tenant, id);
  }

  /** Takes a member out. What they work on goes to `reassignTo`, in the same transaction. */
  async remove(tenant: Tenant, id: string, reassignTo: string | undefined, expected: Expected) {
    const held = await this.#hold(tenant, id, expected);
    this.#assertMayTouch(tenant, held);
    if (held.user_id !== null) await this.#handOver(tenant, held.user_id, reassignTo);
    await sql`delete from members where id = ${id}`.execute(tenant.db);
  }

  /** Makes another member the owner, and the owner an admin. */
  async transfer(tenant: Tenant, userId: string) {
    const { rows } =
      await sql<Held>`select ${columns} from members where user_id = ${userId} or role = 'owner' order by id for update`.execute(
        tenant.db,
      );
    const next = rows.find((member) => member.user_id === userId);
    // Whoever handed it over a moment ago finds no owner: the row waited for is none any more, the new one was not there yet.
    const owner = rows.find((member) => member.role === 'owner');
    if (!owner || owner.user_id !== tenant.caller.userId)
      throw new ApiFailure('FORBIDDEN', "Only the workspace's owner may do this.");
    if (!next) throw invalidField('user_id', 'not_found');
    if (next === owner) return;
    await change(tenant, 'members', owner, { role: 'admin' });
    await change(tenant, 'members', next, { role: 'owner' });
  }

  async #handOver(tenant: Tenant, userId: string, reassignTo: string | undefined) {
    if (reassignTo === undefined) {
      const contacts = await this.#contacts.assignedTo(tenant, userId);
      const leads = await this.#leads.ownedBy(tenant, userId);
      const deals = await this.#deals.ownedBy(tenant, userId);
      const appointments = await this.#appointments.ownedBy(tenant, userId);
      if (contacts + leads + deals + appointments > 0) {
        const theirs = inWords([
          counted(contacts, 'contact'),
          counted(leads, 'lead'),
          counted(deals, 'deal'),
          counted(appointments, 'appointment'),
        ]);
        throw new ApiFailure('CONFLICT', `This member has ${theirs}: name who takes over in reassign_to, or say nobody.`);
      }
    }
    const successor = reassignTo === 'nobody' ? undefined : reassignTo;
    if (successor !== undefined) {
      const { rows } = await sql`select from members where user_id = ${successor} and user_id <> ${userId} for share`.execute(
        tenant.db,
      );
      if (rows.length === 0) throw invalidField('reassign_to', 'not_found');
    }
    const ofLeads = await this.#leads.reassign(tenant, userId, successor);
    await this.#deals.reassign(tenant, userId, successor);
    await this.#appointments.reassign(tenant, userId, successor);
    await this.#contacts.reassign(tenant, userId, successor, ofLeads);
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Held>(tenant, MEMBER, id, expected, (id) => this.get(tenant, id));
  }

  /** Nobody changes themselves or anyone who stands above them. */
  #assertMayTouch({ caller }: Tenant, held: { role: Role; user_id: string | null }) {
    if (held.user_id === caller.userId)
      throw new ApiFailure('FORBIDDEN', 'Nobody changes their own membership: ask another administrator.');
    if (held.role === 'owner') throw new ApiFailure('FORBIDDEN', 'The owner stays until they hand the workspace over.');
    if (outranks(held.role, standingOf(caller)))
      throw new ApiFailure('FORBIDDEN', `A member with the role ${held.role} is changed by one of that role only.`);
  }

  #assertMayGive({ caller }: Tenant, role: Role) {
    if (outranks(role, standingOf(caller)))
      throw new ApiFailure('FORBIDDEN', `The role ${role} is given by one of that role only.`);
    const beyond = [...ROLE_PERMISSIONS[role]].find((permission) => !caller.permissions.has(permission));
    if (beyond !== undefined)
      throw new ApiFailure(
        'FORBIDDEN',
        `The role ${role} comes with the permission ${beyond}, which ${holderOf(caller)} does not have.`,
      );
  }
}

/** `1 lead`, `2 leads`; nothing where there are none. */
const counted = (count: number, noun: string) => (count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`);

const inWords = (parts: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(parts.filter(Boolean));

/** A key with the permission stands where an admin does, and gives no role that may do more than the key. */
const standingOf = ({ role = 'admin' }: Caller): Role => role;
