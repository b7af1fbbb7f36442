import { sql } from 'kysely';
import type { Fragment } from './fragment.ts';

/** An address as columns called `email_key` hold it, in their collation: in another one no index of theirs finds it. */
export const emailKey = (email: string | null | Fragment): Fragment =>
  sql`(lower(${email}::text collate "und-x-icu") collate "default")`;
