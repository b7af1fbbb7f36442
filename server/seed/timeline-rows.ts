import { stageOf, type Known } from './known.ts';
import type { SeedLead } from './seed-lead.ts';

/** One entry of a timeline, still without its ids. */
export interface TimelineRow {
  activity_type: string;
  subject: string | null;
  description: string | null;
  due_at: string | null;
  completed_at: string | null;
  occurred_at: string;
  metadata: object;
  created_by: string | null;
}

/** What people wrote about a lead, and what the system says of its changes, as it does when they are made. */
export function timelineOf({ steps, assigned, entries, converted_at }: SeedLead, known: Known): TimelineRow[] {
  const user = (email: string | null) => (email === null ? null : known.users.get(email)!);
  const system = (activity_type: string, subject: string, occurred_at: string, by: string | null, metadata: object) => ({
    activity_type,
    subject,
    description: null,
    due_at: null,
    completed_at: null,
    occurred_at,
    metadata,
    created_by: user(by),
  });
  const rows = [system('system', 'Lead created', steps[0].at, steps[0].by, { event: 'lead.created' })];
  if (assigned) {
    const facts = { event: 'lead.assigned', from: null, to: user(assigned.to) };
    rows.push(system('assignment', 'Owner changed', assigned.at, assigned.by, facts));
  }
  for (const [index, step] of steps.slice(1).entries()) {
    const [from, to] = [stageOf(known, steps[index]!), stageOf(known, step)];
    const facts = {
      event: 'lead.moved_to_stage',
      from_stage_id: from.id,
      from_stage: from.name,
      to_stage_id: to.id,
      to_stage: to.name,
      ...(step.reason !== null && { reason: step.reason }),
    };
    rows.push(system('stage_change', `Moved from ${from.name} to ${to.name}`, step.at, step.by, facts));
  }
  if (converted_at !== null) {
    rows.push(system('conversion', 'Lead converted', converted_at, steps.at(-1)!.by, { event: 'lead.converted' }));
  }
  const written = entries.map(({ at, by, ...entry }) => ({ ...entry, occurred_at: at, metadata: {}, created_by: user(by) }));
  return [...rows, ...written];
}
