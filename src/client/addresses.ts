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

/** The address of every route of the contract, no more and no less. */
export type Addresses = {
  readonly [Group in keyof Routes]: { readonly [Verb in keyof Routes[Group]]: Address<Extract<Routes[Group][Verb], Route>> };
};

/** The contract as far as it is needed to call it, without its schemas; the compiler holds it to the contract. */
export const addresses: Addresses = {
  auth: {
    signUp: 'POST /auth/sign-up public body',
    signIn: 'POST /auth/sign-in public body',
    refresh: 'POST /auth/refresh public body',
    signOut: 'POST /auth/sign-out public body',
    me: 'GET /auth/me',
    switchWorkspace: 'POST /auth/switch-workspace body',
    changePassword: 'POST /auth/change-password body',
  },
  workspace: {
    get: 'GET /workspace',
    update: 'PATCH /workspace body',
    transfer: 'POST /workspace/transfer body',
    remove: 'DELETE /workspace query',
  },
  members: {
    list: 'GET /members query',
    get: 'GET /members/:id',
    invite: 'POST /members body',
    update: 'PATCH /members/:id body',
    remove: 'DELETE /members/:id query',
    acceptInvitation: 'POST /invitations/:token/accept public body',
  },
  audit: {
    list: 'GET /audit-log query',
  },
  contacts: {
    list: 'GET /contacts query',
    create: 'POST /contacts body',
    get: 'GET /contacts/:id',
    update: 'PATCH /contacts/:id body',
    remove: 'DELETE /contacts/:id',
    restore: 'POST /contacts/:id/restore',
    assign: 'POST /contacts/:id/assignments body',
    unassign: 'DELETE /contacts/:id/assignments/:user_id',
  },
  companies: {
    list: 'GET /companies query',
    create: 'POST /companies body',
    get: 'GET /companies/:id',
    update: 'PATCH /companies/:id body',
    remove: 'DELETE /companies/:id',
    restore: 'POST /companies/:id/restore',
  },
};
