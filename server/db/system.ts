import { sql, type RawBuilder } from 'kysely';
import type { Permission, Role } from '../../src/contract/permissions.ts';
import type { User } from '../../src/contract/session.ts';
import { OutboxTable } from '../events/outbox-table.ts';
import { JobTable } from '../jobs/job-table.ts';
import { inBatches } from './batches.ts';
import type { Db, Run, Scope } from './db.ts';
import { emailKey } from './email-key.ts';
import { purge } from './purge.ts';
import { queryOver } from './query.ts';
import type { Policies } from '../../src/contract/workspace.ts';

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

/** What every credential brings along of its workspace. */
export interface LiveWorkspace {
  id: string;
  name: string;
  timezone: string;
  country: string;
  allowed_origins: string[];
  policies: Policies;
}

/** The session behind an access token, as it stands now. */
export interface LiveSession {
  user_id: string;
  role: Role;
  workspace: LiveWorkspace;
}

/** A key that is not revoked, by one of its secrets. */
export interface LiveKey {
  id: string;
  kind: 'secret' | 'publishable';
  permissions: Permission[];
  allowed_addresses: string[];
  rate_limit: number | null;
  /** When that secret ends, in milliseconds since 1970. */
  ends_ms: number | null;
  workspace: LiveWorkspace;
}

/** What an embed token stands on: its key, and its member if it acts for one. */
export interface LiveEmbedding {
  permissions: Permission[];
  ends_ms: number | null;
  role: Role | null;
  joined_ms: number | null;
  workspace: LiveWorkspace;
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

/** A member's calendar feed, by its secret. */
export interface CalendarFeedOf {
  id: string;
  workspace_id: string;
  user_id: string;
  name: string;
  workspace: string;
}

export interface Invitation {
  workspace_id: string;
  id: string;
  email: string;
  used: boolean;
  expired: boolean;
  user_id: string | null;
}

const WORKSPACE = sql`json_build_object('id', w.id, 'name', w.name, 'timezone', w.timezone, 'country', w.country,
  'allowed_origins', w.allowed_origins, 'policies', w.policies) as workspace`;
const USER = sql`u.id, u.name, u.email, u.avatar_url, u.locale, u.timezone`;
const milliseconds = (moment: RawBuilder<unknown>) => sql`(extract(epoch from ${moment}) * 1000)::float8`;

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

  get jobs(): JobTable {
    return new JobTable(this.#query);
  }

  get outbox(): OutboxTable {
    return new OutboxTable(this.#query);
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
      select ${USER}, u.password_hash from users u where u.email_key = ${emailKey(email)}`.execute(this.#query);
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

  /** Many that are looked up at the same moment are read by one query: a process may have a thousand live streams. */
  liveSession(sessionId: string): Promise<LiveSession | undefined> {
    return this.#run ? this.#liveSessions([sessionId]).then((found) => found.get(sessionId)) : this.#eachSession(sessionId);
  }

  readonly #eachSession = inBatches((ids: string[]) => this.#liveSessions(ids));

  async #liveSessions(sessionIds: string[]): Promise<Map<string, LiveSession>> {
    const { rows } = await sql<LiveSession & { id: string }>`
      select s.id, s.user_id, m.role, ${WORKSPACE}
      from sessions s
      join members m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
      join workspaces w on w.id = s.workspace_id and w.deleted_at is null
      -- Whoever was taken out and invited again begins anew.
      where s.id = any (${sessionIds}::uuid[]) and s.revoked_at is null and s.created_at >= m.joined_at`.execute(this.#query);
    return new Map(rows.map(({ id, ...live }) => [id, live]));
  }

  async liveKey(hash: string): Promise<LiveKey | undefined> {
    const { rows } = await sql<LiveKey>`
      select k.id, k.kind, to_json(k.permissions) as permissions, to_json(k.allowed_addresses) as allowed_addresses, k.rate_limit,
        ${milliseconds(sql`least(k.expires_at, case when k.secret_hash <> ${hash} then k.former_secret_until end)`)} as ends_ms, ${WORKSPACE}
      from api_keys k join workspaces w on w.id = k.workspace_id and w.deleted_at is null
      where (k.secret_hash = ${hash} or k.former_hash = ${hash}) and k.revoked_at is null`.execute(this.#query);
    return rows[0];
  }

  async liveEmbedding(workspaceId: string, keyId: string, userId: string | undefined): Promise<LiveEmbedding | undefined> {
    const { rows } = await sql<LiveEmbedding>`
      select to_json(k.permissions) as permissions, ${milliseconds(sql`k.expires_at`)} as ends_ms, m.role,
        ${milliseconds(sql`m.joined_at`)} as joined_ms, ${WORKSPACE}
      from api_keys k join workspaces w on w.id = k.workspace_id and w.deleted_at is null
      left join members m on m.workspace_id = k.workspace_id and m.user_id = ${userId ?? null}::uuid
      where k.workspace_id = ${workspaceId} and k.id = ${keyId} and k.revoked_at is null
        and (${userId ?? null}::uuid is null or m.role is not null)`.execute(this.#query);
    return rows[0];
  }

  /** Writes down when a key was used, unless that is known to the minute. */
  async noteKeyUse(workspaceId: string, keyId: string, at: Date) {
    await sql`update api_keys set last_used_at = ${at} where workspace_id = ${workspaceId} and id = ${keyId}
      and coalesce(last_used_at <= ${at}::timestamptz - interval '1 minute', true)`.execute(this.#query);
  }

  /** Whose feed has the secret of this hash, as long as their workspace is there; with their membership the feed is gone. */
  async calendarFeed(hash: string): Promise<CalendarFeedOf | undefined> {
    const { rows } = await sql<CalendarFeedOf>`
      select f.id, f.workspace_id, f.user_id, u.name, w.name as workspace
      from calendar_feeds f join workspaces w on w.id = f.workspace_id and w.deleted_at is null join users u on u.id = f.user_id
      where f.secret_hash = ${hash}`.execute(this.#query);
    return rows[0];
  }

  /** Writes down when a feed was read, unless that is known to the minute. */
  async noteFeedRead({ workspace_id, id }: CalendarFeedOf, at: Date) {
    await sql`update calendar_feeds set last_read_at = ${at} where workspace_id = ${workspace_id} and id = ${id}
      and coalesce(last_read_at <= ${at}::timestamptz - interval '1 minute', true)`.execute(this.#query);
  }

  /** Whose a form is that was published, and is deleted or not: visitors know its id alone. */
  async workspaceOfForm(formId: string, { isDeleted = false } = {}): Promise<string | undefined> {
    const { rows } = await sql<{ workspace_id: string }>`
      select f.workspace_id from forms f join workspaces w on w.id = f.workspace_id and w.deleted_at is null
      where f.id = ${formId} and f.published_version is not null and (f.deleted_at is not null) = ${isDeleted}`.execute(
      this.#query,
    );
    return rows[0]?.workspace_id;
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

  /** An invitation whose mail is to go out; nothing once it was accepted, withdrawn or is over. */
  async invitationToMail(
    workspaceId: string,
    id: string,
  ): Promise<{ email: string; hash: string; workspace: string } | undefined> {
    const { rows } = await sql<{ email: string; hash: string; workspace: string }>`
      select m.email, m.invitation_hash as hash, w.name as workspace
      from members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null
      where m.workspace_id = ${workspaceId} and m.id = ${id} and m.status = 'invited' and m.invitation_expires_at > clock_timestamp()`.execute(
      this.#query,
    );
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
    return (await this.outbox.purge()) + (await purge(this.#query));
  }
}
