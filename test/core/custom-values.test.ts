import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { givenValues, heldValues, valueProblems, type ValueField } from '../../src/core/custom-values.ts';

const field = (name: string, field_type: ValueField['field_type'], more: Partial<ValueField> = {}): ValueField => ({
  name,
  field_type,
  configuration: {},
  is_required: false,
  ...more,
});

const choices = { options: [{ value: 's', label: 'Small' }, { value: 'l' }] };
const FIELDS = [
  field('nickname', 'text', { configuration: { default: 'Ada', min_length: 2, max_length: 5, pattern: '[a-zA-Z]+' } }),
  field('turnover', 'number', { configuration: { min: 10, max: 100 } }),
  field('since', 'date', { configuration: { min: '2026-01-01', max: '2026-12-31' } }),
  field('vip', 'boolean', { is_required: true }),
  field('size', 'select', { configuration: choices }),
  field('sizes', 'multi_select', { configuration: choices, is_required: true }),
];

const heldNew = heldValues(FIELDS, undefined, 'de');
const codes = (contents: Record<string, unknown>, values?: Record<string, string | number | boolean | string[]>) =>
  valueProblems(FIELDS, contents, values, 'de').map(({ path, code, params }) => [path, code, params]);

describe('Values of custom fields', () => {
  test('of a new record are its defaults, and those of a record what it has', () => {
    assert.deepEqual(heldNew, {
      'custom_fields.nickname': 'Ada',
      'custom_fields.turnover': '',
      'custom_fields.since': '',
      'custom_fields.vip': false,
      'custom_fields.size': '',
      'custom_fields.sizes': [],
    });
    const held = heldValues(FIELDS, { turnover: 12.5, sizes: ['l'] }, 'de');
    assert.deepEqual(held['custom_fields.turnover'], '12,5');
    assert.deepEqual(held['custom_fields.nickname'], '', 'A record without a value does not get the default.');
    assert.deepEqual(held['custom_fields.vip'], null);
  });

  test('are sent where they differ from the defaults or from what the record has', () => {
    assert.deepEqual(givenValues(FIELDS, heldNew, undefined, 'de'), { vip: false });
    const contents = {
      ...heldNew,
      'custom_fields.nickname': ' ',
      'custom_fields.turnover': '12,5',
      'custom_fields.sizes': ['s'],
    };
    assert.deepEqual(givenValues(FIELDS, contents, undefined, 'de'), {
      nickname: null,
      turnover: 12.5,
      vip: false,
      sizes: ['s'],
    });
    assert.deepEqual(givenValues(FIELDS, contents, { turnover: 12.5, vip: true, sizes: ['s'] }, 'de'), { vip: false });
  });

  test('are checked by type, bounds, length, pattern, options and whether they are required', () => {
    assert.deepEqual(codes(heldNew), [['custom_fields.sizes', 'required', {}]]);
    const wrong = {
      'custom_fields.nickname': 'A',
      'custom_fields.turnover': 'much',
      'custom_fields.since': '2025-12-31',
      'custom_fields.vip': true,
      'custom_fields.size': 'xl',
      'custom_fields.sizes': ['s', 'xl'],
    };
    assert.deepEqual(codes(wrong), [
      ['custom_fields.nickname', 'too_short', { minimum: 2 }],
      ['custom_fields.turnover', 'wrong_type', { expected: 'number' }],
      ['custom_fields.since', 'too_small', { minimum: '2026-01-01' }],
      ['custom_fields.size', 'not_option', { options: ['s', 'l'] }],
      ['custom_fields.sizes', 'not_option', { options: ['s', 'l'] }],
    ]);
    const others = {
      ...wrong,
      'custom_fields.nickname': 'A1',
      'custom_fields.turnover': '9',
      'custom_fields.since': '2027-01-01',
    };
    assert.deepEqual(codes(others).slice(0, 3), [
      ['custom_fields.nickname', 'not_format', {}],
      ['custom_fields.turnover', 'too_small', { minimum: 10 }],
      ['custom_fields.since', 'too_large', { maximum: '2026-12-31' }],
    ]);
    assert.deepEqual(codes({ ...heldNew, 'custom_fields.nickname': 'Adelaide', 'custom_fields.turnover': '101' }).slice(0, 2), [
      ['custom_fields.nickname', 'too_long', { maximum: 5 }],
      ['custom_fields.turnover', 'too_large', { maximum: 100 }],
    ]);
  });

  test('that a record has are not asked again, but may not be taken away where they are required', () => {
    const values = { nickname: 'Adelaide of old', size: 'gone' };
    const held = heldValues(FIELDS, values, 'de');
    assert.deepEqual(codes(held, values), []);
    const had = { sizes: ['s'] };
    assert.deepEqual(codes({ ...heldValues(FIELDS, had, 'de'), 'custom_fields.sizes': [] }, had), [
      ['custom_fields.sizes', 'required', {}],
    ]);
  });
});
