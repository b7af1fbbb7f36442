import type { CallOptions, Client } from '../client/index.ts';
import type { Activity } from '../contract/activity.ts';
import type { Appointment, CheckedAppointment } from '../contract/appointment.ts';
import type { Company, CompanyDetail } from '../contract/company.ts';
import type { Contact, ContactDetail } from '../contract/contact.ts';
import type { Deal } from '../contract/deal.ts';
import type { Lead, LeadDetail } from '../contract/lead.ts';

/** The records that are shared, by what their events call them, in the shape in which lists show them. */
export interface RecordKinds {
  activity: Activity;
  appointment: Appointment;
  company: Company;
  contact: Contact;
  deal: Deal;
  lead: Lead;
}
export type RecordKind = keyof RecordKinds;

/** Every shape in which a record comes. */
interface Shapes extends Record<RecordKind, object> {
  activity: Activity;
  appointment: CheckedAppointment;
  company: CompanyDetail;
  contact: ContactDetail & { merged_id: string };
  deal: Deal;
  lead: LeadDetail;
}

type Beside<Kind extends RecordKind> = Exclude<keyof Shapes[Kind], keyof RecordKinds[Kind]>;

interface Kind<Name extends RecordKind> {
  /** What some answers and events hold besides the record itself. */
  readonly beside: { readonly [Field in Beside<Name>]: true };
  get(client: Client, id: string, options: CallOptions): Promise<RecordKinds[Name]>;
}

const kinds: { readonly [Name in RecordKind]: Kind<Name> } = {
  activity: { beside: {}, get: (client, id, options) => client.activities.get(id, options) },
  appointment: {
    beside: { history: true, warnings: true },
    get: (client, id, options) => client.appointments.get(id, options),
  },
  company: {
    beside: { contacts_count: true, open_lead_value: true },
    get: (client, id, options) => client.companies.get(id, options),
  },
  contact: {
    beside: { activities: true, appointments: true, assignments: true, leads: true, merged_id: true },
    get: (client, id, options) => client.contacts.get(id, options),
  },
  deal: { beside: {}, get: (client, id, options) => client.deals.get(id, options) },
  lead: {
    beside: {
      activities: true,
      appointments: true,
      deals: true,
      jobs: true,
      pipeline: true,
      source: true,
      stage: true,
      stage_history: true,
    },
    get: (client, id, options) => client.leads.get(id, options),
  },
};

/** Whether records of this name are shared. */
export const isShared = (name: string): name is RecordKind => Object.hasOwn(kinds, name);

/** Reads a record from the API. */
export const readRecord = <Name extends RecordKind>(client: Client, kind: Name, id: string): Promise<RecordKinds[Name]> =>
  kinds[kind].get(client, id, {});

/** The record alone, as lists show it, whatever stood beside it in an answer. */
export function bare<Name extends RecordKind>(kind: Name, row: RecordKinds[Name]): RecordKinds[Name] {
  const { beside } = kinds[kind];
  const own = Object.entries(row).filter(([field]) => !Object.hasOwn(beside, field));
  return Object.fromEntries(own) as RecordKinds[Name];
}
