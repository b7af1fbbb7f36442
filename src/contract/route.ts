import type * as z from 'zod/mini';
import type { ErrorCode } from './envelope.ts';
import type { Permission } from './permissions.ts';

/**
 * Who may call a route: holders of a permission; whoever has any credential but a publishable key; a person who is signed
 * in; the workspace's owner, signed in; a secret key; or everyone.
 */
export type Access = Permission | 'any-credential' | 'signed-in' | 'owner' | 'secret-key' | 'public';

/** One endpoint, described once for the server, the client, the mocks and the docs. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: `/${string}`;
  summary: string;
  permission: Access;
  query?: z.ZodMiniType;
  body?: z.ZodMiniType;
  /** What `data` holds in the answer; a route that answers 204 has none. */
  response?: z.ZodMiniType;
  /** The status of success, 200 unless said. */
  status?: 201 | 202 | 204;
  /** Whether some calls are answered by 202, for what they ask for is left to a job. */
  mayQueue?: true;
  /** Whether a record that lives on in another is answered by 301 with the other's address, and its id as `data`. */
  mayMove?: true;
  /** Refusals beyond those that its method, path, body and permission bring with them. */
  refuses?: readonly ErrorCode[];
  /**
   * How a repeated POST with the same Idempotency-Key is met. By default the first answer is stored and given again.
   * `secret`: the answer holds a secret, so it is not stored and the repeat is a 409.
   * `harmless`: the call may be carried out twice by its nature, so nothing is stored.
   */
  repeat?: 'secret' | 'harmless';
  /** Whether the answer is a stream of server-sent events, each with `response` as its data. */
  stream?: true;
  /** The media type of an answer that is a text as it stands, without the envelope; refusals are in it all the same. */
  produces?: 'text/calendar';
}

/** Keeps the literal types of a route, so that client and server are typed from it. */
export const defineRoute = <const R extends Route>(route: R): R => route;

/** The names of a path's parameters, in their order: `/contacts/:id` has `id`, and so has `/contacts/:id.ics`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? [Name, ...PathParams<`/${Rest}`>]
  : Path extends `${string}:${infer Name}.${string}`
    ? [Name]
    : Path extends `${string}:${infer Name}`
      ? [Name]
      : [];

/** What a caller may send as a route's query. */
export type QueryOf<R extends Route> = R extends { query: infer Q extends z.ZodMiniType } ? Partial<z.output<Q>> : never;

/** What a caller sends as a route's body. */
export type BodyOf<R extends Route> = R extends { body: infer B extends z.ZodMiniType } ? z.output<B> : never;

/** What stands under `data` in a route's answer, or the text that it is. */
export type AnswerOf<R extends Route> = R extends { produces: string }
  ? string
  : R extends { response: infer A extends z.ZodMiniType }
    ? z.output<A>
    : void;
