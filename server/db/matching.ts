import { sql } from 'kysely';
import { LAST_PAGED_ROW } from '../../src/contract/envelope.ts';
import type { Fragment } from './fragment.ts';

/**
 * A condition on the row called `r` that rows of another table tell. Where few rows meet it they are gathered from there;
 * where many do, rows are looked through until enough of them were found. Nothing of that is left to the planner, who does
 * not know how many rows have a value: it would join by reading one table for each row of the other.
 */
export interface Matching {
  /** Selects the `id` of rows that meet it, all or so many at least. */
  ids(atLeast?: number): Fragment;
  /** Whether one row meets it. */
  holds: Fragment;
  /** Whether nothing else is asked for: then there are as many rows as `ids`. */
  isAll: boolean;
  /** Whether every row that is read in the order asked for meets it. */
  isMet: boolean;
  /** About how many rows there are to look through. */
  among: Fragment;
}

/** The CTEs that the ways read, to go before others: what meets it, as far as rows are counted, and whether that is few for so many wanted rows. */
export const matchedRows = (matching: Matching | undefined, wanted: number): Fragment =>
  matching
    ? sql`
      matched as materialized (${matching.ids(LAST_PAGED_ROW + 1)}),
      way as materialized (
        select count(*) <= ${sql.lit(LAST_PAGED_ROW)} as is_whole,
          count(*) <= ${sql.lit(LAST_PAGED_ROW)} and 4 * count(*) * count(*) <= ${sql.lit(wanted)} * ${matching.among} as is_short
        from matched),`
    : sql``;

/** Lists of conditions, of which the database carries out one: to gather costs what meets it, to look through what it takes to find enough. */
export const waysToFirst = (matching: Matching | undefined, conditions: Fragment[]): Fragment[][] =>
  matching ? ways(sql`is_short`, matching, conditions) : [conditions];

/** The same for what reads every row that meets it. */
export const waysToAll = (matching: Matching | undefined, conditions: Fragment[]): Fragment[][] =>
  matching ? ways(sql`is_whole`, matching, conditions) : [conditions];

const ways = (gathers: Fragment, { holds }: Matching, conditions: Fragment[]): Fragment[][] => [
  [sql`(select ${gathers} from way)`, sql`r.id = any (array(select id from matched))`, ...conditions],
  [sql`not (select ${gathers} from way)`, holds, ...conditions],
];
