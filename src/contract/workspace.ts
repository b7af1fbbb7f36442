import * as z from 'zod/mini';
import { Country, Currency, Id, Locale, optional, record, text, Timezone } from './fields.ts';
import { as } from './issues.ts';
import { defineRoute } from './route.ts';
import { WorkingHours } from './working-hours.ts';

/** An origin of the web as a browser sends it: scheme, host and port. A star would look as if it stood for many, and match none. */
export const Origin = z.string().check(
  z.trim(),
  z.maxLength(300, { abort: true }),
  z.refine(
    (value) => /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value,
    as('not_origin'),
  ),
);

const Color = z.string().check(z.regex(/^#[0-9a-f]{6}$/i, as('not_color') as {}));

/** What the workspace lends to every component and form of its own. */
export const Theme = z.strictObject({
  brand_color: optional(Color),
  font_family: optional(text(200)),
  radius: z.optional(z.enum(['none', 'small', 'medium', 'large'])),
  color_scheme: z.optional(z.enum(['light', 'dark', 'system'])),
});

const UserIds = z.array(Id).check(z.minLength(1), z.maxLength(100));

/** Who owns a lead that is created without naming an owner. Where no members are listed, all take part who may own leads. */
export const OwnerRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nobody') }),
  z.strictObject({ kind: z.literal('creator') }),
  z.strictObject({ kind: z.literal('fixed'), user_id: Id }),
  z.strictObject({ kind: z.literal('round_robin'), user_ids: z.optional(UserIds) }),
  z.strictObject({ kind: z.literal('least_loaded'), user_ids: z.optional(UserIds) }),
]);
export type OwnerRule = z.output<typeof OwnerRule>;

/** The rules a workspace may set for itself. */
export const Policies = z.strictObject({
  /** Changes must name the version they were made from, by If-Match. */
  require_if_match: z.optional(z.boolean()),
  /** Two appointments of one member at the same time are refused instead of warned of. */
  forbid_overlaps: z.optional(z.boolean()),
  /** Null is the same as nobody. */
  owner_rule: z.optional(z.nullable(OwnerRule)),
  /** When those work who have no hours of their own; null is around the clock. */
  working_hours: z.optional(z.nullable(WorkingHours)),
});
export type Policies = z.output<typeof Policies>;

export const Workspace = z.object({
  ...record,
  name: z.string(),
  country: z.string(),
  currency: z.string(),
  timezone: z.string(),
  locale: z.string(),
  theme: Theme,
  allowed_origins: z.array(z.string()),
  policies: Policies,
});
export type Workspace = z.infer<typeof Workspace>;

export const WorkspaceChange = z.strictObject({
  name: z.optional(text(100)),
  country: z.optional(Country),
  currency: z.optional(Currency),
  timezone: z.optional(Timezone),
  locale: z.optional(Locale),
  theme: z.optional(Theme),
  allowed_origins: z.optional(z.array(Origin).check(z.maxLength(50))),
  policies: z.optional(Policies),
});
export type WorkspaceChange = z.output<typeof WorkspaceChange>;

export const workspaceRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/workspace',
    summary: "Reads the caller's workspace.",
    permission: 'crm:access',
    response: Workspace,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/workspace',
    summary:
      'Changes the settings, and the policies, that are sent and leaves the others; null takes an owner rule or working hours away.',
    permission: 'workspace:settings',
    body: WorkspaceChange,
    response: Workspace,
  }),
  transfer: defineRoute({
    method: 'POST',
    path: '/workspace/transfer',
    summary: 'Hands the workspace over to another member; the owner until now becomes an admin.',
    permission: 'owner',
    body: z.strictObject({ user_id: Id }),
    response: Workspace,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/workspace',
    summary: 'Deletes the workspace: everyone is signed out at once, and its data is purged after thirty days.',
    permission: 'owner',
    query: z.strictObject({
      /** The workspace's name, as proof that this one is meant. */
      name: z.string(),
    }),
    status: 204,
  }),
};
