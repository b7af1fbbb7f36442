import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { SpamReason } from '../submissions/acceptance-service.ts';

/** What a submission is suspected by. */
interface Signs {
  trap: string | undefined;
  elapsedMs: number | undefined;
  /** Whether it should have brought a proof of work and brought none. */
  lacksProof: boolean;
  /** Whether the browser did not say whose page it came from. */
  hidesOrigin: boolean;
}

const SECONDS = 3;

/** Why a submission is suspected: it is kept, and waits for a person. */
export function suspicionsOf({ spam = {} }: FormDefinition, { trap, elapsedMs, lacksProof, hidesOrigin }: Signs): SpamReason[] {
  const isTooFast = elapsedMs !== undefined && elapsedMs < (spam.min_seconds ?? SECONDS) * 1000;
  return [
    ...(spam.honeypot !== false && trap ? ['honeypot' as const] : []),
    ...(isTooFast ? ['too_fast' as const] : []),
    ...(lacksProof ? ['no_proof' as const] : []),
    ...(hidesOrigin ? ['origin' as const] : []),
  ];
}
