import type { PublicStep } from '../../src/contract/capture.ts';
import type { Problem } from '../../src/core/form-answers.ts';
import { naming } from '../../src/core/form-texts.ts';
import { type AnswerSheet, isSeen } from './answer-sheet.ts';
import { h, on, setAttribute, setText } from './element.ts';
import { type FieldView, fieldView } from './field-view.ts';
import type { ShownForm } from './shown-form.ts';

/** What the form asks of whoever keeps and sends its answers. */
export interface FormDuties {
  /** The visitor gave an answer. */
  changed(field: string): void;
  /** Another step is shown. */
  stepped(step: string): void;
  /** The visitor sends the form, and every answer is right. */
  send(): void;
}

/** The form on the page: one step at a time, told what is wrong, until it is sent. */
export interface FormView {
  readonly element: HTMLElement;
  /** What people leave empty. */
  readonly bait: HTMLInputElement;
  /** Shows the sheet's answers anew, after something else than the visitor changed them. */
  refresh(): void;
  sends(isSending: boolean): void;
  /** Goes to the first problem's step, and says all that is wrong, beside the fields and above them. */
  refuse(problems: readonly Problem[], message?: string): void;
}

/** Shows a form at a step; its answers are those of the sheet, and go there. */
export function formView({ form, text, track }: ShownForm, sheet: AnswerSheet, duties: FormDuties, step?: string): FormView {
  const { title, trap } = form;
  const words = h('p', { class: 'muted' });
  const bar = h('progress', { class: 'bar', 'aria-hidden': 'true' });
  const progress = h('div', { class: 'progress' }, words, bar);
  const summary = h('div', { class: 'summary', role: 'alert', tabindex: -1, hidden: true });
  const place = h('div', { class: 'step', role: 'group', tabindex: -1 });
  const bait = h('input', { name: trap, tabindex: -1, autocomplete: 'off' });
  const back = h('button', { class: 'back', type: 'button' }, text('back'));
  const forward = h('button', { class: 'main submit' });
  const element = h(
    'form',
    { novalidate: true, 'aria-label': title },
    title && h('h2', {}, title),
    progress,
    summary,
    place,
    trap && h('div', { class: 'trap', 'aria-hidden': 'true' }, bait),
    h('div', { class: 'actions' }, back, forward),
  );
  let fields: FieldView[];
  let steps: readonly PublicStep[];
  let index: number;
  let isSending = false;

  /** Makes the fields of the step, with what is answered so far. */
  function refresh() {
    const { id } = current();
    const { title, fields: all } = form.steps.find((each) => each.id === id) ?? steps[index]!;
    fields = all.filter(isSeen).map((field) => fieldView(text, field));
    for (const { field, write, read } of fields) {
      write(sheet.answers[field.id]);
      // An input may be unable to hold what the page gave.
      sheet.answer(field, read());
    }
    place.replaceChildren(
      title ? h('h3', {}, title) : '',
      h('div', { class: 'fields' }, ...fields.map(({ element }) => element)),
    );
    render();
  }

  /** The step that is shown, with the fields that are asked for. */
  function current() {
    steps = sheet.steps;
    index = Math.max(
      0,
      steps.findIndex(({ id }) => id === step),
    );
    return steps[index]!;
  }

  /** Brings the page in step with the answers; what has focus and text keeps both. */
  function render() {
    const asked = current().fields;
    for (const { field, element } of fields) element.hidden = !asked.some(({ id }) => id === field.id);
    const where = text('step', { step: index + 1, steps: steps.length });
    setText(words, where);
    setAttribute(bar, 'value', index + 1);
    setAttribute(bar, 'max', steps.length);
    setAttribute(place, 'aria-label', !!steps[1] && where);
    progress.hidden = !steps[1];
    back.hidden = !index;
    setText(forward, text(isSending ? 'sending' : steps[index + 1] ? 'next' : 'submit'));
    setAttribute(forward, 'aria-disabled', isSending && 'true');
  }

  function goTo(id: string) {
    step = id;
    summary.hidden = true;
    refresh();
    place.focus();
    duties.stepped(id);
  }

  function refuse(problems: readonly Problem[], message = text('summary', { count: problems.length })) {
    const home = problems[0] && sheet.stepOf(problems[0].field);
    if (home && home.id !== current().id) goTo(home.id);
    const list = h('ul');
    for (const { field, say, focus } of fields) {
      const { id } = field;
      const problem = problems.find((each) => each.field === id);
      const sentence = say(problem);
      if (!problem) continue;
      const link = h('a', { href: '#' }, naming(field, sentence));
      on(link, 'click', (event) => {
        event.preventDefault();
        focus();
      });
      list.append(h('li', {}, link));
      track('error', { step: steps[index]!.id, field: id });
    }
    summary.replaceChildren(message, list);
    summary.hidden = summary.inert = false;
    summary.focus();
  }

  const answered = ({ target, type }: Event) => {
    const view = fields.find(({ element }) => element.contains(target as Node));
    if (!view) return;
    const { field } = view;
    const isDone = type === 'change';
    if (isDone && field.type === 'url') completeAddress(target as HTMLInputElement);
    sheet.answer(field, view.read());
    render();
    if (isDone || view.hasProblem) view.say(sheet.problems([field])[0]);
    // Where it was stays empty: the fields would move away from under the visitor's hands.
    if (!fields.some(({ hasProblem }) => hasProblem)) summary.inert = true;
    if (!isDone) duties.changed(field.id);
  };
  on(element, 'input', answered);
  on(element, 'change', answered);
  on(element, 'submit', (event) => {
    event.preventDefault();
    if (isSending) return;
    const next = steps[index + 1];
    const problems = sheet.problems((next ? [current()] : steps).flatMap(({ fields }) => fields));
    if (problems[0]) refuse(problems);
    else if (next) goTo(next.id);
    else duties.send();
  });
  on(back, 'click', () => goTo(steps[index - 1]!.id));
  // A button that took the focus would have the field before it judged, and would move away from under the pointer.
  on(element, 'mousedown', (event) => {
    if ((event.target as Element).closest('button')) event.preventDefault();
  });
  refresh();

  return {
    element,
    bait,
    refresh,
    sends(now) {
      isSending = now;
      render();
    },
    refuse,
  };
}

/** An address without its scheme is one that people type. */
function completeAddress(input: HTMLInputElement) {
  if (/^\s*[^\s:]+$/.test(input.value)) input.value = `https://${input.value.trim()}`;
}
