import { createClient } from '../../src/client/index.ts';
import type { CustomField } from '../../src/contract/custom-field.ts';
import type { ErrorBody } from '../../src/contract/envelope.ts';
import { PERMISSIONS } from '../../src/contract/permissions.ts';
import { page, TOKEN } from './fake-api.ts';
import { FakeStream } from './fake-stream.ts';

type Answering = (request: Request, body: any) => Response | Promise<Response>;

/** One request as a test looks at it. */
export interface Call {
  method: string;
  path: string;
  query: Record<string, string>;
  body: any;
  key: string | null;
  version: string | null;
  authorization: string | null;
}

const metadata = { timestamp: '2026-06-01T00:00:00.000Z', request_id: 'req_1' };
const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

/** An answer with one record. */
export const answer = (data: object, status = 200) => json(status, { success: true, data, metadata });

/** A refusal with what the API would say beside it. */
export const refuse = (status: number, code: ErrorBody['code'], more: Partial<ErrorBody> = {}) =>
  json(status, { success: false, error: 'No.', code, metadata, ...more });

/** The connection fails. */
export const unreachable = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

/** An API that answers by method and path as the test says, and remembers what it was asked. */
export class FormApi {
  readonly calls: Call[] = [];
  readonly stream = new FakeStream();
  permissions: readonly string[] = PERMISSIONS;
  customFields: readonly CustomField[] = [];
  /** What `/auth/me` says otherwise. */
  me: object = {};
  readonly client;
  readonly #answers = new Map<string, Answering>();

  /** `tokens` gives a token whenever the client asks; without it there is a fixed one. */
  constructor(answers: Record<string, Answering> = {}, tokens?: () => Promise<string>) {
    for (const [at, answering] of Object.entries(answers)) this.on(at, answering);
    this.client = createClient({
      baseUrl: 'https://crm.test',
      ...(tokens ? { getToken: tokens } : { token: TOKEN }),
      fetch: (request) => this.#fetch(request),
    });
  }

  /** Answers `POST /contacts`, or `PATCH /contacts/*` for any id, from now on. */
  on(at: string, answering: Answering) {
    this.#answers.set(at, answering);
  }

  /** The calls that save something. */
  get saves() {
    return this.calls.filter(({ method }) => method !== 'GET');
  }

  callsTo(path: string) {
    return this.calls.filter((call) => call.path === path);
  }

  async #fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace('/api/v2', '');
    if (path === '/events') return this.stream.open(request.signal);
    const text = request.method === 'GET' ? '' : await request.clone().text();
    const body = text === '' ? undefined : JSON.parse(text);
    this.calls.push({
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
      body,
      key: request.headers.get('Idempotency-Key'),
      version: request.headers.get('If-Match'),
      authorization: request.headers.get('Authorization'),
    });
    const kind = path.replace(/\/[\w-]{30,}/, '/*');
    const answering = this.#answers.get(`${request.method} ${kind}`) ?? this.#answers.get(`${request.method} ${path}`);
    if (answering) return answering(request, body);
    if (path === '/auth/me') return answer({ ...ME, permissions: this.permissions, ...this.me });
    if (path === '/custom-fields') return page(this.customFields);
    return request.method === 'GET' ? page([]) : refuse(404, 'NOT_FOUND');
  }
}

const ME = {
  user: {
    id: '01900000-0000-7000-8d00-000000000001',
    name: 'Grace',
    email: 'grace@example.com',
    avatar_url: null,
    locale: null,
    timezone: null,
  },
  workspace: { id: '01900000-0000-7000-8000-000000000000', name: 'Mill' },
  role: 'owner',
  workspaces: [],
  components: null,
};

/** A definition of a custom field, with what a test cares for. */
export const customField = (
  name: string,
  field_type: CustomField['field_type'],
  fields: Partial<CustomField> = {},
): CustomField => ({
  id: `01900000-0000-7000-8e00-${name.padStart(12, '0').slice(-12)}`,
  workspace_id: '01900000-0000-7000-8000-000000000000',
  created_at: '2026-05-04T12:00:00.000Z',
  updated_at: '2026-05-05T12:00:00.000Z',
  created_by: null,
  updated_by: null,
  version: 1,
  context: 'contact',
  name,
  label: `${name[0]!.toUpperCase()}${name.slice(1)}`,
  field_type,
  configuration: {},
  description: null,
  display_order: 1,
  is_required: false,
  is_active: true,
  is_searchable: false,
  ...fields,
});
