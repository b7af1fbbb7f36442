import { sql, type Selectable } from 'kysely';
import type {
  API_KEY_SORTS,
  ApiKey,
  ApiKeyChange,
  ApiKeyKind,
  apiKeyRoutes,
  IssuedApiKey,
  NewApiKey,
} from '../../src/contract/api-key.ts';
import type { Permission } from '../../src/contract/permissions.ts';
import type { QueryOf } from '../../src/contract/route.ts';
import { anyOf, asked, is } from '../db/filters.ts';
import { list, type Listing } from '../db/list.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import type { ApiKeyTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { holderOf } from '../http/access.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { spellNetwork } from '../http/networks.ts';
import { newId } from '../ids.ts';
import { newKeySecret } from './key-secrets.ts';

/** What a change looks at. Requests may not read a secret's hash, so there is no reading all. */
const columns = sql`id, name, kind, permissions, expires_at, allowed_addresses, rate_limit, revoked_at, version`;
type Held = Pick<
  Selectable<ApiKeyTable>,
  'id' | 'name' | 'kind' | 'permissions' | 'expires_at' | 'allowed_addresses' | 'rate_limit' | 'revoked_at' | 'version'
>;
const API_KEY = { table: 'api_keys', noun: 'key', keepsDeleted: false, columns } as const;

const keys = sql`(
  select k.workspace_id, k.id, k.created_at, k.updated_at, k.created_by, k.updated_by, k.version, k.name, k.kind, k.last_four, k.permissions,
    k.expires_at, k.allowed_addresses, k.rate_limit, k.last_used_at, k.revoked_at,
    case when k.former_secret_until > now() then k.former_secret_until end as former_secret_until,
    case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired' else 'active' end as state
  from api_keys k) r`;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.kind, r.last_four, r.permissions, wire_time(r.expires_at) as expires_at, r.allowed_addresses, r.rate_limit,
  wire_time(r.last_used_at) as last_used_at, r.state, wire_time(r.revoked_at) as revoked_at, wire_time(r.former_secret_until) as former_secret_until`;

const listing: Listing<ApiKey, (typeof API_KEY_SORTS)[number]> = {
  from: keys,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
    last_used_at: { column: sql`r.last_used_at`, type: 'timestamptz', nullable: true },
  },
  defaultSort: 'created_at',
};

/** The rules of API keys. Every method works inside its tenant's unit of work. */
export class ApiKeyService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  list(tenant: Tenant, query: QueryOf<typeof apiKeyRoutes.list>): Promise<Page<ApiKey>> {
    return list(tenant, listing, query, [
      ...asked([is('kind', query.kind, 'text'), anyOf('state', query.state)]),
      ...(query.state ? [] : [sql`r.revoked_at is null`]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<ApiKey>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${wire} from ${keys} where r.id = ${id}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('key');
    return new Json(rows[0].json, rows[0].version);
  }

  /** Makes a key. Only this answer has its secret. */
  async create(tenant: Tenant, { kind = 'secret', permissions = [], ...given }: NewApiKey): Promise<Json<IssuedApiKey>> {
    assertFits(kind, permissions);
    assertHoldsAll(tenant, permissions, 'Nobody gives a key the permission');
    this.#assertFuture(given.expires_at);
    const id = newId();
    const { key, secretHash, lastFour } = await newKeySecret(kind);
    await tenant.db
      .insertInto('api_keys')
      .values({
        id,
        name: given.name,
        kind,
        secret_hash: secretHash,
        last_four: lastFour,
        permissions,
        expires_at: given.expires_at ? new Date(given.expires_at) : null,
        allowed_addresses: networksOf(given.allowed_addresses ?? []),
        rate_limit: given.rate_limit ?? null,
      })
      .execute();
    return withSecret(await this.get(tenant, id), key);
  }

  async update(tenant: Tenant, id: string, given: ApiKeyChange, expected: Expected): Promise<Json<ApiKey>> {
    const held = await this.#holdUsable(tenant, id, expected);
    const { permissions, expires_at, allowed_addresses } = given;
    assertHoldsAll(tenant, held.permissions, 'This key is changed by those only who hold the permission');
    if (permissions) {
      assertFits(held.kind, permissions);
      assertHoldsAll(tenant, permissions, 'Nobody gives a key the permission');
    }
    this.#assertFuture(expires_at);
    await change(tenant, 'api_keys', held, {
      ...given,
      ...(expires_at && { expires_at: new Date(expires_at) }),
      ...(allowed_addresses && { allowed_addresses: networksOf(allowed_addresses) }),
    });
    return this.get(tenant, id);
  }

  /** Gives a key a new secret, which only this answer has. The old one ends in `overlap` seconds. */
  async rotate(tenant: Tenant, id: string, overlap: number, expected: Expected): Promise<Json<IssuedApiKey>> {
    const held = await this.#holdUsable(tenant, id, expected);
    assertHoldsAll(tenant, held.permissions, 'This key is rotated by those only who hold the permission');
    if (held.expires_at && held.expires_at.getTime() <= this.#clock())
      throw new ApiFailure('CONFLICT', 'This key has expired: set a later expires_at before you rotate it.');
    const { key, secretHash, lastFour } = await newKeySecret(held.kind);
    const formerUntil = overlap === 0 ? null : new Date(this.#clock() + overlap * 1_000);
    await sql`
      update api_keys set secret_hash = ${secretHash}, last_four = ${lastFour}, former_secret_until = ${formerUntil},
        ${TOUCHED}
      where id = ${id}`.execute(tenant.db);
    return withSecret(await this.get(tenant, id), key);
  }

  /** Ends a key for ever; one that has been ended stays as it is. */
  async revoke(tenant: Tenant, id: string, expected: Expected) {
    const held = await this.#hold(tenant, id, expected);
    if (held.revoked_at === null) await change(tenant, 'api_keys', held, { revoked_at: new Date(this.#clock()) });
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Held>(tenant, API_KEY, id, expected, (id) => this.get(tenant, id));
  }

  async #holdUsable(tenant: Tenant, id: string, expected: Expected) {
    const held = await this.#hold(tenant, id, expected);
    if (held.revoked_at === null) return held;
    throw new ApiFailure('CONFLICT', 'This key was revoked, which lasts: make a new one.');
  }

  #assertFuture(moment: string | null | undefined) {
    if (moment && Date.parse(moment) <= this.#clock()) throw invalidField('expires_at', 'not_future');
  }
}

/** A secret key that may do nothing is a mistake; one that stands in pages may do nothing. */
function assertFits(kind: ApiKeyKind, permissions: readonly string[]) {
  if (kind === 'secret' && permissions.length === 0) throw invalidField('permissions', 'too_few', { minimum: 1 });
  if (kind === 'publishable' && permissions.length > 0) throw invalidField('permissions', 'too_many', { maximum: 0 });
}

function assertHoldsAll({ caller }: Tenant, permissions: readonly string[], sentence: string) {
  const missing = permissions.find((one) => !caller.permissions.has(one as Permission));
  if (missing !== undefined)
    throw new ApiFailure('FORBIDDEN', `${sentence} ${missing}, which ${holderOf(caller)} does not have.`);
}

/** Each in its one spelling, once. */
function networksOf(given: readonly string[]): string[] {
  const networks = given.map((text, index) => {
    const network = spellNetwork(text);
    if (network === undefined) throw invalidField(`allowed_addresses.${index}`, 'not_address');
    return network;
  });
  return [...new Set(networks)];
}

const withSecret = ({ text, version }: Json<ApiKey>, key: string) =>
  new Json<IssuedApiKey>(`${text.slice(0, -1)},"key":${JSON.stringify(key)}}`, version);
