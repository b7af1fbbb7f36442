import type { SubmissionReceipt } from '../../src/contract/capture.ts';
import type { ErrorBody } from '../../src/contract/envelope.ts';
import type { Problem } from '../../src/core/form-answers.ts';
import type { Outcome, Queued } from '../parts.ts';
import { type Answer, given } from './transport.ts';

/** What became of it; with `status` 0 nobody answered, `pause` is for how long the server asks to be left alone. */
export type Verdict =
  | Exclude<Outcome, { kind: 'queued' }>
  | { kind: 'later'; reason: 'server' | 'busy'; status: number; pause: number };

const MOST_ROUNDS = 3;
const LONGEST_ORDERED_PAUSE = 24 * 3_600_000;

/**
 * Judges what came of sending an entry, and sends it again where that helps at once: a stale proof is made anew, and an answer
 * that was cut off is asked for again, which the key allows.
 */
export async function deliver(
  entry: Queued,
  attempt: (entry: Queued) => Promise<Answer>,
  now: () => number,
  first?: Answer,
): Promise<Verdict> {
  for (let round = 1, answer = first ?? (await attempt(entry)); ; round += 1, answer = await attempt(entry)) {
    const status = answer.response?.status ?? 0;
    const receipt = given<SubmissionReceipt>(answer);
    if (receipt.id) return { kind: 'received', receipt: receipt as SubmissionReceipt };
    const refusal = refusalIn(answer);
    const { completes, ...whole } = entry;
    const isCutOff = status === 200 || status === 201;
    const isStale = refusal?.issues?.some(({ path }) => path === 'proof');
    if (completes && refusal && status === 404) entry = whole;
    else if (round === MOST_ROUNDS || !(isCutOff || isStale)) {
      const isBusy = status === 429 || status === 503;
      const pause = pauseOf(answer.response?.headers.get('Retry-After') ?? '', now());
      if (refusal && status < 500 && !isBusy && !pause) return refused(refusal);
      return { kind: 'later', reason: isBusy ? 'busy' : 'server', status, pause };
    }
  }
}

/** The refusal, where it is the API that refuses. */
function refusalIn({ body }: Answer): ErrorBody | undefined {
  const said = body as ErrorBody | null | undefined;
  return said && !said.success && said.code ? said : undefined;
}

const refused = ({ issues = [], error }: ErrorBody): Verdict => ({
  kind: 'refused',
  problems: issues.flatMap(({ path, params: { problem, ...params } = {} }) =>
    problem ? [{ field: path.replace('answers.', ''), code: problem, params } as Problem] : [],
  ),
  message: error,
});

function pauseOf(header: string, now: number) {
  const pause = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Math.min(Math.max(pause || 0, 0), LONGEST_ORDERED_PAUSE);
}
