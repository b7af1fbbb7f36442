import * as z from 'zod/mini';
import { Email, Id, Locale, text, Timezone } from './fields.ts';
import { Role } from './permissions.ts';
import { defineRoute } from './route.ts';

/** Someone who signs in. */
export const User = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  avatar_url: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  timezone: z.nullable(z.string()),
});
export type User = z.infer<typeof User>;

const Place = z.object({ id: Id, name: z.string(), role: Role });

/** Who calls, where, and what they may do there. */
export const Me = z.object({
  /** Null where a key calls, or an embed token that acts for nobody. */
  user: z.nullable(User),
  workspace: z.object({ id: Id, name: z.string() }),
  role: z.nullable(Role),
  permissions: z.array(z.string()),
  /** Every workspace the user may switch to; none but in a session. */
  workspaces: z.array(Place),
  /** The elements that an embed token is for; null means all. */
  components: z.nullable(z.array(z.string())),
});
export type Me = z.infer<typeof Me>;

/** A beginning session: what a client keeps to call the API. */
export const Session = z.extend(Me, {
  user: User,
  role: Role,
  access_token: z.string(),
  /** Left out where the session lives in a cookie. */
  refresh_token: z.optional(z.string()),
  /** Seconds until the access token ends. */
  expires_in: z.int(),
});
export type Session = z.infer<typeof Session>;

/** Where the refresh token goes: into the answer, or into a cookie that scripts can't read. */
export const SessionKind = z.enum(['token', 'cookie']);

/** bcrypt and argon2 read more, but nobody types more; the bound keeps hashing cheap. */
export const NewPassword = z.string().check(z.minLength(10), z.maxLength(200));
const GivenPassword = z.string().check(z.minLength(1), z.maxLength(200));

const RefreshToken = z.string().check(z.minLength(1), z.maxLength(200));

export const authRoutes = {
  signUp: defineRoute({
    method: 'POST',
    path: '/auth/sign-up',
    summary:
      'Creates a user with a workspace of their own, and signs them in. Closed unless the operator opened it; the first is always allowed.',
    permission: 'public',
    refuses: ['FORBIDDEN'],
    body: z.strictObject({
      name: text(100),
      email: Email,
      password: NewPassword,
      workspace: text(100),
      locale: z.optional(Locale),
      timezone: z.optional(Timezone),
      session: z.optional(SessionKind),
    }),
    response: Session,
    status: 201,
    repeat: 'secret',
  }),
  signIn: defineRoute({
    method: 'POST',
    path: '/auth/sign-in',
    summary: 'Begins a session with e-mail and password.',
    permission: 'public',
    refuses: ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'],
    body: z.strictObject({
      email: Email,
      password: GivenPassword,
      workspace_id: z.optional(Id),
      session: z.optional(SessionKind),
    }),
    response: Session,
    repeat: 'harmless',
  }),
  refresh: defineRoute({
    method: 'POST',
    path: '/auth/refresh',
    summary: 'Gives a new access token for a refresh token, which is spent by it. Without one in the body, the cookie counts.',
    permission: 'public',
    refuses: ['UNAUTHORIZED'],
    body: z.strictObject({ refresh_token: z.optional(RefreshToken) }),
    response: Session,
    repeat: 'harmless',
  }),
  signOut: defineRoute({
    method: 'POST',
    path: '/auth/sign-out',
    summary: 'Ends the session that the refresh token or the cookie belongs to, with its access tokens.',
    permission: 'public',
    body: z.strictObject({ refresh_token: z.optional(RefreshToken) }),
    status: 204,
    repeat: 'harmless',
  }),
  me: defineRoute({
    method: 'GET',
    path: '/auth/me',
    summary: 'Tells who calls, where, and what they may do, whatever the credential.',
    permission: 'any-credential',
    response: Me,
  }),
  switchWorkspace: defineRoute({
    method: 'POST',
    path: '/auth/switch-workspace',
    summary:
      'Begins a session in another workspace of the same user; the present one goes on, unless its cookie is taken by the new one.',
    permission: 'signed-in',
    refuses: ['NOT_FOUND'],
    body: z.strictObject({ workspace_id: Id, session: z.optional(SessionKind) }),
    response: Session,
    repeat: 'harmless',
  }),
  changePassword: defineRoute({
    method: 'POST',
    path: '/auth/change-password',
    summary: "Changes the caller's password and ends their other sessions.",
    permission: 'signed-in',
    body: z.strictObject({ current_password: GivenPassword, new_password: NewPassword }),
    status: 204,
    repeat: 'harmless',
  }),
};
