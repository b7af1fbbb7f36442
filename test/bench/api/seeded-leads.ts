import type pg from 'pg';

/** Which workspaces are filled, and with how many leads each. */
export interface Filling {
  /** The number of the first, from 1. */
  first: number;
  workspaces: number;
  leads: number;
  contacts: number;
  /** The custom fields of the lead with the number `i`, as SQL; none unless said. */
  customFields?: string;
}

/** The id of a workspace, and of its owner, by its number. */
export const workspaceId = (number: number) => `0000000a-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
export const ownerId = (number: number) => `0000000b-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
export const ownerEmail = (number: number) => `owner.${number}@bench.test`;

const FIRST = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Elena',
  'Felix',
  'Greta',
  'Hannah',
  'Ivan',
  'Julia',
  'Karim',
  'Lena',
  'Marek',
  'Nora',
  'Oskar',
  'Paula',
  'Quentin',
  'Rosa',
  'Stefan',
  'Tereza',
  'Ulrich',
  'Vera',
  'Walter',
  'Xenia',
  'Yusuf',
  'Zoé',
  'Åsa',
  'Björn',
  'Chloë',
  'Dženan',
];
const LAST = [
  'Abel',
  'Bauer',
  'Castillo',
  'Dvořák',
  'Eriksson',
  'Fischer',
  'García',
  'Horváth',
  'Ivanova',
  'Jansen',
  'Kowalski',
  'Lindqvist',
  'Meier',
  'Novák',
  'O’Brien',
  'Petrov',
  'Quist',
  'Rossi',
  'Schäfer',
  'Tanaka',
  'Urban',
  'Vogel',
  'Weiß',
  'Xavier',
  'Yılmaz',
  'Zimmer',
  'Ødegaard',
  'Ñíguez',
  'Šimek',
  'Łukasik',
];
const PRODUCT = [
  'Solar roof',
  'Heat pump',
  'Battery',
  'Wallbox',
  'Maintenance',
  'Energy audit',
  'Insulation',
  'Smart meter',
  'Microgrid',
  'Consulting',
];

const list = (words: string[]) => `array[${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(',')}]`;
const idOf = (mark: string, number: string) => `('${mark}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/**
 * Fills workspaces with leads, as the database's superuser and past triggers, row by row as the product itself would have
 * left them: contacts, leads with their copies and search text, stage totals. Indexes are taken away meanwhile.
 */
export async function fill(
  client: pg.Client,
  { first, workspaces, leads, contacts, customFields = `'{}'` }: Filling,
  passwordHash: string,
) {
  const last = first + workspaces - 1;
  await client.query(`set session_replication_role = replica`);
  await client.query(`
    insert into users (id, name, email, password_hash)
      select ${idOf('0000000b-0000-7000-8000', 'n')}, 'Owner ' || n, 'owner.' || n || '@bench.test', '${passwordHash}' from generate_series(${first}, ${last}) n;
    insert into workspaces (id, name, currency, timezone)
      select ${idOf('0000000a-0000-7000-8000', 'n')}, 'Workspace ' || n, 'EUR', 'Europe/Berlin' from generate_series(${first}, ${last}) n;
    insert into members (workspace_id, user_id, role, status, joined_at)
      select ${idOf('0000000a-0000-7000-8000', 'n')}, ${idOf('0000000b-0000-7000-8000', 'n')}, 'owner', 'active', now() from generate_series(${first}, ${last}) n;
    select furnish_workspace(${idOf('0000000a-0000-7000-8000', 'n')}) from generate_series(${first}, ${last}) n;`);
  const { rows: indexes } = await client.query(`
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename in ('leads', 'contacts') and indexname not in ('leads_pkey', 'contacts_pkey')`);
  for (const { indexname } of indexes) await client.query(`drop index ${indexname}`);
  await client.query(`
    insert into contacts (workspace_id, id, firstname, lastname, email, phone_number, score, search_text)
      select ${idOf('0000000a-0000-7000-8000', 'w')}, ${idOf('0000000c-0000-7000-8000', 'n')},
        (${list(FIRST)})[1 + n % ${FIRST.length}], (${list(LAST)})[1 + n / 7 % ${LAST.length}], 'person.' || n || '@customer.test', '+4930' || 1000000 + n, n % 101, ' '
      from generate_series(${first}, ${last}) w, generate_series(1, ${contacts}) n`);
  await client.query(`
    insert into leads (workspace_id, id, contact_id, contact_name, contact_email, contact_phone, title, product_interest, pipeline_id, stage_id,
        status, score, score_value, lead_value_minor, currency, owner_id, expected_close_date, last_activity_at, created_at, updated_at, stage_entered_at,
        position, custom_fields, search_text)
      select c.workspace_id, ${idOf('0000000d-0000-7000-8000', 'i')}, c.id, c.name, c.email, c.phone_number, p.product || ' ' || i, p.product, s.pipeline_id, s.id,
        case when s.category in ('appointment', 'proposal') then 'qualified' else s.category end,
        (array['cold', 'warm', 'hot'])[1 + i % 3], i % 101, (i * 7919 % 5000000)::bigint, 'EUR', ${idOf('0000000b-0000-7000-8000', 'w')},
        case when i % 10 < 6 then date '2026-01-01' + (i * 13 % 700)::integer end,
        now() - (i * 15485863 % 15552000) * interval '1 second', now() - (i * 32452843 % 15552000) * interval '1 second',
        now() - (i * 15485863 % 15552000) * interval '1 second', now() - (i % 90) * interval '1 day', 'a' || lpad(i::text, 8, '0'),
        ${customFields},
        search_text_of(p.product || ' ' || i, c.name, c.email, null, c.phone_number, regexp_replace(c.phone_number, '[^0-9]', '', 'g'))
      from generate_series(${first}, ${last}) w
        cross join lateral generate_series(1::bigint, ${leads}) i
        cross join lateral (select (${list(PRODUCT)})[1 + i % ${PRODUCT.length}] as product) p
        join stages s on s.workspace_id = ${idOf('0000000a-0000-7000-8000', 'w')} and s.display_order = 1 + i * 31 % 7
        join contacts c on c.workspace_id = s.workspace_id and c.id = ${idOf('0000000c-0000-7000-8000', `1 + i % ${contacts}`)}`);
  await client.query(`
    insert into stage_totals (workspace_id, stage_id, currency, score, count, value_minor, entered_seconds)
      select workspace_id, stage_id, currency, score, count(*), sum(coalesce(lead_value_minor, 0)), sum(extract(epoch from stage_entered_at))::bigint
      from leads where workspace_id between '${workspaceId(first)}' and '${workspaceId(last)}' and deleted_at is null and not is_archived
      group by 1, 2, 3, 4`);
  await client.query(`set maintenance_work_mem = '1GB'`);
  for (const { indexdef } of indexes) await client.query(indexdef);
  await client.query(`reset session_replication_role`);
  await client.query(`vacuum analyze leads, contacts, stages, stage_totals, members, users, workspaces`);
}
