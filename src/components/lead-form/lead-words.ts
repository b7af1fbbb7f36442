import type { CustomField } from '../../contract/custom-field.ts';
import type { LeadOptions } from '../../controllers/lead-options-controller.ts';
import { heldName } from '../../core/custom-values.ts';
import type { records } from '../../locales/en.ts';
import { customEntries, shownCustomValue, shownNumber, type ValueWords } from '../shared/custom-words.ts';
import type { Localized } from '../shared/localized.ts';
import { nameOf } from './contact-picker.ts';
import type { LeadContactChoice, LeadValues, SourceChoice } from './lead-values.ts';

const PLAIN = [
  'title',
  'product_interest',
  'pipeline_id',
  'stage_id',
  'score',
  'score_value',
  'lead_value',
  'currency',
  'budget',
  'timeline',
  'expected_close_date',
  'owner_id',
  'notes',
] as const;

/** What a form of the page sends of a lead, by the names of its fields. */
export function leadEntries(values: LeadValues, definitions: readonly CustomField[]): (readonly [string, string])[] {
  const { source, tags } = values;
  return [
    ...contactEntries(values.contact),
    ...PLAIN.map((name) => [name, values[name]] as const),
    ['source', source?.name ?? ''] as const,
    ...(source?.id ? [['source_id', source.id] as const] : []),
    ...tags.map((tag) => ['tags', tag] as const),
    ...customEntries(values, definitions),
  ];
}

function contactEntries(contact: LeadContactChoice): (readonly [string, string])[] {
  if (contact === null || 'typed' in contact) return [['contact_id', '']];
  if ('known' in contact) return [['contact_id', contact.known.id]];
  const { company, ...texts } = contact.new;
  return [
    ...Object.entries(texts).map(([name, value]) => [`contact.${name}`, value] as const),
    ['contact.company', company?.name ?? ''],
    ...(company?.id ? [['contact.company_id', company.id] as const] : []),
  ];
}

interface Words extends ValueWords {
  options: LeadOptions;
  definitions: readonly CustomField[];
  records: Localized<typeof records>;
}

/** A value of a lead in words. */
export function shownLeadValue(name: string, value: unknown, words: Words): string {
  const { options, definitions, formats, records } = words;
  const nameIn = (list: readonly { id: string; name: string }[] | undefined) => list?.find(({ id }) => id === value)?.name ?? '';
  switch (name) {
    case 'contact': {
      const contact = value as LeadContactChoice;
      return contact !== null && 'known' in contact ? nameOf(contact.known) : '';
    }
    case 'source':
      return (value as SourceChoice | null)?.name ?? '';
    case 'pipeline_id':
      return nameIn(options.pipelines);
    case 'stage_id':
      return nameIn(options.pipelines?.flatMap(({ stages }) => stages));
    case 'owner_id':
      return nameIn(options.owners);
    case 'score':
      return records.text(`lead.score.${value as 'cold' | 'warm' | 'hot'}`);
    case 'lead_value':
    case 'budget':
    case 'score_value':
      return shownNumber(String(value), words);
    case 'expected_close_date':
      return value === '' ? '' : formats.day(String(value));
  }
  const definition = definitions.find((each) => heldName(each) === name);
  return shownCustomValue(value, definition, words);
}
