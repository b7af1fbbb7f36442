import type { Challenge, SubmissionReceipt } from '../../src/contract/capture.ts';
import type { ErrorBody } from '../../src/contract/envelope.ts';
import type { Problem } from '../../src/core/form-answers.ts';
import type { Outcome, Queued } from '../parts.ts';
import { proofOf } from './proof.ts';
import type { SendingParts } from './sending-parts.ts';
import { type Answer, call } from './transport.ts';

/** What is sent: a submission, or part of one. */
export type Parcel = Pick<Queued, 'key' | 'api' | 'formId' | 'needsProof' | 'body' | 'completes'> & { attempts?: number };

/** What became of it; with `status` 0 nobody answered. */
export type Verdict =
  | Exclude<Outcome, { kind: 'queued' }>
  | { kind: 'later'; reason: 'server' | 'busy'; status: number; pause: number };

/** Higher than any partial save's, so that none which comes late takes a completion's place. */
const LAST_SEQUENCE = 1_000_000;
/** Browsers refuse to carry on more than 64 KB for closed pages. */
const MOST_KEPT_ALIVE = 60_000;
const MOST_ROUNDS = 3;

/** Sends once; a stale proof is made anew, and an answer that was cut off is asked for again, which the key allows. */
export async function deliver(parts: SendingParts, parcel: Parcel, isPartial = false): Promise<Verdict> {
  for (let round = 1; ; round += 1) {
    const { status, pause, data, refusal } = await attempt(parts, parcel, isPartial).catch(unsolvable);
    const receipt = data as SubmissionReceipt | undefined;
    if (receipt?.id) return { kind: 'received', receipt };
    const { completes, ...whole } = parcel;
    const isCutOff = status === 200 || status === 201;
    const isStale = refusal?.issues?.some(({ path }) => path === 'proof');
    if (completes && refusal && status === 404) parcel = whole;
    else if (round === MOST_ROUNDS || !(isCutOff || isStale)) {
      const isBusy = status === 429 || status === 503;
      if (refusal && status < 500 && !isBusy && !pause) return refused(refusal);
      return { kind: 'later', reason: isBusy ? 'busy' : 'server', status, pause };
    }
  }
}

/** What stands for an answer where the challenge makes no sense: a fault of the server. */
const unsolvable = (): Answer => ({ status: 500, pause: 0 });

async function attempt(parts: SendingParts, parcel: Parcel, isPartial: boolean): Promise<Answer> {
  const { api, formId, key, body, completes, needsProof, attempts } = parcel;
  const address = `${api}/api/v2/public/`;
  const { subtle } = parts.crypto;
  let proof: string | undefined;
  // Going on with a partial submission is free; ending it is not.
  if (needsProof && subtle && !(completes && isPartial)) {
    const answer = await call(parts, `${address}forms/${formId}/challenge`);
    if (!answer.data) return answer;
    proof = await proofOf(answer.data as Challenge, subtle);
  }
  const purpose = completes
    ? { complete: !isPartial, sequence: isPartial ? completes.sequence + 1 : LAST_SEQUENCE }
    : { is_partial: isPartial };
  const bytes = new TextEncoder().encode(JSON.stringify({ ...body, proof, ...purpose }));
  return call(parts, address + (completes ? `submissions/${completes.id}` : `forms/${formId}/submissions`), {
    method: completes ? 'PATCH' : 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(completes && { Authorization: `Bearer ${completes.token}` }),
    },
    body: bytes,
    // A closed tab still delivers; what failed that way once goes the common way.
    keepalive: !attempts && bytes.length < MOST_KEPT_ALIVE,
  });
}

const refused = ({ issues = [], error }: ErrorBody): Verdict => ({
  kind: 'refused',
  problems: issues.flatMap(({ path, params: { problem, ...params } = {} }) =>
    problem ? [{ field: path.replace('answers.', ''), code: problem, params } as Problem] : [],
  ),
  message: error,
});
