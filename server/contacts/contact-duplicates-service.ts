import { sql } from 'kysely';
import type { Duplicate, DuplicateQuery } from '../../src/contract/duplicate.ts';
import { turnEnd } from '../db/batches.ts';
import { readCursor, walkOf, writeCursor } from '../db/cursor.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalidField } from '../http/failure.ts';
import { Json, Page } from '../http/json.ts';
import { likenessOf, type Compared, type Likeness } from './contact-likeness.ts';
import type { ContactService } from './contact-service.ts';

/** A key that more contacts have than this says nothing of any two of them. */
const MOST_OF_A_KEY = 30;
/** So many pairs are looked at, those first that have a mailbox or a number in common. */
const MOST_PAIRS = 10_000;
const LEAST_SCORE = 50;

interface Candidate {
  contact_id: string;
  other_id: string;
  contact: Compared;
  other: Compared;
}

type Pair = Pick<Candidate, 'contact_id' | 'other_id'> & Likeness;

/** Finds contacts that may be one person. Which pairs are compared comes from their keys' index; how alike they are is said by `likenessOf`. */
export class ContactDuplicatesService {
  readonly #contacts: ContactService;

  constructor(contacts: ContactService) {
    this.#contacts = contacts;
  }

  /** Lists pairs, the surest first; of each pair the caller sees both contacts. */
  async list(tenant: Tenant, query: DuplicateQuery): Promise<Page<Duplicate>> {
    const { page, page_size: size = 50, cursor, ...filters } = query;
    if (cursor !== undefined && page !== undefined) throw invalidField('page', 'only_one_of', { fields: ['page', 'cursor'] });
    const walk = walkOf('score', 'desc', filters);
    const after = cursor === undefined ? undefined : readCursor(cursor, walk, { type: 'text' });

    const candidates = await candidatesOf(tenant, filters.contact_id);
    const pairs = (await compared(candidates)).filter(({ score }) => score >= (filters.min_score ?? LEAST_SCORE)).sort(inOrder);
    const begin = after ? pairs.findIndex((pair) => isAfter(pair, after)) : ((page ?? 1) - 1) * size;
    const shown = begin === -1 ? [] : pairs.slice(begin, begin + size);
    const last = shown.at(-1);
    const goesOn = last !== undefined && last !== pairs.at(-1);
    return new Page<Duplicate>(
      await this.#written(tenant, shown),
      {
        total: pairs.length,
        total_is_estimate: candidates.length === MOST_PAIRS,
        page: after ? null : (page ?? 1),
        page_size: size,
        pages: Math.ceil(pairs.length / size),
        next_cursor: goesOn ? writeCursor(walk, { value: placeOf(last), id: last.other_id }) : null,
      },
      filters,
    );
  }

  /** A contact that has gone since the pairs were found takes its pairs along. */
  async #written(tenant: Tenant, pairs: readonly Pair[]): Promise<Json<Duplicate[]>> {
    const contacts = await this.#contacts.readAll(tenant, [
      ...new Set(pairs.flatMap(({ contact_id, other_id }) => [contact_id, other_id])),
    ]);
    const written = pairs
      .filter(({ contact_id, other_id }) => contacts.has(contact_id) && contacts.has(other_id))
      .map(
        ({ score, reasons, contact_id, other_id }) =>
          `{"score":${score},"reasons":${JSON.stringify(reasons)},"contact":${contacts.get(contact_id)},"other":${contacts.get(other_id)}}`,
      );
    return new Json(`[${written.join()}]`);
  }
}

/** How many pairs are compared before others have their turn. */
const COMPARED_AT_ONCE = 250;

async function compared(candidates: readonly Candidate[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const { contact, other, ...ids } of candidates) {
    if (pairs.length % COMPARED_AT_ONCE === COMPARED_AT_ONCE - 1) await turnEnd();
    pairs.push({ ...ids, ...likenessOf(contact, other) });
  }
  return pairs;
}

/** Where a pair stands, in letters that sort as pairs do: the surest first. */
const placeOf = ({ score, contact_id }: Pair) => `${String(100 - score).padStart(3, '0')} ${contact_id}`;

const inOrder = (one: Pair, other: Pair) => (placeOf(one) + one.other_id < placeOf(other) + other.other_id ? -1 : 1);

const isAfter = (pair: Pair, { value, id }: { value: string | null; id: string }) => placeOf(pair) + pair.other_id > value + id;

const STRENGTH = sql`array_position(array['email', 'phone', 'name', 'company'], a.kind::text)`;

/** Pairs of contacts that have a key in common: all of them, or those of one contact. */
async function candidatesOf(tenant: Tenant, contactId: string | undefined): Promise<Candidate[]> {
  const ofOne =
    contactId === undefined
      ? sql`true`
      : sql`(kind, key) in (select kind, key from contact_keys where contact_id = ${contactId})`;
  const withOne = contactId === undefined ? sql`true` : sql`${contactId}::uuid in (a.contact_id, b.contact_id)`;
  const shownOf = (contact: string) => {
    const column = (name: string) => sql.ref(`${contact}.${name}`);
    return sql`json_build_object('email', ${column('email')}, 'phone_number', ${column('phone_number')},
      'name', folded(${column('name')}), 'company', folded(${column('company')}))`;
  };
  const { rows } = await sql<Candidate>`
    with shared as materialized (
      select kind, key from contact_keys where ${ofOne} group by kind, key having count(*) between 2 and ${MOST_OF_A_KEY}
    ), pairs as materialized (
      select a.contact_id, b.contact_id as other_id
      from shared s join contact_keys a on a.kind = s.kind and a.key = s.key
        join contact_keys b on b.kind = s.kind and b.key = s.key and b.contact_id > a.contact_id
      where ${withOne}
      group by a.contact_id, b.contact_id order by min(${STRENGTH}), a.contact_id, b.contact_id limit ${sql.lit(MOST_PAIRS)}
    )
    select p.contact_id, p.other_id, ${shownOf('c')} as contact, ${shownOf('o')} as other
    from pairs p join contacts c on c.id = p.contact_id and c.deleted_at is null join contacts o on o.id = p.other_id and o.deleted_at is null`.execute(
    tenant.db,
  );
  return rows;
}
