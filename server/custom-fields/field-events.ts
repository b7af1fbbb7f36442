import { sql } from 'kysely';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import { fieldWire } from './field-wire.ts';

/** Tells of fields as they are now, each by itself and in their order. */
export const emitFields = (tenant: Tenant, ids: readonly string[]): Promise<void> =>
  emit(
    tenant,
    'custom_field.updated',
    sql`select r.id as record_id, (select row_to_json(w) from (select ${fieldWire}) w) as data, null::uuid[] as seen_by, '{}'::uuid[] as left_by
      from custom_fields r where r.id = any(${ids}::uuid[]) order by r.display_order, r.id`,
  );

/** Tells of a field that is about to go. */
export const emitFieldRemoved = (tenant: Tenant, id: string): Promise<void> =>
  emit(
    tenant,
    'custom_field.updated',
    sql`select r.id as record_id, json_build_object('id', r.id, 'context', r.context, 'name', r.name) as data,
        null::uuid[] as seen_by, '{}'::uuid[] as left_by
      from custom_fields r where r.id = ${id}`,
  );
