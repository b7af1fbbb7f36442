import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod/mini';
import { NewContact } from '../../src/contract/contact.ts';
import { issue, ISSUE_CODES, issuesOf, type IssueCode, type IssueParams } from '../../src/contract/issues.ts';

const SENTENCES: Record<IssueCode, [params: IssueParams, sentence: string][]> = {
  required: [[{}, 'First name is required.']],
  unknown: [[{ name: 'surname' }, 'There is no field called surname.']],
  wrong_type: [
    [{ expected: 'string' }, 'First name must be a string.'],
    [{ expected: 'integer' }, 'First name must be an integer.'],
  ],
  too_short: [
    [{ minimum: 1 }, 'First name must have at least 1 character.'],
    [{ minimum: 2 }, 'First name must have at least 2 characters.'],
  ],
  too_long: [[{ maximum: 100 }, 'First name must have at most 100 characters.']],
  too_few: [
    [{ minimum: 1 }, 'First name must have at least 1 entry.'],
    [{ minimum: 2 }, 'First name must have at least 2 entries.'],
  ],
  too_many: [[{ maximum: 50 }, 'First name must have at most 50 entries.']],
  too_small: [
    [{ minimum: 0 }, 'First name must be at least 0.'],
    [{ minimum: 0, exclusive: 1 }, 'First name must be more than 0.'],
  ],
  too_large: [
    [{ maximum: 9 }, 'First name must be at most 9.'],
    [{ maximum: 9, exclusive: 1 }, 'First name must be less than 9.'],
  ],
  not_step: [[{ step: 0.01 }, 'First name must be a multiple of 0.01.']],
  not_option: [
    [{ options: ['low'] }, 'First name must be low.'],
    [{ options: ['low', 'medium', 'high'] }, 'First name must be low, medium or high.'],
  ],
  not_email: [[{}, 'First name must be an e-mail address like name@example.com.']],
  not_url: [[{}, 'First name must be an address that starts with http:// or https://.']],
  not_date: [[{}, 'First name must be a date like 2026-01-31.']],
  not_time: [[{}, 'First name must be a date like 2026-01-31 or a time like 2026-01-31T09:30:00Z.']],
  not_moment: [
    [{}, 'First name must be a time with its offset from UTC, like 2026-01-31T09:30:00Z or 2026-01-31T10:30:00+01:00.'],
  ],
  not_id: [[{}, 'First name must be an id.']],
  not_format: [
    [{}, 'First name does not have the right form.'],
    [{ pattern: '^[a-z]+$' }, 'First name must match ^[a-z]+$.'],
  ],
  not_pattern: [
    [
      {},
      'First name must be a regular expression of at most 500 characters with its repeats written out, without look-around, back references and lazy repeats.',
    ],
  ],
  not_phone: [[{}, 'First name must be a phone number, best with its country code, like +49 30 123456.']],
  not_timezone: [[{}, 'First name must be a timezone like Europe/Berlin.']],
  not_currency: [[{}, 'First name must be a currency code like EUR.']],
  not_country: [[{}, 'First name must be a country code of two letters, like DE.']],
  not_color: [[{}, 'First name must be a colour like #3366ff.']],
  not_origin: [[{}, 'First name must be an origin like https://www.example.com, without a path.']],
  not_allowed_origin: [[{}, "First name must be one of the workspace's allowed origins: add it there first."]],
  not_address: [[{}, 'First name must be an IP address or a network like 203.0.113.0/24 or 2001:db8::/32.']],
  not_future: [[{}, 'First name must be in the future.']],
  not_past: [[{}, 'First name must not be in the future.']],
  only_for: [[{ what: 'tasks' }, 'First name is for tasks only.']],
  not_embeddable: [
    [{}, "First name holds what an embed token can't carry: workspace:api_keys, or beside owner_scope any workspace permission."],
  ],
  not_cursor: [[{}, 'First name is not a cursor of this list with these filters and this order: start again without it.']],
  not_text: [[{}, "First name holds a character that can't be stored."]],
  not_password: [[{}, 'First name is wrong.']],
  not_proof: [[{}, 'First name is no longer good: take a new challenge and send its answer.']],
  too_big: [[{ bytes: 16_384 }, 'First name must be at most 16 KB as JSON.']],
  one_of_needed: [[{ fields: ['email', 'name', 'phone_number'] }, 'At least one of email, name or phone_number is required.']],
  only_one_of: [[{ fields: ['page', 'cursor'] }, 'Send only one of page and cursor.']],
  not_found: [[{}, 'First name names a record that does not exist.']],
  taken: [[{}, 'First name is already taken.']],
  reserved: [[{}, 'First name is kept for something else: choose another.']],
  not_earlier: [[{ name: 'plan' }, 'First name names plan, which is no question that comes before it.']],
  unreachable: [[{}, 'First name can never be shown: no answers meet its conditions.']],
  unseen: [[{}, 'First name needs a field that visitors see.']],
  not_answer: [[{}, 'First name is no answer that the field takes.']],
  not_target: [[{ target: 'lead.score' }, 'First name names lead.score, which no form can fill.']],
  not_fitting: [[{ target: 'lead.budget' }, 'First name names lead.budget, which keeps values of another kind.']],
  same_version: [[{ version: '2' }, 'First name is another than was published as version 2: give it a version of its own.']],
  no_identity: [
    [{}, "A form needs a field that goes to the contact's name, e-mail address or phone number: without one it makes no leads."],
  ],
  not_published: [[{}, 'First name must be another form that is published.']],
  unknown_text: [[{ name: 'plan.label' }, 'First name has nothing called plan.label that a text could stand for.']],
};

describe('an issue', () => {
  for (const code of ISSUE_CODES) {
    test(`of the code ${code} has its sentence`, () => {
      for (const [params, message] of SENTENCES[code])
        assert.deepEqual(issue('first_name', code, params), { path: 'first_name', code, params, message });
    });
  }

  test('is about what it is told, where that has a name of its own', () => {
    assert.equal(
      issue('steps.0.fields.2.label', 'required', {}, 'The label of “plan”').message,
      'The label of “plan” is required.',
    );
  });

  test('names its field in words, however deep it stands, and the request where there is none', () => {
    assert.equal(issue('working_hours.mon.0.from', 'required').message, 'Working hours mon 0 from is required.');
    assert.equal(issue('', 'not_format').message, 'The request does not have the right form.');
  });
});

describe('what a schema finds wrong', () => {
  /** Path and code of every issue. */
  function found(schema: z.ZodMiniType, input: unknown) {
    const { error } = schema.safeParse(input);
    return error ? issuesOf(error, input).map(({ path, code }) => `${path} ${code}`) : [];
  }

  const Sample = z.strictObject({
    text: z.optional(z.string().check(z.minLength(2), z.maxLength(3))),
    number: z.optional(z.number().check(z.gt(0), z.lt(10), z.multipleOf(0.5))),
    whole: z.optional(z.int().check(z.gte(1), z.lte(5))),
    list: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(2))),
    choice: z.optional(z.enum(['a', 'b'])),
    email: z.optional(z.email()),
    id: z.optional(z.uuid()),
    day: z.optional(z.iso.date()),
    at: z.optional(z.iso.datetime()),
    either: z.optional(z.union([z.enum(['me', 'none']), z.uuid()])),
    needed: z.string(),
  });

  test('becomes one code for each kind of fault, under the path of its field', () => {
    const cases: [input: object, expected: string[]][] = [
      [{}, ['needed required']],
      [{ needed: null }, ['needed wrong_type']],
      [{ needed: 'x', text: 'x' }, ['text too_short']],
      [{ needed: 'x', text: 'xxxx' }, ['text too_long']],
      [{ needed: 'x', text: 1 }, ['text wrong_type']],
      [{ needed: 'x', number: 0 }, ['number too_small']],
      [{ needed: 'x', number: 10 }, ['number too_large']],
      [{ needed: 'x', number: 0.7 }, ['number not_step']],
      [{ needed: 'x', whole: 1.5 }, ['whole wrong_type']],
      [{ needed: 'x', whole: 6 }, ['whole too_large']],
      [{ needed: 'x', list: [] }, ['list too_few']],
      [{ needed: 'x', list: ['a', 'b', 'c'] }, ['list too_many']],
      [{ needed: 'x', list: ['a', 2] }, ['list.1 wrong_type']],
      [{ needed: 'x', choice: 'c' }, ['choice not_option']],
      [{ needed: 'x', email: 'nobody' }, ['email not_email']],
      [{ needed: 'x', id: '1' }, ['id not_id']],
      [{ needed: 'x', day: '2026-02-30' }, ['day not_date']],
      [{ needed: 'x', at: 'noon' }, ['at not_moment']],
      [{ needed: 'x', either: 'you' }, ['either not_id']],
      [{ needed: 'x', more: 1, other: 2 }, ['more unknown', 'other unknown']],
      [{ text: 'x', number: -1 }, ['text too_short', 'number too_small', 'needed required']],
    ];
    for (const [input, expected] of cases) assert.deepEqual(found(Sample, input), expected, JSON.stringify(input));
  });

  test('keeps the code of a rule that we wrote ourselves', () => {
    assert.deepEqual(found(NewContact, { city: 'Berlin' }), ['email one_of_needed']);
    assert.deepEqual(found(NewContact, { name: 'A', firstname: 'B' }), ['name only_one_of']);
    assert.deepEqual(found(NewContact, { phone_number: 'abc', country: 'ZZ' }), [
      'phone_number not_phone',
      'country not_country',
    ]);
  });
});
