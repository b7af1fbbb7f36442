import type { Activity } from '../../src/contract/activity.ts';
import type { Appointment, AppointmentStatus, Outcome } from '../../src/contract/appointment.ts';
import type { Deal } from '../../src/contract/deal.ts';
import type { Job } from '../../src/contract/job.ts';
import type { Lead } from '../../src/contract/lead.ts';
import type { Stage } from '../../src/contract/pipeline.ts';
import type { SeedSubmission } from './submission-rows.ts';

/** A pipeline beside the one that a workspace starts with. */
export interface SeedPipeline {
  name: string;
  stages: Pick<Stage, 'name' | 'category' | 'stage_type' | 'color' | 'probability' | 'rot_after_days'>[];
}

/** A stage that a lead entered. Members are named by their e-mail address, here and below. */
export interface SeedStep {
  /** Null is the pipeline that a workspace starts with. */
  pipeline: string | null;
  stage: string;
  at: string;
  by: string | null;
  reason: string | null;
}

/** What a member wrote on a lead's timeline. */
export interface SeedEntry extends Pick<Activity, 'subject' | 'description' | 'due_at' | 'completed_at'> {
  activity_type: 'note' | 'call' | 'email' | 'sms' | 'meeting' | 'task';
  at: string;
  by: string;
}

/** What became of an appointment at some time: another status, or another time from which it begins again. */
export interface SeedAppointmentStep {
  status: AppointmentStatus;
  at: string;
  by: string;
  outcome: Outcome | null;
  /** The time that it was given; null where it kept its own. */
  date: string | null;
}

/** An appointment of a lead, as it was booked and as it went on. Its owner is the lead's. */
export interface SeedAppointment extends Pick<
  Appointment,
  'appointment_date' | 'duration_minutes' | 'location' | 'meeting_url' | 'notes'
> {
  booked: { at: string; by: string };
  course: SeedAppointmentStep[];
}

/** A lead with its whole life, from the first stage that it entered. What follows from its life is not said again. */
export interface SeedLead extends Pick<
  Lead,
  | 'title'
  | 'product_interest'
  | 'score_value'
  | 'lead_value'
  | 'budget'
  | 'timeline'
  | 'disposition'
  | 'notes'
  | 'tags'
  | 'expected_close_date'
  | 'is_archived'
  | 'attribution'
  | 'custom_fields'
> {
  /** The address of its contact, which has one. */
  contact_email: string;
  /** A source that a workspace starts with. */
  source: string;
  /** The first is where and when the lead was created. */
  steps: [SeedStep, ...SeedStep[]];
  assigned: { to: string; by: string; at: string } | null;
  entries: SeedEntry[];
  appointments: SeedAppointment[];
  /** When it was converted, if it was. */
  converted_at: string | null;
  deal: (Pick<Deal, 'title' | 'value' | 'state' | 'closed_at'> & { at: string }) | null;
  /** What its visitor sent, where it came by a form; that is when it was created. */
  submission: SeedSubmission | null;
  job: (Pick<Job, 'title' | 'status' | 'details' | 'scheduled_for'> & { at: string }) | null;
}
