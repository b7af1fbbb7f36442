import { sql } from 'kysely';
import type { Fragment } from './list.ts';

/** A column of hundredths as the number that answers carry. */
export const money = (column: Fragment): Fragment => sql`trim_scale(${column} / 100.0)`;

/** An amount as its column holds it. */
export const inHundredths = <Amount extends number | null | undefined>(amount: Amount): Amount =>
  (typeof amount === 'number' ? Math.round(amount * 100) : amount) as Amount;
