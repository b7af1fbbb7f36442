import type { Contact } from '../../src/contract/contact.ts';

const DAY = 86_400_000;
const before = (days: number) => new Date(Date.now() - days * DAY).toISOString();

/** An id that is the same whenever the story is opened. */
export const idOf = (kind: string, number: number) => `01900000-0000-7000-${kind}-${String(number).padStart(12, '0')}`;

/** A contact of this number; what is not said of it is empty. */
export function contactOf(number: number, fields: Partial<Contact>): Contact {
  const { firstname = null, lastname = null } = fields;
  return {
    id: idOf('8000', number),
    workspace_id: idOf('9000', 0),
    created_at: before(number * 3),
    updated_at: before(number),
    created_by: null,
    updated_by: null,
    version: 1,
    firstname,
    lastname,
    name: [firstname, lastname].filter(Boolean).join(' ') || null,
    email: null,
    phone_number: null,
    company_id: null,
    company: null,
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

const people: [firstname: string, lastname: string, company: string | null, status?: Contact['status']][] = [
  ['Ingrid', 'Solberg', 'Nordlys Hagen AS'],
  ['Tomás', 'Ferreira', 'Quinta da Ribeira'],
  ['Aylin', 'Demir', null],
  ['Jonas', 'Weber', 'Weber & Söhne'],
  ['Chloé', 'Marchand', 'Atelier Marchand', 'bounced'],
  ['Kwame', 'Mensah', 'Volta Cold Storage'],
  ['Zofia', 'Kowalczyk', null],
  ['ليلى', 'حداد', 'مزارع الندى'],
  ['Ewan', 'MacLeod', 'Skye Dairy Co-op', 'unsubscribed'],
  ['Marit', 'de Vries', 'Tulpenhof'],
  ['Kenji', 'Watanabe', 'Hoshi Cold Chain'],
  ['Nadia', 'Rahmani', null],
  ['Luca', 'Bianchi', 'Cantina Bianchi'],
  ['Signe', 'Lindqvist', 'Lindqvist Bygg'],
  ['Petr', 'Novák', null, 'bounced'],
  ['Amara', 'Okafor', 'Okafor Textiles'],
  ['Hannah', 'Fischer', 'Hofgut Fischer'],
  ['Miguel', 'Santos', 'Padaria Santos'],
];

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();

/** A page of people as a solar installer knows them. */
export const contacts: readonly Contact[] = people.map(([firstname, lastname, company, status = 'active'], index) =>
  contactOf(index + 1, {
    firstname,
    lastname,
    company,
    status,
    email: `${plain(firstname) || 'layla'}.${plain(lastname) || 'haddad'}@mail.test`,
    phone_number: index % 3 === 0 ? `+49 30 55${String(100 + index)}` : null,
  }),
);

/** People whose details are as long, as short and as hostile as details get. */
export const oddContacts: readonly Contact[] = [
  contactOf(1, {
    firstname: 'Wolfeschlegelsteinhausenbergerdorff',
    lastname: 'von und zu Donaudampfschifffahrtsgesellschaft-Kapitänsmütze',
    company: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz Consulting International Holding GmbH & Co. KGaA',
    email: 'a.very.long.local.part.that.nobody.would.ever.type.by.hand@an.equally.long.domain.name.example.test',
  }),
  contactOf(2, { firstname: 'Al', email: 'a@b.test', company: 'X' }),
  contactOf(3, { email: 'nobody.has.a.name@mail.test' }),
  contactOf(4, { firstname: 'No', lastname: 'Address' }),
  contactOf(5, {
    firstname: '<img src=x onerror=alert(1)>',
    lastname: '</td>',
    email: 'text@stays.test',
    company: '"><b>bold</b>',
  }),
  contactOf(6, { firstname: 'محمد بن عبد الله', lastname: 'الأندلسي', email: 'mohammed@mail.test', company: 'שלום (123) عربى' }),
];
