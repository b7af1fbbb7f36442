import type { FieldProblem } from '../../core/form-state.ts';
import type { Params } from '../../core/text-layers.ts';
import type { errors } from '../../locales/en.ts';
import type { Localized } from './localized.ts';

type Errors = Localized<typeof errors>;
type ErrorName = keyof typeof errors;

/** More choices than this are not worth listing. */
const MOST_CHOICES = 8;

/**
 * What is wrong with one value, as a sentence in the reader's language; `labelOf` gives the label of a field by its name on the
 * wire. A problem that only a newer API knows is said in its own words.
 */
export function problemText(texts: Errors, { code, params, message }: FieldProblem, labelOf: (name: string) => string): string {
  const has = (name: string): name is ErrorName => name in texts.texts;
  const plain = Object.fromEntries(Object.entries(params).filter(([, value]) => !Array.isArray(value))) as Params;
  const listed = (name: string, joint: 'and' | 'or', textOf = (one: string) => one) => {
    const values = params[name];
    return Array.isArray(values) ? { [name]: texts.formats.list(values.map(textOf), joint) } : {};
  };
  switch (code) {
    case 'wrong_type':
      if (!has(`type.${String(params['expected'])}`)) break;
      return texts.text('wrong_type', { expected: texts.text(`type.${String(params['expected'])}` as ErrorName) });
    case 'too_small':
    case 'too_large': {
      const bound = params['minimum'] ?? params['maximum'];
      if (params['exclusive']) return texts.text(`${code}.exclusive`, plain);
      return texts.text(typeof bound === 'string' ? `${code}.date` : code, plain);
    }
    case 'not_step': {
      const decimals = -Math.log10(Number(params['step']));
      return Number.isInteger(decimals) && decimals > 0
        ? texts.text('not_step.decimals', { count: decimals })
        : texts.text(code, plain);
    }
    case 'not_option':
      if (!Array.isArray(params['options']) || params['options'].length > MOST_CHOICES) return texts.text('not_option.any');
      return texts.text(code, listed('options', 'or'));
    case 'not_date':
      return texts.text(code, { day: '2026-01-31' });
    case 'too_big':
      return texts.text(code, { size: texts.formats.fileSize(Number(params['bytes'])) });
    case 'one_of_needed':
      return texts.text(code, listed('fields', 'or', labelOf));
    case 'only_one_of':
      return texts.text(code, listed('fields', 'and', labelOf));
    default:
      if (has(code)) return texts.text(code, plain);
  }
  return message ?? texts.text('VALIDATION_ERROR');
}

/** Why a call failed, as a sentence in the reader's language. */
export function failureText(texts: Errors, error: unknown): string {
  // By its fields rather than its class: the client may come from another copy of the package.
  const {
    name,
    code = '',
    message,
    retryAfter,
  } = error as { name?: string; code?: string; message?: string; retryAfter?: number };
  if (name === 'ConnectionError') return texts.text('offline');
  if (code === 'RATE_LIMITED' && retryAfter !== undefined)
    return texts.text('RATE_LIMITED.after', { count: Math.ceil(retryAfter) });
  // In English the API says itself what stands in the way.
  if (code === 'CONFLICT' && message && texts.isOurEnglish(code)) return message;
  if (code in texts.texts) return texts.text(code as ErrorName);
  return name === 'ApiError' && message ? message : texts.text('unexpected');
}
