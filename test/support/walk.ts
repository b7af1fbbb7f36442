import assert from 'node:assert/strict';
import { API_PREFIX } from '../../src/contract/routes.ts';
import type { Endpoint } from '../../server/http/openapi.ts';
import { newId } from '../../server/ids.ts';
import { submit } from './capture-form.ts';
import { newKey } from './keys.ts';
import { addressOf, type Ids, type SampleRequest } from './sample-request.ts';
import { PASSWORD, type TestServer, type TestWorkspace } from './server.ts';

/** What a call may leave behind although it was refused. */
const ASIDE = ['audit_log', 'idempotency_keys', 'sessions', 'refresh_tokens', 'migrations'];

/** Whoever walks over the routes. */
export interface Walker {
  token: string;
  /** Of a person. */
  email?: string;
}

/** What a form needs to be published. */
const KEPT_FIELD = { id: 'kept', type: 'email', label: 'Kept', maps_to: 'contact.email' } as const;

export const nameOf = ({ group, verb }: Endpoint) => `${group}.${verb}`;

/** The methods that reach an endpoint: PUT is taken for PATCH. */
export const methodsOf = ({ route }: Endpoint) => (route.method === 'PATCH' ? ['PATCH', 'PUT'] : [route.method]);

/** A workspace with a record of every kind; the viewer works with the contact. */
export async function furnished(server: TestServer): Promise<{ workspace: TestWorkspace; ids: Ids }> {
  const workspace = await server.newWorkspace();
  const company = await workspace.client.companies.create({ name: `Company ${newId()}` });
  const contact = await workspace.client.contacts.create({
    email: `${newId()}@example.test`,
    company_id: company.id,
    tags: ['kept'],
  });
  await workspace.client.contacts.assign(contact.id, { user_id: workspace.viewer.userId });
  const pipeline = await workspace.client.pipelines.create({ name: 'Kept', stages: [{ name: 'Kept', category: 'new' }] });
  const source = await workspace.client.leadSources.create({ name: 'Kept' });
  const lead = await workspace.client.leads.create({
    contact_id: contact.id,
    pipeline_id: pipeline.id,
    stage_id: pipeline.stages[0]!.id,
  });
  const activity = await workspace.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'Kept' });
  const deal = await workspace.client.leads.addDeal(lead.id, {});
  const appointment = await workspace.client.leads.addAppointment(lead.id, { appointment_date: '2031-05-06T09:00:00Z' });
  const job = await workspace.client.leads.addJob(lead.id, {});
  const kept = { name: 'kept', label: 'Kept', field_type: 'text' } as const;
  const leadField = await workspace.client.customFields.create({ ...kept, context: 'lead' });
  const contactField = await workspace.client.customFields.create({ ...kept, context: 'contact' });
  await workspace.client.leads.setCustomField(lead.id, leadField.id, { value: 'Kept' });
  await workspace.client.contacts.setCustomField(contact.id, contactField.id, { value: 'Kept' });
  const view = await workspace.client.savedViews.create({ resource: 'leads', name: 'Kept', is_shared: true });
  const draft = { steps: [{ id: 'kept', fields: [KEPT_FIELD] }] };
  const form = await workspace.client.forms.create({ name: 'Kept', draft });
  await workspace.client.forms.publish(form.id);
  await submit(server, form.id, { answers: { kept: `${newId()}@example.test` } }, { origin: null });
  const submissions = await workspace.client.forms.submissions(form.id);
  await workspace.client.calendarFeed.issue();
  const bulk = await workspace.client.leads.bulk({ ids: [lead.id], action: 'tag', tags: ['kept'] });
  const twin = await workspace.client.contacts.create({ firstname: 'Twin' });
  const { merge } = await workspace.client.contacts.merge(contact.id, { contact_id: twin.id });
  const members = await workspace.client.members.list();
  const member = members.data.find(({ role }) => role === 'viewer')!;
  return {
    workspace,
    ids: {
      contact: contact.id,
      company: company.id,
      member: member.id,
      user: workspace.viewer.userId,
      workspace: workspace.id,
      pipeline: pipeline.id,
      stage: pipeline.stages[0]!.id,
      source: source.id,
      lead: lead.id,
      activity: activity.id,
      deal: deal.id,
      merge: merge.id!,
      appointment: appointment.id,
      job: job.id,
      bulk_job: bulk.id,
      view: view.id,
      form: form.id,
      submission: submissions.data[0]!.id,
      lead_field: leadField.id,
      contact_field: contactField.id,
      api_key: (await newKey(workspace)).id,
    },
  };
}

/** Everything that is in the database, as one word. */
export async function digest(server: TestServer): Promise<string> {
  const tables = await server.database.asOwner(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const kept = tables.map(({ table_name }) => table_name as string).filter((name) => !ASIDE.includes(name));
  const parts = kept.sort().map(
    // When a key was last used is written by every call with it.
    (name) =>
      `select '${name}' as name, md5(string_agg(t, '|' order by t)) as mark from (select (to_jsonb(r) - 'last_used_at')::text as t from ${name} r) t`,
  );
  return JSON.stringify(await server.database.asOwner(parts.join(' union all ')));
}

/** Sends a sample request of an endpoint, and tells what came of it. */
export async function callAs(
  server: TestServer,
  endpoint: Endpoint,
  sample: SampleRequest,
  walker?: Walker,
  method: string = endpoint.route.method,
) {
  // Signing in names the workspace beside the caller's own password.
  const known = nameOf(endpoint) === 'auth.signIn' && walker?.email ? { email: walker.email, password: PASSWORD } : {};
  const response = await server.fetch(API_PREFIX + addressOf(endpoint, sample), {
    method,
    headers: { 'Content-Type': 'application/json', ...(walker && { Authorization: `Bearer ${walker.token}` }) },
    ...(sample.body && { body: JSON.stringify({ ...sample.body, ...known }) }),
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    // A stream has no end of its own.
    await response.body?.cancel();
    return { status: response.status };
  }
  if (endpoint.route.stream && response.ok) {
    await response.body!.cancel();
    return { status: response.status };
  }
  const text = await response.text();
  // What is no JSON stands as it is where a record would.
  if (endpoint.route.produces && response.ok) return { status: response.status, data: text };
  return { status: response.status, ...(text === '' ? {} : JSON.parse(text)) };
}

/**
 * What names a record of others is refused: in a path by 404 or, where the caller may not call at all, 403; elsewhere it is a
 * field that names nothing, or it filters everything out.
 */
export function assertRefused({ status, data, issues }: any, isInPath: boolean, theirs: Ids, what: string) {
  if (!isInPath && status === 200) {
    if (Array.isArray(data)) return assert.deepEqual(data, [], what);
    const told = JSON.stringify(data);
    return assert.ok(!Object.values(theirs).some((id) => told.includes(id)), what);
  }
  if (!isInPath && status === 400)
    return assert.deepEqual([...new Set(issues.map(({ code }: any) => code))], ['not_found'], what);
  return assert.ok(status === 404 || status === 403, `${what} was answered with ${status}`);
}
