import { sql } from 'kysely';
import type { SubmissionReceipt, SuccessAction } from '../../src/contract/capture.ts';
import type { Fragment } from '../db/fragment.ts';
import { heldName } from '../db/held-name.ts';
import type { Query } from '../db/query.ts';
import { ApiFailure } from '../http/failure.ts';
import { hashOf } from '../secret-tokens.ts';

/** A submission that has come already, with what its first answer was made of. */
export interface Received {
  id: string;
  fingerprint: string;
  began_partial: boolean;
  success: string;
  answered_ms: number;
  request_id: string;
}

const RECEIVED = sql`id, fingerprint, began_partial, success, (extract(epoch from answered_at) * 1000)::float8 as answered_ms, request_id`;

/** What came under a key before; keys are good for ever. */
export async function receivedUnder(query: Query, key: string): Promise<Received | undefined> {
  const { rows } = await sql<Received>`select ${RECEIVED} from submissions where key = ${key}`.execute(query);
  return rows[0];
}

/** Within so many minutes the same answers from the same place are one submission, where a form can't send a key. */
const SAME_MINUTES = 10;

/** The same for a form that has no keys. */
export async function receivedAlike(query: Query, formId: string, fingerprint: string): Promise<Received | undefined> {
  const { rows } = await sql<Received>`
    select ${RECEIVED} from submissions where form_id = ${formId} and fingerprint = ${fingerprint} and key is null
      and created_at > now() - ${sql.lit(SAME_MINUTES)} * interval '1 minute' order by created_at limit 1`.execute(query);
  return rows[0];
}

/** What makes others who come with the same wait for the end of the transaction, to be selected. */
export const heldKey = (workspaceId: string, key: string): Fragment => heldName(`submission ${workspaceId} ${key}`);

/** Marks a submission by what it says, whatever the order of its parts; the proof, made anew for each attempt, is no part. */
export const fingerprintOf = (said: object): Promise<string> => hashOf(JSON.stringify(said, inOrder));

const inOrder = (_key: string, value: unknown) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Refuses a key under which something else came. */
export function assertSame(received: Received, fingerprint: string) {
  if (received.fingerprint === fingerprint) return;
  throw new ApiFailure(
    'IDEMPOTENCY_MISMATCH',
    'This Idempotency-Key was used for another submission: take a new key for a new submission.',
  );
}

/** The receipt of a submission that has come; a partial one gets its token again. */
export const receiptOf = ({ id, began_partial, success }: Received, token: string | undefined): SubmissionReceipt => ({
  id,
  state: began_partial ? 'partial' : 'received',
  ...(began_partial && token !== undefined && { token }),
  success: JSON.parse(success) as SuccessAction,
});
