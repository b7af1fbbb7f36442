import type * as z from 'zod/mini';

/** Everything that can be wrong with one value; `params` of an issue fill the sentence's blanks. */
export const ISSUE_CODES = [
  'required',
  'unknown',
  'wrong_type',
  'too_short',
  'too_long',
  'too_few',
  'too_many',
  'too_small',
  'too_large',
  'not_step',
  'not_option',
  'not_email',
  'not_url',
  'not_date',
  'not_time',
  'not_moment',
  'not_id',
  'not_format',
  'not_pattern',
  'not_phone',
  'not_timezone',
  'not_currency',
  'not_country',
  'not_color',
  'not_origin',
  'not_allowed_origin',
  'not_address',
  'not_future',
  'not_past',
  'only_for',
  'not_embeddable',
  'not_cursor',
  'not_text',
  'not_password',
  'not_proof',
  'too_big',
  'one_of_needed',
  'only_one_of',
  'not_found',
  'taken',
  'reserved',
  'not_earlier',
  'unreachable',
  'unseen',
  'not_answer',
  'not_target',
  'not_fitting',
  'same_version',
  'no_identity',
  'not_published',
  'unknown_text',
] as const;
export type IssueCode = (typeof ISSUE_CODES)[number];
export type IssueParams = Record<string, string | number | string[]>;

/** One thing that is wrong with one value, said for programs (`code`, `params`) and for people (`message`). */
export interface Issue {
  path: string;
  code: IssueCode;
  params: IssueParams;
  message: string;
}

/** `contact.first_name` → `Contact first name`. */
const labelOf = (path: string) => {
  const words = path.replace(/[._[\]]+/g, ' ').trim();
  return words === '' ? 'The request' : words[0]!.toUpperCase() + words.slice(1);
};

const listed = (values: string[], joint: 'and' | 'or') =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} ${joint} ${values.at(-1)}`;

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

const sentences: Record<IssueCode, (label: string, params: any) => string> = {
  required: (label) => `${label} is required.`,
  unknown: (_, { name }) => `There is no field called ${name}.`,
  wrong_type: (label, { expected }) => `${label} must be ${/^[aeio]/.test(expected) ? 'an' : 'a'} ${expected}.`,
  too_short: (label, { minimum }) => `${label} must have at least ${counted(minimum, 'character')}.`,
  too_long: (label, { maximum }) => `${label} must have at most ${counted(maximum, 'character')}.`,
  too_few: (label, { minimum }) => `${label} must have at least ${counted(minimum, 'entry').replace('entrys', 'entries')}.`,
  too_many: (label, { maximum }) => `${label} must have at most ${counted(maximum, 'entry').replace('entrys', 'entries')}.`,
  too_small: (label, { minimum, exclusive }) => `${label} must be ${exclusive ? 'more than' : 'at least'} ${minimum}.`,
  too_large: (label, { maximum, exclusive }) => `${label} must be ${exclusive ? 'less than' : 'at most'} ${maximum}.`,
  not_step: (label, { step }) => `${label} must be a multiple of ${step}.`,
  not_option: (label, { options }) => `${label} must be ${listed(options, 'or')}.`,
  not_email: (label) => `${label} must be an e-mail address like name@example.com.`,
  not_url: (label) => `${label} must be an address that starts with http:// or https://.`,
  not_date: (label) => `${label} must be a date like 2026-01-31.`,
  not_time: (label) => `${label} must be a date like 2026-01-31 or a time like 2026-01-31T09:30:00Z.`,
  not_moment: (label) =>
    `${label} must be a time with its offset from UTC, like 2026-01-31T09:30:00Z or 2026-01-31T10:30:00+01:00.`,
  not_id: (label) => `${label} must be an id.`,
  not_format: (label, { pattern }) => `${label} ${pattern ? `must match ${pattern}` : 'does not have the right form'}.`,
  not_pattern: (label) =>
    `${label} must be a regular expression of at most 500 characters with its repeats written out, without look-around, back references and lazy repeats.`,
  not_phone: (label) => `${label} must be a phone number, best with its country code, like +49 30 123456.`,
  not_timezone: (label) => `${label} must be a timezone like Europe/Berlin.`,
  not_currency: (label) => `${label} must be a currency code like EUR.`,
  not_country: (label) => `${label} must be a country code of two letters, like DE.`,
  not_color: (label) => `${label} must be a colour like #3366ff.`,
  not_origin: (label) => `${label} must be an origin like https://www.example.com, without a path.`,
  not_allowed_origin: (label) => `${label} must be one of the workspace's allowed origins: add it there first.`,
  not_address: (label) => `${label} must be an IP address or a network like 203.0.113.0/24 or 2001:db8::/32.`,
  not_future: (label) => `${label} must be in the future.`,
  not_past: (label) => `${label} must not be in the future.`,
  only_for: (label, { what }) => `${label} is for ${what} only.`,
  not_embeddable: (label) =>
    `${label} holds what an embed token can't carry: workspace:api_keys, or beside owner_scope any workspace permission.`,
  not_cursor: (label) => `${label} is not a cursor of this list with these filters and this order: start again without it.`,
  not_text: (label) => `${label} holds a character that can't be stored.`,
  not_password: (label) => `${label} is wrong.`,
  not_proof: (label) => `${label} is no longer good: take a new challenge and send its answer.`,
  too_big: (label, { bytes }) => `${label} must be at most ${bytes / 1024} KB as JSON.`,
  one_of_needed: (_, { fields }) => `At least one of ${listed(fields, 'or')} is required.`,
  only_one_of: (_, { fields }) => `Send only one of ${listed(fields, 'and')}.`,
  not_found: (label) => `${label} names a record that does not exist.`,
  taken: (label) => `${label} is already taken.`,
  reserved: (label) => `${label} is kept for something else: choose another.`,
  not_earlier: (label, { name }) => `${label} names ${name}, which is no question that comes before it.`,
  unreachable: (label) => `${label} can never be shown: no answers meet its conditions.`,
  unseen: (label) => `${label} needs a field that visitors see.`,
  not_answer: (label) => `${label} is no answer that the field takes.`,
  not_target: (label, { target }) => `${label} names ${target}, which no form can fill.`,
  not_fitting: (label, { target }) => `${label} names ${target}, which keeps values of another kind.`,
  same_version: (label, { version }) =>
    `${label} is another than was published as version ${version}: give it a version of its own.`,
  no_identity: () =>
    "A form needs a field that goes to the contact's name, e-mail address or phone number: without one it makes no leads.",
  not_published: (label) => `${label} must be another form that is published.`,
  unknown_text: (label, { name }) => `${label} has nothing called ${name} that a text could stand for.`,
};

/** Makes an issue with its English sentence, about `label` or, unless given, about what the path's words name. */
export function issue(path: string, code: IssueCode, params: IssueParams = {}, label: string = labelOf(path)): Issue {
  return { path, code, params, message: sentences[code](label, params) };
}

/** Marks a rule of a schema that no built-in check expresses; read again by `issuesOf`. */
export const as = (code: IssueCode, params: IssueParams = {}) => ({ params: { code, params } });

const FORMATS: Record<string, IssueCode> = {
  email: 'not_email',
  url: 'not_url',
  date: 'not_date',
  datetime: 'not_moment',
  uuid: 'not_id',
};

const NAMED_TYPES: Record<string, string> = { array: 'list', record: 'object', int: 'integer', stringbool: 'boolean' };

function issueOf(raw: z.core.$ZodIssue, input: unknown, at: readonly PropertyKey[]): Issue[] {
  const keys = ownKeys([...at, ...raw.path], input);
  const path = keys.map(String).join('.');
  switch (raw.code) {
    case 'unrecognized_keys':
      return raw.keys.map((key) => issue([...keys.map(String), key].join('.'), 'unknown', { name: key }));
    case 'invalid_type':
      return isMissing(input, keys)
        ? [issue(path, 'required')]
        : [issue(path, 'wrong_type', { expected: NAMED_TYPES[raw.expected] ?? raw.expected })];
    case 'invalid_value':
      if (isMissing(input, keys)) return [issue(path, 'required')];
      if ((raw as { expected?: string }).expected === 'stringbool') return [issue(path, 'wrong_type', { expected: 'boolean' })];
      return [issue(path, 'not_option', { options: raw.values.map(String) })];
    case 'too_small': {
      const minimum = Number(raw.minimum);
      if (raw.origin === 'string') return [issue(path, 'too_short', { minimum })];
      if (raw.origin === 'array') return [issue(path, 'too_few', { minimum })];
      return [issue(path, 'too_small', raw.inclusive === false ? { minimum, exclusive: 1 } : { minimum })];
    }
    case 'too_big': {
      const maximum = Number(raw.maximum);
      if (raw.origin === 'string') return [issue(path, 'too_long', { maximum })];
      if (raw.origin === 'array') return [issue(path, 'too_many', { maximum })];
      return [issue(path, 'too_large', raw.inclusive === false ? { maximum, exclusive: 1 } : { maximum })];
    }
    case 'not_multiple_of':
      return [issue(path, 'not_step', { step: raw.divisor })];
    case 'invalid_format':
      if (raw.format === 'regex' && raw.pattern) return [issue(path, 'not_format', { pattern: raw.pattern.slice(1, -1) })];
      return [issue(path, FORMATS[raw.format] ?? 'not_format')];
    case 'invalid_union':
      if (raw.errors.length === 0 && raw.discriminator !== undefined)
        return isMissing(input, keys) ? [issue(path, 'required')] : [issue(path, 'not_option', { options: optionsOf(raw) })];
      return raw.errors.length === 0 || raw.errors[0]!.length === 0
        ? [issue(path, 'not_format')]
        : issueOf(raw.errors[0]![0]!, input, keys);
    case 'custom': {
      const marked = raw.params as { code?: IssueCode; params?: IssueParams } | undefined;
      return [issue(path, marked?.code ?? 'not_format', marked?.params)];
    }
    default:
      return [issue(path, 'not_format')];
  }
}

/** The words by which an object says which of several kinds it is. */
const optionsOf = (raw: object) => ('options' in raw && Array.isArray(raw.options) ? raw.options.map(String) : []);

/** A value alone, where a list of them is taken, was not sent as the first of a list. */
function ownKeys(keys: PropertyKey[], input: unknown): PropertyKey[] {
  const [first, second] = keys;
  const isAlone = second === 0 && input !== null && typeof input === 'object' && typeof (input as any)[first!] === 'string';
  return isAlone ? [first!, ...keys.slice(2)] : keys;
}

function isMissing(input: unknown, keys: readonly PropertyKey[]) {
  let value: any = input;
  for (const key of keys) {
    if (value === null || typeof value !== 'object') return true;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value === undefined;
}

/** Turns what a schema found wrong with `input` into the issues of the wire. */
export const issuesOf = (error: z.core.$ZodError, input: unknown): Issue[] =>
  error.issues.flatMap((raw) => issueOf(raw, input, []));
