import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormState, type FieldProblem } from '../../src/core/form-state.ts';

const EMPTY = { email: '', tags: [] as string[], 'custom_fields.size': '', custom_fields: '' };

/** E-mails need an at sign, and there must be one. */
function check({ email }: typeof EMPTY): FieldProblem[] {
  if (email === '') return [{ path: 'email', code: 'required', params: {} }];
  return email.includes('@') ? [] : [{ path: 'email', code: 'not_email', params: {} }];
}

const form = (values = EMPTY) => new FormState(values, check);
const codes = (state: FormState<typeof EMPTY>) => state.problems.map(({ code }) => code);

describe('A form', () => {
  test('tells a problem once its field was changed and left, and then with every change', () => {
    const state = form();
    state.leave('email');
    assert.deepEqual(codes(state), [], 'Passing through a field is no mistake.');
    state.change('email', 'ada');
    assert.deepEqual(codes(state), [], 'Nobody is corrected while they type.');
    state.leave('email');
    assert.deepEqual(codes(state), ['not_email']);
    state.change('email', 'ada@example.com');
    assert.deepEqual(codes(state), []);
    state.change('email', '');
    assert.deepEqual(codes(state), ['required']);
  });

  test('tells all problems once sending was tried', () => {
    const state = form();
    assert.equal(state.try(), false);
    assert.deepEqual(codes(state), ['required']);
    state.change('email', 'ada@example.com');
    assert.equal(state.try(), true);
  });

  test('tells what a server refused until that field changes, beside its own problems', () => {
    const state = form({ ...EMPTY, email: 'ada@example.com' });
    state.refuse([
      { path: '', code: 'one_of_needed', params: {} },
      { path: 'tags.3', code: 'too_long', params: {} },
      { path: 'email', code: 'taken', params: {} },
    ]);
    assert.deepEqual(codes(state), ['one_of_needed', 'taken', 'too_long']);
    assert.equal(state.problemOf('tags')?.code, 'too_long');
    state.change('email', 'ada@example.org');
    assert.deepEqual(codes(state), ['one_of_needed', 'too_long']);
    state.change('email', '');
    assert.equal(state.problemOf('email')?.code, 'required');
    state.change('email', 'ada@example.org');
    assert.equal(state.try(), true, 'Trying again asks the server anew.');
  });

  test('knows which field a path lies in, the nearest one', () => {
    assert.equal(form().fieldOf('custom_fields.size'), 'custom_fields.size');
    assert.equal(form().fieldOf('custom_fields.colour'), 'custom_fields');
    assert.equal(form().fieldOf('tagsome'), undefined);
  });

  test('is dirty where its values differ, not where they were changed back', () => {
    const state = form();
    state.change('tags', ['new']);
    assert.deepEqual(state.changed, ['tags']);
    state.change('tags', []);
    assert.equal(state.isDirty, false);
  });

  test('follows a record that others change, but for what is changed here', () => {
    const state = form({ ...EMPTY, email: 'old@example.com' });
    state.change('email', 'mine@example.com');
    state.follow({ ...EMPTY, email: 'theirs@example.com', tags: ['theirs'] });
    assert.deepEqual(state.values.tags, ['theirs']);
    assert.equal(state.values.email, 'mine@example.com');
    assert.deepEqual(state.conflicts, [{ name: 'email', mine: 'mine@example.com', theirs: 'theirs@example.com' }]);
    assert.equal(state.try(), false, 'A conflict is settled before the form is sent.');
    state.settle('email', 'mine');
    assert.equal(state.try(), true);
    assert.deepEqual(state.changed, ['email']);
  });

  test('takes the other value where that is favoured, and has no conflict where both agree', () => {
    const state = form({ ...EMPTY, email: 'old@example.com' });
    state.change('email', 'mine@example.com');
    state.follow({ ...EMPTY, email: 'theirs@example.com' });
    state.settle('email', 'theirs');
    assert.equal(state.values.email, 'theirs@example.com');
    assert.equal(state.isDirty, false);
    state.change('email', 'same@example.com');
    state.follow({ ...EMPTY, email: 'same@example.com' });
    assert.deepEqual(state.conflicts, []);
    assert.equal(state.isDirty, false);
  });

  test('keeps a conflict that others end by going back', () => {
    const state = form({ ...EMPTY, email: 'old@example.com' });
    state.change('email', 'mine@example.com');
    state.follow({ ...EMPTY, email: 'theirs@example.com' });
    state.follow({ ...EMPTY, email: 'theirs@example.com', tags: ['later'] });
    assert.equal(state.conflicts.length, 1, 'What is not settled stays.');
    state.follow({ ...EMPTY, email: 'mine@example.com' });
    assert.deepEqual(state.conflicts, []);
  });

  test('keeps what was typed while it was being saved', () => {
    const state = form();
    state.change('email', 'Ada@Example.com');
    const sent = state.values;
    state.change('tags', ['later']);
    state.saved({ ...sent }, { ...EMPTY, email: 'ada@example.com' });
    assert.equal(state.values.email, 'ada@example.com');
    assert.deepEqual(state.changed, ['tags']);
    assert.deepEqual(state.conflicts, []);
  });

  test('has the fields that its record has, in their order', () => {
    const state = new FormState<Record<string, unknown>>({ email: '', old: '', tags: [] }, () => []);
    state.change('email', 'mine');
    state.change('old', 'typed');
    state.follow({ email: '', 'custom_fields.size': 'L', tags: [] });
    assert.deepEqual(Object.entries(state.values), [
      ['email', 'mine'],
      ['custom_fields.size', 'L'],
      ['tags', []],
    ]);
    assert.deepEqual(state.changed, ['email']);
  });

  test('knows what is wrong before it is told', () => {
    const state = form();
    assert.deepEqual(codes(state), []);
    assert.deepEqual(
      state.wrong.map(({ code }) => code),
      ['required'],
    );
    state.refuse([{ path: 'tags', code: 'too_many', params: {} }]);
    assert.deepEqual(
      state.wrong.map(({ code }) => code),
      ['required', 'too_many'],
    );
  });

  test('begins anew', () => {
    const state = form();
    state.change('email', 'ada');
    state.try();
    state.reset();
    assert.deepEqual(state.values, EMPTY);
    assert.deepEqual(codes(state), []);
  });

  test('takes other defaults, fields and spellings for nobody’s change', () => {
    const state = form({ ...EMPTY, email: 'ada@example.com', 'custom_fields.size': '1.5' });
    state.change('email', 'eve@example.com');
    state.renew({ ...EMPTY, email: 'other@example.com', 'custom_fields.size': '1,5' });
    assert.deepEqual([state.values.email, state.values['custom_fields.size']], ['eve@example.com', '1,5']);
    assert.deepEqual([state.changed, state.conflicts], [['email'], []]);
    state.follow({ ...EMPTY, email: 'theirs@example.com', 'custom_fields.size': '1,5' });
    state.renew({ ...EMPTY, email: 'THEIRS@example.com' }, { ...EMPTY, email: 'EVE@example.com', 'custom_fields.size': '9' });
    assert.deepEqual(state.conflicts, [{ name: 'email', mine: 'EVE@example.com', theirs: 'THEIRS@example.com' }]);
    assert.equal(state.values['custom_fields.size'], '', 'What nobody has changed is the record’s.');
  });
});
