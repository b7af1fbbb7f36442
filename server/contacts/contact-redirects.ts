import { sql } from 'kysely';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure } from '../http/failure.ts';
import { MovedTo } from '../http/json.ts';

/** The contact that a merged one lives on in, over however many merges; none where the caller does not see it. */
export async function survivorOf(tenant: Tenant, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with recursive way as (
      select contact_id from contact_redirects where id = ${id}
      union
      select r.contact_id from contact_redirects r join way w on r.id = w.contact_id
    )
    select c.id from way w join contacts c on c.id = w.contact_id and c.deleted_at is null`.execute(tenant.db);
  return rows[0]?.id;
}

/** Reads one contact; where that was merged into another, the answer leads there. */
export async function leadingToSurvivor<T>(tenant: Tenant, id: string, read: () => Promise<T>): Promise<T | MovedTo> {
  try {
    return await read();
  } catch (error) {
    const survivor = isNotFound(error) ? await survivorOf(tenant, id) : undefined;
    if (survivor === undefined) throw error;
    return new MovedTo(survivor);
  }
}

/** Carries out what is asked of one contact; where that was merged into another, the refusal names the other. */
export async function namingSurvivor<T>(tenant: Tenant, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const survivor = isNotFound(error) ? await survivorOf(tenant, id) : undefined;
    throw survivor === undefined ? error : mergedInto(survivor);
  }
}

/** The refusal of a contact that lives on in another. */
export const mergedInto = (survivor: string) =>
  new ApiFailure('CONFLICT', 'This contact was merged into another: use that one, or undo the merge.', { existingId: survivor });

const isNotFound = (error: unknown) => error instanceof ApiFailure && error.code === 'NOT_FOUND';
