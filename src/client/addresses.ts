import type { Addresses } from './address.ts';

/** The contract as far as it is needed to call it, without its schemas; the compiler holds it to the contract. */
const addresses: Addresses = {
  auth: {
    signUp: 'POST /auth/sign-up public body',
    signIn: 'POST /auth/sign-in public body',
    refresh: 'POST /auth/refresh public body',
    signOut: 'POST /auth/sign-out public body',
    me: 'GET /auth/me',
    switchWorkspace: 'POST /auth/switch-workspace body',
    changePassword: 'POST /auth/change-password body',
  },
  workspace: {
    get: 'GET /workspace',
    update: 'PATCH /workspace body',
    transfer: 'POST /workspace/transfer body',
    remove: 'DELETE /workspace query',
  },
  members: {
    list: 'GET /members query',
    get: 'GET /members/:id',
    invite: 'POST /members body',
    update: 'PATCH /members/:id body',
    remove: 'DELETE /members/:id query',
    acceptInvitation: 'POST /invitations/:token/accept public body',
  },
  audit: {
    list: 'GET /audit-log query',
  },
  apiKeys: {
    rotate: 'POST /api-keys/:id/rotate body',
  },
  contacts: {
    restore: 'POST /contacts/:id/restore',
    setCustomField: 'PUT /contacts/:id/custom-fields/:field_id body',
    assign: 'POST /contacts/:id/assignments body',
    unassign: 'DELETE /contacts/:id/assignments/:user_id',
    activities: 'GET /contacts/:id/activities query',
    addActivity: 'POST /contacts/:id/activities body',
    duplicates: 'GET /contacts/duplicates query',
    merge: 'POST /contacts/:id/merge body',
    merges: 'GET /contacts/:id/merges query',
    undoMerge: 'POST /contacts/:id/merges/:merge_id/undo',
  },
  companies: {
    restore: 'POST /companies/:id/restore',
  },
  leads: {
    stats: 'GET /leads/stats query',
    marks: 'GET /leads/marks query',
    board: 'GET /leads/board query',
    boardStage: 'GET /leads/board/:stage_id query',
    bulk: 'POST /leads/bulk body',
    restore: 'POST /leads/:id/restore',
    move: 'POST /leads/:id/move body',
    setStatus: 'PUT /leads/:id/status body',
    setScore: 'PUT /leads/:id/score body',
    setCustomField: 'PUT /leads/:id/custom-fields/:field_id body',
    history: 'GET /leads/:id/stage-history query',
    activities: 'GET /leads/:id/activities query',
    addActivity: 'POST /leads/:id/activities body',
    deals: 'GET /leads/:id/deals query',
    addDeal: 'POST /leads/:id/deals body',
    jobs: 'GET /leads/:id/jobs query',
    addJob: 'POST /leads/:id/jobs body',
    appointments: 'GET /leads/:id/appointments query',
    addAppointment: 'POST /leads/:id/appointments body',
    convert: 'POST /leads/:id/convert body',
  },
  customFields: {
    order: 'PUT /custom-fields/order body',
    delete: 'DELETE /custom-fields/:id query',
  },
  pipelines: {
    list: 'GET /pipelines query',
    create: 'POST /pipelines body',
    get: 'GET /pipelines/:id',
    update: 'PATCH /pipelines/:id body',
    remove: 'DELETE /pipelines/:id query',
    addStage: 'POST /pipelines/:id/stages body',
    updateStage: 'PATCH /pipelines/:id/stages/:stage_id body',
    removeStage: 'DELETE /pipelines/:id/stages/:stage_id query',
    orderStages: 'PUT /pipelines/:id/stages/order body',
  },
  appointments: {
    availability: 'GET /appointments/availability query',
    restore: 'POST /appointments/:id/restore',
    reschedule: 'POST /appointments/:id/reschedule body',
    calendar: 'GET /appointments/:id.ics',
  },
  calendarFeed: {
    read: 'GET /calendar-feed',
    issue: 'POST /calendar-feed',
    revoke: 'DELETE /calendar-feed',
  },
  calendars: {
    feed: 'GET /calendars/:token.ics public',
  },
  bulkJobs: {
    results: 'GET /bulk-jobs/:id/results query',
    cancel: 'POST /bulk-jobs/:id/cancel',
    undo: 'POST /bulk-jobs/:id/undo',
  },
  forms: {
    publish: 'POST /forms/:id/publish',
    versions: 'GET /forms/:id/versions query',
    duplicate: 'POST /forms/:id/duplicate body',
    snippet: 'GET /forms/:id/snippet',
    preview: 'GET /forms/:id/preview query',
    analytics: 'GET /forms/:id/analytics query',
    submissions: 'GET /forms/:id/submissions query',
  },
  submissions: {
    release: 'POST /submissions/:id/release',
    reject: 'POST /submissions/:id/reject',
  },
  capture: {
    form: 'GET /public/forms/:id public query',
    challenge: 'GET /public/forms/:id/challenge public',
    submit: 'POST /public/forms/:id/submissions public body',
    update: 'PATCH /public/submissions/:id public body',
    events: 'POST /public/events public body',
  },
  reports: {
    forms: 'GET /reports/forms query',
  },
  tags: {
    rename: 'POST /tags/rename body',
    merge: 'POST /tags/merge body',
  },
};

/** The address of a route as it is written here. */
export function written(group: string, verb: string): string {
  const address = (addresses as Record<string, Record<string, string>>)[group]?.[verb];
  if (!address) throw new TypeError(`The client has no method ${group}.${verb}.`);
  return address;
}
