import { sql, type Selectable } from 'kysely';
import { gatherCustomFilters } from '../../src/contract/custom-query.ts';
import { issue, issuesOf, type Issue } from '../../src/contract/issues.ts';
import {
  NO_FILTERS,
  VIEW_RESOURCES,
  VIEWED_LISTS,
  type NewSavedView,
  type SavedView,
  type SavedViewChange,
  type SavedViewQuery,
  type ViewResource,
} from '../../src/contract/saved-view.ts';
import { readCustomQuery } from '../custom-fields/custom-query-service.ts';
import { anyOf, asked } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { change, hold, isSame } from '../db/records.ts';
import type { SavedViewTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { refuseTakenName } from '../db/unique-names.ts';
import { holderOf } from '../http/access.ts';
import type { Expected } from '../http/answer.ts';
import { decidesForOthers, type Caller } from '../http/caller.ts';
import { ApiFailure, invalid, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';

type Held = Selectable<SavedViewTable>;
const VIEW = { table: 'saved_views', noun: 'view', keepsDeleted: false } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.resource, r.name, r.filters, r.columns, r.sort, r.owner_id is null as is_shared`;

const listing: Listing<SavedView, 'created_at' | 'updated_at' | 'name'> = {
  from: sql`saved_views r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
  },
  defaultSort: 'created_at',
};

/**
 * The rules of saved views. That nobody sees another's private one is the row policy's matter; that nobody sees a view of
 * what they may not see is decided here. Every method works inside its tenant's unit of work.
 */
export class SavedViewService {
  list(tenant: Tenant, query: SavedViewQuery): Promise<Page<SavedView>> {
    return list(tenant, listing, query, [
      ...visible(tenant.caller),
      ...asked([anyOf('resource', query.resource), shared(query.is_shared)]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<SavedView>> {
    const seen = sql.join([sql`r.id = ${id}`, ...visible(tenant.caller)], sql` and `);
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${wire} from saved_views r where ${seen}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('view');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewSavedView): Promise<Json<SavedView>> {
    const { caller } = tenant;
    const { resource, name, columns = [], is_shared = false } = given;
    assertSees(caller, resource);
    if (is_shared) assertShares(caller);
    else assertPerson(caller);
    const listed = await asListed(tenant, resource, given);
    await this.#refuseTaken(tenant, resource, name);
    const id = newId();
    await tenant.db
      .insertInto('saved_views')
      .values({
        id,
        resource,
        name,
        columns,
        filters: JSON.stringify(listed.filters ?? {}),
        sort: listed.sort ? JSON.stringify(listed.sort) : null,
        owner_id: is_shared ? null : caller.userId!,
      })
      .execute();
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: SavedViewChange, expected: Expected): Promise<Json<SavedView>> {
    const { caller } = tenant;
    const held = await this.#hold(tenant, id, expected);
    const { name, columns, is_shared } = given;
    if (held.owner_id === null || is_shared) assertShares(caller);
    if (held.owner_id === null && is_shared === false) assertCreator(caller, held);
    const listed = await asListed(tenant, held.resource, differing(given, held));
    if (held.created_by === caller.actorId) await this.#refuseTaken(tenant, held.resource, name, id);
    await change(tenant, 'saved_views', held, {
      ...listed,
      name,
      columns,
      ...(is_shared !== undefined && { owner_id: is_shared ? null : held.created_by }),
    });
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    const held = await this.#hold(tenant, id, expected);
    if (held.owner_id === null) assertShares(tenant.caller);
    await sql`delete from saved_views where id = ${id}`.execute(tenant.db);
  }

  /** Holds a view that the caller sees. */
  async #hold(tenant: Tenant, id: string, expected: Expected): Promise<Held> {
    if (visible(tenant.caller).length > 0) await this.get(tenant, id);
    return hold<Held>(tenant, VIEW, id, expected, (id) => this.get(tenant, id));
  }

  /** A name is unique among what one creator has saved of a resource. */
  #refuseTaken(tenant: Tenant, resource: ViewResource, name: string | undefined, ownId?: string) {
    const among = sql`created_by = current_actor() and resource = ${resource}`;
    return refuseTakenName(tenant, { table: 'saved_views', noun: 'view of yours', among }, name, ownId);
  }
}

const sees = ({ permissions }: Caller, resource: ViewResource) => permissions.has(VIEWED_LISTS[resource].permission);

/** The condition that a view is of what the caller may see; none where that is everything. */
function visible(caller: Caller): Fragment[] {
  const seen = VIEW_RESOURCES.filter((resource) => sees(caller, resource));
  return seen.length === VIEW_RESOURCES.length ? [] : [sql`r.resource = any(${seen}::text[])`];
}

const shared = (isShared: boolean | undefined) =>
  isShared === undefined ? undefined : isShared ? sql`r.owner_id is null` : sql`r.owner_id is not null`;

function assertSees(caller: Caller, resource: ViewResource) {
  if (sees(caller, resource)) return;
  const { permission } = VIEWED_LISTS[resource];
  throw new ApiFailure('FORBIDDEN', `This needs the permission ${permission}, which ${holderOf(caller)} does not have.`);
}

function assertShares(caller: Caller) {
  if (!decidesForOthers(caller))
    throw new ApiFailure('FORBIDDEN', 'Shared views are made, changed and deleted by managers and above.');
}

function assertPerson({ userId }: Caller) {
  if (userId === undefined)
    throw new ApiFailure('FORBIDDEN', "A private view is a person's: a key saves shared ones, with is_shared.");
}

function assertCreator({ userId }: Caller, { created_by }: Held) {
  if (userId === undefined || created_by !== userId)
    throw new ApiFailure(
      'FORBIDDEN',
      'A shared view is made private again by whoever created it: delete it, or leave it shared.',
    );
}

type AsListed = Pick<SavedViewChange, 'filters' | 'sort'>;

/** What a view has already stays as it is, also where its list would refuse it by now: a field may be retired since. */
const differing = (given: AsListed, held: Held): AsListed => ({
  ...(!isSame(held.filters, given.filters) && { filters: given.filters }),
  ...(!isSame(held.sort, given.sort) && { sort: given.sort }),
});

/** A view's filters and order as its resource's list understands them; refuses what the list would refuse. */
async function asListed(tenant: Tenant, resource: ViewResource, { filters, sort }: AsListed): Promise<AsListed> {
  const { query, fields } = VIEWED_LISTS[resource];
  const misplaced = Object.keys(filters ?? {}).filter((name) => NO_FILTERS.includes(name));
  if (misplaced.length > 0) throw invalid(misplaced.map((name) => issue(`filters.${name}`, 'unknown', { name })));
  const asked = { ...(filters && (fields ? gatherCustomFilters(filters) : filters)), ...(sort && { sort_by: sort.by }) };
  const checked = query.safeParse(asked);
  if (!checked.success) throw inView(issuesOf(checked.error, asked));
  const { sort_by: _, ...understood } = checked.data as Record<string, unknown>;
  if (fields) {
    const custom = await readCustomQuery(tenant, fields, checked.data as Record<string, unknown>).catch((error: unknown) => {
      throw error instanceof ApiFailure && error.extras.issues ? inView(error.extras.issues) : error;
    });
    if (custom.filters) understood['cf'] = custom.filters;
  }
  return { filters: filters && understood, sort: sort && { by: sort.by, order: sort.order ?? 'desc' } };
}

/** What is wrong with a list's query, as it is wrong with the view that holds it. */
const inView = (issues: Issue[]) =>
  invalid(issues.map(({ path, code, params }) => issue(path === 'sort_by' ? 'sort.by' : `filters.${path}`, code, params)));
