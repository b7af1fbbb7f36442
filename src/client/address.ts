import type * as z from 'zod/mini';
import type { Route } from '../contract/route.ts';
import type { Routes } from '../contract/routes.ts';

type Input<R extends Route> = R extends { query: z.ZodMiniType; body: z.ZodMiniType }
  ? never
  : R extends { query: z.ZodMiniType }
    ? ' query'
    : R extends { body: z.ZodMiniType }
      ? ' body'
      : '';

/** A route in one line: method, path, `public` where it needs no credential, and what it takes besides its path. */
type Address<R extends Route> = `${R['method']} ${R['path']}${R extends { permission: 'public' } ? ' public' : ''}${Input<R>}`;

type AddressOf<Group extends keyof Routes, Verb extends keyof Routes[Group]> = Address<Extract<Routes[Group][Verb], Route>>;

type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : Name;

/** Where a resource's records stand if they stand where its path says, by the verbs that such resources share. */
export type RecordAddresses<Path extends string> = {
  list: `GET /${Path} query`;
  create: `POST /${Path} body`;
  get: `GET /${Path}/:id`;
  update: `PATCH /${Path}/:id body`;
  remove: `DELETE /${Path}/:id`;
};

/** The verbs of a resource that are methods of the client: all but streams. */
export type CalledVerb<Group extends keyof Routes> = keyof {
  [Verb in keyof Routes[Group] as Routes[Group][Verb] extends { stream: true } ? never : Verb]: Verb;
};

type RecordVerb<Group extends keyof Routes> = Extract<CalledVerb<Group>, keyof RecordAddresses<''>>;

/** The resources with a verb that is elsewhere than the resource's name says. */
export type Irregular = {
  [Group in keyof Routes]: {
    [Verb in RecordVerb<Group>]: AddressOf<Group, Verb> extends RecordAddresses<Kebab<Group>>[Verb] ? never : Group;
  }[RecordVerb<Group>];
}[keyof Routes];

type WrittenVerb<Group extends keyof Routes> = Group extends Irregular
  ? CalledVerb<Group>
  : Exclude<CalledVerb<Group>, RecordVerb<Group>>;

/** The address of every route of the contract that does not follow from its resource's name, no more and no less. */
export type Addresses = {
  readonly [Group in keyof Routes as WrittenVerb<Group> extends never ? never : Group]: {
    readonly [Verb in WrittenVerb<Group>]: AddressOf<Group, Verb>;
  };
};
