import type { Seed } from '@millrace/server';
import { Chance } from './chance.ts';
import { atWork } from './working-hours.ts';

type SeedLead = Seed['leads'][number];
type Course = SeedLead['appointments'][number]['course'];
type Outcome = NonNullable<Course[number]['outcome']>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Older ones are not kept. */
const WEEKS_BACK = 16;
/** Who has waited longer than this for an appointment has missed it. */
const LONGEST_WAIT = 18 * DAY;

const places = ['At the customer’s', 'At the customer’s', 'Showroom', 'Office, ground floor'] as const;
const notes = [
  'Roof must be free to walk on.',
  'Bring the load profile.',
  'Ask for the last power bill.',
  'Both owners take part.',
] as const;

/** What becomes of those to come, in turn: how far they are prepared, in how many days they are, and whether they were moved. */
const COMING = [
  { steps: ['set', 'verified'], days: 4, isMoved: false },
  { steps: [], days: 12, isMoved: true },
  { steps: ['set', 'verified', 'confirmed'], days: 1, isMoved: false },
  { steps: ['set'], days: 8, isMoved: false },
] as const;

/** How the others end, by where their lead went, in turn. */
const ENDS: Record<string, readonly Outcome[]> = {
  'Proposal sent': ['showed', 'showed', 'showed', 'sold', 'showed', 'showed'],
  Lost: ['not_interested', 'no_show', 'cancelled'],
  Contacted: ['no_show', 'rescheduled', 'cancelled'],
  nowhere: ['no_show', 'cancelled', 'rescheduled'],
};

const iso = (time: number) => new Date(time).toISOString();
const QUARTER = 15 * MINUTE;
const atQuarter = (time: number) => Math.floor(time / QUARTER) * QUARTER;

/** Takes one choice after the other, for each list by itself. */
type Turns = <T>(choices: readonly T[]) => T;

function newTurns(): Turns {
  const taken = new Map<readonly unknown[], number>();
  return (choices) => {
    const turn = taken.get(choices) ?? 0;
    taken.set(choices, turn + 1);
    return choices[turn % choices.length]!;
  };
}

/** Gives somebody's appointment a time at which they have no other, from the wished one on. */
type Diary = (by: string, wished: number, minutes: number) => number;

function newDiary(): Diary {
  const taken = new Map<string, { from: number; to: number }[]>();
  return (by, wished, minutes) => {
    const others = taken.get(by) ?? [];
    let from = wished;
    while (others.some((other) => other.from < from + minutes * MINUTE && from < other.to))
      from = atQuarter(atWork(from + QUARTER));
    taken.set(by, [...others, { from, to: from + minutes * MINUTE }]);
    return from;
  };
}

/** Gives leads an appointment for each time that they came to where one is set; what became of it follows from where they went. */
export function withAppointments(leads: readonly Omit<SeedLead, 'appointments'>[], now: number): SeedLead[] {
  const turns = newTurns();
  const diary = newDiary();
  return leads.map((lead, index) => {
    const by = lead.assigned?.to;
    const chance = new Chance(1_000_000 + index);
    const appointments = lead.steps.flatMap(({ stage, at }, place) => {
      const left = lead.steps[place + 1];
      // Some have their proposal explained.
      const isAgreed = stage === 'Appointment set' || (stage === 'Proposal sent' && !left && chance.happens(0.4));
      const booked = Date.parse(at);
      if (by === undefined || !isAgreed || now - booked > WEEKS_BACK * 7 * DAY) return [];
      const details = detailsOf(chance);
      const free = (wished: number) => diary(by, wished, details.duration_minutes);
      return [{ booked: { at, by }, ...details, ...becomes(chance, turns, free, by, booked, left, now) }];
    });
    return { ...lead, appointments };
  });
}

/** An appointment's time and course. */
function becomes(
  chance: Chance,
  turns: Turns,
  free: (wished: number) => number,
  by: string,
  booked: number,
  left: SeedLead['steps'][number] | undefined,
  now: number,
) {
  if (left) {
    const wait = Date.parse(left.at) - booked;
    const wished = [0.4 + chance.next() * 0.5, 0.5, 0.3, 0.1, 0].map((share) =>
      atQuarter(atWork(booked + share * wait + QUARTER)),
    );
    const date = wished.find((time) => time > booked && time + HOUR < booked + wait) ?? atQuarter(booked + 0.6 * wait);
    return ended(chance, by, booked, free(date), turns(ENDS[left.stage]!));
  }
  const first = atQuarter(atWork(booked + (1 + chance.next() * 5) * DAY));
  const isMissed = first + 2 * HOUR < now && (now - booked > LONGEST_WAIT || chance.happens(0.2));
  if (isMissed) return ended(chance, by, booked, free(first), turns(ENDS['nowhere']!));
  const { steps, days, isMoved } = turns(COMING);
  const date = free(atQuarter(atWork(now + (days + chance.next() * 3) * DAY)));
  if (!isMoved) return { appointment_date: iso(date), course: spread(steps, booked, now, by) };
  const moved = { status: 'scheduled', at: iso((booked + now) / 2), by, outcome: null, date: iso(date) } as const;
  return { appointment_date: iso(atQuarter(atWork(date - 4 * DAY))), course: [moved] };
}

/** An appointment that was prepared more or less well and is over, or was cancelled before. */
function ended(chance: Chance, by: string, booked: number, date: number, outcome: Outcome) {
  const steps = (['set', 'verified', 'confirmed'] as const).filter(() => chance.happens(0.75));
  const course = spread(steps, booked, date, by);
  const isCancelled = outcome === 'cancelled';
  const at = isCancelled ? (Date.parse(course.at(-1)?.at ?? iso(booked)) + date) / 2 : date + HOUR;
  course.push({ status: isCancelled ? 'cancelled' : 'completed', at: iso(at), by, outcome, date: null });
  return { appointment_date: iso(date), course };
}

/** Steps on the way from one time to another, as far from each other as they can be. */
function spread(steps: readonly ('set' | 'verified' | 'confirmed')[], from: number, to: number, by: string): Course {
  const pause = (to - from) / (steps.length + 1);
  return steps.map((status, step) => ({ status, at: iso(from + pause * (step + 1)), by, outcome: null, date: null }));
}

function detailsOf(chance: Chance) {
  const isRemote = chance.happens(0.35);
  return {
    duration_minutes: chance.one([30, 45, 60]),
    location: isRemote ? null : chance.one(places),
    meeting_url: isRemote ? `https://meet.brightfield.test/${chance.whole(100_000, 999_999)}` : null,
    notes: chance.happens(0.3) ? chance.one(notes) : null,
  };
}
