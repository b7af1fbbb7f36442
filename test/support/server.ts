import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after } from 'node:test';
import { createClient, type Client } from '../../src/client/index.ts';
import { envelopeOf, ErrorBody, Moved } from '../../src/contract/envelope.ts';
import { ROLES, type Role } from '../../src/contract/permissions.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { createApp, type App } from '../../server/app.ts';
import type { AppParts, Metrics, Passwords } from '../../server/app-parts.ts';
import { System } from '../../server/db/system.ts';
import { DEFAULT_LIMITS, type Limits } from '../../server/http/limits.ts';
import { MemoryLimits } from '../../server/http/limits-memory.ts';
import { endpoints } from '../../server/http/openapi.ts';
import { newId } from '../../server/ids.ts';
import { silentBell } from '../../server/events/bell.ts';
import type { Mail } from '../../server/mail/mailer.ts';
import { newDatabase, type TestDatabase } from './database.ts';

/** A password that every member of a test has. */
export const PASSWORD = 'correct horse battery';

export interface TestServer {
  app: App;
  database: TestDatabase;
  /** Mail that was sent. */
  mails: Mail[];
  /** What was logged, as it was written. */
  logged: { facts: any; sentence: string }[];
  /** Moves the server's clock; the database's own goes on as it does. */
  later(milliseconds: number): void;
  /** Calls the server as a browser or a program would; every answer is held against the contract. */
  fetch(input: string | URL | Request, init?: RequestInit & { address?: string }): Promise<Response>;
  /** A workspace of its own with a member of every role. */
  newWorkspace(): Promise<TestWorkspace>;
  /** A client without a credential. */
  visitor: Client;
}

export interface TestMember {
  userId: string;
  email: string;
  role: Role;
  token: string;
  client: Client;
}

export interface TestWorkspace extends Record<Role, TestMember> {
  id: string;
  name: string;
  /** The owner's client. */
  client: Client;
}

export interface TestServerOptions extends Partial<Omit<AppParts, 'db' | 'limits'>> {
  limits?: Partial<Limits>;
  database?: TestDatabase;
}

/** Where test servers say they are. */
export const ORIGIN = 'http://millrace.test';

/** No test is about the limits unless it says so. */
const UNLIMITED: Limits = Object.fromEntries(
  Object.entries(DEFAULT_LIMITS).map(([name, limit]) => [name, { ...limit, quota: 1_000_000 }]),
) as Limits;

/** Counts nothing. */
export const quietMetrics: Metrics = {
  request: () => {},
  limited: () => {},
  job: () => {},
  jobs: () => {},
  streams: () => {},
  eventsSent: () => {},
  text: async () => '',
};

/** Fast where real ones must be slow: a test makes dozens of members. The real ones have tests of their own. */
export const quickPasswords: Passwords = {
  hash: async (password) => `quick ${hash('sha256', password)}`,
  verify: async (stored, password) => stored === `quick ${hash('sha256', password)}`,
};

/** Closed once the file's tests have ended, whichever of its hooks and tests opened them. */
const opened: TestDatabase[] = [];
after(() => Promise.all(opened.map((database) => database.close())));

/** Starts a whole server over a new database; both end with the file's tests. */
export async function newServer({ limits, database: given, ...parts }: TestServerOptions = {}): Promise<TestServer> {
  const database = given ?? (await newDatabase());
  if (!given) opened.push(database);
  const mails: Mail[] = [];
  const logged: TestServer['logged'] = [];
  let offset = 0;
  const clock = () => Date.now() + offset;
  const write = (facts: object, sentence: string) => void logged.push({ facts, sentence });
  const app = createApp({
    db: database.db,
    secrets: ['a secret for tests that is long enough'],
    clock,
    mailer: { sender: 'crm@example.test', send: async (mail) => void mails.push(mail) },
    passwords: quickPasswords,
    limits: { ...UNLIMITED, ...limits },
    limitStore: new MemoryLimits(clock),
    log: { info: write, error: write },
    metrics: quietMetrics,
    digest: (text) => hash('sha1', text, 'base64url'),
    publicUrl: ORIGIN,
    signUp: 'closed',
    trustedProxies: [],
    bell: silentBell,
    mostStreams: 5,
    ...parts,
  });
  const fetch: TestServer['fetch'] = async (input, init = {}) => {
    const { address = '203.0.113.7', ...rest } = init;
    const request = new Request(typeof input === 'string' && input.startsWith('/') ? ORIGIN + input : input, rest);
    const response = await app.fetch(request, { address });
    // The copy of a stream would fill while nobody reads it.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    await assertContract(request, isStream ? new Response(null, response) : response.clone());
    return response;
  };
  const clientFor = (token?: string) =>
    createClient({
      baseUrl: ORIGIN,
      fetch: (input: any, init: any) => fetch(input, init),
      ...(token !== undefined && { token }),
    } as Parameters<typeof createClient>[0]);
  const visitor = clientFor();

  async function newWorkspace(): Promise<TestWorkspace> {
    const people = ROLES.map((role) => ({ id: newId(), name: `Test ${role}`, role, email: `${role}.${newId()}@example.test` }));
    const passwordHash = await quickPasswords.hash(PASSWORD);
    const workspace = {
      id: newId(),
      name: `Workspace ${newId().slice(-6)}`,
      country: 'DE',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
    };
    await new System(database.db, 'test').transaction(async (system) => {
      for (const person of people) await system.createUser({ ...person, passwordHash });
      await system.createWorkspace(workspace, people[0]!.id);
      for (const person of people.slice(1)) await system.addMember(workspace.id, person.id, person.role);
    });
    const members = await Promise.all(
      people.map(async ({ id, role, email }) => {
        const { access_token: token } = await visitor.auth.signIn({ email, password: PASSWORD });
        return [role, { userId: id, email, role, token, client: clientFor(token) }] as const;
      }),
    );
    const byRole = Object.fromEntries(members) as Record<Role, TestMember>;
    return { ...byRole, ...workspace, client: byRole.owner.client };
  }

  const later = (milliseconds: number) => {
    offset += milliseconds;
  };
  return { app, database, mails, logged, later, fetch, newWorkspace, visitor };
}

const patterns = endpoints.map(({ route }) => ({
  route,
  pattern: new RegExp(`^${API_PREFIX}${route.path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/.]+')}$`),
}));

/** Whatever the server answers is what the contract says it answers. */
async function assertContract(request: Request, response: Response) {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(`${API_PREFIX}/`) || pathname.endsWith('/docs') || pathname.endsWith('/openapi.json')) return;
  if (response.status === 304 || request.method === 'HEAD') return;
  // What a browser sends of a form by itself is answered by a page, or by the way to one.
  if (/^(?:application\/x-www-form-urlencoded|multipart\/form-data)/.test(request.headers.get('content-type') ?? '')) return;
  const routeOf = (method: string) => patterns.find((one) => one.route.method === method && one.pattern.test(pathname))?.route;
  const route = routeOf(request.method) ?? (request.method === 'PUT' ? routeOf('PATCH') : undefined);
  if (response.ok && route?.stream) return assert.match(response.headers.get('content-type')!, /^text\/event-stream/);
  const text = await response.text();
  if (response.ok && route?.produces) {
    assert.equal(response.headers.get('content-type'), `${route.produces}; charset=utf-8`);
    return;
  }
  if (response.status === 301 && route?.mayMove) return void envelopeOf(Moved).parse(JSON.parse(text));
  if (response.status === 204) return assert.equal(text, '');
  const schema = response.ok && route?.response ? envelopeOf(route.response) : ErrorBody;
  const checked = schema.safeParse(JSON.parse(text));
  assert.ok(
    checked.success,
    `${request.method} ${pathname} answered what the contract does not know: ${JSON.stringify(checked.error?.issues)} in ${text.slice(0, 500)}`,
  );
}
