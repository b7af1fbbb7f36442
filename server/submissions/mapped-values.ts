import type * as z from 'zod/mini';
import { ContactChange } from '../../src/contract/contact.ts';
import type { CustomValuesGiven } from '../../src/contract/custom-field.ts';
import type { CONTACT_TARGETS, FormDefinition, FormValue, LEAD_TARGETS } from '../../src/contract/form-definition.ts';
import { issuesOf } from '../../src/contract/issues.ts';
import { LeadChange } from '../../src/contract/lead.ts';

/** What of a form's answers goes where. */
export interface MappedValues {
  contact: Pick<ContactChange, (typeof CONTACT_TARGETS)[number]>;
  lead: Pick<LeadChange, (typeof LEAD_TARGETS)[number]>;
  custom: { contact: CustomValuesGiven; lead: CustomValuesGiven };
  /** The fields that write to a target: `contact.email`, `lead.custom.size`. */
  fields: Map<string, string>;
  /** Why an answer is written nowhere, by its field. */
  notMapped: Record<string, string>;
}

const SCHEMAS = { contact: ContactChange.shape, lead: LeadChange.shape } as Record<string, Record<string, z.ZodMiniType>>;
const NUMBERS = new Set(['lead_value', 'budget']);

/** Reads from answers what their fields say they are. What does not fit where it should go stays an answer, with the reason. */
export function mappedValues({ steps }: FormDefinition, answers: Readonly<Record<string, FormValue>>): MappedValues {
  const mapped: MappedValues = { contact: {}, lead: {}, custom: { contact: {}, lead: {} }, fields: new Map(), notMapped: {} };
  for (const { id, maps_to: target } of steps.flatMap(({ fields }) => fields)) {
    if (target === undefined || !Object.hasOwn(answers, id)) continue;
    mapped.fields.set(target, id);
    const [, record, custom, name] = /^(contact|lead)\.(custom\.)?(\w+)$/.exec(target) as unknown as [
      string,
      'contact' | 'lead',
      string | undefined,
      string,
    ];
    if (custom) {
      mapped.custom[record][name] = answers[id]!;
      continue;
    }
    const schema = SCHEMAS[record]![name];
    const given = NUMBERS.has(name) ? Number(answers[id]) : inWords(answers[id]!);
    const checked = schema?.safeParse(given);
    if (checked?.success) Object.assign(mapped[record], { [name]: checked.data });
    else mapped.notMapped[id] = checked ? (issuesOf(checked.error, given)[0]?.code ?? 'not_format') : 'unknown';
  }
  return mapped;
}

const inWords = (value: FormValue) => (Array.isArray(value) ? value.join(', ') : String(value));
