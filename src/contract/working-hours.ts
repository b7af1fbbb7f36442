import * as z from 'zod/mini';
import { Timezone } from './fields.ts';
import { as } from './issues.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const Clock = z.string().check(z.regex(CLOCK));
const Span = z
  .strictObject({ from: Clock, to: z.union([Clock, z.literal('24:00')]) })
  .check(z.refine((span) => span.from < span.to, { path: ['to'], ...as('not_format') }));

/** When somebody works: spans of the day by weekday; in the workspace's timezone where none is given. */
export const WorkingHours = z.strictObject({
  timezone: z.optional(Timezone),
  ...(Object.fromEntries(DAYS.map((day) => [day, z.optional(z.array(Span).check(z.maxLength(6)))])) as Record<
    (typeof DAYS)[number],
    z.ZodMiniOptional<z.ZodMiniArray<typeof Span>>
  >),
});
export type WorkingHours = z.output<typeof WorkingHours>;
