import { sql } from 'kysely';
import type { Fragment } from './fragment.ts';

/** Makes others who select the same name wait for the end of the transaction; they read behind it, in a statement of its own. */
export const heldName = (name: string): Fragment => sql`pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
