import type { Seed } from '@millrace/server';
import { Chance } from './chance.ts';

type Values = Seed['leads'][number]['custom_fields'];

const DAY = 86_400_000;

const plain = { description: null, is_required: false, is_active: true, is_searchable: false };

/** What an installer of solar plants wants to know beyond what every workspace keeps. */
export const customFields: Seed['fields'] = [
  {
    ...plain,
    context: 'lead',
    name: 'roof_type',
    label: 'Roof',
    field_type: 'select',
    configuration: {
      options: [
        { value: 'tiles', label: 'Clay tiles', color: '#c2410c' },
        { value: 'slate', label: 'Slate', color: '#475569' },
        { value: 'metal', label: 'Metal', color: '#0ea5e9' },
        { value: 'flat', label: 'Flat roof', color: '#65a30d' },
      ],
      placeholder: 'Choose a roof',
    },
  },
  {
    ...plain,
    context: 'lead',
    name: 'roof_area',
    label: 'Roof area (m²)',
    field_type: 'number',
    configuration: { min: 5, max: 20_000 },
    description: 'What can be covered, as far as the satellite picture shows.',
  },
  { ...plain, context: 'lead', name: 'survey_on', label: 'Site survey', field_type: 'date', configuration: {} },
  { ...plain, context: 'lead', name: 'has_subsidy', label: 'Subsidy applied for', field_type: 'boolean', configuration: {} },
  {
    ...plain,
    context: 'lead',
    name: 'extras',
    label: 'Extras',
    field_type: 'multi_select',
    configuration: {
      options: [
        { value: 'battery', label: 'Battery' },
        { value: 'wallbox', label: 'Wallbox' },
        { value: 'heat_pump', label: 'Heat pump' },
        { value: 'financing', label: 'Financing' },
      ],
    },
  },
  {
    ...plain,
    context: 'lead',
    name: 'meter_number',
    label: 'Meter number',
    field_type: 'text',
    configuration: { max_length: 14, pattern: '\\dBFS-\\d{6}', placeholder: '1BFS-000000' },
    is_searchable: true,
  },
  {
    ...plain,
    context: 'contact',
    name: 'reach_by',
    label: 'Prefers',
    field_type: 'select',
    configuration: {
      options: [
        { value: 'phone', label: 'Phone' },
        { value: 'email', label: 'E-mail' },
        { value: 'letter', label: 'Letter' },
      ],
    },
  },
  {
    ...plain,
    context: 'contact',
    name: 'customer_number',
    label: 'Customer number',
    field_type: 'text',
    configuration: { pattern: 'BS-\\d{5}', placeholder: 'BS-00000' },
    is_searchable: true,
  },
  {
    ...plain,
    context: 'contact',
    name: 'household',
    label: 'People in the household',
    field_type: 'number',
    configuration: { min: 1, max: 20 },
  },
  { ...plain, context: 'contact', name: 'has_solar', label: 'Has solar already', field_type: 'boolean', configuration: {} },
];

/** What is known of a lead, which is nothing of two in five; it follows from its number and the day that it came in. */
export function valuesOfLead(number: number, created: number, isCompany: boolean): Values {
  const chance = new Chance(2_000_000 + number);
  if (!chance.happens(0.6)) return {};
  return known(chance, {
    roof_type: chance.one(isCompany ? ['flat', 'flat', 'metal'] : ['tiles', 'tiles', 'slate', 'metal', 'flat']),
    roof_area: isCompany ? chance.whole(20, 400) * 10 : chance.whole(30, 180),
    survey_on: new Date(created + chance.whole(3, 40) * DAY).toISOString().slice(0, 10),
    has_subsidy: chance.happens(0.4),
    extras: chance.some(['battery', 'wallbox', 'heat_pump', 'financing'], 3),
    meter_number: `1BFS-${chance.whole(100_000, 999_999)}`,
  });
}

/** What is known of a contact, by its place among them. */
export function valuesOfContact(number: number, isClient: boolean): Values {
  const chance = new Chance(3_000_000 + number);
  return known(chance, {
    reach_by: chance.one(['phone', 'phone', 'email', 'letter']),
    household: chance.whole(1, 6),
    has_solar: chance.happens(0.25),
    ...(isClient && { customer_number: `BS-${10_000 + number}` }),
  });
}

/** Most of what there is to know; a choice of nothing is none. */
const known = (chance: Chance, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => chance.happens(0.8) && !(Array.isArray(value) && value.length === 0)),
  );
