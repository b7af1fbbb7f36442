import { activityRoutes, contactActivityRoutes, leadActivityRoutes } from './activity.ts';
import { apiKeyRoutes } from './api-key.ts';
import { appointmentRoutes, leadAppointmentRoutes } from './appointment.ts';
import { auditRoutes } from './audit.ts';
import { bulkJobRoutes, leadBulkRoute } from './bulk.ts';
import { appointmentCalendarRoutes, calendarFeedRoutes, calendarRoutes } from './calendar.ts';
import { captureRoutes } from './capture.ts';
import { companyRoutes } from './company.ts';
import { contactRoutes } from './contact.ts';
import { conversionRoutes } from './conversion.ts';
import { customFieldRoutes } from './custom-field.ts';
import { dealRoutes, leadDealRoutes } from './deal.ts';
import { duplicateRoutes } from './duplicate.ts';
import { embedRoutes } from './embed.ts';
import { formReportRoutes, formRoutes } from './form.ts';
import { jobRoutes, leadJobRoutes } from './job.ts';
import { leadSourceRoutes } from './lead-source.ts';
import { leadRoutes } from './lead.ts';
import { liveRoutes } from './live.ts';
import { memberRoutes } from './member.ts';
import { mergeRoutes } from './merge.ts';
import { pipelineRoutes } from './pipeline.ts';
import { savedViewRoutes } from './saved-view.ts';
import { authRoutes } from './session.ts';
import { formSubmissionRoutes, submissionRoutes } from './submission.ts';
import { tagRoutes } from './tag.ts';
import { workspaceRoutes } from './workspace.ts';

/** The whole API: an endpoint that is not here does not exist. Groups are the client's resources, keys their verbs. */
export const routes = {
  auth: authRoutes,
  workspace: workspaceRoutes,
  members: memberRoutes,
  audit: auditRoutes,
  apiKeys: apiKeyRoutes,
  embedTokens: embedRoutes,
  contacts: {
    duplicates: duplicateRoutes.list,
    ...contactRoutes,
    activities: contactActivityRoutes.list,
    addActivity: contactActivityRoutes.create,
    merge: mergeRoutes.merge,
    merges: mergeRoutes.list,
    undoMerge: mergeRoutes.undo,
  },
  companies: companyRoutes,
  leads: {
    ...leadRoutes,
    bulk: leadBulkRoute,
    activities: leadActivityRoutes.list,
    addActivity: leadActivityRoutes.create,
    deals: leadDealRoutes.list,
    addDeal: leadDealRoutes.create,
    jobs: leadJobRoutes.list,
    addJob: leadJobRoutes.create,
    appointments: leadAppointmentRoutes.list,
    addAppointment: leadAppointmentRoutes.create,
    convert: conversionRoutes.convert,
  },
  pipelines: pipelineRoutes,
  leadSources: leadSourceRoutes,
  customFields: customFieldRoutes,
  appointments: { ...appointmentRoutes, ...appointmentCalendarRoutes },
  activities: activityRoutes,
  deals: dealRoutes,
  jobs: jobRoutes,
  bulkJobs: bulkJobRoutes,
  tags: tagRoutes,
  calendarFeed: calendarFeedRoutes,
  calendars: calendarRoutes,
  savedViews: savedViewRoutes,
  forms: { ...formRoutes, ...formSubmissionRoutes },
  submissions: submissionRoutes,
  capture: captureRoutes,
  reports: formReportRoutes,
  live: liveRoutes,
};
export type Routes = typeof routes;

/** Every address of the API begins with this. */
export const API_PREFIX = '/api/v2';
