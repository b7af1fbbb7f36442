import type { SubmissionReceipt } from '../../src/contract/capture.ts';
import type { Queued, Sending } from '../parts.ts';
import type { Parcel, Way } from './attempt.ts';
import { type Answer, given } from './transport.ts';

type Held = NonNullable<Queued['completes']>;
type SavePartial = Sending['savePartial'];

/** Higher than any partial save's, so that none which comes late takes a completion's place. */
const LAST_SEQUENCE = 1_000_000;

/** How the submission goes that completes a partial one. */
export const completing = (held: Held): Way => goingOn(held, { complete: true, sequence: LAST_SEQUENCE });

const goingOn = ({ id, token }: Held, purpose: object): Way => ({
  method: 'PATCH',
  path: `submissions/${id}`,
  headers: { Authorization: `Bearer ${token}` },
  purpose,
});

/** Saves partial submissions by `attempt`, each under a key of its own. */
export function partialSaver(attempt: (parcel: Parcel, way: Way) => Promise<Answer>, newKey: () => string): SavePartial {
  return async function save(part, held): ReturnType<SavePartial> {
    const parcel = { ...part, key: newKey() };
    const answer = await (held
      ? // Going on is free; beginning is not, nor is ending.
        attempt({ ...parcel, needsProof: false }, goingOn(held, { complete: false, sequence: held.sequence + 1 }))
      : attempt(parcel, { purpose: { is_partial: true } }));
    const { id, token } = given<SubmissionReceipt>(answer);
    if (id && token && id !== held?.id) return { id, token, sequence: 0 };
    // One that the server no longer knows is begun anew.
    if (held && answer.response?.status === 404) return save(part, undefined);
    // Whether or not it came through: the next one must not carry the same number.
    return held && { ...held, sequence: held.sequence + 1 };
  };
}
