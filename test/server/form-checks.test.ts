import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FormDefinition, type FormField, type ShowIf } from '../../src/contract/form-definition.ts';
import { formProblems, type KnownToForm } from '../../server/forms/form-checks.ts';
import { newId } from '../../server/ids.ts';
import { TEN_FIELDS } from '../support/ten-field-form.ts';

const ids = { source: newId(), pipeline: newId(), other: newId(), stage: newId(), member: newId(), form: newId(), own: newId() };

const known: KnownToForm = {
  locale: 'en',
  customFields: [
    { context: 'contact', name: 'size', field_type: 'number', options: [] },
    { context: 'lead', name: 'region', field_type: 'select', options: ['north', 'south'] },
    { context: 'lead', name: 'wants', field_type: 'multi_select', options: ['roof', 'wall'] },
    { context: 'lead', name: 'ready', field_type: 'boolean', options: [] },
    { context: 'lead', name: 'visit', field_type: 'date', options: [] },
    { context: 'lead', name: 'code', field_type: 'text', options: [] },
  ],
  sources: new Set([ids.source]),
  pipelines: new Set([ids.pipeline, ids.other]),
  stages: new Map([[ids.stage, ids.pipeline]]),
  members: new Set([ids.member]),
  forms: new Set([ids.form, ids.own]),
  matches: (pattern, text) => new RegExp(`^(?:${pattern})$`, 'u').test(text),
  published: undefined,
  formId: ids.own,
};

/** The least form there is. */
const EMAIL: FormField = { id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' };
const plain = (...fields: FormField[]): FormDefinition => ({ steps: [{ id: 'one', fields: [EMAIL, ...fields] }] });

/** Place and code of each problem of a definition, which the contract itself must take. */
function found(definition: FormDefinition, beside: Partial<KnownToForm> = {}): string[] {
  return formProblems(FormDefinition.parse(definition), { ...known, ...beside }).map(({ path, code }) => `${path} ${code}`);
}

const sentences = (definition: FormDefinition) => formProblems(definition, known).map(({ message }) => message);

const choice = (id: string, ...values: string[]): FormField => ({
  id,
  type: 'radio',
  label: id,
  options: values.map((value) => ({ value })),
});
const when = (...all: { field: string; operator: string; value?: unknown }[]) => ({ all }) as ShowIf;

describe('a definition without problems', () => {
  for (const [what, definition] of Object.entries<FormDefinition>({
    'is the least form': plain(),
    'is a whole one': TEN_FIELDS,
    'names records that there are': {
      ...plain(),
      lead: {
        source_id: ids.source,
        pipeline_id: ids.pipeline,
        stage_id: ids.stage,
        owner: { kind: 'round_robin', user_ids: [ids.member] },
      },
      success: { kind: 'form', form_id: ids.form },
    },
    'goes to custom fields that hold its answers': plain(
      { id: 'size', type: 'rating', label: 'Size', maps_to: 'contact.custom.size' },
      { ...choice('region', 'north'), maps_to: 'lead.custom.region' },
      { id: 'wants', type: 'multi_select', label: 'W', options: [{ value: 'wall' }], maps_to: 'lead.custom.wants' },
      { id: 'ready', type: 'checkbox', label: 'Ready', maps_to: 'lead.custom.ready' },
      { id: 'visit', type: 'date', label: 'Visit', maps_to: 'lead.custom.visit' },
      { id: 'code', type: 'hidden', default: 'x', maps_to: 'lead.custom.code' },
    ),
    'opens in every way': {
      ...plain(),
      display: {
        mode: 'slide_in',
        position: 'start',
        opener: 'Ask us',
        triggers: [
          { on: 'load' },
          { on: 'exit' },
          { on: 'call' },
          { on: 'time', value: 5 },
          { on: 'scroll', value: 50 },
          { on: 'idle', value: 30 },
          { on: 'click', value: '.ask' },
          { on: 'seen', value: '#end' },
          { on: 'url', value: '*/pricing' },
          { on: 'event', value: 'ask' },
        ],
        frequency: { show: 'days', days: 7 },
      },
    },
  }))
    test(what, () => assert.deepEqual(found(definition), []));
});

describe('what keeps a form from being published has its place and its code:', () => {
  const cases: Record<string, [FormDefinition, ...string[]]> = {
    'two fields of one id': [
      plain(EMAIL, { ...EMAIL, maps_to: 'contact.notes' }),
      'steps.0.fields.1.id taken',
      'steps.0.fields.2.id taken',
      'steps.0.fields.1.maps_to taken',
    ],
    'two steps of one id': [{ steps: [plain().steps[0]!, { id: 'one', fields: [choice('a', 'x')] }] }, 'steps.1.id taken'],
    'ids that are kept for something': [
      {
        steps: [
          { id: 'success', fields: [EMAIL, { id: 'fax_line', type: 'text', label: 'Fax' }, { id: 'lang', type: 'hidden' }] },
        ],
      },
      'steps.0.id reserved',
      'steps.0.fields.1.id reserved',
      'steps.0.fields.2.id reserved',
    ],
    'a step that shows nothing': [
      { steps: [plain().steps[0]!, { id: 'two', fields: [{ id: 'plan', type: 'hidden', default: 'a' }] }] },
      'steps.1.fields unseen',
    ],
    'more fields than a form has': [
      {
        steps: [1, 2].map((step) => ({
          id: `s${step}`,
          fields: Array.from({ length: 60 }, (_, index): FormField => ({
            ...EMAIL,
            id: `f${step}_${index}`,
            ...(step + index > 1 && { maps_to: undefined }),
          })),
        })),
      },
      'steps too_many',
    ],
    'a field without a label': [plain({ id: 'a', type: 'text' }), 'steps.0.fields.1.label required'],
    'a choice without options': [plain({ id: 'a', type: 'select', label: 'A' }), 'steps.0.fields.1.options required'],
    'one option twice': [plain(choice('a', 'x', 'y', 'x')), 'steps.0.fields.1.options.2.value taken'],
    'options of a text': [plain({ ...choice('a', 'x'), type: 'text' }), 'steps.0.fields.1.options only_for'],
    'parts that a kind does not know': [
      plain({ id: 'a', type: 'heading', label: 'A', required: true, default: 'x', maps_to: 'contact.notes' }),
      'steps.0.fields.1.required only_for',
      'steps.0.fields.1.default only_for',
      'steps.0.fields.1.maps_to only_for',
      'steps.0.fields.1.maps_to not_fitting',
    ],
    'bounds the wrong way round': [
      plain(
        { id: 'a', type: 'number', label: 'A', min: 5, max: 4 },
        { id: 'b', type: 'text', label: 'B', min_length: 5, max_length: 4 },
        { id: 'c', type: 'date', label: 'C', min: '2026-02-01', max: '2026-01-01' },
        { id: 'd', type: 'multi_select', label: 'D', options: [{ value: 'x' }], min_length: 2 },
      ),
      'steps.0.fields.1.max too_small',
      'steps.0.fields.2.max_length too_small',
      'steps.0.fields.3.max too_small',
      'steps.0.fields.4.min_length too_large',
    ],
    'bounds of another kind': [
      plain({ id: 'a', type: 'number', label: 'A', min: '2026-01-01' }, { id: 'b', type: 'date', label: 'B', max: 4 }),
      'steps.0.fields.1.min wrong_type',
      'steps.0.fields.2.max not_date',
    ],
    'stars that are too few or too many': [
      plain({ id: 'a', type: 'rating', label: 'A', max: 1 }, { id: 'b', type: 'rating', label: 'B', max: 11 }),
      'steps.0.fields.1.max too_small',
      'steps.0.fields.2.max too_large',
    ],
    'a pattern that only browsers know': [
      plain({ id: 'a', type: 'text', label: 'A', pattern: '(?=x)x+' }, { id: 'b', type: 'text', label: 'B', pattern: '(' }),
      'steps.0.fields.1.pattern not_pattern',
      'steps.0.fields.2.pattern not_pattern',
    ],
    'a default that is no answer': [
      plain(
        { id: 'a', type: 'number', label: 'A', min: 5, default: 4 },
        { ...choice('b', 'x'), default: 'y' },
        { id: 'c', type: 'text', label: 'C', pattern: '[a-z]+', default: 'A1' },
        { id: 'd', type: 'checkbox', label: 'D', default: 'yes' },
        { id: 'e', type: 'date', label: 'E', default: '2026-02-30' },
      ),
      ...[1, 2, 3, 4, 5].map((place) => `steps.0.fields.${place}.default not_answer`),
    ],
    'a consent without a version': [plain({ id: 'a', type: 'consent', label: 'I agree' }), 'steps.0.fields.1.version required'],
    'a consent without a text': [plain({ id: 'a', type: 'consent', version: '1' }), 'steps.0.fields.1.label required'],
    'a consent that is given beforehand': [
      plain({ id: 'a', type: 'consent', label: 'I agree', version: '1', default: true }),
      'steps.0.fields.1.default only_for',
    ],
    'a hidden field that nobody can fill': [
      plain({ id: 'a', type: 'hidden', required: true }),
      'steps.0.fields.1.default required',
    ],
    'nobody to make a lead of': [
      { steps: [{ id: 'one', fields: [{ id: 'a', type: 'text', label: 'A', maps_to: 'contact.company' }] }] },
      'steps no_identity',
    ],
    'targets that there are not': [
      plain(
        { id: 'a', type: 'text', label: 'A', maps_to: 'contact.score' },
        { id: 'b', type: 'text', label: 'B', maps_to: 'lead.custom.gone' },
        { id: 'c', type: 'text', label: 'C', maps_to: 'contact.constructor' },
        { id: 'd', type: 'text', label: 'D', maps_to: 'contact.custom.region' },
      ),
      ...[1, 2, 3, 4].map((place) => `steps.0.fields.${place}.maps_to not_target`),
    ],
    'targets of another kind': [
      plain(
        { id: 'a', type: 'textarea', label: 'A', maps_to: 'contact.firstname' },
        { id: 'b', type: 'text', label: 'B', maps_to: 'lead.budget' },
        { id: 'c', type: 'text', label: 'C', maps_to: 'lead.custom.region' },
        { id: 'd', type: 'checkbox', label: 'D', maps_to: 'lead.notes' },
        { ...choice('e', '5'), maps_to: 'contact.custom.size' },
        { id: 'f', type: 'rating', label: 'F', maps_to: 'lead.custom.code' },
        { id: 'g', type: 'hidden', maps_to: 'lead.custom.ready' },
        { id: 'h', type: 'hidden', maps_to: 'lead.custom.wants' },
      ),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((place) => `steps.0.fields.${place}.maps_to not_fitting`),
    ],
    'options that their target does not have': [
      plain(
        { ...choice('a', 'north', 'east'), maps_to: 'lead.custom.region' },
        { ...choice('b', 'DE', 'Deutschland'), maps_to: 'contact.country' },
        { ...choice('c', '1000', 'plenty'), maps_to: 'lead.budget' },
      ),
      ...[1, 2, 3].map((place) => `steps.0.fields.${place}.options.1.value not_fitting`),
    ],
    'two fields for one target': [
      plain({ id: 'a', type: 'email', label: 'A', maps_to: 'contact.email' }),
      'steps.0.fields.1.maps_to taken',
    ],
    'a name and its parts': [
      plain(
        { id: 'a', type: 'text', label: 'A', maps_to: 'contact.name' },
        { id: 'b', type: 'text', label: 'B', maps_to: 'contact.firstname' },
      ),
      'steps.0.fields.2.maps_to only_one_of',
    ],
    'a trigger without its value, or with another': [
      {
        ...plain(),
        display: {
          mode: 'popup',
          triggers: [{ on: 'time' }, { on: 'click', value: 5 }, { on: 'scroll', value: 101 }, { on: 'load', value: 1 }],
        },
      },
      'display.triggers.0.value required',
      'display.triggers.1.value wrong_type',
      'display.triggers.2.value too_large',
      'display.triggers.3.value only_for',
    ],
    'a position that the shape does not have': [
      { ...plain(), display: { mode: 'banner', position: 'start' } },
      'display.position not_option',
    ],
    'a shape that stays where it is and is to open': [
      {
        ...plain(),
        display: { mode: 'inline', position: 'end', opener: 'Open', triggers: [{ on: 'load' }], frequency: { show: 'once' } },
      },
      'display.position only_for',
      'display.opener only_for',
      'display.triggers only_for',
      'display.frequency only_for',
    ],
    'a side tab without a text': [{ ...plain(), display: { mode: 'side_tab' } }, 'display.opener required'],
    'days that are missing, or not asked for': [
      { ...plain(), display: { mode: 'popup', frequency: { show: 'days' } } },
      'display.frequency.days required',
    ],
    'days beside another frequency': [
      { ...plain(), display: { mode: 'popup', frequency: { show: 'once', days: 3 } } },
      'display.frequency.days only_for',
    ],
    'texts for what there is not': [
      {
        ...plain(choice('a', 'x')),
        texts: {
          de: { 'a.label': 'A', 'a.options.x': 'X', 'a.options.y': 'Y', title: 'T', 'b.label': 'B' },
          en: { submit: 'Go', 'a.label': 'A' },
        },
      },
      'texts.de.a.options.y unknown_text',
      'texts.de.title unknown_text',
      'texts.de.b.label unknown_text',
      'texts.en.a.label unknown_text',
    ],
    'records that there are not': [
      {
        ...plain(),
        lead: {
          source_id: newId(),
          pipeline_id: newId(),
          stage_id: newId(),
          owner: { kind: 'least_loaded', user_ids: [ids.member, newId()] },
        },
      },
      'lead.source_id not_found',
      'lead.pipeline_id not_found',
      'lead.stage_id not_found',
      'lead.owner.user_ids.1 not_found',
    ],
    'a stage of another pipeline': [
      { ...plain(), lead: { pipeline_id: ids.other, stage_id: ids.stage } },
      'lead.stage_id only_for',
    ],
    'an owner who is no member': [
      { ...plain(), lead: { owner: { kind: 'fixed', user_id: newId() } } },
      'lead.owner.user_id not_found',
    ],
    'a creator where visitors create': [{ ...plain(), lead: { owner: { kind: 'creator' } } }, 'lead.owner.kind not_option'],
    'a form that follows itself': [{ ...plain(), success: { kind: 'form', form_id: ids.own } }, 'success.form_id not_published'],
    'a form that nobody meets': [{ ...plain(), success: { kind: 'form', form_id: newId() } }, 'success.form_id not_published'],
  };
  for (const [what, [definition, ...problems]] of Object.entries(cases))
    test(what, () => assert.deepEqual(found(definition).toSorted(), problems.toSorted()));

  test('a consent with other words under the version that was published', () => {
    const consent: FormField = { id: 'agreed', type: 'consent', label: 'I agree', version: '1' };
    const german = { texts: { de: { 'agreed.label': 'Ich stimme zu' } } };
    const published = { ...plain(consent), ...german };
    assert.deepEqual(found(published, { published }), []);
    assert.deepEqual(found({ ...plain({ ...consent, label: 'I agree to all' }), ...german }, { published }), [
      'steps.0.fields.1.version same_version',
    ]);
    assert.deepEqual(found({ ...plain({ ...consent, label: 'I agree to all', version: '2' }), ...german }, { published }), []);
    assert.deepEqual(found({ ...plain(consent), texts: { de: { 'agreed.label': 'Ja' } } }, { published }), [
      'texts.de.agreed.label same_version',
    ]);
    assert.deepEqual(found({ ...plain(consent), texts: { ...german.texts, fr: { 'agreed.label': 'Oui' } } }, { published }), []);
  });
});

describe('conditions', () => {
  const asked: FormField[] = [
    choice('plan', 'free', 'team'),
    { id: 'seats', type: 'number', label: 'Seats', min: 1, max: 50 },
    { id: 'start', type: 'date', label: 'Start' },
    { id: 'why', type: 'text', label: 'Why' },
    { id: 'wants', type: 'multi_select', label: 'Wants', options: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] },
    { id: 'agreed', type: 'checkbox', label: 'Agreed' },
    { id: 'stars', type: 'rating', label: 'Stars' },
    { id: 'note', type: 'heading', label: 'Note' },
  ];
  /** What is wrong with a second step that is shown if these hold. */
  const wrong = (showIf: ShowIf) =>
    found({
      steps: [
        { id: 'one', fields: [EMAIL, ...asked] },
        { id: 'two', show_if: showIf, fields: [{ id: 'last', type: 'text', label: 'Last' }] },
      ],
    });

  for (const showIf of [
    when({ field: 'plan', operator: 'equals', value: 'team' }, { field: 'seats', operator: 'greater', value: 10 }),
    when({ field: 'seats', operator: 'greater', value: 1 }, { field: 'seats', operator: 'less', value: 2 }),
    when({ field: 'start', operator: 'greater', value: '2026-01-01' }, { field: 'start', operator: 'less', value: '2026-01-03' }),
    when({ field: 'wants', operator: 'contains', value: 'a' }, { field: 'wants', operator: 'contains', value: 'b' }),
    when({ field: 'why', operator: 'contains', value: 'sun' }, { field: 'why', operator: 'contains', value: 'rain' }),
    when({ field: 'why', operator: 'filled' }, { field: 'why', operator: 'not_equals', value: 'sun' }),
    when({ field: 'agreed', operator: 'equals', value: true }, { field: 'stars', operator: 'one_of', value: [4, 5] }),
    {
      any: [
        { field: 'plan', operator: 'equals', value: 'free' },
        { field: 'plan', operator: 'equals', value: 'team' },
      ],
    } as ShowIf,
  ])
    test(`can hold: ${JSON.stringify(showIf)}`, () => assert.deepEqual(wrong(showIf), []));

  for (const showIf of [
    when({ field: 'plan', operator: 'equals', value: 'free' }, { field: 'plan', operator: 'equals', value: 'team' }),
    when(
      { field: 'plan', operator: 'not_equals', value: 'free' },
      { field: 'plan', operator: 'not_equals', value: 'team' },
      { field: 'plan', operator: 'filled' },
    ),
    when({ field: 'plan', operator: 'filled' }, { field: 'plan', operator: 'empty' }),
    when({ field: 'seats', operator: 'greater', value: 50 }),
    when({ field: 'seats', operator: 'greater', value: 9 }, { field: 'seats', operator: 'less', value: 9 }),
    when({ field: 'start', operator: 'less', value: '2026-01-01' }, { field: 'start', operator: 'greater', value: '2026-01-01' }),
    when({ field: 'wants', operator: 'equals', value: 'a' }, { field: 'wants', operator: 'contains', value: 'b' }),
    when({ field: 'agreed', operator: 'equals', value: true }, { field: 'agreed', operator: 'empty' }),
    when({ field: 'stars', operator: 'greater', value: 5 }),
    when({ field: 'why', operator: 'equals', value: 'sun' }, { field: 'why', operator: 'equals', value: 'rain' }),
  ])
    test(`can never hold: ${JSON.stringify(showIf)}`, () => assert.deepEqual(wrong(showIf), ['steps.1.show_if unreachable']));

  const nonsense: [ShowIf, string][] = [
    [when({ field: 'nobody', operator: 'filled' }), 'field not_earlier'],
    [when({ field: 'note', operator: 'filled' }), 'field not_earlier'],
    [when({ field: 'last', operator: 'filled' }), 'field not_earlier'],
    [when({ field: 'plan', operator: 'equals', value: 'huge' }), 'value not_answer'],
    [when({ field: 'plan', operator: 'one_of', value: ['free', 'huge'] }), 'value not_answer'],
    [when({ field: 'plan', operator: 'equals' }), 'value required'],
    [when({ field: 'plan', operator: 'filled', value: 'free' }), 'value only_for'],
    [when({ field: 'plan', operator: 'equals', value: ['free'] }), 'value wrong_type'],
    [when({ field: 'plan', operator: 'one_of', value: 'free' }), 'value wrong_type'],
    [when({ field: 'plan', operator: 'greater', value: 'free' }), 'operator only_for'],
    [when({ field: 'seats', operator: 'contains', value: '1' }), 'operator only_for'],
    [when({ field: 'seats', operator: 'equals', value: 51 }), 'value not_answer'],
    [when({ field: 'seats', operator: 'greater', value: 'many' }), 'value not_answer'],
    [when({ field: 'start', operator: 'greater', value: 'soon' }), 'value not_answer'],
    [when({ field: 'agreed', operator: 'equals', value: false }), 'value not_answer'],
  ];
  for (const [showIf, what] of nonsense)
    test(`mean nothing: ${JSON.stringify(showIf)}`, () => assert.deepEqual(wrong(showIf), [`steps.1.show_if.all.0.${what}`]));

  test('of a field name neither itself nor one that comes later', () => {
    const first: FormField = {
      id: 'first',
      type: 'text',
      label: 'First',
      show_if: when({ field: 'second', operator: 'filled' }),
    };
    const second: FormField = {
      id: 'second',
      type: 'text',
      label: 'Second',
      show_if: when({ field: 'second', operator: 'filled' }),
    };
    assert.deepEqual(found(plain(first, second)), [
      'steps.0.fields.1.show_if.all.0.field not_earlier',
      'steps.0.fields.2.show_if.all.0.field not_earlier',
    ]);
  });

  test('hold together with those of the questions that they ask about', () => {
    const why: FormField = {
      id: 'why',
      type: 'text',
      label: 'Why',
      show_if: when({ field: 'plan', operator: 'equals', value: 'free' }),
    };
    const plan = choice('plan', 'free', 'team');
    const how = (showIf: ShowIf): FormField => ({ id: 'how', type: 'text', label: 'How', show_if: showIf });
    const filled = { field: 'why', operator: 'filled' };
    assert.deepEqual(found(plain(plan, why, how(when(filled)))), []);
    assert.deepEqual(found(plain(plan, why, how(when(filled, { field: 'plan', operator: 'equals', value: 'team' })))), [
      'steps.0.fields.3.show_if unreachable',
    ]);
    assert.deepEqual(
      found(
        plain(plan, why, how(when({ field: 'why', operator: 'empty' }, { field: 'plan', operator: 'equals', value: 'team' }))),
      ),
      [],
    );
  });

  test('of a field hold together with those of its step', () => {
    const last: FormField = {
      id: 'last',
      type: 'text',
      label: 'Last',
      show_if: when({ field: 'plan', operator: 'equals', value: 'free' }),
    };
    const definition: FormDefinition = {
      steps: [
        { id: 'one', fields: [EMAIL, choice('plan', 'free', 'team')] },
        {
          id: 'two',
          show_if: when({ field: 'plan', operator: 'equals', value: 'team' }),
          fields: [{ ...EMAIL, id: 'x', maps_to: undefined }, last],
        },
      ],
    };
    assert.deepEqual(found(definition), ['steps.1.fields.1.show_if unreachable']);
  });

  test('that are too many to be sure of are looked through in bounded time, and taken to hold', () => {
    const fields = Array.from({ length: 20 }, (_, index) => choice(`q${index}`, 'a', 'b', 'c'));
    const any = fields.map(({ id }) => ({ field: id, operator: 'equals' as const, value: 'a' }));
    const chained = (length: number) =>
      fields
        .slice(0, length)
        .map((field, index): FormField => (index === 0 ? field : { ...field, show_if: { any: any.slice(0, index) } }));
    // Each way back from the last question leads to the first, which is not to be answered.
    const last = (length: number): FormField => ({
      ...choice('last', 'a'),
      show_if: when({ field: 'q0', operator: 'empty' }, any[length - 1]!),
    });
    assert.deepEqual(found(plain(...chained(5), last(5))), ['steps.0.fields.6.show_if unreachable']);
    assert.deepEqual(found(plain(...chained(20), last(20))), []);
  });
});

test('a problem is told in a sentence that names its field', () => {
  assert.deepEqual(
    sentences(plain({ id: 'a', type: 'select', label: 'Plan' }, { id: 'b', type: 'text', label: 'Age', maps_to: 'lead.budget' })),
    ['The list of options of “Plan” is required.', 'The mapping of “Age” names lead.budget, which keeps values of another kind.'],
  );
  assert.deepEqual(sentences(plain({ id: 'a', type: 'text', label: 'A', show_if: when({ field: 'b', operator: 'filled' }) })), [
    'The condition of the field “A” names b, which is no question that comes before it.',
  ]);
});
