import type pg from 'pg';
import type { FieldType } from '../../../src/contract/custom-field.ts';

const choices = (...values: string[]) => ({ options: values.map((value) => ({ value })) });

/** The fields that leads of the bench have, each with the value of the lead with the number `i` as SQL. */
const FIELDS: { name: string; field_type: FieldType; configuration: object; value: string }[] = [
  // Like lead_value, of four leads in five.
  { name: 'size', field_type: 'number', configuration: {}, value: 'case when i % 10 < 8 then (i * 7919 % 5000000) / 100.0 end' },
  // Like score_value, of all.
  { name: 'level', field_type: 'number', configuration: {}, value: 'i * 31 % 101' },
  {
    name: 'region',
    field_type: 'select',
    configuration: choices('north', 'south', 'east', 'west', 'islands'),
    value: `case when i % 1000 = 0 then 'islands' else (array['north', 'north', 'south', 'east', 'west'])[1 + i * 17 % 5] end`,
  },
  // Like title, of seven leads in ten.
  {
    name: 'code',
    field_type: 'text',
    configuration: {},
    value: `case when i % 10 < 7 then 'Code ' || left(md5(i::text), 8) end`,
  },
  // Like expected_close_date, of six leads in ten.
  {
    name: 'visit',
    field_type: 'date',
    configuration: {},
    value: `case when i % 10 < 6 then (date '2026-01-01' + (i * 17 % 700)::integer)::text end`,
  },
  {
    name: 'wants',
    field_type: 'multi_select',
    configuration: choices('roof', 'pump', 'box', 'audit'),
    value: `case when i % 10 > 0 then (select array_agg((array['roof', 'pump', 'box', 'audit'])[1 + (i + n) % 4]) from generate_series(1, 1 + i % 3) n) end`,
  },
];

/** Every value of a lead, as SQL for its column. */
export const VALUES_OF_LEAD = `jsonb_strip_nulls(jsonb_build_object(${FIELDS.map(({ name, value }) => `'${name}', ${value}`).join(', ')}))`;

/** Defines the fields in a workspace and makes the rows of its leads' values, past the triggers as the leads were made. */
export async function fillValues(client: pg.Client, workspaceId: string) {
  await client.query(`set session_replication_role = replica`);
  for (const [index, { name, field_type, configuration }] of FIELDS.entries())
    await client.query(
      `insert into custom_fields (workspace_id, context, name, label, field_type, configuration, display_order) values ($1, 'lead', $2, $2, $3, $4, $5)`,
      [workspaceId, name, field_type, JSON.stringify(configuration), index + 1],
    );
  // Indexes are made at once when the rows are there, which takes a fraction of the time.
  const { rows: indexes } = await client.query(
    `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = 'lead_values' and indexname <> 'lead_values_pkey'`,
  );
  for (const { indexname } of indexes) await client.query(`drop index ${indexname}`);
  await client.query(`alter table lead_values drop constraint lead_values_pkey`);
  await client.query(
    `insert into lead_values (workspace_id, field_id, lead_id, ordinal, text_key, number_key)
      select l.workspace_id, f.id, l.id, c.place - 1,
        case when jsonb_typeof(c.choice) = 'string' then left(c.choice #>> '{}', 200) end,
        case when jsonb_typeof(c.choice) = 'number' then (c.choice #>> '{}')::float8 end
      from leads l, jsonb_each(l.custom_fields) g, custom_fields f,
        jsonb_array_elements(case jsonb_typeof(g.value) when 'array' then g.value else jsonb_build_array(g.value) end) with ordinality c (choice, place)
      where l.workspace_id = $1 and f.workspace_id = $1 and f.name = g.key`,
    [workspaceId],
  );
  await client.query(`set maintenance_work_mem = '1GB'`);
  await client.query(`alter table lead_values add primary key (workspace_id, lead_id, field_id, ordinal)`);
  for (const { indexdef } of indexes) await client.query(indexdef);
  await client.query(`reset session_replication_role`);
  await client.query(`vacuum analyze lead_values, custom_fields`);
}
