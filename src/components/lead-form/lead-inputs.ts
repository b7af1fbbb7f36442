import { html, nothing } from 'lit';
import type { Me } from '../../contract/session.ts';
import type { ComboboxController } from '../../controllers/combobox-controller.ts';
import type { LeadOption, LeadOptions } from '../../controllers/lead-options-controller.ts';

import type { common, leadForm, records } from '../../locales/en.ts';
import { button } from '../shared/button.ts';
import { combobox } from '../shared/combobox.ts';
import { dateInput } from '../shared/date-input.ts';
import { field, type FieldParts } from '../shared/field.ts';
import type { Localized } from '../shared/localized.ts';
import { select } from '../shared/select.ts';
import { textArea, textInput } from '../shared/text-input.ts';
import { firstStage, type LeadValues } from './lead-values.ts';

type Name = Exclude<keyof LeadValues & string, `custom_fields.${string}`>;

export interface LeadInputs {
  values: LeadValues;
  isNew: boolean;
  options: LeadOptions;
  failed: ReadonlyMap<LeadOption, unknown>;
  retry(): void;
  sources: ComboboxController;
  me: Me | undefined;
  texts: Localized<typeof leadForm>;
  common: Localized<typeof common>;
  records: Localized<typeof records>;
  isReadOnly: boolean;
  isDisabled: boolean;
  errorOf(name: string): string | undefined;
  change<One extends Name>(name: One, value: LeadValues[One]): void;
  leave(name: string): void;
}

/** What a lead is about, where it stands and what it is worth. */
export const leadInputs = (form: LeadInputs) => [
  line(form, 'title', { isWide: true, help: form.isNew ? form.texts.text('help.title') : undefined }),
  line(form, 'product_interest'),
  sourceInput(form),
  pipelineInput(form),
  stageInput(form),
  amountInput(form),
  numberInput(form, 'budget'),
  line(form, 'timeline'),
  labelled(form, 'expected_close_date', (given) =>
    dateInput({
      ...given,
      name: 'expected_close_date',
      value: form.values.expected_close_date,
      readable: form.values.expected_close_date && form.texts.formats.day(form.values.expected_close_date),
      change: (value) => form.change('expected_close_date', value),
      leave: () => form.leave('expected_close_date'),
    }),
  ),
  ownerInput(form),
  scoreInput(form),
  numberInput(form, 'score_value', { help: form.texts.text('help.score_value') }),
];

/** Whatever else is to be kept. */
export const notesInput = (form: LeadInputs) =>
  labelled(
    form,
    'notes',
    (given) =>
      textArea({
        ...given,
        name: 'notes',
        value: form.values.notes,
        input: (value) => form.change('notes', value),
        leave: () => form.leave('notes'),
      }),
    { isWide: true },
  );

type Control = FieldParts['control'];

const labelled = (form: LeadInputs, name: Name, control: Control, more: Partial<FieldParts> = {}) =>
  field({
    id: name,
    label: form.texts.text(`field.${name}` as keyof typeof leadForm),
    error: form.errorOf(name),
    isReadOnly: form.isReadOnly,
    isDisabled: form.isDisabled,
    control,
    ...more,
  });

const line = (form: LeadInputs, name: 'title' | 'product_interest' | 'timeline', more: Partial<FieldParts> = {}) =>
  labelled(
    form,
    name,
    (given) =>
      textInput({
        ...given,
        name,
        autocomplete: 'off',
        value: form.values[name],
        input: (value) => form.change(name, value),
        leave: () => form.leave(name),
      }),
    more,
  );

const numeric = (form: LeadInputs, name: 'budget' | 'score_value' | 'lead_value', given: Parameters<Control>[0]) =>
  textInput({
    ...given,
    name,
    inputMode: name === 'score_value' ? 'numeric' : 'decimal',
    autocomplete: 'off',
    value: form.values[name],
    input: (value) => form.change(name, value),
    leave: () => form.leave(name),
  });

const numberInput = (form: LeadInputs, name: 'budget' | 'score_value', more: Partial<FieldParts> = {}) =>
  labelled(form, name, (given) => numeric(form, name, given), more);

/** An amount and its currency, which budget shares. */
const amountInput = (form: LeadInputs) => {
  const hasFailed = form.values.currency === '' && form.failed.has('currency');
  return labelled(
    form,
    'lead_value',
    (given) => html`
      <span class="amount">
        ${numeric(form, 'lead_value', given)}
        ${select({
          id: 'currency',
          label: form.texts.text('field.currency'),
          name: 'currency',
          isDisabled: form.isDisabled || form.isReadOnly,
          isInvalid: form.errorOf('currency') !== undefined,
          value: form.values.currency,
          placeholder: form.values.currency === '' ? form.common.text('choose') : undefined,
          options: currencies(form.values.currency),
          change: (value) => form.change('currency', value),
        })}
      </span>
      ${hasFailed ? retry(form) : nothing}
    `,
    { help: hasFailed ? form.texts.text('currency.failed') : undefined },
  );
};

/** Loads again what could not be loaded. */
const retry = (form: LeadInputs) =>
  html`<div class="retry">${button({ text: form.common.text('retry'), isSmall: true, press: form.retry })}</div>`;

function pipelineInput(form: LeadInputs) {
  const { options, values, failed, change } = form;
  const { pipelines = [] } = options;
  return chosen(form, 'pipeline_id', {
    options: pipelines.map(({ id, name }) => ({ value: id, text: name })),
    hasFailed: failed.has('pipelines') && form.texts.text('stage.failed'),
    change: (id) => {
      change('pipeline_id', id);
      const pipeline = pipelines.find((each) => each.id === id);
      if (!pipeline?.stages.some((stage) => stage.id === values.stage_id)) change('stage_id', firstStage(pipeline) ?? '');
    },
  });
}

function stageInput(form: LeadInputs) {
  const { options, values, change } = form;
  const stages = options.pipelines?.find(({ id }) => id === values.pipeline_id)?.stages ?? [];
  return chosen(form, 'stage_id', {
    options: stages
      .filter(({ is_active, id }) => is_active || id === values.stage_id)
      .toSorted((one, other) => one.display_order - other.display_order)
      .map(({ id, name }) => ({ value: id, text: name })),
    change: (id) => change('stage_id', id),
  });
}

/** Those whom the caller may give the lead to, and whoever has it now. */
function ownerInput(form: LeadInputs) {
  const { me, values, texts, options, failed, change, isNew } = form;
  const own = me?.user?.id;
  const mayOnlyOwn = me?.role === 'member';
  const owners = (options.owners ?? []).filter(({ id }) => !mayOnlyOwn || id === own || id === values.owner_id);
  return chosen(form, 'owner_id', {
    placeholder: isNew ? form.common.text('choose') : texts.text('owner.none'),
    options: owners.map(({ id, name }) => ({ value: id, text: id === own ? texts.text('owner.me', { name }) : name })),
    hasFailed: failed.has('owners') && texts.text('owner.failed'),
    change: (id) => change('owner_id', id),
  });
}

const scoreInput = (form: LeadInputs) =>
  chosen(form, 'score', {
    options: SCORES.map((score) => ({ value: score, text: form.records.text(`lead.score.${score}`) })),
    change: (score) => form.change('score', score as LeadValues['score']),
  });

interface Chosen {
  options: readonly { value: string; text: string }[];
  placeholder?: string;
  /** What is said where the options could not be loaded. */
  hasFailed?: string | false;
  change(value: string): void;
}

function chosen(
  form: LeadInputs,
  name: 'pipeline_id' | 'stage_id' | 'owner_id' | 'score',
  { options, placeholder, hasFailed, change }: Chosen,
) {
  const value = form.values[name];
  // What is chosen is shown by nothing else while its options are on their way.
  const isUnknown = value !== '' && !options.some((option) => option.value === value);
  return labelled(
    form,
    name,
    ({ isReadOnly, ...given }) => html`
      ${select({
        ...given,
        name,
        isDisabled: given.isDisabled || isReadOnly,
        value: isUnknown ? '' : value,
        placeholder: placeholder ?? (isUnknown || value === '' ? form.common.text(hasFailed ? 'choose' : 'loading') : undefined),
        options,
        change,
        leave: () => form.leave(name),
      })}
      ${hasFailed ? retry(form) : nothing}
    `,
    { help: hasFailed || undefined },
  );
}

const sourceInput = (form: LeadInputs) =>
  labelled(form, 'source', ({ id: _, ...given }) =>
    combobox({
      ...given,
      combobox: form.sources,
      leave: () => form.leave('source'),
      texts: {
        list: form.texts.text('source.search'),
        loading: form.common.text('searching'),
        empty: form.texts.text('source.none'),
        failed: form.texts.text('source.failed'),
        retry: form.common.text('retry'),
        clear: form.common.text('clearNamed', { name: form.texts.text('field.source') }),
        toggle: form.common.text('showOptions'),
        count: (count) => form.common.text('results', { count }),
        create: (name) => form.texts.text('source.create', { name }),
      },
    }),
  );

/** From the coldest to the hottest. */
const SCORES: readonly LeadValues['score'][] = ['cold', 'warm', 'hot'];
const known = Intl.supportedValuesOf('currency');

const currencies = (own: string) =>
  (known.includes(own) || own === '' ? known : [own, ...known]).map((code) => ({ value: code, text: code }));
