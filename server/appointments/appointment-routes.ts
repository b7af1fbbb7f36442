import { appointmentRoutes as routes, leadAppointmentRoutes, type AvailabilityQuery } from '../../src/contract/appointment.ts';
import type { Api } from '../http/api.ts';
import type { AppointmentService } from './appointment-service.ts';
import { readAvailability } from './availability.ts';

/** Serves appointments; the address of availability goes before those of one appointment. */
export function serveAppointments(api: Api, appointments: AppointmentService) {
  api.serve(routes.list, ({ tenant, query }) => appointments.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => appointments.create(tenant, body));
  api.serve(routes.availability, ({ tenant, query }) => readAvailability(tenant, query as AvailabilityQuery));
  api.serve(routes.get, ({ tenant, params }) => appointments.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => appointments.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => appointments.remove(tenant, params.id, expected));
  api.serve(routes.restore, ({ tenant, params, expected }) => appointments.restore(tenant, params.id, expected));
  api.serve(routes.reschedule, ({ tenant, params, body, expected }) =>
    appointments.reschedule(tenant, params.id, body, expected),
  );
  api.serve(leadAppointmentRoutes.list, ({ tenant, params, query }) => appointments.ofLead(tenant, params.id, query));
  api.serve(leadAppointmentRoutes.create, ({ tenant, params, body }) => appointments.createForLead(tenant, params.id, body));
}
