import { clientOver, type Client } from '../../src/client/client.ts';
import { createTransport } from '../../src/client/transport.ts';
import { ERROR_STATUS, type ErrorCode } from '../../src/contract/envelope.ts';
import { EVENTS, type EventName } from '../../src/contract/events.ts';
import { PERMISSIONS, type Permission } from '../../src/contract/permissions.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { MemoryStream } from './memory-stream.ts';
import { pageOf, type Row } from './memory-tables.ts';

/** What an API in memory begins with: rows by the path of their resource, as in `/contacts`. */
export interface MemoryApiOptions {
  tables?: Record<string, readonly Row[]>;
  /** What lists say of how much there is, where that is more than the rows. */
  total?: number;
  /** What the caller may do; everything unless said. */
  permissions?: readonly Permission[];
  /** Takes the place of the answer, where it gives one. */
  instead?: (request: Request) => Response | Promise<Response> | undefined;
}

const WORKSPACE = '01900000-0000-7000-8000-000000000000';
const SINGULAR: Record<string, string> = { contacts: 'contact', leads: 'lead', companies: 'company', deals: 'deal' };

/** An API over arrays, for stories that show one state and are done: records are listed, read, made, changed and deleted. */
export class MemoryApi {
  readonly stream = new MemoryStream();
  readonly client: Client;
  readonly #tables: Map<string, Row[]>;
  readonly #options: MemoryApiOptions;

  constructor({ tables = {}, ...options }: MemoryApiOptions = {}) {
    this.#tables = new Map(Object.entries(tables).map(([name, rows]) => [name, [...rows]]));
    this.#options = options;
    const source = {
      baseUrl: 'https://crm.example.test',
      token: 'no-secret',
      fetch: this.fetch,
    };
    // Nobody who looks at a story waits for the pauses between attempts.
    this.client = clientOver(createTransport(source, { random: () => 0, pause: async () => {} }));
  }

  /** Answers in the place of a network. */
  readonly fetch = (request: Request): Promise<Response> => this.#answer(request);

  /** Changes a record as a colleague would, so that it is told on the live stream. */
  change(table: string, id: string, fields: object) {
    return this.#put(table, { ...this.#rowOf(table, id)!, ...fields, id }, 'updated');
  }

  /** Adds a record as a colleague would. */
  add(table: string, row: Row) {
    return this.#put(table, row, 'created');
  }

  /** Deletes a record as a colleague would. */
  remove(table: string, id: string) {
    const others = (this.#tables.get(table) ?? []).filter((row) => row.id !== id);
    this.#tables.set(table, others);
    this.#tell(table, 'deleted', { id });
    return new Response(null, { status: 204 });
  }

  async #answer(request: Request): Promise<Response> {
    const instead = await this.#options.instead?.(request);
    if (instead) return instead;
    const { pathname, searchParams } = new URL(request.url);
    const [table = '', id] = pathname.slice(API_PREFIX.length + 1).split('/');
    if (table === 'events') return this.stream.answer(request.signal);
    if (table === 'auth') return ok(this.#me());
    if (table === 'workspace') return ok({ id: WORKSPACE, version: 1, name: 'Brightfield Solar', currency: 'EUR' });
    if (id === 'duplicates') return page(pageOf([], searchParams));
    if (request.method === 'POST' && id === undefined) return ok(this.#create(table, await request.json()), 201);
    if (id === undefined) return page(pageOf(this.#tables.get(table) ?? [], searchParams, this.#options.total));
    const row = this.#rowOf(table, id);
    if (!row) return refusal('NOT_FOUND');
    if (request.method === 'PATCH') return ok(this.#put(table, { ...row, ...(await request.json()) }, 'updated'));
    if (request.method === 'DELETE') return this.remove(table, id);
    return ok(row);
  }

  #rowOf(table: string, id: string) {
    return this.#tables.get(table)?.find((row) => row.id === id);
  }

  #create(table: string, fields: object) {
    const now = new Date().toISOString();
    const stamps = { id: crypto.randomUUID(), workspace_id: WORKSPACE, created_at: now, updated_at: now, version: 0 };
    const pattern = this.#tables.get(table)?.[0];
    const empty = Object.fromEntries(Object.entries(pattern ?? {}).map(([name, value]) => [name, emptyLike(value)]));
    return this.#put(table, { ...empty, ...fields, ...stamps }, 'created');
  }

  #put(table: string, row: Row, verb: 'created' | 'updated') {
    const changed = { ...row, version: row.version + 1 };
    const others = (this.#tables.get(table) ?? []).filter(({ id }) => id !== row.id);
    this.#tables.set(table, [changed, ...others]);
    this.#tell(table, verb, changed);
    return changed;
  }

  #tell(table: string, verb: string, data: { id: string }) {
    const event = `${SINGULAR[table]}.${verb}` as EventName;
    if (EVENTS.includes(event)) this.stream.tell(event, data);
  }

  #me() {
    const { permissions = PERMISSIONS } = this.#options;
    const user = {
      id: WORKSPACE,
      name: 'Olivia Marsh',
      email: 'olivia@brightfield.test',
      avatar_url: null,
      locale: null,
      timezone: null,
    };
    const workspace = { id: WORKSPACE, name: 'Brightfield Solar' };
    return { user, workspace, role: 'owner', permissions, workspaces: [], components: null };
  }
}

/** A refusal as the API words it. */
export function refusal(code: ErrorCode, more: object = {}): Response {
  const error = 'The server said no.';
  return Response.json({ success: false, error, code, metadata: metadata(), ...more }, { status: ERROR_STATUS[code] });
}

const ok = (data: object, status = 200) => Response.json({ success: true, data, metadata: metadata() }, { status });
const page = (answer: object) => Response.json({ success: true, ...answer, metadata: metadata() });
const metadata = () => ({ timestamp: new Date().toISOString(), request_id: 'story' });

const emptyLike = (value: unknown) => {
  if (Array.isArray(value)) return [];
  if (typeof value === 'boolean') return false;
  return typeof value === 'object' && value !== null ? {} : null;
};
