import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Email, Id, optional, record, text, Time } from './fields.ts';
import { Role } from './permissions.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';
import { NewPassword, Session, SessionKind } from './session.ts';
import { WorkingHours } from './working-hours.ts';

/** A user's membership in the workspace; an invited one has no user yet. */
export const Member = z.object({
  ...record,
  user_id: z.nullable(Id),
  name: z.nullable(z.string()),
  email: z.string(),
  avatar_url: z.nullable(z.string()),
  role: Role,
  status: z.enum(['active', 'invited']),
  working_hours: z.nullable(WorkingHours),
  joined_at: z.nullable(Time),
});
export type Member = z.infer<typeof Member>;

/** Every role but the owner's, which is only handed over. */
const GivenRole = z.enum(['admin', 'manager', 'member', 'viewer']);

export const NewMember = z.strictObject({ email: Email, role: GivenRole });
export const MemberChange = z.strictObject({
  role: z.optional(GivenRole),
  working_hours: z.optional(z.nullable(WorkingHours)),
});
export const Acceptance = z.strictObject({
  /** Needed where the invited address has no account yet. */
  name: optional(text(100)),
  /** A new one, or that of the account which the address has. */
  password: z.optional(NewPassword),
  session: z.optional(SessionKind),
});

export const memberRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/members',
    summary: 'Lists the members of the workspace and those invited.',
    permission: 'crm:access',
    query: z.extend(listQuery(['created_at', 'name', 'email', 'role']), {
      search: z.optional(z.string().check(z.trim(), z.maxLength(200))),
      role: z.optional(many(Role)),
      status: z.optional(many(oneOf(['active', 'invited']))),
    }),
    response: listOf(Member),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/members/:id',
    summary: 'Reads a member.',
    permission: 'crm:access',
    response: Member,
  }),
  invite: defineRoute({
    method: 'POST',
    path: '/members',
    summary: 'Invites someone by e-mail; the invitation lasts seven days, and inviting again sends a new one.',
    permission: 'workspace:members',
    body: NewMember,
    response: Member,
    status: 201,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/members/:id',
    summary: "Changes a member's role or working hours. Nobody changes their own role or that of someone of a higher one.",
    permission: 'workspace:members',
    body: MemberChange,
    response: Member,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/members/:id',
    summary: 'Takes a member out of the workspace; what is assigned to them must be given to someone in the same call.',
    permission: 'workspace:members',
    query: z.strictObject({
      /** The user who takes over, or `nobody`. */
      reassign_to: z.optional(z.union([oneOf(['nobody']), Id])),
    }),
    status: 204,
  }),
  acceptInvitation: defineRoute({
    method: 'POST',
    path: '/invitations/:token/accept',
    summary: 'Accepts an invitation and signs in.',
    permission: 'public',
    body: Acceptance,
    response: Session,
    repeat: 'secret',
  }),
};
