import type { Seed } from '@millrace/server';
import type { Chance } from './chance.ts';
import { lostReasons } from './offers.ts';
import { atWork } from './working-hours.ts';

const DAY = 86_400_000;

export const NURTURE = 'Nurture';

/** The pipeline for those who don't buy now. */
export const nurturePipeline: Seed['pipelines'][number] = {
  name: NURTURE,
  stages: [
    { name: 'Nurture', category: 'contacted', stage_type: 'process', color: '#0ea5e9', probability: 10, rot_after_days: 60 },
    {
      name: 'Long-term nurture',
      category: 'contacted',
      stage_type: 'process',
      color: '#64748b',
      probability: 5,
      rot_after_days: 120,
    },
    { name: 'Engaged', category: 'qualified', stage_type: 'milestone', color: '#6366f1', probability: 35, rot_after_days: 7 },
  ],
};

interface Habit {
  /** How many days a lead stays, from and to. */
  days: [number, number];
  /** Where it goes then, each with its share in percent; what is left stays for good. */
  next: Record<string, number>;
}

const HABITS: Record<string, Habit> = {
  'New lead': { days: [0.1, 3], next: { Contacted: 88, Lost: 8 } },
  Contacted: { days: [1, 8], next: { Qualified: 62, Lost: 12, Nurture: 15 } },
  Qualified: { days: [2, 10], next: { 'Appointment set': 72, Lost: 8, Nurture: 10 } },
  'Appointment set': { days: [2, 14], next: { 'Proposal sent': 74, Lost: 10, Contacted: 7 } },
  'Proposal sent': { days: [4, 25], next: { Won: 60, Lost: 23, Nurture: 6 } },
  Nurture: { days: [10, 40], next: { Engaged: 35, 'Long-term nurture': 40, Lost: 8 } },
  'Long-term nurture': { days: [30, 80], next: { Engaged: 20, Lost: 20 } },
  Engaged: { days: [2, 12], next: { Qualified: 45, Lost: 10 } },
};

const NURTURING = new Set(nurturePipeline.stages.map(({ name }) => name));

export interface Step {
  pipeline: string | null;
  stage: string;
  at: number;
  reason: string | null;
}

/** The stages that a lead has gone through until now, from its first. */
export function lifeOf(chance: Chance, created: number, now: number): [Step, ...Step[]] {
  const steps: [Step, ...Step[]] = [{ pipeline: null, stage: 'New lead', at: created, reason: null }];
  for (;;) {
    const { stage, at } = steps.at(-1)!;
    const habit = HABITS[stage];
    const next = habit && nextAfter(chance, habit);
    if (!next) return steps;
    const [from, to] = habit.days;
    const time = atWork(at + (from + chance.next() * (to - from)) * DAY);
    if (time > now) return steps;
    const reason = next === 'Lost' ? chance.one(lostReasons[stage]!) : null;
    // A lead is lost where the sale was, not in the pipeline of those who wait.
    steps.push({ pipeline: NURTURING.has(next) ? NURTURE : null, stage: next, at: time, reason });
  }
}

function nextAfter(chance: Chance, { next }: Habit): string | undefined {
  let left = chance.next() * 100;
  return Object.entries(next).find(([, share]) => (left -= share) < 0)?.[0];
}
