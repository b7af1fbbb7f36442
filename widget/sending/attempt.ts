import type { Challenge } from '../../src/contract/capture.ts';
import type { Queued } from '../parts.ts';
import { proofOf } from './proof.ts';
import type { SendingParts } from './sending-parts.ts';
import { type Answer, call, given } from './transport.ts';

/** What is sent: a submission, or part of one. */
export type Parcel = Pick<Queued, 'key' | 'api' | 'formId' | 'needsProof' | 'body'>;

/** How it goes, where it is no submission of its own that is sent for the first time. */
export interface Way {
  path?: string;
  method?: 'PATCH';
  headers?: { Authorization: string };
  /** What the body says besides. */
  purpose?: object;
  /** Whether it goes on when the page is closed. */
  keepalive?: boolean;
}

/** Browsers refuse to carry on more than 64 KB for closed pages. */
const MOST_KEPT_ALIVE = 60_000;

/** Sends once. A challenge that makes no sense is none. */
export const attempt = (parts: SendingParts, parcel: Parcel, way?: Way): Promise<Answer> =>
  send(parts, parcel, way).catch(() => ({}));

async function send(parts: SendingParts, { api, formId, key, body, needsProof }: Parcel, way: Way = {}): Promise<Answer> {
  const { path = `forms/${formId}/submissions`, method = 'POST', headers, purpose, keepalive = true } = way;
  const address = `${api}/api/v2/public/`;
  const { subtle } = parts.crypto;
  let proof: string | undefined;
  if (needsProof && subtle) {
    const answer = await call(parts, `${address}forms/${formId}/challenge`);
    const challenge = given<Challenge>(answer);
    if (!challenge.parameters) return answer;
    proof = await proofOf(challenge as Challenge, subtle);
  }
  const bytes = new TextEncoder().encode(JSON.stringify({ ...body, proof, ...purpose }));
  return call(parts, address + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body: bytes,
    keepalive: keepalive && bytes.length < MOST_KEPT_ALIVE,
  });
}
