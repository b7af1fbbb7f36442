import type { Addresses } from '../../src/client/address.ts';
import { type ApiError, type Client, createClient, type Page } from '../../src/client/index.ts';
import type { Contact, ContactDetail } from '../../src/contract/contact.ts';

/** Read by the compiler alone: what is right compiles, and each wrong call is an error, which it would miss here. */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>() => {};

export async function calls(client: Client, signal: AbortSignal) {
  const page = await client.contacts.list({ status: ['active'], page_size: 10, is_favorite: true }, { signal });
  holds<Same<typeof page, Page<Contact>>>();
  const contact = await client.contacts.create({ email: 'a@example.com' }, { idempotencyKey: 'mine' });
  holds<Same<typeof contact, ContactDetail>>();
  const gone = await client.contacts.unassign('contact', 'user', { ifMatch: 3 });
  holds<Same<typeof gone, void>>();
  for await (const row of client.contacts.all({ search: 'anna' })) holds<Same<typeof row, Contact>>();
  await client.workspace.get({ signal });
  await client.workspace.remove({ name: 'Acme' });
  await client.contacts.list();
  await client.leads.list({ cf: { size: 5, 'visit.gte': '2026-01-31', 'region.in': ['north'] }, sort_by: 'cf.size' });

  // @ts-expect-error An unknown filter.
  await client.contacts.list({ colour: 'blue' });
  // @ts-expect-error A value that the filter does not have.
  await client.contacts.list({ status: ['asleep'] });
  // @ts-expect-error An order that contacts do not have.
  await client.contacts.list({ sort_by: 'colour' });
  // @ts-expect-error Companies have no custom fields.
  await client.companies.list({ cf: { size: 5 } });
  // @ts-expect-error A custom field's filter that is no value.
  await client.contacts.list({ cf: { size: { gte: 5 } } });
  // @ts-expect-error A number where text belongs.
  await client.contacts.create({ email: 1 });
  // @ts-expect-error A field that the caller may not set.
  await client.contacts.create({ email: 'a@example.com', workspace_id: 'other' });
  // @ts-expect-error A body that lacks a required field.
  await client.companies.create({ notes: 'nameless' });
  // @ts-expect-error No body at all.
  await client.contacts.update('1');
  // @ts-expect-error No id.
  await client.contacts.get();
  // @ts-expect-error An id that is a number.
  await client.contacts.get(1);
  // @ts-expect-error One id of two.
  await client.contacts.unassign('contact');
  // @ts-expect-error An unknown option.
  await client.contacts.get('1', { timeout: 1 });
  // @ts-expect-error A version that is no number.
  await client.contacts.remove('1', { ifMatch: '"3"' });
  // @ts-expect-error A route that the contract does not have.
  await client.audit.create({});
  // @ts-expect-error Only lists can be walked.
  client.workspace.all();
  // @ts-expect-error A list's answer is a page, not its rows.
  page.at(0);
  // @ts-expect-error Methods are not replaced.
  client.contacts.get = client.companies.get as never;
}

export function options(error: ApiError, get: (name: string) => string) {
  createClient({ baseUrl: '' });
  createClient({ baseUrl: '', token: 'token', fetch });
  createClient({ baseUrl: '', getToken: async () => 'token', onUnauthorized: (error) => void error.requestId });

  // @ts-expect-error No address.
  createClient({ token: 'token' });
  // @ts-expect-error A fixed token and a source of tokens.
  createClient({ baseUrl: '', token: 'token', getToken: async () => 'token' });
  // @ts-expect-error A source that does not promise.
  createClient({ baseUrl: '', getToken: () => 'token' });
  // @ts-expect-error A fetch that does not take a Request.
  createClient({ baseUrl: '', fetch: get });
  // @ts-expect-error A code that the API does not have.
  if (error.code === 'TEAPOT') return;
}

const audit = { list: 'GET /audit-log query' } as const;
export const addresses = {
  right: audit satisfies Addresses['audit'],
  // @ts-expect-error A route is missing.
  missing: {} satisfies Addresses['audit'],
  // @ts-expect-error A route is not in the contract.
  superfluous: { list: 'GET /audit-log query', get: 'GET /audit-log/:id' } satisfies Addresses['audit'],
  // @ts-expect-error The method is another.
  method: { list: 'POST /audit-log query' } satisfies Addresses['audit'],
  // @ts-expect-error The path is another.
  path: { list: 'GET /audit query' } satisfies Addresses['audit'],
  // @ts-expect-error It takes a query.
  input: { list: 'GET /audit-log' } satisfies Addresses['audit'],
  // @ts-expect-error It is open to everyone.
  access: 'POST /auth/sign-in body' satisfies Addresses['auth']['signIn'],
};
