import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import type { Challenge, NewSubmission } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { newId } from '../../server/ids.ts';
import type { TestDatabase } from './database.ts';
import type { TestServer, TestWorkspace } from './server.ts';

/** The page that test forms stand on. */
export const PAGE = 'https://www.example.test';

/** A form with the fields that leads are made of. */
export const CONTACT_FORM: FormDefinition = {
  locale: 'en',
  texts: { de: { 'email.label': 'E-Mail', 'terms.label': 'Ich bin einverstanden.' } },
  steps: [
    {
      id: 'about',
      fields: [
        { id: 'name', type: 'text', label: 'Name', maps_to: 'contact.name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
        { id: 'phone', type: 'tel', label: 'Phone', maps_to: 'contact.phone_number' },
        { id: 'message', type: 'textarea', label: 'Message', maps_to: 'lead.notes' },
        { id: 'terms', type: 'consent', label: 'I agree to be called.', version: '1' },
      ],
    },
  ],
};

/** Publishes a form as its next version; the database's owner does, so that this needs no route. */
export async function publish(
  { asOwner }: TestDatabase,
  { id: workspaceId }: Pick<TestWorkspace, 'id'>,
  definition: FormDefinition,
  { id = newId(), name = 'Contact us' }: { id?: string; name?: string } = {},
): Promise<string> {
  const [form] = await asOwner(
    `insert into forms (workspace_id, id, name, draft, published_version, published_at) values ($1, $2, $3, $4, 1, now())
      on conflict (workspace_id, id) do update set draft = excluded.draft, published_version = forms.published_version + 1
      returning published_version`,
    [workspaceId, id, name, JSON.stringify(definition)],
  );
  await asOwner('insert into form_versions (workspace_id, form_id, number, definition) values ($1, $2, $3, $4)', [
    workspaceId,
    id,
    form.published_version,
    JSON.stringify(definition),
  ]);
  return id;
}

/** Allows a page to send the workspace's forms. */
export const allowPage = (workspace: TestWorkspace, origin = PAGE) =>
  workspace.client.workspace.update({ allowed_origins: [origin] });

interface Sent {
  key?: string;
  origin?: string | null;
  address?: string;
  headers?: Record<string, string>;
}

/** Sends a submission as the form's page would, without a proof unless it is in the body. */
export async function submit(
  server: TestServer,
  formId: string,
  body: Partial<NewSubmission>,
  { key = newId(), origin = PAGE, address, headers }: Sent = {},
): Promise<{ status: number; body: any; text: string; response: Response }> {
  const response = await server.fetch(`${API_PREFIX}/public/forms/${formId}/submissions`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(origin !== null && { Origin: origin }),
      ...headers,
    },
    body: JSON.stringify({ version: 1, elapsed_ms: 20_000, ...body }),
    ...(address !== undefined && { address }),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text, response };
}

/** Submits, and again under the same key where a busy database says so, as a visitor's browser does. */
export async function submitUntilTaken(...[server, formId, body, { key = newId(), ...sent } = {}]: Parameters<typeof submit>) {
  for (;;) {
    const answer = await submit(server, formId, body, { key, ...sent });
    if (answer.status !== 503) return answer;
  }
}

/** Takes a challenge of a form and answers it as a browser would. */
export async function proofFor(server: TestServer, formId: string): Promise<string> {
  const response = await server.fetch(`${API_PREFIX}/public/forms/${formId}/challenge`);
  assert.equal(response.status, 200);
  return solve((await response.json()).data);
}

/** Answers a challenge. */
export function solve(challenge: Challenge): string {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  for (let counter = 0; ; counter++) {
    const password = Buffer.from(nonce + counter.toString(16).padStart(8, '0'), 'hex');
    const derivedKey = pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256').toString('hex');
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
  }
}
