import * as z from 'zod/mini';
import { as } from './issues.ts';
import { oneOf } from './query.ts';

/** A custom field's name, as queries have it behind `cf.`. */
const NAME = '[a-z][a-z0-9_]{0,49}';
const FILTER = new RegExp(`^${NAME}(?:\\.(?:gte|lte|in))?$`);

const MOST_FILTERS = 20;
/** How many values `.in` takes. */
export const MOST_VALUES = 100;

const Value = z.union([z.string().check(z.maxLength(5_000)), z.number(), z.boolean()]);

/**
 * Filters by custom fields: a value by the field's name, or by the name with `.gte`, `.lte` or, for any of several,
 * `.in` behind it. In an address each is a parameter: `cf.size.gte=20`. Which there are the workspace's fields say.
 */
export const CustomFilters = z
  .record(z.string().check(z.regex(FILTER)), z.union([Value, z.array(Value).check(z.minLength(1))]))
  .check(z.refine((given) => Object.keys(given).length <= MOST_FILTERS, as('too_many', { maximum: MOST_FILTERS })));
export type CustomFilters = z.output<typeof CustomFilters>;

/** The filters by custom fields of a list that has them. */
export const customFilters = { cf: z.optional(CustomFilters) };

/** What a list is sorted by: one of its own columns, or a custom field as `cf.<name>`. */
export const sortOf = <const Sorts extends readonly [string, ...string[]]>(sorts: Sorts) =>
  z.optional(z.union([oneOf(sorts), z.templateLiteral(['cf.', z.string().check(z.regex(new RegExp(`^${NAME}$`)))])]));

/** Whether a route's query has filters by custom fields. */
export const takesCustomFilters = (query: z.ZodMiniType | undefined): boolean =>
  'cf' in ((query as Partial<z.ZodMiniObject> | undefined)?.def?.shape ?? {});

/** Puts the parameters of an address that are filters by custom fields under `cf`; all others, and what is none, stay as they are. */
export function gatherCustomFilters<Value>(parameters: Record<string, Value>): Record<string, Value | Record<string, Value>> {
  const isFilter = (name: string) => name.startsWith('cf.') && FILTER.test(name.slice(3));
  const names = Object.keys(parameters);
  if ('cf' in parameters || !names.some(isFilter)) return parameters;
  const rest = names.filter((name) => !isFilter(name)).map((name) => [name, parameters[name]!] as const);
  const filters = names.filter(isFilter).map((name) => [name.slice(3), parameters[name]!] as const);
  return Object.assign(Object.create(null), Object.fromEntries(rest), { cf: Object.fromEntries(filters) });
}
