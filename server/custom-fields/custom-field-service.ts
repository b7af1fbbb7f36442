import { sql, type Selectable } from 'kysely';
import {
  MOST_FIELDS,
  type CustomField,
  type CustomFieldChange,
  type CustomFieldQuery,
  type FieldContext,
  type FieldType,
  type NewCustomField,
} from '../../src/contract/custom-field.ts';
import { asked, is } from '../db/filters.ts';
import { list, type Listing } from '../db/list.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import type { CustomFieldTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { assertEachOnce } from '../http/each-once.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { checkedConfiguration } from './field-configuration.ts';
import { emitFieldRemoved, emitFields } from './field-events.ts';
import type { FieldValues } from './field-values.ts';
import { fieldWire } from './field-wire.ts';
import { VALUED } from './value-rows.ts';

const FIELD = { table: 'custom_fields', noun: 'custom field', keepsDeleted: false } as const;

const listing: Listing<CustomField, 'display_order' | 'label' | 'created_at'> = {
  from: sql`custom_fields r`,
  wire: fieldWire,
  sorts: {
    display_order: { column: sql`r.display_order`, type: 'integer' },
    label: { column: sql`r.label`, type: 'text' },
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
  },
  defaultSort: 'display_order',
};

type HeldField = Selectable<CustomFieldTable>;

/** The fields that a workspace gives its contacts and leads. Every method works inside its tenant's unit of work. */
export class CustomFieldService {
  readonly #values: FieldValues;

  constructor(values: FieldValues) {
    this.#values = values;
  }

  list(tenant: Tenant, query: CustomFieldQuery): Promise<Page<CustomField>> {
    const isInOrder = (query.sort_by ?? 'display_order') === 'display_order';
    return list(tenant, listing, { ...query, sort_order: query.sort_order ?? (isInOrder ? 'asc' : 'desc') }, [
      sql`r.deleted_at is null`,
      ...asked([is('context', query.context, 'text'), is('is_active', query.is_active, 'boolean')]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<CustomField>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${fieldWire} from custom_fields r where r.id = ${id} and r.deleted_at is null) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('custom field');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewCustomField): Promise<Json<CustomField>> {
    const { context, name, field_type } = given;
    assertSearchable(field_type, given.is_searchable);
    const configuration = await checkedConfiguration(tenant, field_type, given.configuration ?? {});
    const display_order = await this.#nextPlace(tenant, context, name);
    const id = newId();
    await tenant.db
      .insertInto('custom_fields')
      .values({ ...given, configuration: JSON.stringify(configuration), id, display_order })
      .execute();
    await emitFields(tenant, [id]);
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: CustomFieldChange, expected: Expected): Promise<Json<CustomField>> {
    const held = await this.#hold(tenant, id, expected);
    const type = given.field_type ?? held.field_type;
    assertSearchable(type, given.is_searchable);
    const columns = {
      ...given,
      configuration: await this.#configurationFor(tenant, held, type, given),
      ...(type !== 'text' && { is_searchable: false }),
    };
    if (await change(tenant, 'custom_fields', held, columns)) {
      if (isSearched({ ...held, ...sent(columns) } as HeldField) !== isSearched(held))
        await this.#values.beginSearching(tenant, held);
      await emitFields(tenant, [id]);
    }
    return this.get(tenant, id);
  }

  /** Puts the fields of a context into the order in which they are named. */
  async order(tenant: Tenant, context: FieldContext, ids: string[]): Promise<Json<CustomField[]>> {
    const { rows } = await sql<{ id: string }>`
      select id from custom_fields where context = ${context} and deleted_at is null order by id for no key update`.execute(
      tenant.db,
    );
    assertEachOnce(
      'ids',
      ids,
      rows.map(({ id }) => id),
    );
    const moved = await sql<{ id: string }>`
      update custom_fields f set display_order = o.place, ${TOUCHED}
      from unnest(${ids}::uuid[]) with ordinality o (id, place)
      where f.id = o.id and f.display_order <> o.place returning f.id`.execute(tenant.db);
    if (moved.rows.length > 0)
      await emitFields(
        tenant,
        moved.rows.map(({ id }) => id),
      );
    const ordered = await sql<{ json: string }>`
      select coalesce(json_agg(w), '[]')::text as json from (
        select ${fieldWire} from custom_fields r where r.context = ${context} and r.deleted_at is null order by r.display_order, r.id) w`.execute(
      tenant.db,
    );
    return new Json(ordered.rows[0]!.json);
  }

  /** Deletes a field; one with values is gone at once, and is there without being seen until the last of them is. */
  async remove(tenant: Tenant, id: string, withValues: boolean, expected: Expected) {
    const field = await this.#hold(tenant, id, expected);
    const count = await this.#values.count(tenant, field);
    if (count > 0 && !withValues) {
      const { noun } = VALUED[field.context];
      throw new ApiFailure(
        'CONFLICT',
        `${counted(count, noun)} a value in this field: send values=delete to delete those as well, or retire the field by is_active.`,
      );
    }
    await emitFieldRemoved(tenant, id);
    if (count === 0) await sql`delete from custom_fields where id = ${id}`.execute(tenant.db);
    else {
      await sql`update custom_fields set is_active = false, deleted_at = now(), ${TOUCHED} where id = ${id}`.execute(tenant.db);
      await this.#values.beginRemoval(tenant, field);
    }
  }

  async #hold(tenant: Tenant, id: string, expected: Expected): Promise<HeldField> {
    const held = await hold<HeldField>(tenant, FIELD, id, expected, (id) => this.get(tenant, id));
    if (held.deleted_at) throw notFound('custom field');
    return held;
  }

  /** The place at the end; refuses a name that is taken, and one field too many. Who adds another at the same moment waits here. */
  async #nextPlace(tenant: Tenant, context: FieldContext, name: string): Promise<number> {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${tenant.workspaceId} ${context} fields`}, 0))`.execute(tenant.db);
    const { rows } = await sql<{ count: number; last: number; taken_by: string | null; is_going: boolean }>`
      select count(*) filter (where deleted_at is null)::integer as count, coalesce(max(display_order), 0)::integer as last,
        (array_agg(id) filter (where name = ${name}))[1] as taken_by, coalesce(bool_or(name = ${name} and deleted_at is not null), false) as is_going
      from custom_fields where context = ${context}`.execute(tenant.db);
    const { count, last, taken_by, is_going } = rows[0]!;
    if (is_going)
      throw new ApiFailure('CONFLICT', 'The field that had this name is still losing its values: try again in a while.');
    if (taken_by !== null) {
      throw new ApiFailure('DUPLICATE', 'There is a custom field of this name already.', {
        issues: invalidField('name', 'taken').extras.issues!,
        existingId: taken_by,
      });
    }
    if (count >= MOST_FIELDS)
      throw new ApiFailure('CONFLICT', `There are ${MOST_FIELDS} custom fields of ${context}s already: delete one first.`);
    return last + 1;
  }

  /** The configuration to be written; nothing where it stays. Refuses one that would orphan values. */
  async #configurationFor(tenant: Tenant, held: HeldField, type: FieldType, given: CustomFieldChange) {
    if (given.configuration === undefined && type === held.field_type) return undefined;
    const configuration = await checkedConfiguration(tenant, type, given.configuration ?? {});
    const orphans = await this.#values.countOrphans(tenant, held, { type, configuration });
    if (orphans > 0) {
      const { noun } = VALUED[held.context];
      const what = type === held.field_type ? 'that is none of these options' : `that is none of type ${type}`;
      throw new ApiFailure('CONFLICT', `${counted(orphans, noun)} a value ${what}: change those first.`);
    }
    return configuration;
  }
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? ' has' : 's have'}`;

function assertSearchable(type: FieldType, isSearchable: boolean | undefined) {
  if (isSearchable && type !== 'text') throw invalidField('is_searchable', 'only_for', { what: 'fields of type text' });
}

/** Whether search looks through a field's values. */
const isSearched = (field: Pick<HeldField, 'is_searchable' | 'is_active'>) => field.is_searchable && field.is_active;

const sent = <Columns extends object>(columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Columns;
