import type { PublicField, PublicForm, PublicStep } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import type { Answers, Problem } from '../../src/core/form-answers.ts';
import { say } from '../../src/core/form-texts.ts';
import { attributes, html, type Html } from './html.ts';

/** What a field is drawn from: its form, what was answered, and what is wrong with that. */
export interface Filled {
  form: PublicForm;
  answers: Answers;
  problems: readonly Problem[];
  /** What the ids of inputs begin with, where they could meet others on the page. */
  prefix?: string;
}

/** Where a link to a field's problem leads: its input, or the first of its choices. */
export const fieldAnchor = (id: string, prefix = 'field') => `${prefix}-${id}`;

/** The sentence of a problem, as the form says it to its visitors. */
export const problemSentence = ({ texts, locale }: PublicForm, { code, params }: Problem) =>
  say(texts, `problem.${code}`, locale, params);

/** One step with all its fields, those too that only some answers ask for. */
export function stepMarkup(step: PublicStep, filled: Filled): Html {
  const fields = step.fields.map((field) => fieldMarkup(field, filled));
  if (step.title === undefined) return html`<div class="step">${fields}</div>`;
  const note = step.show_if ? html` <small>(${textOf(filled, 'if_applies')})</small>` : undefined;
  return html`<fieldset class="step"><legend><h2>${step.title}${note}</h2></legend>${fields}</fieldset>`;
}

function fieldMarkup(field: PublicField, filled: Filled): Html {
  const { id, type, label = '' } = field;
  if (type === 'hidden') {
    const value = textOfValue(filled.answers[id] ?? field.default);
    return html`<input${attributes({ type: 'hidden', name: id, value })}>`;
  }
  if (type === 'heading')
    return html`<div class="heading"><h3>${label}</h3>${field.help !== undefined && html`<p class="help">${field.help}</p>`}</div>`;
  const problem = filled.problems.find((one) => one.field === id);
  const anchor = fieldAnchor(id, filled.prefix);
  const notes = html`${field.help !== undefined && html`<p class="help" id="${anchor}-help">${field.help}</p>`}${
    problem && html`<p class="problem" id="${anchor}-problem">${problemSentence(filled.form, problem)}</p>`
  }`;
  const told = [field.help !== undefined && `${anchor}-help`, problem && `${anchor}-problem`].filter(Boolean).join(' ');
  const shared = { 'aria-describedby': told || undefined, 'aria-invalid': problem ? 'true' : undefined };
  const classes = `field${field.width === 'half' ? ' half' : ''}${problem ? ' wrong' : ''}`;
  if (type === 'checkbox' || type === 'consent')
    return html`<div class="${classes}">${tickMarkup(field, filled, shared)}${notes}</div>`;
  if (type === 'radio' || type === 'multi_select' || type === 'rating')
    return html`<fieldset${attributes({ class: classes, ...shared, ...(type === 'radio' || type === 'rating' ? { role: 'radiogroup' } : {}) })}>
<legend>${label}${markOf(field, filled)}</legend>${notes}<div class="${type === 'rating' ? 'stars' : 'choices'}">${choicesMarkup(field, filled)}</div></fieldset>`;
  return html`<div class="${classes}"><label for="${anchor}">${label}${markOf(field, filled)}</label>
${notes}${inputMarkup(field, filled, shared)}</div>`;
}

type Shared = Record<string, string | undefined>;

function inputMarkup(field: PublicField, filled: Filled, shared: Shared): Html {
  const { id, type, placeholder, min, max, min_length, max_length } = field;
  const value = textOfValue(valueOf(field, filled));
  const common = {
    id: fieldAnchor(id, filled.prefix),
    name: id,
    required: isRequired(field),
    autocomplete: field.autocomplete,
    ...shared,
  };
  // Lengths are no attributes: a browser would cut what is pasted without a word.
  if (type === 'textarea')
    return html`<textarea${attributes({ ...common, placeholder, rows: 4 })}>
${value}</textarea>`;
  if (type === 'select') {
    const none = html`<option value="">${placeholder ?? textOf(filled, 'choose')}</option>`;
    const options = field.options?.map(
      (option) => html`<option${attributes({ value: option.value, selected: option.value === value })}>${option.label}</option>`,
    );
    return html`<select${attributes(common)}>${none}${options}</select>`;
  }
  const bounds = type === 'date' ? { min, max } : {};
  const written = type === 'date' ? {} : { placeholder, inputmode: type === 'number' ? 'decimal' : undefined };
  const size = min_length === undefined && max_length !== undefined && max_length <= 10 ? { size: max_length } : {};
  // A number's own input would leave out what is none, so that it could be neither refused nor shown again.
  const kind = type === 'number' ? 'text' : type;
  return html`<input${attributes({ ...common, type: kind, ...bounds, ...written, ...size, value: value || undefined })}>`;
}

function tickMarkup(field: PublicField, filled: Filled, shared: Shared): Html {
  const { id, type, label = '' } = field;
  const checked = valueOf(field, filled) === true;
  const input = {
    type: 'checkbox',
    id: fieldAnchor(id, filled.prefix),
    name: id,
    value: 'true',
    checked,
    required: isRequired(field),
    ...shared,
  };
  return html`<label class="choice${type === 'consent' && ' consent'}"><input${attributes(input)}> <span>${label}${markOf(field, filled)}</span></label>`;
}

function choicesMarkup(field: PublicField, filled: Filled): Html[] {
  const { id, type } = field;
  const anchor = fieldAnchor(id, filled.prefix);
  const value = valueOf(field, filled);
  const chosen = (Array.isArray(value) ? value : [value]).map(textOfValue);
  return (field.options ?? []).map((option, index) => {
    const input = {
      type: type === 'multi_select' ? 'checkbox' : 'radio',
      id: index === 0 ? anchor : `${anchor}-${index + 1}`,
      name: id,
      value: option.value,
      checked: chosen.includes(option.value),
      required: type !== 'multi_select' && isRequired(field),
    };
    return html`<label class="choice"><input${attributes(input)}> <span>${option.label}</span></label>`;
  });
}

/** What only some answers ask for is marked so, and required only where the server finds that it was asked for. */
function markOf({ type, required, show_if }: PublicField, filled: Filled): Html | undefined {
  if (show_if) return html` <small>(${textOf(filled, 'if_applies')})</small>`;
  return required || type === 'checkbox' ? undefined : html` <small>(${textOf(filled, 'optional')})</small>`;
}

const isRequired = (field: PublicField) => field.required === true && !field.show_if;

/** A consent is given by the visitor alone, and never beforehand. */
const valueOf = (field: PublicField, { answers }: Filled): FormValue | undefined =>
  Object.hasOwn(answers, field.id) ? answers[field.id] : field.type === 'consent' ? undefined : field.default;

const textOf = ({ form }: Filled, name: string) => say(form.texts, name, form.locale);
const textOfValue = (value: FormValue | undefined) => (value === undefined ? '' : String(value));
