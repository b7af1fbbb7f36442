import { sql } from 'kysely';
import type { Fragment } from '../db/list.ts';

/** The columns of an answer, of a row of custom_fields called `r`. */
export const fieldWire: Fragment = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.context, r.name, r.label, r.field_type, r.configuration, r.description, r.display_order, r.is_required, r.is_active, r.is_searchable`;
