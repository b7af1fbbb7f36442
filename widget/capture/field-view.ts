import type { PublicField } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import type { Problem } from '../../src/core/form-answers.ts';
import { h, setAttribute } from './element.ts';
import type { ShownForm } from './shown-form.ts';

/** One field on the page: what the visitor reads, answers, and is told of the answer. */
export interface FieldView {
  readonly field: PublicField;
  readonly element: HTMLElement;
  readonly hasProblem: boolean;
  /** What the inputs hold, however wrong. */
  read(): FormValue;
  write(value: FormValue | undefined): void;
  /** Says what is wrong with the answer, or that nothing is; gives what it says. */
  say(problem: Problem | undefined): string;
  focus(): void;
}

/** Makes a field of native inputs, with its words beside them. */
export function fieldView(text: ShownForm['text'], field: PublicField): FieldView {
  const { id, type, help, width } = field;
  const isMany = type === 'multi_select';
  const isGroup = isMany || type === 'radio' || type === 'rating';
  // A hyphen keeps it from hiding a property of the form element.
  const name = `f-${id}`;
  const problem = h('p', { class: 'problem', id: `${name}-problem`, hidden: true });
  const element = h(
    isGroup ? 'fieldset' : 'div',
    { class: `field ${type} ${width ?? 'full'}` },
    ...question(field, name, text),
    help && h('p', { class: 'muted', id: `${name}-help` }, help),
    problem,
  );
  // As inputs all of them are alike in what matters here.
  const controls = [...element.querySelectorAll<HTMLInputElement>('input,select,textarea')];
  const isTicked = /radio|checkbox/.test(controls[0]?.type ?? '');
  for (const each of isGroup ? [element] : controls) setAttribute(each, 'aria-describedby', `${name}-help ${name}-problem`);

  return {
    field,
    element,
    get hasProblem() {
      return !problem.hidden;
    },
    read() {
      const given = controls
        .filter(({ checked }) => checked || !isTicked)
        // What the browser itself cannot read is no answer but a wrong one.
        .map(({ validity, value }) => (validity.badInput ? '?' : value));
      return isMany ? given : (given[0] ?? '');
    },
    write(value = '') {
      const values = [value].flat().map(String);
      for (const control of controls) {
        if (isTicked) control.checked = values.includes(control.value);
        else control.value = values[0] ?? '';
      }
    },
    say(found) {
      const sentence = found ? text(`problem.${found.code}`, found.params) : '';
      problem.hidden = !found;
      problem.textContent = sentence;
      for (const each of controls) setAttribute(each, 'aria-invalid', found && 'true');
      return sentence;
    },
    focus() {
      (controls.find(({ checked }) => checked) ?? controls[0])?.focus();
    },
  };
}

/** The inputs of a field with the words that name them. */
function question(field: PublicField, name: string, text: ShownForm['text']): Node[] {
  const { type, label = '', required, placeholder, min, max, options = [], autocomplete } = field;
  const mark = h(
    'span',
    { class: 'muted', 'aria-hidden': required && 'true' },
    ` ${text(required ? 'required_mark' : 'optional')}`,
  );
  const choice = (type: string, value: string, required: boolean | undefined, ...words: (Node | string)[]) =>
    h('label', { class: 'option' }, h('input', { type, name, value, required }), h('span', {}, ...words));

  switch (type) {
    case 'heading':
      return [h('h3', {}, label)];
    case 'checkbox':
    case 'consent':
      return [choice('checkbox', 'true', required, ...withLinks(label), mark)];
    case 'radio':
    case 'rating':
    case 'multi_select': {
      const isRadio = type !== 'multi_select';
      const choices = options.map(({ value, label }) =>
        choice(isRadio ? 'radio' : 'checkbox', value, isRadio && required, label),
      );
      return [h('legend', { class: 'label' }, label, mark), h('div', { class: 'options' }, ...choices)];
    }
    default: {
      const tag = type === 'select' || type === 'textarea' ? type : 'input';
      const control = h(tag, {
        class: 'input',
        type: tag === 'input' && type,
        id: name,
        name,
        required,
        placeholder,
        min,
        max,
        step: type === 'number' && 'any',
        autocomplete,
      });
      if (type === 'select')
        for (const { value, label } of [{ value: '', label: placeholder ?? text('choose') }, ...options])
          control.append(h('option', { value }, label));
      return [h('label', { class: 'label', for: name }, label, mark), control];
    }
  }
}

/** The addresses in a text become links; everything else stays text. */
const withLinks = (text: string) =>
  text
    .split(/(https?:\/\/\S*[^\s.,;:!?)])/)
    .map((part, index) => (index % 2 ? h('a', { href: part, target: '_blank', rel: 'noopener' }, part) : part));
