import { sql } from 'kysely';
import type { CustomValuesGiven } from '../../src/contract/custom-field.ts';
import { issue } from '../../src/contract/issues.ts';
import type { MergeConflict, Whose } from '../../src/contract/merge.ts';
import { valuesAfter } from '../custom-fields/custom-value-service.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid } from '../http/failure.ts';
import type { Change } from './contact-merge-plan.ts';
import type { HeldContact } from './held-contact.ts';

/** What a merge makes of the survivor's custom fields. */
export interface ValuesPlan {
  kept: HeldContact['custom_fields'];
  changes: Change[];
  conflicts: MergeConflict[];
  /** Values that their field takes no more. */
  left: Record<string, unknown>;
}

const PATH = 'custom_fields.';

/** Who has which value, by the same rule as other fields; values of retired fields are filled as well, and never told of. */
export async function planValues(
  tenant: Tenant,
  survivor: HeldContact,
  other: HeldContact,
  choices: Record<string, Whose> = {},
): Promise<ValuesPlan> {
  const [mine, others] = [survivor.custom_fields as Values, other.custom_fields as Values];
  const shown = await namesShown(tenant);
  const unknown = Object.keys(choices).filter((name) => !shown.has(name));
  if (unknown.length > 0) throw invalid(unknown.map((name) => issue(PATH + name, 'unknown', { name })));

  const given: CustomValuesGiven = {};
  const conflicts: MergeConflict[] = [];
  for (const name of new Set([...shown, ...Object.keys(others)])) {
    const [own, its] = [valueIn(mine, name), valueIn(others, name)];
    const taken = Object.hasOwn(choices, name) ? choices[name]! : own === null ? 'other' : 'survivor';
    const isSame = JSON.stringify(own) === JSON.stringify(its);
    if (own !== null && its !== null && !isSame && shown.has(name))
      conflicts.push({ field: PATH + name, survivor: own, other: its, taken });
    if (taken === 'other' && !isSame) given[name] = its;
  }

  const { kept, problems } = await valuesAfter(tenant, 'contact', given, survivor.custom_fields);
  const refused = problems.map(({ path }) => path.slice(PATH.length));
  const chosen = problems.filter((_, index) => Object.hasOwn(choices, refused[index]!));
  if (chosen.length > 0) throw invalid(chosen.map(({ path, code, params }) => issue(path, code, params)));
  const written = Object.keys(given).filter((name) => !refused.includes(name));
  return {
    kept,
    changes: written.map((name) => ({
      kind: 'custom_field',
      name,
      before: valueIn(mine, name),
      after: valueIn(kept as Values, name),
    })),
    conflicts,
    left: Object.fromEntries(refused.filter((name) => shown.has(name)).map((name) => [name, others[name]])),
  };
}

type Values = Record<string, unknown>;

/** A field may be called as what every object has. */
const valueIn = (values: Values, name: string): unknown => (Object.hasOwn(values, name) ? values[name] : null);

/** The names of fields that answers carry, in their order. */
async function namesShown(tenant: Tenant): Promise<Set<string>> {
  const { rows } = await sql<{
    name: string;
  }>`select name from custom_fields where context = 'contact' and is_active order by display_order, id`.execute(tenant.db);
  return new Set(rows.map(({ name }) => name));
}
