import { createClient } from '../../src/client/index.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { Lead } from '../../src/contract/lead.ts';
import { FakeStream } from './fake-stream.ts';
import type { ErrorCode, Pagination } from '../../src/contract/envelope.ts';

export const TOKEN = 'planted-token';

type Answering = (query: URLSearchParams, request: Request) => Response | Promise<Response>;

/** An API that answers every list of records as the test says, remembers what was asked, and tells what happens when told to. */
export class FakeApi {
  readonly asked: URLSearchParams[] = [];
  readonly requests: Request[] = [];
  readonly stream = new FakeStream();
  /** What was asked for of stages and sources. */
  readonly besides: string[] = [];
  answering: Answering;

  readonly client = createClient({
    baseUrl: 'https://crm.test',
    token: TOKEN,
    fetch: (request) => {
      const beside = this.#beside(request);
      if (beside) return beside;
      const query = new URL(request.url).searchParams;
      this.asked.push(query);
      this.requests.push(request);
      return this.answering(query, request);
    },
  });

  constructor(answering: Answering) {
    this.answering = answering;
  }

  /** What stands beside the records: their live stream, and the names of stages and sources. */
  #beside(request: Request): Response | Promise<Response> | undefined {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/events')) return this.stream.open(request.signal);
    const name = /\/(?:pipelines|lead-sources)$/.exec(pathname)?.[0];
    if (name === undefined) return undefined;
    this.besides.push(name);
    return page([name === '/pipelines' ? PIPELINE : SOURCE]);
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

/** A page of records. */
export function page(rows: readonly object[], pagination: Partial<Pagination> = {}) {
  return json(200, {
    success: true,
    data: rows,
    metadata,
    pagination: {
      total: rows.length,
      total_is_estimate: false,
      page: 1,
      page_size: 25,
      pages: rows.length > 0 ? 1 : 0,
      next_cursor: null,
      ...pagination,
    },
  });
}

/** A refusal. */
export const refusal = (status: number, code: ErrorCode) => json(status, { success: false, error: 'No.', code, metadata });

/** Answers any page out of so many records, contacts unless said. */
export const pagesOf =
  (total: number, record: (number: number) => object = contact): Answering =>
  (query) => {
    const number = Number(query.get('page') ?? 1);
    const size = Number(query.get('page_size') ?? 25);
    const before = (number - 1) * size;
    const rows = Array.from({ length: Math.max(0, Math.min(size, total - before)) }, (_, row) => record(before + row + 1));
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
    custom_fields: {},
    score: null,
    ...fields,
  };
}

const id = (kind: string, number: number) => `01900000-0000-7000-${kind}-${String(number).padStart(12, '0')}`;

const PIPELINE = {
  id: id('9000', 1),
  name: 'Sales',
  stages: [
    { id: id('a000', 1), name: 'New lead' },
    { id: id('a000', 2), name: 'Proposal sent' },
  ],
};
const SOURCE = { id: id('b000', 1), name: 'Website' };

/** A lead of this number, with the fields that a test cares for. */
export function lead(number: number, fields: Partial<Lead> = {}): Lead {
  const { id: contact_id, name, email, phone_number, company_id, company } = contact(number);
  return {
    id: id('c000', number),
    workspace_id: id('8000', 0),
    created_at: '2026-05-04T12:00:00.000Z',
    updated_at: '2026-05-05T12:00:00.000Z',
    created_by: null,
    updated_by: null,
    version: 1,
    contact_id,
    contact: { id: contact_id, name, email, phone_number, company_id, company },
    title: `Lead ${number}`,
    product_interest: null,
    pipeline_id: PIPELINE.id,
    stage_id: id('a000', 1),
    status: 'new',
    source_id: SOURCE.id,
    score: 'cold',
    score_value: 0,
    lead_value: null,
    currency: 'EUR',
    budget: null,
    timeline: null,
    disposition: null,
    notes: null,
    tags: [],
    owner_id: null,
    owner: null,
    expected_close_date: null,
    is_active: true,
    is_qualified: false,
    is_closed_won: false,
    is_closed_lost: false,
    last_activity_at: '2026-05-05T12:00:00.000Z',
    last_contact_at: null,
    converted_at: null,
    stage_entered_at: '2026-05-04T12:00:00.000Z',
    is_archived: false,
    position: 'a0',
    form_id: null,
    attribution: {},
    custom_fields: {},
    ...fields,
  };
}

/** The id of the stage called Proposal sent. */
export const PROPOSAL = id('a000', 2);
