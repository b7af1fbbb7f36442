import { DEMO_PASSWORD, type Seed } from '@millrace/server';
import { withAppointments } from './appointments.ts';
import { Chance } from './chance.ts';
import { customFields, valuesOfContact, valuesOfLead } from './custom-fields.ts';
import { FORM_DAYS, formTotals, submissionOf, suspectedSubmissions } from './form-life.ts';
import { forms } from './forms.ts';
import { nurturePipeline } from './lead-life.ts';
import { leadOf } from './leads.ts';
import { companyNames, contactNotes, contactTags, companyTags, places, firstNames, lastNames } from './names.ts';

const CONTACTS = 300;
const LEADS = 500;
const HISTORY_DAYS = 183;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Every contact of the demo has an address, by which its leads name it. */
type DemoContact = Omit<Seed['contacts'][number], 'custom_fields'> & { email: string };

const members: Seed['members'] = [
  { name: 'Olivia Marsh', email: 'owner@demo.test', role: 'owner', password: DEMO_PASSWORD },
  { name: 'Adrian Cole', email: 'admin@demo.test', role: 'admin', password: DEMO_PASSWORD },
  { name: 'Marta Nowak', email: 'manager@demo.test', role: 'manager', password: DEMO_PASSWORD },
  { name: 'Mehmet Aydın', email: 'member@demo.test', role: 'member', password: DEMO_PASSWORD },
  { name: 'Violet Tran', email: 'viewer@demo.test', role: 'viewer', password: DEMO_PASSWORD },
];

const WORKDAY = [{ from: '08:00', to: '18:00' }];

/** A solar installer's workspace with half a year behind it, the same at every start but for its dates. */
export function demoWorkspace(now: Date): Seed {
  const chance = new Chance(1848);
  const before = (daysAgo: number) => new Date(now.getTime() - daysAgo * DAY_MS - chance.whole(0, DAY_MS)).toISOString();
  const companies = companyNames.map((name, index) => companyOf(chance, name, index, before));
  const addresses = new Set<string>();
  const known = Array.from({ length: CONTACTS }, () => contactOf(chance, companies, addresses, before));
  const leads = leadsOf(known, companies, now);
  const clients = new Set(leads.filter(({ converted_at }) => converted_at !== null).map(({ contact_email }) => contact_email));
  const contacts = known.map((contact, index) => ({
    ...contact,
    ...(clients.has(contact.email) && { type: 'client' as const, status: 'active' as const }),
    custom_fields: valuesOfContact(index, contact.type === 'client'),
  }));
  return {
    workspace: {
      name: 'Brightfield Solar',
      country: 'DE',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      locale: 'en',
      policies: { working_hours: { mon: WORKDAY, tue: WORKDAY, wed: WORKDAY, thu: WORKDAY, fri: WORKDAY } },
    },
    members,
    pipelines: [nurturePipeline],
    fields: customFields,
    forms: forms.map((form) => ({ ...form, published_at: new Date(now.getTime() - FORM_DAYS * DAY_MS).toISOString() })),
    suspected: suspectedSubmissions(now.getTime()),
    form_totals: formTotals(
      now.getTime(),
      leads.flatMap(({ submission }) => submission ?? []),
    ),
    companies,
    contacts,
    leads,
  };
}

/** Everyone who may buy has a lead from their first day; some have another later. */
function leadsOf(contacts: DemoContact[], companies: Seed['companies'], now: Date): Seed['leads'] {
  const chance = new Chance(1949);
  const team = {
    sellers: [members[3]!.email, members[3]!.email, members[2]!.email, members[1]!.email],
    manager: members[2]!.email,
  };
  const buyers = contacts.filter(({ type }) => type === 'lead' || type === 'client');
  const leads = Array.from({ length: LEADS }, (_, index) => {
    const contact = buyers[index] ?? chance.one(buyers);
    const company = companies.find(({ key }) => key === contact.company_key);
    const known = Date.parse(contact.created_at);
    const since = index < buyers.length ? chance.next() * 20 * MINUTE_MS : chance.next() * (now.getTime() - known);
    const created = Math.min(now.getTime(), Math.ceil(known + since));
    const lead = leadOf(index + 1, now.getTime(), created, contact, company, team);
    const whole = { ...lead, custom_fields: valuesOfLead(index + 1, created, company !== undefined) };
    return { ...whole, submission: submissionOf(index + 1, whole, created, now.getTime(), contact, company?.name) };
  });
  return withAppointments(leads, now.getTime());
}

function companyOf(
  chance: Chance,
  { name, industry }: (typeof companyNames)[number],
  index: number,
  before: (daysAgo: number) => string,
): Seed['companies'][number] {
  const place = chance.one(places);
  return {
    key: String(index),
    created_at: before(HISTORY_DAYS),
    name,
    industry,
    website: `https://www.${domainOf(name)}`,
    employees: chance.one([4, 9, 18, 25, 40, 75, 120, 260, 540, 1_300]),
    phone_number: chance.happens(0.7) ? phoneOf(chance, place) : null,
    city: place.city,
    country: place.country,
    tags: chance.some(companyTags, 2),
  };
}

function contactOf(
  chance: Chance,
  companies: Seed['companies'],
  addresses: Set<string>,
  before: (daysAgo: number) => string,
): DemoContact {
  const firstname = chance.one(firstNames);
  const lastname = chance.one(lastNames);
  const company = chance.happens(0.72) ? chance.one(companies) : null;
  const place = company ? places.find(({ city }) => city === company.city)! : chance.one(places);
  const createdDaysAgo = chance.whole(0, HISTORY_DAYS - 1);
  const created_at = before(createdDaysAgo);
  const status = chance.happens(0.88) ? 'active' : chance.one(['bounced', 'unsubscribed'] as const);
  return {
    firstname,
    lastname,
    email: addressOf(
      firstname,
      lastname,
      company ? domainOf(company.name) : chance.one(['mail.test', 'post.test', 'home.test']),
      addresses,
    ),
    phone_number: chance.happens(0.65) ? phoneOf(chance, place) : null,
    city: place.city,
    country: place.country,
    company_key: company?.key ?? null,
    assigned_to: chance.happens(0.6) ? chance.one(members.slice(1, 4)).email : null,
    created_at,
    updated_at: chance.happens(0.4) ? before(chance.whole(0, createdDaysAgo)) : created_at,
    status,
    type: chance.happens(0.7) ? 'lead' : chance.one(['client', 'client', 'partner', 'other'] as const),
    priority: chance.happens(0.5) ? chance.one(['low', 'medium', 'medium', 'high'] as const) : null,
    is_favorite: chance.happens(0.07),
    is_archived: chance.happens(0.04),
    tags: chance.some(contactTags, 3),
    notes: chance.happens(0.35) ? chance.one(contactNotes) : null,
  };
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');

const domainOf = (company: string) => `${plain(company)}.test`;

function addressOf(firstname: string, lastname: string, domain: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const address = `${plain(firstname)}.${plain(lastname)}${number === 1 ? '' : number}@${domain}`;
    if (taken.has(address)) continue;
    taken.add(address);
    return address;
  }
}

/** Eight random digits behind a real prefix: long enough that no two of a few hundred meet. */
const phoneOf = (chance: Chance, { prefix }: (typeof places)[number]) => `${prefix}${chance.whole(10_000_000, 99_999_999)}`;
