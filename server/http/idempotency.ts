import { sql } from 'kysely';
import type { Tenant } from '../db/tenant.ts';
import { hashOf } from '../secret-tokens.ts';
import type { Caller } from './caller.ts';
import { ApiFailure } from './failure.ts';
import { Answer } from './answer.ts';

/**
 * Marks a call by what it asks for and by what its caller may see, so that its key can't be used for another, nor by
 * another credential of the same person or key.
 */
export const fingerprintOf = (caller: Caller, method: string, address: string, body: string) =>
  hashOf(`${sightOf(caller)}\n${method} ${address}\n${body}`);

const sightOf = ({ credential, role, permissions, ownerScope }: Caller) =>
  credential === 'session' ? `the role ${role}` : `${[...permissions].sort().join()} of ${ownerScope ?? 'all'}`;

export function readKey(header: string | null): string | undefined {
  if (header === null) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new ApiFailure('VALIDATION_ERROR', 'Idempotency-Key must have 1 to 255 visible ASCII characters.');
}

interface Kept {
  fresh: boolean;
  fingerprint: string;
  status: number | null;
  etag: string | null;
  body: string | null;
}

/**
 * Carries out a call once for its key. The key, the change and the answer commit together, so a repeat finds all three
 * or none; one that comes while the first still runs waits at the key until it has ended.
 */
export async function once(
  tenant: Tenant,
  { key, fingerprint, keepsAnswer }: { key: string; fingerprint: string; keepsAnswer: boolean },
  work: () => Promise<Answer>,
): Promise<Answer> {
  const claimed = await sql`
    insert into idempotency_keys as kept (key, fingerprint) values (${key}, ${fingerprint})
    on conflict (workspace_id, actor_id, key) do update
      set fingerprint = excluded.fingerprint, status = null, etag = null, body = null, created_at = now()
      where kept.created_at < now() - interval '24 hours'
    returning key`.execute(tenant.db);
  if (claimed.rows.length === 0) return repeat(tenant, key, fingerprint);
  const answer = await work();
  if (keepsAnswer) {
    await sql`update idempotency_keys set status = ${answer.status}, etag = ${answer.etag ?? null}, body = ${answer.body} where key = ${key}`.execute(
      tenant.db,
    );
  }
  return answer;
}

/** Gives a key back whose call was committed and failed after all, so that a repeat is carried out. */
export async function forgetKey(tenant: Tenant, key: string): Promise<void> {
  await sql`delete from idempotency_keys where key = ${key}`.execute(tenant.db);
}

async function repeat(tenant: Tenant, key: string, fingerprint: string): Promise<Answer> {
  const { rows } = await sql<Kept>`select fingerprint, status, etag, body from idempotency_keys where key = ${key}`.execute(
    tenant.db,
  );
  const kept = rows[0]!;
  if (kept.fingerprint !== fingerprint) {
    throw new ApiFailure(
      'IDEMPOTENCY_MISMATCH',
      'This Idempotency-Key was used for another call: take a new key for a new call.',
    );
  }
  if (kept.status === null) {
    throw new ApiFailure('CONFLICT', 'This call was already carried out; its answer held a secret, which is shown only once.');
  }
  return new Answer(kept.status, kept.body ?? '', kept.etag ?? undefined, { 'Idempotent-Replayed': 'true' });
}
