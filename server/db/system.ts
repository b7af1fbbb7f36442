import { sql } from 'kysely';
import type { Role } from '../../src/contract/permissions.ts';
import type { User } from '../../src/contract/session.ts';
import type { Db, Run, Scope } from './db.ts';
import { queryOver } from './query.ts';

/** A user with what signing in needs to know of them. */
export interface Account extends User {
  password_hash: string;
}

/** A workspace that a user may sign in to. */
export interface Place {
  id: string;
  name: string;
  role: Role;
}

/** The session behind an access token, as it stands now. */
export interface LiveSession {
  user_id: string;
  role: Role;
  workspace: {
    id: string;
    name: string;
    timezone: string;
    country: string;
    allowed_origins: string[];
    policies: { require_if_match?: boolean };
  };
}

/** A refresh token as stored: by its hash, never as it is. */
export interface StoredToken {
  session_id: string;
  user_id: string;
  workspace_id: string;
  expired: boolean;
  revoked: boolean;
  /** Milliseconds since it was spent; null while it is not. */
  spent_ms: number | null;
  successor_hash: string | null;
}

export interface Invitation {
  workspace_id: string;
  id: string;
  email: string;
  used: boolean;
  expired: boolean;
  user_id: string | null;
}

const USER = sql`u.id, u.name, u.email, u.avatar_url, u.locale, u.timezone`;
/** What is kept for thirty days after its deletion, or its workspace's. */
const PURGED = ['contacts', 'companies'] as const;
const PAST = sql`now() - interval '30 days'`;
const PAST_WORKSPACES = sql`(select id from workspaces where deleted_at < ${PAST})`;

/**
 * Everything that must look across workspaces, and nothing else: it runs as a role of its own, which sees only these
 * tables. `transaction` gives the same calls inside one transaction.
 */
export class System {
  readonly #db: Db;
  readonly #run: Run | undefined;
  readonly #scope: Scope;

  constructor(db: Db, requestId = 'system', scope: Omit<Scope, 'role' | 'requestId'> = {}, run?: Run) {
    this.#db = db;
    this.#run = run;
    this.#scope = { ...scope, role: 'system', requestId };
  }

  /** The same, on behalf of one request: what it changes is recorded as that request's and its actor's. */
  for(requestId: string, workspaceId?: string, actorId?: string): System {
    return new System(this.#db, requestId, { workspaceId, actorId });
  }

  transaction<T>(work: (system: System) => Promise<T>): Promise<T> {
    return this.#db.transaction(this.#scope, (run) => work(new System(this.#db, this.#scope.requestId, this.#scope, run)));
  }

  get #query() {
    return queryOver(this.#run ?? (async (statement) => (await this.#db.unit(this.#scope, [statement]))[0]!));
  }

  async isAnswering(): Promise<void> {
    await sql`select 1`.execute(this.#query);
  }

  async hasUsers(): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`select exists (select from users) as found`.execute(this.#query);
    return rows[0]!.found;
  }

  /** Makes whoever comes for the same meanwhile wait until this transaction has ended. */
  async holdFirstSignUp(): Promise<void> {
    await sql`select pg_advisory_xact_lock(hashtext('millrace first sign-up'))`.execute(this.#query);
  }

  async accountByEmail(email: string): Promise<Account | undefined> {
    const { rows } = await sql<Account>`
      select ${USER}, u.password_hash from users u where u.email_key = lower(${email}::text collate "und-x-icu")`.execute(
      this.#query,
    );
    return rows[0];
  }

  async accountById(userId: string): Promise<Account | undefined> {
    const { rows } = await sql<Account>`select ${USER}, u.password_hash from users u where u.id = ${userId}`.execute(this.#query);
    return rows[0];
  }

  async placesOf(userId: string): Promise<Place[]> {
    const { rows } = await sql<Place>`
      select w.id, w.name, m.role from members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null
      where m.user_id = ${userId} order by m.joined_at, w.id`.execute(this.#query);
    return rows;
  }

  async createUser(user: {
    id: string;
    name: string;
    email: string;
    passwordHash: string;
    locale?: string | undefined;
    timezone?: string | undefined;
  }) {
    await sql`insert into users (id, name, email, password_hash, locale, timezone)
      values (${user.id}, ${user.name}, ${user.email}, ${user.passwordHash}, ${user.locale ?? null}, ${user.timezone ?? null})`.execute(
      this.#query,
    );
  }

  /** Creates a workspace that `ownerId` owns, on whose behalf this runs. */
  async createWorkspace(
    workspace: {
      id: string;
      name: string;
      locale?: string | undefined;
      timezone?: string | undefined;
      country?: string;
      currency?: string;
    },
    ownerId: string,
  ) {
    await sql`insert into workspaces (id, name, locale, timezone, country, currency)
      values (${workspace.id}, ${workspace.name}, ${workspace.locale ?? 'en'}, ${workspace.timezone ?? 'UTC'}, ${workspace.country ?? 'US'}, ${workspace.currency ?? 'USD'})`.execute(
      this.#query,
    );
    await this.addMember(workspace.id, ownerId, 'owner');
  }

  async addMember(workspaceId: string, userId: string, role: Role) {
    await sql`insert into members (workspace_id, user_id, role, status, joined_at) values (${workspaceId}, ${userId}, ${role}, 'active', now())`.execute(
      this.#query,
    );
  }

  async setPassword(userId: string, passwordHash: string) {
    await sql`update users set password_hash = ${passwordHash}, updated_at = now() where id = ${userId}`.execute(this.#query);
  }

  async beginSession(session: { id: string; userId: string; workspaceId: string }) {
    await sql`insert into sessions (id, user_id, workspace_id) values (${session.id}, ${session.userId}, ${session.workspaceId})`.execute(
      this.#query,
    );
  }

  async liveSession(sessionId: string): Promise<LiveSession | undefined> {
    const { rows } = await sql<LiveSession>`
      select s.user_id, m.role, json_build_object('id', w.id, 'name', w.name, 'timezone', w.timezone, 'country', w.country,
        'allowed_origins', w.allowed_origins, 'policies', w.policies) as workspace
      from sessions s
      join members m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
      join workspaces w on w.id = s.workspace_id and w.deleted_at is null
      -- Whoever was taken out and invited again begins anew.
      where s.id = ${sessionId} and s.revoked_at is null and s.created_at >= m.joined_at`.execute(this.#query);
    return rows[0];
  }

  async endSession(sessionId: string) {
    await sql`update sessions set revoked_at = now() where id = ${sessionId} and revoked_at is null`.execute(this.#query);
  }

  async endOtherSessions(userId: string, keptSessionId: string) {
    await sql`update sessions set revoked_at = now() where user_id = ${userId} and id <> ${keptSessionId} and revoked_at is null`.execute(
      this.#query,
    );
  }

  async keepRefreshToken(token: { hash: string; sessionId: string; expiresAt: Date }) {
    await sql`insert into refresh_tokens (hash, session_id, expires_at) values (${token.hash}, ${token.sessionId}, ${token.expiresAt})`.execute(
      this.#query,
    );
  }

  /** Reads a refresh token and holds it, so that of two who come with it one comes first. */
  async holdRefreshToken(hash: string): Promise<StoredToken | undefined> {
    const { rows } = await sql<StoredToken>`
      select t.session_id, s.user_id, s.workspace_id, t.expires_at <= clock_timestamp() as expired, s.revoked_at is not null as revoked,
        (extract(epoch from clock_timestamp() - t.spent_at) * 1000)::float8 as spent_ms, t.successor_hash
      from refresh_tokens t join sessions s on s.id = t.session_id
      where t.hash = ${hash} for update of t, s`.execute(this.#query);
    return rows[0];
  }

  async spendRefreshToken(hash: string, successorHash: string) {
    await sql`update refresh_tokens set spent_at = clock_timestamp(), successor_hash = ${successorHash} where hash = ${hash}`.execute(
      this.#query,
    );
  }

  async invitationByHash(hash: string): Promise<Invitation | undefined> {
    const { rows } = await sql<Invitation>`
      select m.workspace_id, m.id, m.email, m.status = 'active' as used, m.invitation_expires_at <= clock_timestamp() as expired, u.id as user_id
      from members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null left join users u on u.email_key = m.email_key
      where m.invitation_hash = ${hash} for update of m`.execute(this.#query);
    return rows[0];
  }

  async isMember(workspaceId: string, userId: string): Promise<boolean> {
    const { rows } = await sql`select from members where workspace_id = ${workspaceId} and user_id = ${userId}`.execute(
      this.#query,
    );
    return rows.length > 0;
  }

  /** Makes the invited a member, who is recorded as the one who did it; the hash stays, so that a repeat is told from a wrong token. */
  async acceptInvitation(invitation: Pick<Invitation, 'workspace_id' | 'id'>, userId: string) {
    await sql`select set_config('millrace.actor', ${userId}, true)`.execute(this.#query);
    await sql`
      update members set user_id = ${userId}, status = 'active', email = null, invitation_expires_at = null,
        joined_at = now(), version = version + 1, updated_at = now(), updated_by = current_actor()
      where workspace_id = ${invitation.workspace_id} and id = ${invitation.id}`.execute(this.#query);
  }

  /** Holds a workspace for its deletion: what it is called, its version, and who owns it now. */
  async holdWorkspace(workspaceId: string): Promise<{ name: string; version: number; owner_id: string } | undefined> {
    const { rows } = await sql<{ name: string; version: number; owner_id: string }>`
      select w.name, w.version, m.user_id as owner_id from workspaces w join members m on m.workspace_id = w.id and m.role = 'owner'
      where w.id = ${workspaceId} and w.deleted_at is null for update`.execute(this.#query);
    return rows[0];
  }

  async deleteWorkspace(workspaceId: string) {
    await sql`update workspaces set deleted_at = now(), version = version + 1, updated_at = now(), updated_by = current_actor() where id = ${workspaceId}`.execute(
      this.#query,
    );
    await sql`update sessions set revoked_at = now() where workspace_id = ${workspaceId} and revoked_at is null`.execute(
      this.#query,
    );
  }

  async isAllowedOrigin(origin: string): Promise<boolean> {
    const { rows } =
      await sql`select from workspaces where allowed_origins @> array[${origin}::text] and deleted_at is null limit 1`.execute(
        this.#query,
      );
    return rows.length > 0;
  }

  /** Removes for good what is past its time, at most 500 rows of each kind; tells how many went. */
  async purge(): Promise<number> {
    let gone = 0;
    const remove = async (statement: ReturnType<typeof sql>) => {
      gone += Number((await statement.execute(this.#query)).numAffectedRows ?? 0);
    };
    await remove(sql`delete from idempotency_keys where (workspace_id, actor_id, key) in
      (select workspace_id, actor_id, key from idempotency_keys where created_at < now() - interval '24 hours' limit 500)`);
    await remove(
      sql`delete from refresh_tokens where hash in (select hash from refresh_tokens where expires_at < now() limit 500)`,
    );
    await remove(sql`delete from sessions where id in (
      select id from sessions s where created_at < now() - interval '1 day'
        and not exists (select from refresh_tokens t where t.session_id = s.id) limit 500)`);
    const dueRows = (table: string, due: ReturnType<typeof sql>) =>
      sql`delete from ${sql.table(table)} where (workspace_id, id) in (select workspace_id, id from ${sql.table(table)} where ${due} limit 500)`;
    const removeRows = (table: string, due: ReturnType<typeof sql>) => remove(dueRows(table, due));
    for (const table of PURGED) {
      // What the audit log tells of them goes as well; that there was a change stays.
      await remove(sql`with gone as (${dueRows(table, sql`deleted_at < ${PAST}`)} returning workspace_id, id),
        forgotten as (update audit_log a set before = null, after = null from gone where a.workspace_id = gone.workspace_id and a.record_id = gone.id)
        select from gone`);
      await removeRows(table, sql`workspace_id in ${PAST_WORKSPACES}`);
    }
    await removeRows(
      'members',
      sql`workspace_id in ${PAST_WORKSPACES} and not exists (select from contacts where contacts.workspace_id = members.workspace_id)`,
    );
    await removeRows('audit_log', sql`workspace_id in ${PAST_WORKSPACES}`);
    const isEmpty = [...PURGED, 'members', 'audit_log'].map(
      (table) => sql`not exists (select from ${sql.table(table)} r where r.workspace_id = w.id)`,
    );
    await remove(
      sql`delete from workspaces where id in (select id from workspaces w where deleted_at < ${PAST} and ${sql.join(isEmpty, sql` and `)} limit 500)`,
    );
    return gone;
  }
}
