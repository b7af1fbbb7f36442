import { createClient } from '../../src/client/index.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { ErrorCode, Pagination } from '../../src/contract/envelope.ts';

export const TOKEN = 'planted-token';

type Answering = (query: URLSearchParams, request: Request) => Response | Promise<Response>;

/** An API that answers every list of contacts as the test says, and remembers what was asked. */
export class FakeApi {
  readonly asked: URLSearchParams[] = [];
  readonly requests: Request[] = [];
  answering: Answering;

  readonly client = createClient({
    baseUrl: 'https://crm.test',
    token: TOKEN,
    fetch: (request) => {
      const query = new URL(request.url).searchParams;
      this.asked.push(query);
      this.requests.push(request);
      return this.answering(query, request);
    },
  });

  constructor(answering: Answering) {
    this.answering = answering;
  }

  /** What the last request asked for, without the page size. */
  get last() {
    const { page_size: _, ...rest } = Object.fromEntries(this.asked.at(-1) ?? []);
    return rest;
  }
}

const metadata = { timestamp: '2026-06-01T00:00:00.000Z', request_id: 'req_1' };

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

/** A page of contacts. */
export function page(contacts: readonly Contact[], pagination: Partial<Pagination> = {}) {
  return json(200, {
    success: true,
    data: contacts,
    metadata,
    pagination: {
      total: contacts.length,
      total_is_estimate: false,
      page: 1,
      page_size: 25,
      pages: contacts.length > 0 ? 1 : 0,
      next_cursor: null,
      ...pagination,
    },
  });
}

/** A refusal. */
export const refusal = (status: number, code: ErrorCode) => json(status, { success: false, error: 'No.', code, metadata });

/** Answers any page out of so many contacts. */
export const pagesOf =
  (total: number): Answering =>
  (query) => {
    const number = Number(query.get('page') ?? 1);
    const size = Number(query.get('page_size') ?? 25);
    const before = (number - 1) * size;
    const rows = Array.from({ length: Math.max(0, Math.min(size, total - before)) }, (_, row) => contact(before + row + 1));
    const pages = Math.ceil(total / size);
    return page(rows, { total, pages, page: number, page_size: size, next_cursor: number < pages ? 'cursor' : null });
  };

/** A contact of this number, with the fields that a test cares for. */
export function contact(number: number, fields: Partial<Contact> = {}): Contact {
  return {
    id: `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    workspace_id: '01900000-0000-7000-8000-000000000000',
    created_at: '2026-05-04T12:00:00.000Z',
    updated_at: '2026-05-05T12:00:00.000Z',
    created_by: null,
    updated_by: null,
    version: 1,
    firstname: 'Person',
    lastname: String(number),
    name: `Person ${number}`,
    email: `person${number}@example.com`,
    phone_number: null,
    company_id: null,
    company: 'Hydra Mills',
    address_1: null,
    address_2: null,
    city: null,
    state: null,
    zip_code: null,
    country: null,
    status: 'active',
    type: 'lead',
    priority: null,
    is_favorite: false,
    is_archived: false,
    tags: [],
    notes: null,
    metadata: {},
    score: null,
    ...fields,
  };
}
