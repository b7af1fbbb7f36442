import { API_PREFIX } from '../src/contract/routes.ts';
import type { AppParts } from './app-parts.ts';
import { serveAudit } from './audit/audit-routes.ts';
import { AuditService } from './audit/audit-service.ts';
import { serveActivities } from './activities/activity-routes.ts';
import { ActivityService } from './activities/activity-service.ts';
import { workAppointments } from './appointments/appointment-jobs.ts';
import { serveAppointments } from './appointments/appointment-routes.ts';
import { AppointmentService } from './appointments/appointment-service.ts';
import { AccessTokens } from './auth/access-tokens.ts';
import { serveAuth } from './auth/auth-routes.ts';
import { AuthService } from './auth/auth-service.ts';
import { SessionCookie } from './auth/session-cookie.ts';
import { CalendarFeedService } from './calendars/calendar-feed-service.ts';
import { serveCalendars } from './calendars/calendar-routes.ts';
import { CalendarService } from './calendars/calendar-service.ts';
import { serveCapture } from './capture/capture-routes.ts';
import { CaptureService } from './capture/capture-service.ts';
import { Challenges } from './capture/challenges.ts';
import { servePartials } from './capture/partial-routes.ts';
import { PartialService } from './capture/partial-service.ts';
import { PartialTokens } from './capture/partial-tokens.ts';
import { PlainPosts } from './capture/plain-post.ts';
import { originsOf } from './capture/page-origins.ts';
import { PublishedForms } from './capture/published-forms.ts';
import { answerFromCdn, CDN_PREFIX } from './cdn/cdn.ts';
import { workCompanies } from './companies/company-jobs.ts';
import { serveCompanies } from './companies/company-routes.ts';
import { CompanyService } from './companies/company-service.ts';
import { ContactCaptureService } from './contacts/contact-capture-service.ts';
import { ContactClientService } from './contacts/contact-client-service.ts';
import { ContactDuplicatesService } from './contacts/contact-duplicates-service.ts';
import { serveContactMerges } from './contacts/contact-merge-routes.ts';
import { ContactMergeService } from './contacts/contact-merge-service.ts';
import { ContactMergeUndo } from './contacts/contact-merge-undo.ts';
import { serveContactDuplicates, serveContacts } from './contacts/contact-routes.ts';
import { ContactService } from './contacts/contact-service.ts';
import { workCustomFields } from './custom-fields/custom-field-jobs.ts';
import { serveCustomFields } from './custom-fields/custom-field-routes.ts';
import { CustomFieldService } from './custom-fields/custom-field-service.ts';
import { FieldValues } from './custom-fields/field-values.ts';
import { serveDeals } from './deals/deal-routes.ts';
import { DealService } from './deals/deal-service.ts';
import { workBulk } from './bulk/bulk-jobs.ts';
import { BulkPieces } from './bulk/bulk-pieces.ts';
import { serveBulk } from './bulk/bulk-routes.ts';
import { BulkService } from './bulk/bulk-service.ts';
import { System } from './db/system.ts';
import { serveFormAnalytics, serveFormEvents } from './form-analytics/form-analytics-routes.ts';
import { FormAnalyticsService } from './form-analytics/form-analytics-service.ts';
import { FormEventService } from './form-analytics/form-event-service.ts';
import { serveHostedPages } from './hosted/hosted-pages.ts';
import { StartedMarks } from './hosted/started-mark.ts';
import { serveForms } from './forms/form-routes.ts';
import { FormService } from './forms/form-service.ts';
import type { Told } from './db/tenant.ts';
import { serveEvents } from './live/live-routes.ts';
import { Live } from './live/live.ts';
import { Api, type Connection } from './http/api.ts';
import { Credentials } from './http/credential.ts';
import { serveDocs } from './http/docs.ts';
import { Guesses } from './http/guesses.ts';
import { operations } from './http/operations.ts';
import { Origins } from './http/origins.ts';
import { JobWorker } from './jobs/job-worker.ts';
import { serveApiKeys } from './keys/api-key-routes.ts';
import { ApiKeyService } from './keys/api-key-service.ts';
import { serveEmbedTokens } from './keys/embed-routes.ts';
import { EmbedService } from './keys/embed-service.ts';
import { EmbedTokens } from './keys/embed-tokens.ts';
import { serveLeadSources } from './lead-sources/lead-source-routes.ts';
import { LeadSourceService } from './lead-sources/lead-source-service.ts';
import { serveLeadBoard } from './leads/lead-board-routes.ts';
import { LeadBoard } from './leads/lead-board.ts';
import { LeadCaptureService } from './leads/lead-capture-service.ts';
import { LeadBulkService } from './leads/lead-bulk-service.ts';
import { LeadMoves } from './leads/lead-moves.ts';
import { LeadConversion } from './leads/lead-conversion.ts';
import { serveConversion, serveLeads } from './leads/lead-routes.ts';
import { LeadService } from './leads/lead-service.ts';
import { LeadUndoService } from './leads/lead-undo-service.ts';
import { LeadWriting } from './leads/lead-writing.ts';
import { StageLeadsService } from './leads/stage-leads-service.ts';
import { workMembers } from './members/member-jobs.ts';
import { serveLeadJobs } from './lead-jobs/lead-job-routes.ts';
import { LeadJobService } from './lead-jobs/lead-job-service.ts';
import { LeadOwnerService } from './leads/lead-owner-service.ts';
import { serveMembers } from './members/member-routes.ts';
import { MemberService } from './members/member-service.ts';
import { workPipelines } from './pipelines/pipeline-jobs.ts';
import { servePipelines } from './pipelines/pipeline-routes.ts';
import { PipelineService } from './pipelines/pipeline-service.ts';
import { StageRemoval } from './pipelines/stage-removal.ts';
import { StageService } from './pipelines/stage-service.ts';
import { SubmissionAcceptanceService } from './submissions/acceptance-service.ts';
import { workSubmissions } from './submissions/submission-jobs.ts';
import { serveSubmissions } from './submissions/submission-routes.ts';
import { SubmissionService } from './submissions/submission-service.ts';
import { workTags } from './tags/tag-jobs.ts';
import { serveSavedViews } from './saved-views/saved-view-routes.ts';
import { SavedViewService } from './saved-views/saved-view-service.ts';
import { serveTags } from './tags/tag-routes.ts';
import { TagService } from './tags/tag-service.ts';
import { serveWorkspace } from './workspace/workspace-routes.ts';
import { WorkspaceService } from './workspace/workspace-service.ts';

export interface App {
  /** Answers a request; anything outside the API and the operator's addresses is 404. */
  fetch(request: Request, connection: Connection): Response | Promise<Response>;
  /** Removes what is past its time, a bounded piece at once; tells how many rows went. */
  purge(): Promise<number>;
  /** The routes that are served. */
  api: Api;
  /** Carries out jobs once it is started, or when it is told to. */
  worker: JobWorker;
  /** The live streams; what is due of them by the clock is done by `tick`, to be called each second. */
  live: Live;
}

const PURGE_MS = 3_600_000;

/** The whole API over the parts it is given: a web-standard fetch handler, the same on Node and in a browser. */
export function createApp(parts: AppParts): App {
  const system = new System(parts.db);
  const tokens = new AccessTokens(parts.secrets, parts.clock);
  const embedTokens = new EmbedTokens(parts.secrets, parts.clock);
  const credentials = new Credentials(system, tokens, embedTokens, new Guesses(parts), parts.clock);
  const origins = new Origins(system, parts.publicUrl, parts.clock);
  const live = new Live(parts, system);
  const told: Told = { events: () => live.told(), jobs: () => worker.wake() };
  const worker = new JobWorker(parts, system, told);
  const api = new Api(parts, credentials, origins, told);

  const companies = new CompanyService();
  const contacts = new ContactService(companies);
  const deals = new DealService(parts.clock);
  const leadSources = new LeadSourceService();
  const stageLeads = new StageLeadsService();
  const stageRemoval = new StageRemoval(stageLeads);
  const pipelines = new PipelineService(stageRemoval);
  const appointments = new AppointmentService(parts.clock);
  const members = new MemberService({ contacts, leads: new LeadOwnerService(), deals, appointments }, parts.secrets[0]);

  serveAuth(api, new AuthService(parts, system, tokens, credentials), new SessionCookie(parts.publicUrl));
  serveWorkspace(api, new WorkspaceService(), members, system, credentials, origins);
  serveMembers(api, members, credentials);
  serveApiKeys(api, new ApiKeyService(parts.clock), credentials);
  serveEmbedTokens(api, new EmbedService(embedTokens));
  serveAudit(api, new AuditService());
  serveContactDuplicates(api, new ContactDuplicatesService(contacts));
  serveContacts(api, contacts);
  serveContactMerges(api, new ContactMergeService(), new ContactMergeUndo());
  serveCompanies(api, companies);
  servePipelines(api, pipelines, new StageService(pipelines, stageLeads, stageRemoval));
  serveLeadSources(api, leadSources);
  const fieldValues = new FieldValues();
  serveCustomFields(api, new CustomFieldService(fieldValues));
  serveActivities(api, new ActivityService(parts.clock));
  const leadMoves = new LeadMoves(contacts);
  const leadWriting = new LeadWriting(contacts, leadMoves);
  serveLeadBoard(api, new LeadBoard(), leadMoves);
  const leads = new LeadService(contacts, leadSources, leadMoves, leadWriting);
  const leadBulk = new LeadBulkService(leadMoves, leadWriting);
  const bulkPieces = new BulkPieces(leads, leadBulk, new LeadUndoService(leadWriting), parts.clock);
  serveBulk(api, new BulkService(leads, leadBulk, bulkPieces));
  serveLeads(api, leads);
  const clients = new ContactClientService();
  serveConversion(api, new LeadConversion({ contacts, clients, deals, moves: leadMoves }, parts.clock));
  const tags = new TagService({ leads, contacts, companies });
  serveTags(api, tags);
  serveDeals(api, deals);
  serveLeadJobs(api, new LeadJobService());
  const calendars = new CalendarService(parts.clock);
  serveCalendars(api, calendars, new CalendarFeedService(parts, system, calendars));
  serveAppointments(api, appointments);
  serveSavedViews(api, new SavedViewService());
  const published = new PublishedForms(parts.db, system, parts.clock);
  serveForms(api, new FormService(parts), () => published.forget());
  const challenges = new Challenges(parts.secrets, parts.clock);
  const acceptance = new SubmissionAcceptanceService(new ContactCaptureService(companies), new LeadCaptureService());
  serveSubmissions(api, new SubmissionService(acceptance));
  const partialTokens = new PartialTokens(parts.secrets);
  const capture = new CaptureService({ ...parts, forms: published, challenges, tokens: partialTokens, acceptance, told });
  const posts = new PlainPosts({ ...parts, forms: published, capture, marks: new StartedMarks(parts.secrets, parts.clock) });
  serveCapture(api, { forms: published, challenges, capture, posts });
  servePartials(api, { forms: published, tokens: partialTokens, capture, partials: new PartialService(capture, acceptance) });
  serveFormAnalytics(api, new FormAnalyticsService(parts.clock));
  serveFormEvents(api, new FormEventService(parts.db, parts.clock), async (id, requestId) => {
    const form = await published.lookUp(id, requestId);
    return form && { ...form, origins: originsOf(form) };
  });
  serveEvents(api, live);

  const purge = () => system.for('purge').purge();
  workMembers(worker, system, parts);
  workCompanies(worker, companies);
  workAppointments(worker, calendars, parts);
  workPipelines(worker, stageLeads, stageRemoval);
  workTags(worker, tags);
  workBulk(worker, bulkPieces);
  workCustomFields(worker, fieldValues);
  workSubmissions(worker, parts);
  worker.recurring('purge', { every: PURGE_MS }, async (_job, signal) => {
    while (!signal.aborted && (await purge()) > 0);
  });

  const router = operations(parts, system);
  serveDocs(router);
  serveHostedPages(router, parts, async (id, lang, requestId) => {
    const found = await published.find(id, lang, requestId);
    if (!found) return undefined;
    return { form: found.form, isClosed: !found.isActive, framedBy: originsOf(found) };
  });
  router.all(`${CDN_PREFIX}*`, (c) => answerFromCdn(parts.cdn, c.req.raw));
  router.notFound((c) => api.fetch(c.req.raw, c.env as Connection));
  return {
    api,
    live,
    worker,
    purge,
    fetch: (request, connection) => {
      const { pathname } = new URL(request.url);
      const isDocs = pathname === `${API_PREFIX}/docs` || pathname === `${API_PREFIX}/openapi.json`;
      return pathname.startsWith(`${API_PREFIX}/`) && !isDocs
        ? api.fetch(request, connection)
        : router.fetch(request, connection);
    },
  };
}
