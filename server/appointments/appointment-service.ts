import { sql } from 'kysely';
import type {
  Appointment,
  AppointmentChange,
  AppointmentDetail,
  AppointmentOfLeadQuery,
  AppointmentQuery,
  AppointmentStatus,
  CheckedAppointment,
  NewAppointment,
  NewAppointmentOfLead,
  Rescheduling,
} from '../../src/contract/appointment.ts';
import type { EventName } from '../../src/contract/events.ts';
import { list, type Fragment } from '../db/list.ts';
import { change, hold, remove, restore, TOUCHED } from '../db/records.ts';
import { assertLeadSeen, holdSeenLead, type SeenLead } from '../db/seen-leads.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import type { Json, Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { assertMayOwn, assertMaySign, zoneOf } from './appointment-people.ts';
import {
  appointmentRecords,
  askForMail,
  readAppointment,
  readChecked,
  tell,
  writeHistory,
  type HeldAppointment,
} from './appointment-records.ts';
import { appointmentFilters, appointmentListing, appointmentWire } from './appointment-wire.ts';
import { advance, beginAgain } from './appointment-workflow.ts';
import { checkTime } from './time-check.ts';

const APPOINTMENT = { table: 'appointments', noun: 'appointment', keepsDeleted: true } as const;
const DEFAULT_MINUTES = 30;
/** What an appointment's history tells of. */
const IN_HISTORY = new Set(['status', 'outcome', 'appointment_date', 'duration_minutes']);
const TIME = new Set(['appointment_date', 'duration_minutes']);
const PLACE = new Set(['location', 'meeting_url']);
/** The statuses that have an event of their own. */
const EVENTS: Partial<Record<AppointmentStatus, EventName>> = {
  completed: 'appointment.completed',
  cancelled: 'appointment.cancelled',
};

/** The appointments for which a condition on `r` holds, as JSON, the latest fifty by their date; none for a caller who may not see any. */
export const latestAppointments = (tenant: Tenant, condition: Fragment): Fragment =>
  tenant.caller.permissions.has('crm:appointments:view')
    ? sql`(select coalesce(json_agg(a), '[]') from (
        select ${appointmentWire} from appointments r where ${condition} and r.deleted_at is null
        order by r.appointment_date desc, r.id desc limit 50) a)`
    : sql`'[]'::json`;

/** The rules of appointments. Every method works inside its tenant's unit of work. */
export class AppointmentService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  list(tenant: Tenant, query: AppointmentQuery): Promise<Page<Appointment>> {
    return list(tenant, appointmentListing, query, appointmentFilters(tenant, query));
  }

  async ofLead(tenant: Tenant, leadId: string, query: AppointmentOfLeadQuery): Promise<Page<Appointment>> {
    const listing = { ...appointmentListing, defaultSort: 'appointment_date' } as const;
    const page = await list(tenant, listing, query, [...appointmentFilters(tenant, query), sql`r.lead_id = ${leadId}::uuid`]);
    if (page.rows.text === '[]') await assertLeadSeen(tenant, leadId);
    return page;
  }

  get(tenant: Tenant, id: string): Promise<Json<AppointmentDetail>> {
    return readAppointment(tenant, id);
  }

  async create(tenant: Tenant, { lead_id, ...given }: NewAppointment): Promise<Json<CheckedAppointment>> {
    const lead = await holdSeenLead(tenant, lead_id);
    if (!lead) throw invalidField('lead_id', 'not_found');
    return this.#book(tenant, lead_id, lead, given);
  }

  async createForLead(tenant: Tenant, leadId: string, given: NewAppointmentOfLead): Promise<Json<CheckedAppointment>> {
    const lead = await holdSeenLead(tenant, leadId);
    if (!lead) throw notFound('lead');
    return this.#book(tenant, leadId, lead, given);
  }

  /** Changes what is sent; a status takes the appointment on. */
  async update(tenant: Tenant, id: string, given: AppointmentChange, expected: Expected): Promise<Json<CheckedAppointment>> {
    const { held, lead } = await this.#hold(tenant, id, expected);
    const { location, meeting_url, notes, owner_id } = given;
    await assertMaySign(tenant, given);
    const isHandedOver = owner_id !== undefined && owner_id !== held.owner_id;
    if (isHandedOver) await assertMayOwn(tenant, owner_id, lead.owner_id);
    const now = this.#now();
    const course = advance(held, given, tenant.caller.userId ?? null, now);
    const takesTime = isHandedOver && course.status !== 'cancelled';
    const warnings = takesTime ? await checkTime(tenant, timeOf({ ...held, owner_id })) : [];
    const changed = await change(tenant, 'appointments', held, {
      ...course,
      notes,
      owner_id,
      location: meeting_url == null ? location : null,
      meeting_url: location == null ? meeting_url : null,
    });
    if (changed) await this.#tellChange(tenant, held, changed, given);
    return readChecked(tenant, id, warnings);
  }

  /** Gives an appointment another time, from which it goes its way again. */
  async reschedule(tenant: Tenant, id: string, given: Rescheduling, expected: Expected): Promise<Json<CheckedAppointment>> {
    const { held } = await this.#hold(tenant, id, expected);
    const { reason = null, notify = true, timezone } = given;
    const course = beginAgain(held);
    const appointment_date = new Date(given.appointment_date);
    const duration_minutes = given.duration_minutes ?? held.duration_minutes;
    const warnings = await checkTime(tenant, timeOf({ ...held, appointment_date, duration_minutes }));
    const changed = await change(tenant, 'appointments', held, { ...course, appointment_date, duration_minutes, timezone });
    if (!changed) return readChecked(tenant, id, warnings);
    if (changed.some((column) => IN_HISTORY.has(column))) await writeHistory(tenant, id, held, reason);
    await tell(tenant, held, {
      event: 'appointment.rescheduled',
      subject: 'Appointment moved',
      facts: { from: held.appointment_date, to: appointment_date, ...(reason !== null && { reason }) },
      formerDate: held.appointment_date,
    });
    const isNews = held.status === 'cancelled' || changed.some((column) => TIME.has(column));
    if (notify && isNews) await askForMail(tenant, id, held.status === 'cancelled' ? 'booked' : 'moved', this.#now());
    return readChecked(tenant, id, warnings);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    const { held } = await this.#hold(tenant, id, expected);
    await remove(tenant, 'appointments', id);
    await tell(tenant, held, { subject: 'Appointment deleted', facts: { appointment_date: held.appointment_date } });
  }

  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<CheckedAppointment>> {
    const { rows } = await sql<HeldAppointment>`
      select * from appointments where id = ${id} and deleted_at > now() - interval '30 days'`.execute(tenant.db);
    const deleted = rows[0];
    if (deleted && !(await holdSeenLead(tenant, deleted.lead_id)))
      throw new ApiFailure('CONFLICT', 'The lead of this appointment is deleted: restore the lead first.');
    const takesTime = deleted && deleted.status !== 'cancelled';
    const warnings = takesTime ? await checkTime(tenant, timeOf(deleted)) : [];
    if ((await restore(tenant, APPOINTMENT, id, expected)) && deleted) {
      const facts = { appointment_date: deleted.appointment_date };
      await tell(tenant, deleted, { event: 'appointment.updated', subject: 'Appointment restored', facts });
    }
    return readChecked(tenant, id, warnings);
  }

  /** How many appointments a member has. */
  async ownedBy(tenant: Tenant, userId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from appointments where owner_id = ${userId} and deleted_at is null`.execute(tenant.db);
    return rows[0]!.count;
  }

  /** Gives a member's appointments to another, or to nobody: deleted ones as well, and whether or not the other has time. */
  async reassign(tenant: Tenant, fromUserId: string, toUserId: string | undefined) {
    const { rows } = await sql<{ id: string }>`
      update appointments set owner_id = ${toUserId ?? null}, ${TOUCHED} where owner_id = ${fromUserId} returning id`.execute(
      tenant.db,
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await emit(tenant, 'appointment.updated', appointmentRecords(ids));
  }

  async #book(tenant: Tenant, leadId: string, lead: SeenLead, given: NewAppointmentOfLead): Promise<Json<CheckedAppointment>> {
    const { notify = true, timezone, duration_minutes = DEFAULT_MINUTES, ...about } = given;
    const ownerId = given.owner_id === undefined ? (lead.owner_id ?? tenant.caller.userId ?? null) : given.owner_id;
    await assertMayOwn(tenant, ownerId, lead.owner_id);
    const id = newId();
    const begins = new Date(given.appointment_date);
    const warnings = await checkTime(tenant, { ownerId, begins, minutes: duration_minutes });
    await tenant.db
      .insertInto('appointments')
      .values({
        ...about,
        id,
        lead_id: leadId,
        owner_id: ownerId,
        appointment_date: begins,
        duration_minutes,
        timezone: timezone ?? (await zoneOf(tenant, ownerId)),
      })
      .execute();
    await writeHistory(tenant, id, undefined);
    await tell(
      tenant,
      { id, lead_id: leadId },
      { event: 'appointment.created', subject: 'Appointment booked', facts: { appointment_date: begins } },
    );
    if (notify) await askForMail(tenant, id, 'booked', this.#now());
    return readChecked(tenant, id, warnings);
  }

  async #tellChange(tenant: Tenant, held: HeldAppointment, changed: string[], given: AppointmentChange) {
    const { status = held.status, outcome, reason, notify = true } = given;
    if (changed.some((column) => IN_HISTORY.has(column))) await writeHistory(tenant, held.id, held, reason);
    const goesOn = status !== held.status;
    await tell(tenant, held, {
      event: (goesOn && EVENTS[status]) || 'appointment.updated',
      subject: goesOn ? `Appointment ${status}` : 'Appointment changed',
      facts: {
        ...(goesOn ? { from_status: held.status, to_status: status } : { fields: changed }),
        ...(outcome != null && { outcome }),
        ...(reason != null && { reason }),
      },
    });
    if (!notify) return;
    if (goesOn && status === 'cancelled') await askForMail(tenant, held.id, 'cancelled', this.#now());
    else if (status !== 'cancelled' && changed.some((column) => PLACE.has(column)))
      await askForMail(tenant, held.id, 'moved', this.#now());
  }

  /** The lead is held first: who holds several rows takes them in one order. */
  async #hold(tenant: Tenant, id: string, expected: Expected): Promise<{ held: HeldAppointment; lead: SeenLead }> {
    const { rows } = await sql<{ lead_id: string }>`
      select lead_id from appointments where id = ${id} and deleted_at is null`.execute(tenant.db);
    const lead = rows[0] && (await holdSeenLead(tenant, rows[0].lead_id));
    if (!lead) throw notFound('appointment');
    const held = await hold<HeldAppointment>(tenant, APPOINTMENT, id, expected, (id) => this.get(tenant, id));
    return { held, lead };
  }

  #now() {
    return new Date(this.#clock());
  }
}

const timeOf = ({ id, owner_id, appointment_date, duration_minutes }: HeldAppointment) => ({
  id,
  ownerId: owner_id,
  begins: appointment_date,
  minutes: duration_minutes,
});
