import { sql } from 'kysely';
import type { Fragment } from './list.ts';

/** The person of a user's id as records name them; null where nobody is meant or they have left. */
export const personOf = (userId: Fragment): Fragment =>
  sql`(select json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'avatar_url', u.avatar_url) from users u where u.id = ${userId})`;
