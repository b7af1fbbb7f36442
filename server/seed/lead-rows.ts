import { ranksBetween } from '../../src/core/ranks.ts';
import { inHundredths } from '../db/money.ts';
import { newId } from '../ids.ts';
import { bandOf } from '../leads/lead-columns.ts';
import { appointmentRowsOf, lastMet } from './appointment-rows.ts';
import { flagsOf } from '../leads/stage-flags.ts';
import { stageOf, type Known } from './known.ts';
import type { SeedLead, SeedStep } from './seed-lead.ts';
import { submissionEntry, submissionRow } from './submission-rows.ts';
import { timelineOf } from './timeline-rows.ts';

/** The rows that leads become, by table, in the order in which they must be written. */
export interface LeadRows {
  leads: object[];
  lead_stage_history: object[];
  activities: object[];
  appointments: object[];
  appointment_changes: object[];
  deals: object[];
  lead_jobs: object[];
  submissions: object[];
}

/** The rank of each lead in the stage where it is now: whoever came last is on top. */
export function ranksOf(leads: readonly SeedLead[]): Map<SeedLead, string> {
  const stages = Map.groupBy(leads, ({ steps }) => JSON.stringify([steps.at(-1)!.pipeline, steps.at(-1)!.stage]));
  const ranks = new Map<SeedLead, string>();
  for (const inStage of stages.values()) {
    const ordered = inStage.toSorted((one, other) => enteredAt(other) - enteredAt(one));
    const keys = ranksBetween(undefined, undefined, ordered.length);
    for (const [index, lead] of ordered.entries()) ranks.set(lead, keys[index]!);
  }
  return ranks;
}

const enteredAt = ({ steps }: SeedLead) => Date.parse(steps.at(-1)!.at);

/** Everything that a few leads become. */
export function rowsOf(leads: readonly SeedLead[], ranks: ReadonlyMap<SeedLead, string>, known: Known): LeadRows {
  const rows: LeadRows = {
    leads: [],
    lead_stage_history: [],
    activities: [],
    appointments: [],
    appointment_changes: [],
    deals: [],
    lead_jobs: [],
    submissions: [],
  };
  for (const lead of leads) addLead(rows, lead, ranks.get(lead)!, known);
  return rows;
}

function addLead(rows: LeadRows, lead: SeedLead, position: string, known: Known) {
  const { contact_email, source, steps, assigned, entries, appointments, converted_at, deal, job, submission, ...plain } = lead;
  const user = (email: string | null) => (email === null ? null : known.users.get(email)!);
  const [created] = steps;
  const last = steps.at(-1)!;
  const stage = stageOf(known, last);
  const id = newId(Date.parse(created.at));
  const contact_id = known.contacts.get(contact_email)!;
  const owner_id = user(assigned?.to ?? null);
  const booked = appointmentRowsOf(appointments, id, owner_id, known);
  const form = submission && known.forms.get(submission.form_id);
  const sent = form && submissionRow(submission, form.definition, { contact_id, lead_id: id });
  if (sent) rows.submissions.push(sent);
  const told = sent ? [submissionEntry(submission, sent.id, form.name)] : [];
  const activities = [...timelineOf(lead, known), ...told, ...booked.timeline].map((activity) => ({
    ...activity,
    id: newId(Date.parse(activity.occurred_at)),
    contact_id,
    lead_id: id,
    created_at: activity.occurred_at,
    updated_at: activity.completed_at ?? activity.occurred_at,
    updated_by: activity.created_by,
  }));
  const { lead_value, budget } = plain;
  rows.leads.push({
    ...without(plain, 'lead_value', 'budget'),
    id,
    contact_id,
    pipeline_id: stage.pipeline_id,
    stage_id: stage.id,
    ...flagsAfter(steps, known),
    score: bandOf(plain.score_value),
    source_id: known.sources.get(source) ?? null,
    form_id: sent ? submission.form_id : null,
    lead_value_minor: inHundredths(lead_value),
    budget_minor: inHundredths(budget),
    currency: known.currency,
    owner_id,
    converted_at,
    stage_entered_at: last.at,
    // As the activities will have it: the leads then need no second touch for each of them.
    last_activity_at: latest(activities),
    last_contact_at: later(latest(activities.filter(({ activity_type }) => SPOKEN.has(activity_type))), lastMet(appointments)),
    position,
    version: steps.length + (assigned ? 1 : 0),
    created_at: created.at,
    updated_at: [last.at, assigned?.at ?? last.at].toSorted().at(-1),
    created_by: user(created.by),
    updated_by: user(last.by ?? assigned?.by ?? null),
  });
  rows.activities.push(...activities);
  rows.appointments.push(...booked.appointments);
  rows.appointment_changes.push(...booked.appointment_changes);
  for (const [index, step] of steps.entries()) {
    const former = steps[index - 1];
    rows.lead_stage_history.push({
      id: newId(Date.parse(step.at)),
      lead_id: id,
      from_stage_id: former ? stageOf(known, former).id : null,
      to_stage_id: stageOf(known, step).id,
      reason: step.reason,
      changed_at: step.at,
      changed_by: user(step.by),
      seconds_in_stage: former ? Math.floor((Date.parse(step.at) - Date.parse(former.at)) / 1_000) : null,
    });
  }
  if (deal) {
    const { at, value, ...sale } = deal;
    const value_minor = inHundredths(value);
    rows.deals.push({ ...sale, value_minor, ...stamped(at), lead_id: id, contact_id, currency: known.currency, owner_id });
  }
  if (job) {
    const { at, ...work } = job;
    rows.lead_jobs.push({ ...work, ...stamped(at), lead_id: id });
  }
}

const stamped = (at: string) => ({ id: newId(Date.parse(at)), created_at: at, updated_at: at, version: 1 });

const SPOKEN = new Set(['call', 'email', 'sms', 'meeting']);

const latest = (activities: readonly { occurred_at: string }[]) =>
  activities
    .map(({ occurred_at }) => occurred_at)
    .toSorted()
    .at(-1) ?? null;

const later = (one: string | null, other: string | null) =>
  [one, other]
    .filter((time) => time !== null)
    .toSorted()
    .at(-1) ?? null;

function without<T extends object, K extends keyof T>(whole: T, ...names: K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name as K))) as Omit<T, K>;
}

/** What the stages that a lead went through make of it. */
const flagsAfter = (steps: readonly SeedStep[], known: Known) =>
  steps.reduce((flags, step) => flagsOf(stageOf(known, step).category, flags.is_qualified), flagsOf('new', false));
