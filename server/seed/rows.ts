import { sql } from 'kysely';
import type { Query } from '../db/query.ts';

/** Inserts rows that all have the same columns, in one statement; values are as JSON has them. */
export async function insertRows(query: Query, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = sql.join(Object.keys(rows[0]!).map((name) => sql.ref(name)));
  await sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`.execute(query);
}
