import { sql, type RawBuilder } from 'kysely';

/** A condition, or any other piece of SQL. */
export type Fragment = RawBuilder<unknown>;

/** Conditions that must all hold. */
export const and = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0
    ? sql`true`
    : sql.join(
        conditions.map((one) => sql`(${one})`),
        sql` and `,
      );
