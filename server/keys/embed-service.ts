import { sql } from 'kysely';
import { EMBED_SECONDS, type EmbedToken, type NewEmbedToken } from '../../src/contract/embed.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { EmbedTokens } from './embed-tokens.ts';

/** The rules of embed tokens: what a key may hand on to a page. */
export class EmbedService {
  readonly #tokens: EmbedTokens;

  constructor(tokens: EmbedTokens) {
    this.#tokens = tokens;
  }

  async issue(tenant: Tenant, given: NewEmbedToken): Promise<EmbedToken> {
    const { permissions, member_id, owner_scope, components, origin, expires_in = EMBED_SECONDS } = given;
    const { caller } = tenant;
    const missing = permissions.find((one) => !caller.permissions.has(one));
    if (missing !== undefined)
      throw new ApiFailure('FORBIDDEN', `A token gets no permission that its key does not have: this key lacks ${missing}.`);
    if (owner_scope !== undefined && permissions.some((one) => one.startsWith('workspace:')))
      throw invalidField('permissions', 'not_embeddable');
    if (origin !== undefined && !caller.workspace.allowedOrigins.includes(origin))
      throw invalidField('origin', 'not_allowed_origin');
    const userId = member_id && (await this.#userOf(tenant, member_id));
    if (owner_scope !== undefined) await this.#assertMember(tenant, owner_scope);

    const claims = { workspaceId: tenant.workspaceId, keyId: caller.keyId!, permissions, userId, ownerScope: owner_scope };
    const { token, expiresAt } = await this.#tokens.sign({ ...claims, components, origin }, expires_in);
    return { token, expires_at: expiresAt.toISOString() };
  }

  /** The user of a member who has joined. */
  async #userOf(tenant: Tenant, memberId: string): Promise<string> {
    const { rows } = await sql<{
      user_id: string;
    }>`select user_id from members where id = ${memberId} and status = 'active'`.execute(tenant.db);
    if (!rows[0]) throw invalidField('member_id', 'not_found');
    return rows[0].user_id;
  }

  async #assertMember(tenant: Tenant, userId: string) {
    const { rows } = await sql`select from members where user_id = ${userId}`.execute(tenant.db);
    if (rows.length === 0) throw invalidField('owner_scope', 'not_found');
  }
}
