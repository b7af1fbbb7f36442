import type { FieldKind } from '../contract/form-definition.ts';
import type { AskedField } from './form-answers.ts';

/** How many stars there are, unless a field says. */
export const STARS = 5;

const LONGEST_LINE = 500;
const LONGEST: Partial<Record<FieldKind, number>> = { email: 254, textarea: 5_000 };

/** How texts of a kind are written; of e-mail addresses and phone numbers what the contract takes for a contact, for it must make one. */
const FORMATS: Partial<Record<FieldKind, string>> = {
  email: String.raw`^(?:[\w'+-]+\.)*[\w'+-]*[\w+-]@(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}$`,
  tel: String.raw`^(?=.{5,50}$)(?=(?:\D*\d){3})\+?[\d\s()./-]+(?:\s*(?:x|ext\.?|#)\s*\d+)?$`,
  url: '^https?://',
};

/** A field with every rule that its answers are judged by, also those that its author need not say. */
export function ruled<F extends AskedField>(field: F): F {
  const { type } = field;
  if (type === 'rating') return { min: 1, max: STARS, ...field };
  const format = FORMATS[type];
  const isText = /^(text|email|tel|url|textarea)$/.test(type);
  return { ...(format !== undefined && { format }), ...(isText && { max_length: LONGEST[type] ?? LONGEST_LINE }), ...field };
}
