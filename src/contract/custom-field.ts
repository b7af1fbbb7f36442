import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Day, Id, optional, prose, record, text } from './fields.ts';
import { as } from './issues.ts';
import { Color } from './pipeline.ts';
import { flag, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const FIELD_TYPES = ['text', 'number', 'date', 'boolean', 'select', 'multi_select'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** The records that can have custom fields. */
export const FIELD_CONTEXTS = ['contact', 'lead'] as const;
export type FieldContext = (typeof FIELD_CONTEXTS)[number];

/** How many fields a context has at most. */
export const MOST_FIELDS = 200;
export const MOST_OPTIONS = 200;
/** How long a text is at most, whatever its field says. */
export const LONGEST_VALUE = 5_000;

/** A value as records carry it, by the field's type: a date is like 2026-01-31, a choice is the option's value. */
export const CustomValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type CustomValue = z.infer<typeof CustomValue>;

/** The values of a record by the names of its fields; a field without a value is left out. */
export const CustomValues = z.record(z.string(), CustomValue);
export type CustomValues = z.infer<typeof CustomValues>;

/** Values that are sent change, the others stay; null or an empty string takes one away. What they must be the fields say. */
export const CustomValuesGiven = z
  .record(z.string(), z.unknown())
  .check(z.refine((given) => Object.keys(given).length <= MOST_FIELDS, as('too_many', { maximum: MOST_FIELDS })));
export type CustomValuesGiven = z.output<typeof CustomValuesGiven>;

/** One choice of a select. Records keep its value; people read its label, or the value where it has none. */
export const FieldOption = z.strictObject({ value: text(100), label: z.optional(text(100)), color: z.optional(Color) });
export type FieldOption = z.output<typeof FieldOption>;

const Bound = z.union([z.number(), Day]);
const Length = z.int().check(z.gte(1), z.lte(LONGEST_VALUE));

/** What values a field takes; which of these it knows its type says. */
export const FieldConfiguration = z.strictObject({
  /** The choices of a select, in their order. */
  options: z.optional(z.array(FieldOption).check(z.minLength(1), z.maxLength(MOST_OPTIONS))),
  /** The least number or the first day. */
  min: z.optional(Bound),
  max: z.optional(Bound),
  min_length: z.optional(Length),
  max_length: z.optional(Length),
  /** What the whole of a text must match: a regular expression without look-around, back references and lazy quantifiers. */
  pattern: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
  placeholder: z.optional(text(200)),
  /** What a new record gets that was sent without a value. */
  default: z.optional(CustomValue),
});
export type FieldConfiguration = z.output<typeof FieldConfiguration>;

/** A field that the workspace gives its contacts or leads. */
export const CustomField = z.object({
  ...record,
  context: z.enum(FIELD_CONTEXTS),
  /** What values and filters call it; it stays. */
  name: z.string(),
  /** What people call it. */
  label: z.string(),
  field_type: z.enum(FIELD_TYPES),
  configuration: FieldConfiguration,
  description: z.nullable(z.string()),
  display_order: z.int(),
  /** A new record needs a value, and a change may not take it away. */
  is_required: z.boolean(),
  /** A field that is not active is retired: its values are kept, and neither shown nor found. */
  is_active: z.boolean(),
  /** Whether search looks through its values; of texts only. */
  is_searchable: z.boolean(),
});
export type CustomField = z.infer<typeof CustomField>;

const Name = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,49}$/));

const fields = {
  configuration: z.optional(FieldConfiguration),
  description: optional(prose(1_000)),
  is_required: z.optional(z.boolean()),
  is_active: z.optional(z.boolean()),
  is_searchable: z.optional(z.boolean()),
};

export const NewCustomField = z.strictObject({
  context: z.enum(FIELD_CONTEXTS),
  /** Small letters, digits and underscores, a letter first. */
  name: Name,
  label: text(100),
  field_type: z.enum(FIELD_TYPES),
  ...fields,
});
export type NewCustomField = z.output<typeof NewCustomField>;

/** A configuration is sent whole. One that is not sent beside another type begins anew. */
export const CustomFieldChange = z.strictObject({
  label: z.optional(text(100)),
  field_type: z.optional(z.enum(FIELD_TYPES)),
  ...fields,
});
export type CustomFieldChange = z.output<typeof CustomFieldChange>;

export const CustomFieldQuery = z.extend(listQuery(['display_order', 'label', 'created_at']), {
  context: z.optional(oneOf(FIELD_CONTEXTS)),
  is_active: z.optional(flag()),
});
export type CustomFieldQuery = z.output<typeof CustomFieldQuery>;

export const customFieldRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/custom-fields',
    summary: 'Lists custom fields in their order unless sorted otherwise.',
    permission: 'crm:access',
    query: CustomFieldQuery,
    response: listOf(CustomField),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/custom-fields',
    summary:
      'Adds a custom field at the end; its name is unique among those of contacts, or of leads. Select and multi_select need options.',
    permission: 'workspace:fields',
    body: NewCustomField,
    response: CustomField,
    status: 201,
  }),
  order: defineRoute({
    method: 'PUT',
    path: '/custom-fields/order',
    summary: 'Puts the custom fields of contacts, or of leads, into another order; each is named once.',
    permission: 'workspace:fields',
    body: z.strictObject({ context: z.enum(FIELD_CONTEXTS), ids: z.array(Id).check(z.maxLength(MOST_FIELDS)) }),
    response: z.array(CustomField),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/custom-fields/:id',
    summary: 'Reads a custom field.',
    permission: 'crm:access',
    response: CustomField,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/custom-fields/:id',
    summary:
      'Changes what is sent and leaves the rest. Refused where values would be orphaned, with their count: those that are none of a new type, or name an option that goes.',
    permission: 'workspace:fields',
    body: CustomFieldChange,
    response: CustomField,
    refuses: ['CONFLICT'],
  }),
  /** Not called remove, as where nothing is asked beside the id. */
  delete: defineRoute({
    method: 'DELETE',
    path: '/custom-fields/:id',
    summary:
      'Deletes a custom field; one that has values only together with them, by `values=delete`. Where those are many its name is free once they are gone.',
    permission: 'workspace:fields',
    query: z.strictObject({ values: z.optional(oneOf(['delete'])) }),
    status: 204,
    refuses: ['CONFLICT'],
  }),
};

/** One value, as it is set by itself. */
export const CustomValueGiven = z.strictObject({ value: z.unknown() });
