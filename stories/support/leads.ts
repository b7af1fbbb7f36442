import type { Lead } from '../../src/contract/lead.ts';
import type { Pipeline, Stage, StageCategory } from '../../src/contract/pipeline.ts';
import { contacts, idOf } from './contacts.ts';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

const stamps = {
  workspace_id: idOf('9000', 0),
  created_at: ago(9_000),
  updated_at: ago(9_000),
  created_by: null,
  updated_by: null,
};

const stage = (number: number, name: string, category: StageCategory): Stage => ({
  ...stamps,
  id: idOf('a000', number),
  version: 1,
  pipeline_id: idOf('9000', 1),
  name,
  category,
  stage_type: 'process',
  display_order: number,
  is_active: true,
  is_completed: category === 'converted' || category === 'lost',
  color: null,
  probability: number * 15,
  rot_after_days: null,
  wip_limit: null,
  configuration: {},
});

/** The pipelines that the leads of the stories are in. */
export const pipelines: readonly Pipeline[] = [
  {
    ...stamps,
    id: idOf('9000', 1),
    version: 1,
    name: 'Sales',
    is_default: true,
    stages: [
      stage(1, 'New', 'new'),
      stage(2, 'First call', 'contacted'),
      stage(3, 'Site visit planned', 'qualified'),
      stage(4, 'Offer sent', 'proposal'),
      stage(5, 'Won', 'converted'),
      stage(6, 'Lost', 'lost'),
    ],
  },
];

/** Where the leads of the stories came from. */
export const sources = ['Website', 'Recommendation', 'Fair'].map((name, index) => ({
  id: idOf('b000', index + 1),
  version: 1,
  name,
}));

const OWNERS = ['Marta Nowak', 'Mehmet Aydın', 'Adrian Cole'].map((name, index) => ({
  id: idOf('d000', index + 1),
  name,
  email: `seller${index + 1}@brightfield.test`,
  avatar_url: null,
}));

/** A lead of this number, about the contact of the same number; what is not said of it is empty. */
export function leadOf(number: number, fields: Partial<Lead>): Lead {
  const { id: contact_id, name, email, phone_number, company_id, company } = contacts[(number - 1) % contacts.length]!;
  return {
    id: idOf('c000', number),
    workspace_id: idOf('9000', 0),
    created_at: ago(number * 40),
    updated_at: ago(number * 5),
    created_by: null,
    updated_by: null,
    version: 1,
    contact_id,
    contact: { id: contact_id, name, email, phone_number, company_id, company },
    title: `Lead ${number}`,
    product_interest: null,
    pipeline_id: pipelines[0]!.id,
    stage_id: idOf('a000', 1),
    status: 'new',
    source_id: null,
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
    last_activity_at: ago(number * 5),
    last_contact_at: null,
    converted_at: null,
    stage_entered_at: ago(number * 20),
    is_archived: false,
    position: 'a0',
    form_id: null,
    attribution: {},
    custom_fields: {},
    ...fields,
  };
}

const STATUSES = ['new', 'contacted', 'qualified', 'qualified', 'converted', 'lost'] as const;
const WISHES = ['Solar roof', 'Heat pump', 'Solar with storage', 'Battery for the barn', 'Charging for the fleet', 'Cold store'];

/** A page of leads in every stage. */
export const leads: readonly Lead[] = contacts.map(({ company }, index) => {
  const place = index % STATUSES.length;
  const score_value = (index * 37) % 101;
  const owner = index % 4 === 3 ? null : OWNERS[index % OWNERS.length]!;
  return leadOf(index + 1, {
    title: company ? `${WISHES[place]} for ${company}` : WISHES[place]!,
    status: STATUSES[place]!,
    stage_id: idOf('a000', place + 1),
    score_value,
    score: score_value >= 70 ? 'hot' : score_value >= 40 ? 'warm' : 'cold',
    lead_value: index % 5 === 4 ? null : 4_800 + index * 3_150,
    source_id: index % 6 === 5 ? null : sources[index % sources.length]!.id,
    owner,
    owner_id: owner?.id ?? null,
  });
});

/** Everything that a table of leads asks for. */
export const leadTables = { leads, pipelines, 'lead-sources': sources };

/** Leads whose details are as long, as large and as hostile as details get. */
export const oddLeads: readonly Lead[] = [
  leadOf(1, {
    title: 'A very long wish that somebody typed into the one field that was there, with all that they ever wanted, and more',
    lead_value: 123_456_789.5,
    score: 'hot',
    score_value: 100,
  }),
  leadOf(2, { title: 'Small', lead_value: 0.01, currency: 'JPY' }),
  leadOf(3, { title: '<script>alert(1)</script>', lead_value: -250, currency: 'USD' }),
  leadOf(4, { title: 'ألواح شمسية على سطح المبنى (2025)', last_activity_at: null }),
];
