import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import type { Queued } from '../parts.ts';

/** What survives a reload in the same tab; only what the visitor did puts it there. */
export interface Kept {
  answers: Record<string, FormValue>;
  /** The step that was shown. */
  step?: string;
  /** When the visitor first had the form, in milliseconds since 1970. */
  since: number;
  /** The partial submission that was saved of it. */
  held?: Queued['completes'] | undefined;
}

const keyOf = ({ id, version }: PublicForm) => `millrace.answers.${id}.${version}`;

export function readKept(form: PublicForm): Kept | undefined {
  return attempt(() => {
    const kept = JSON.parse(sessionStorage[keyOf(form)] ?? null);
    return kept?.answers && kept;
  });
}

/** Keeps the answers until they are sent, or forgets them. */
export function keep(form: PublicForm, kept?: Kept) {
  attempt(() => {
    if (kept) sessionStorage[keyOf(form)] = JSON.stringify(kept);
    else delete sessionStorage[keyOf(form)];
  });
}

/** A browser may forbid or fill its storage; the form then goes on without. */
function attempt<T>(work: () => T) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
