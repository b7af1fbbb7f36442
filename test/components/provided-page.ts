import { provision, type Provision } from '../../src/controllers/provision.ts';
import '../../src/components/contact-table/contact-table.define.ts';
import '../../src/components/provider/provider.define.ts';
import type { MillProvider } from '../../src/components/provider/provider.ts';
import type { ContactTable } from '../../src/components/contact-table/contact-table.ts';
import { until } from './browser-test.ts';
import { contact, page, refusal } from './fake-api.ts';
import { FakeStream } from './fake-stream.ts';
import { names, place } from './table-on-page.ts';

let signature = 0;

/** A token of a user of the workspace, no two the same; its last part is a secret. */
export const tokenOf = (user: string) =>
  `e30.${btoa(JSON.stringify({ sub: user, ws: 'acme' })).replaceAll('=', '')}.planted-${++signature}`;

/** Who calls. */
export function userOf(request: Request) {
  const [, claims] = request.headers.get('Authorization')?.split('.') ?? [];
  return claims ? (JSON.parse(atob(claims)) as { sub: string }).sub : undefined;
}

/** A server with one contact for each user, called by their name. */
export class Server {
  readonly requests: Request[] = [];
  readonly streams: { stream: FakeStream; request: Request }[] = [];
  /** Tokens that are accepted no longer. */
  readonly refused = new Set<string>();
  /** Answers that the test lets go when it wants. */
  held: (() => void)[] | undefined;
  permissions = ['crm:access', 'crm:contacts:view'];
  answer = (request: Request): Response => page([contact(1, { name: userOf(request)! })]);

  readonly fetch = async (request: Request): Promise<Response> => {
    this.requests.push(request);
    const token = request.headers.get('Authorization')?.slice('Bearer '.length);
    if (!token || this.refused.has(token)) return refusal(401, 'UNAUTHORIZED');
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/events')) return this.#stream(request);
    const answer = pathname.endsWith('/auth/me') ? json({ ...ME, permissions: this.permissions }) : this.answer(request);
    const { held } = this;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  };

  /** The requests for pages of contacts. */
  get lists() {
    return this.requests.filter(({ url }) => new URL(url).pathname.endsWith('/contacts'));
  }

  get openStreams() {
    return this.streams.filter(({ request }) => !request.signal.aborted);
  }

  #stream(request: Request) {
    const stream = new FakeStream();
    stream.begin();
    this.streams.push({ stream, request });
    request.signal.addEventListener('abort', () => stream.break());
    return stream.open(request.signal);
  }
}

const ME = { user: null, workspace: { id: 'acme', name: 'Acme' }, role: null, workspaces: [], components: null };

/** What the API answers with. */
export const json = (data: unknown) =>
  new Response(
    JSON.stringify({ success: true, data, metadata: { timestamp: '2026-06-01T00:00:00.000Z', request_id: 'req_1' } }),
    { headers: { 'Content-Type': 'application/json' } },
  );

/** A provider with a table in it, not yet on the page. */
export function provided(settings: Partial<MillProvider> = {}, ...children: Node[]) {
  const provider = document.createElement('mill-provider');
  Object.assign(provider, settings);
  provider.append(...children);
  return provider;
}

export const table = () => document.createElement('mill-contact-table');

/** A provider on the page whose table shows its user's contact. */
export async function shown(server: Server, user = 'ada') {
  const inner = table();
  const provider = provided({ baseUrl: 'https://crm.test', token: tokenOf(user), fetch: server.fetch }, inner);
  place.append(provider);
  await shows(inner, user);
  return { provider, table: inner };
}

export const shows = (element: ContactTable, ...people: string[]) =>
  until(`${people.join(', ') || 'nobody'} is shown`, () => names(element).join() === people.join());

/** What a provider around this element would give it. */
export function givenTo(element: Element) {
  let given: Provision | undefined;
  const event = new Event('context-request', { bubbles: true, composed: true });
  element.dispatchEvent(
    Object.assign(event, { context: provision, contextTarget: element, callback: (value: Provision) => (given = value) }),
  );
  return given;
}
