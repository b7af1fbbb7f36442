import type { ListOf } from '../contract/envelope.ts';
import type { AnswerOf, BodyOf, PathParams, QueryOf, Route } from '../contract/route.ts';
import type { Routes } from '../contract/routes.ts';
import type { CalledVerb } from './address.ts';
import type { Page } from './answers.ts';
import type { CallOptions } from './request.ts';
import { addressOf } from './resources.ts';
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
export type Resource<Group extends keyof Routes> = {
  readonly [Verb in CalledVerb<Group>]: Method<Extract<Routes[Group][Verb], Route>>;
} & (Routes[Group] extends { list: infer R extends List } ? { readonly all: Walk<R> } : unknown);

export type Resources = { readonly [Group in keyof Routes as CalledVerb<Group> extends never ? never : Group]: Resource<Group> };

/** The API as methods, grouped by resource; each may be taken off and called by itself. */
export interface Client extends Resources {
  /** Drops the token and every kept answer, for a sign-out or a change of user. */
  forget(): void;
}

/** A client of the API, which calls nothing until it is used. */
export const createClient = (options: ClientOptions): Client => clientOver(createTransport(options));

type Pages = (query?: object, options?: CallOptions) => Promise<Page<unknown>>;

/** The same in every copy of the package that a page may hold. */
const TRANSPORT = Symbol.for('millrace transport');

/** The transport of a client. */
export const transportOf = (client: Client) => (client as unknown as Record<symbol, Transport>)[TRANSPORT]!;

/** A client whose calls go over the given transport. */
export const clientOver = (transport: Transport) =>
  lazily({ forget: transport.forget, [TRANSPORT]: transport }, (group) => {
    const methodOf =
      (verb: string) =>
      (...given: unknown[]) =>
        transport.call(addressOf(group, verb), given);
    const all = (query?: object, options?: CallOptions) => walk(methodOf('list') as Pages, query, options);
    return lazily({ all }, methodOf);
  }) as unknown as Client;

/** What programs ask of any object, to learn what it is. */
const ASKED_OF_ALL = /^(?:then|toJSON)$|[^a-z]/i;

/** An object whose members are made when they are first asked for: which there are is written elsewhere, and not loaded yet. */
const lazily = (members: Record<string | symbol, unknown>, make: (name: string) => unknown) =>
  new Proxy(members, {
    get: (_, name: string) => (name in members || ASKED_OF_ALL.test(String(name)) ? members[name] : (members[name] = make(name))),
  });

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
