import { sql, type Selectable } from 'kysely';
import type { FieldConfiguration, FieldContext, FieldType } from '../../src/contract/custom-field.ts';
import type { CustomFieldTable } from '../db/schema.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { PIECE, VALUED } from './value-rows.ts';

type Field = Pick<Selectable<CustomFieldTable>, 'id' | 'context' | 'name'>;

/** Types whose values are all JSON strings, so that one's may be another's as they stand. */
const STRINGS = new Set<FieldType>(['text', 'select', 'date']);

/** The values that a field has on its records, a bounded piece at once: archived and deleted records as well, for they may come back. */
export class FieldValues {
  /** How many records have a value. */
  async count(unit: WorkspaceUnit, { id, context }: Field): Promise<number> {
    const { rows: values, column } = VALUED[context];
    const { rows } = await sql<{ count: number }>`
      select count(distinct ${sql.ref(column)})::integer as count from ${sql.table(values)} where field_id = ${id}`.execute(
      unit.db,
    );
    return rows[0]!.count;
  }

  /** How many records have a value that is none of another type or configuration. The field is held, so that no value comes in meanwhile. */
  async countOrphans(
    unit: WorkspaceUnit,
    held: Field & { field_type: FieldType },
    to: { type: FieldType; configuration: FieldConfiguration },
  ): Promise<number> {
    const from = held.field_type;
    const { rows: values, column } = VALUED[held.context];
    const isOption = sql`text_key = any(${(to.configuration.options ?? []).map(({ value }) => value)}::text[])`;
    const isText = STRINGS.has(from) && STRINGS.has(to.type);
    if (from === to.type && !to.configuration.options) return 0;
    if (from !== to.type && !isText) return this.count(unit, held);
    // A key is as long as any option or day, so what is cut off could be none.
    const orphaned = to.configuration.options
      ? sql`not (${isOption})`
      : sql`value_problem(${to.type}, ${JSON.stringify(to.configuration)}::jsonb, to_jsonb(text_key)) is not null`;
    const { rows } = await sql<{ count: number }>`
      select count(distinct ${sql.ref(column)})::integer as count from ${sql.table(values)}
      where field_id = ${held.id} and ${orphaned}`.execute(unit.db);
    return rows[0]!.count;
  }

  /** Takes the values away and then the field itself: the first at once, the others by a job. */
  async beginRemoval(unit: WorkspaceUnit, field: Field) {
    if (await this.#remove(unit, field)) await enqueue(unit, 'remove-custom-values', { field_id: field.id }, { key: field.id });
  }

  /** Goes on with that; tells whether there may be more. */
  async goOnRemoving(unit: WorkspaceUnit, id: string): Promise<boolean> {
    const field = await this.#fieldOf(unit, id);
    return field !== undefined && this.#remove(unit, field);
  }

  /** Brings a field's values into what search looks through, or out of it: the first at once, the others by a job. */
  async beginSearching(unit: WorkspaceUnit, field: Field) {
    const after = await this.#searchAnew(unit, field, null);
    if (after !== undefined) await enqueue(unit, 'search-custom-values', { field_id: field.id, after }, { key: field.id });
  }

  /** Goes on with that behind a record, by the field as it is now; tells the last one reached while there may be more. */
  async goOnSearching(unit: WorkspaceUnit, id: string, after: string): Promise<string | undefined> {
    const field = await this.#fieldOf(unit, id);
    return field && this.#searchAnew(unit, field, after);
  }

  async #fieldOf(unit: WorkspaceUnit, id: string): Promise<Field | undefined> {
    const { rows } = await sql<Field>`select id, context, name from custom_fields where id = ${id}`.execute(unit.db);
    return rows[0];
  }

  async #remove(unit: WorkspaceUnit, { id, context, name }: Field): Promise<boolean> {
    const { table } = VALUED[context];
    const ids = await this.#nextWithValue(unit, context, id, null);
    // What answers carry stays the same, so this is no new version of the record.
    await sql`update ${sql.table(table)} set custom_fields = custom_fields - ${name}::text where id = any(${ids}::uuid[])`.execute(
      unit.db,
    );
    if (ids.length === PIECE) return true;
    await sql`delete from custom_fields where id = ${id}`.execute(unit.db);
    return false;
  }

  async #searchAnew(unit: WorkspaceUnit, { id, context }: Field, after: string | null): Promise<string | undefined> {
    const ids = await this.#nextWithValue(unit, context, id, after);
    // The trigger writes it as it must be now, whatever commits meanwhile.
    await sql`update ${sql.table(VALUED[context].table)} set search_text = search_text where id = any(${ids}::uuid[])`.execute(
      unit.db,
    );
    return ids.length === PIECE ? ids.at(-1) : undefined;
  }

  /** Some records that have a value, in the order of their ids, held until the transaction ends. */
  async #nextWithValue(unit: WorkspaceUnit, context: FieldContext, fieldId: string, after: string | null): Promise<string[]> {
    const { table, rows: values, column } = VALUED[context];
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(table)} where id = any(array(
        select distinct ${sql.ref(column)} from ${sql.table(values)}
        where field_id = ${fieldId} and ${sql.ref(column)} > ${after ?? '00000000-0000-0000-0000-000000000000'}
        order by ${sql.ref(column)} limit ${sql.lit(PIECE)}))
      order by id for no key update`.execute(unit.db);
    return rows.map(({ id }) => id);
  }
}
