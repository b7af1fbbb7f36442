import type { AppointmentChange, AppointmentStatus, Outcome } from '../../src/contract/appointment.ts';
import { ApiFailure, invalid, invalidField } from '../http/failure.ts';
import { issue } from '../../src/contract/issues.ts';

/** What of an appointment its workflow is about. */
export interface Standing {
  status: AppointmentStatus;
  outcome: Outcome | null;
  set_by: string | null;
  set_date: Date | null;
  verified_by: string | null;
  verified_date: Date | null;
  confirmed_by: string | null;
  confirmed_date: Date | null;
  completed_at: Date | null;
  cancelled_at: Date | null;
  cancel_reason: string | null;
}

/** The way of an appointment; it may skip steps, and never goes back on it. */
const WAY: readonly AppointmentStatus[] = ['scheduled', 'set', 'verified', 'confirmed', 'completed'];

/** The steps of which it is kept who made them. */
const SIGNED = ['set', 'verified', 'confirmed'] as const;

/** The contact was there: the appointment can't be had again. */
const HELD: readonly (Outcome | null)[] = ['showed', 'sold', 'not_interested'];
const NOT_HELD: readonly Outcome[] = ['cancelled', 'no_show', 'rescheduled'];

/** What may become of an appointment: the statuses that it can be given, and `reschedule`. */
function movesFrom({ status, outcome }: Pick<Standing, 'status' | 'outcome'>): (AppointmentStatus | 'reschedule')[] {
  const isOver = status === 'completed' || status === 'cancelled';
  const forward = isOver ? [] : [...WAY.slice(WAY.indexOf(status) + 1), 'cancelled' as const];
  return status === 'completed' && HELD.includes(outcome) ? forward : [...forward, 'reschedule'];
}

/** The columns that a change of status, outcome or signatures gives an appointment; refuses a move that is not allowed. */
export function advance(
  held: Standing,
  given: Pick<AppointmentChange, 'status' | 'outcome' | 'reason' | 'set_by' | 'verified_by' | 'confirmed_by'>,
  callerId: string | null,
  now: Date,
): Partial<Standing> {
  const status = given.status ?? held.status;
  const moves = status !== held.status;
  if (moves && !movesFrom(held).includes(status)) throw refusedMove(held, `it can't become ${status}`);
  return {
    status,
    outcome: outcomeAfter(held, status, given.outcome),
    ...signatures(held, status, given, callerId, now),
    ...(moves && status === 'completed' && { completed_at: now }),
    ...(moves && status === 'cancelled' && { cancelled_at: now, cancel_reason: given.reason ?? null }),
  };
}

/** How an appointment begins. */
export const BEGINNING: Standing = {
  status: 'scheduled',
  outcome: null,
  set_by: null,
  set_date: null,
  verified_by: null,
  verified_date: null,
  confirmed_by: null,
  confirmed_date: null,
  completed_at: null,
  cancelled_at: null,
  cancel_reason: null,
};

/** The columns that another time gives an appointment; refuses one whose contact was there. */
export function beginAgain(held: Standing): Standing {
  if (!movesFrom(held).includes('reschedule')) throw refusedMove(held, 'book another one');
  return BEGINNING;
}

function outcomeAfter(held: Standing, status: AppointmentStatus, given: Outcome | null | undefined): Outcome | null {
  const isCancelled = status === 'cancelled' && held.status !== 'cancelled';
  const outcome = given === undefined ? (isCancelled ? 'cancelled' : held.outcome) : given;
  // What was taken over from elsewhere may have none, and stays as it is until one is sent.
  const mayLack = status !== 'completed' || (held.status === 'completed' && given === undefined);
  if (outcome === null && !mayLack) throw invalidField('outcome', 'required');
  if (status === 'cancelled' && outcome !== null && !NOT_HELD.includes(outcome))
    throw invalidField('outcome', 'not_option', { options: [...NOT_HELD] });
  return outcome;
}

/** Who set, verified and confirmed it: the caller at the step itself, or whoever is named there and for steps that are behind. */
function signatures(
  held: Standing,
  status: AppointmentStatus,
  given: Pick<AppointmentChange, 'set_by' | 'verified_by' | 'confirmed_by'>,
  callerId: string | null,
  now: Date,
): Partial<Standing> {
  const signed: Partial<Standing> = {};
  const issues = SIGNED.flatMap((step) => {
    const [by, date] = [`${step}_by`, `${step}_date`] as const;
    const isReached = held.status !== status && status === step;
    const isBehind = held[date] !== null || WAY.indexOf(status) >= WAY.indexOf(step);
    if (isReached) Object.assign(signed, { [by]: given[by] ?? callerId, [date]: now });
    else if (given[by] !== undefined) {
      if (!isBehind) return [issue(by, 'only_for', { what: `appointments that are ${step}` })];
      Object.assign(signed, { [by]: given[by], [date]: held[date] ?? now });
    }
    return [];
  });
  if (issues.length > 0) throw invalid(issues);
  return signed;
}

function refusedMove(held: Standing, wanted: string) {
  const allowed = movesFrom(held);
  const statuses = allowed.filter((move) => move !== 'reschedule');
  const become = statuses.length > 0 ? `can become ${inWords(statuses)}` : '';
  const again = allowed.includes('reschedule') ? 'can be rescheduled' : '';
  const may = [become, again].filter(Boolean).join(', or ') || 'stays as it is';
  return new ApiFailure('CONFLICT', `An appointment that is ${held.status} ${may}: ${wanted}.`, { allowed });
}

const inWords = (words: string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
