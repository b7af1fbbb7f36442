import { sql } from 'kysely';
import type { Tag, TagChange, TagQuery, tagRoutes } from '../../src/contract/tag.ts';
import type { BodyOf } from '../../src/contract/route.ts';
import { asked } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { TAGGED, tagKeys, type Tagged, type TagReplacement } from '../db/tags.ts';
import type { Tenant, WorkspaceUnit } from '../db/tenant.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import type { Page } from '../http/json.ts';
import { enqueue } from '../jobs/enqueue.ts';

/** The service of records that carry tags. */
interface Retagging {
  /** Replaces tags on the next records and tells of those; answers whether there may be more. */
  retag(unit: WorkspaceUnit, replacement: TagReplacement): Promise<boolean>;
}

/** The tags of one kind of record that are in use: on those that are not deleted. */
const inUse = (kind: Tagged): Fragment => {
  const { table, rows, column } = TAGGED[kind];
  return sql`select t.tag_key, t.tag, r.id, ${kind}::text as kind
    from ${sql.table(rows)} t join ${sql.table(table)} r on r.id = t.${sql.ref(column)} and r.deleted_at is null`;
};
const allInUse = sql`(${inUse('leads')} union all ${inUse('contacts')} union all ${inUse('companies')})`;

/** Spelled as on most records. The id is the key's, for a cursor to tell tags of one count apart. */
const tags = sql`(
  select md5(tag_key)::uuid as id, mode() within group (order by tag) as tag,
    count(*) filter (where kind = 'leads')::integer as leads, count(*) filter (where kind = 'contacts')::integer as contacts,
    count(*) filter (where kind = 'companies')::integer as companies, count(*)::integer as total
  from ${allInUse} used group by tag_key) r`;

const listing: Listing<Tag, 'tag' | 'total'> = {
  from: tags,
  wire: sql`r.tag, r.leads, r.contacts, r.companies, r.total`,
  sorts: {
    tag: { column: sql`r.tag collate "und-x-icu"`, type: 'text' },
    total: { column: sql`r.total`, type: 'integer' },
  },
  defaultSort: 'total',
};

/** Tags over all records that carry them. Every method works inside its tenant's unit of work. */
export class TagService {
  readonly #kinds: Record<Tagged, Retagging>;

  constructor(kinds: Record<Tagged, Retagging>) {
    this.#kinds = kinds;
  }

  list(tenant: Tenant, query: TagQuery): Promise<Page<Tag>> {
    const { search } = query;
    return list(
      tenant,
      listing,
      query,
      asked([search ? sql`position(folded(${search}::text) in folded(r.tag)) > 0` : undefined]),
    );
  }

  async rename(tenant: Tenant, { from, to }: BodyOf<typeof tagRoutes.rename>): Promise<TagChange> {
    const { rows } = await sql<{ from_key: string; is_other: boolean; is_taken: boolean }>`
      select (k.keys)[1] as from_key, (k.keys)[1] <> (k.keys)[2] as is_other,
        exists (select from ${allInUse} used where tag_key = (k.keys)[2]) as is_taken
      from (select ${tagKeys([from, to])} as keys) k`.execute(tenant.db);
    const { from_key, is_other, is_taken } = rows[0]!;
    if (is_other && is_taken && (await this.#isInUse(tenant, [from_key]))) {
      throw new ApiFailure('DUPLICATE', 'There is a tag of this name already: merge the two instead.', {
        issues: invalidField('to', 'taken').extras.issues!,
      });
    }
    return this.#replace(tenant, { keys: [from_key], into: to });
  }

  async merge(tenant: Tenant, { tags, into }: BodyOf<typeof tagRoutes.merge>): Promise<TagChange> {
    const { rows } = await sql<{ keys: string[] }>`select ${tagKeys(tags)} as keys`.execute(tenant.db);
    return this.#replace(tenant, { keys: rows[0]!.keys, into });
  }

  /** Replaces tags on the next records of every kind; answers whether there may be more. */
  async replaceSome(unit: WorkspaceUnit, replacement: TagReplacement): Promise<boolean> {
    let goesOn = false;
    for (const kind of Object.values(this.#kinds)) goesOn = (await kind.retag(unit, replacement)) || goesOn;
    return goesOn;
  }

  /** The first records at once, the others by a job. */
  async #replace(tenant: Tenant, replacement: TagReplacement): Promise<TagChange> {
    const { keys, into } = replacement;
    if (!(await this.#isInUse(tenant, keys))) throw notFound('tag');
    const { rows } = await sql<Omit<TagChange, 'tag'>>`
      select count(distinct id) filter (where kind = 'leads')::integer as leads,
        count(distinct id) filter (where kind = 'contacts')::integer as contacts,
        count(distinct id) filter (where kind = 'companies')::integer as companies
      from ${allInUse} used where tag_key = any(${keys}::text[]) and tag <> ${into}`.execute(tenant.db);
    if (await this.replaceSome(tenant, replacement)) await enqueue(tenant, 'replace-tags', replacement);
    return { tag: into, ...rows[0]! };
  }

  async #isInUse(tenant: Tenant, keys: readonly string[]): Promise<boolean> {
    const { rows } = await sql`select from ${allInUse} used where tag_key = any(${keys}::text[]) limit 1`.execute(tenant.db);
    return rows.length > 0;
  }
}
