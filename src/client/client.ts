import type { ListOf } from '../contract/envelope.ts';
import type { AnswerOf, BodyOf, PathParams, QueryOf, Route } from '../contract/route.ts';
import type { Routes } from '../contract/routes.ts';
import { addresses } from './addresses.ts';
import type { Page } from './answers.ts';
import type { CallOptions } from './request.ts';
import { createTransport, type ClientOptions, type Transport } from './transport.ts';

type Ids<Names> = Names extends [string, ...infer Rest] ? [id: string, ...Ids<Rest>] : [];

type List = Route & { response: ListOf<any> };

type Answer<R extends Route> = R extends List ? Page<AnswerOf<R>[number]> : AnswerOf<R>;

/** The method of one route: the path's parameters, then its query or body if it has one, then options. */
export type Method<R extends Route> = R extends { body: object }
  ? (...given: [...Ids<PathParams<R['path']>>, body: BodyOf<R>, options?: CallOptions]) => Promise<Answer<R>>
  : R extends { query: object }
    ? (...given: [...Ids<PathParams<R['path']>>, query?: QueryOf<R>, options?: CallOptions]) => Promise<Answer<R>>
    : (...given: [...Ids<PathParams<R['path']>>, options?: CallOptions]) => Promise<Answer<R>>;

/** Every row from where the query begins, fetched page by page while they are read. */
export type Walk<R extends List> = (query?: QueryOf<R>, options?: CallOptions) => AsyncGenerator<AnswerOf<R>[number], void>;

/** The methods of one resource; one that has a list can be walked as well. */
export type Resource<Group> = {
  readonly [Verb in keyof Group]: Method<Extract<Group[Verb], Route>>;
} & (Group extends { list: infer R extends List } ? { readonly all: Walk<R> } : unknown);

export type Resources = { readonly [Group in keyof Routes]: Resource<Routes[Group]> };

/** The API as methods, grouped by resource; each may be taken off and called by itself. */
export interface Client extends Resources {
  /** Drops the token and every kept answer, for a sign-out or a change of user. */
  forget(): void;
}

/** A client of the API, which calls nothing until it is used. */
export const createClient = (options: ClientOptions): Client => clientOver(createTransport(options));

type Pages = (query?: object, options?: CallOptions) => Promise<Page<unknown>>;

/** A client whose calls go over the given transport. */
export function clientOver({ call, forget }: Transport) {
  const client: Record<string, unknown> = { forget };
  for (const [group, verbs] of Object.entries(addresses)) {
    const resource: Record<string, unknown> = (client[group] = {});
    for (const [verb, address] of Object.entries<string>(verbs)) {
      const method = (...given: unknown[]) => call(address, given);
      resource[verb] = method;
      if (verb === 'list') resource.all = (query?: object, options?: CallOptions) => walk(method as Pages, query, options);
    }
  }
  return client as unknown as Client;
}

async function* walk(list: Pages, query: object | undefined, options: CallOptions | undefined) {
  let next = query;
  let cursor;
  do {
    const { data, pagination } = await list(next, options);
    yield* data;
    cursor = pagination.next_cursor;
    next = { ...query, page: undefined, cursor, count: 'none' };
  } while (cursor);
}
