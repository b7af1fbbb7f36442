import type { NewSubmission, SuccessAction } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import type { Outcome } from '../parts.ts';
import { AnswerSheet } from './answer-sheet.ts';
import { h } from './element.ts';
import { type FormDuties, type FormView, formView } from './form-view.ts';
import { keep, type Kept, readKept } from './kept-answers.ts';
import type { ShownForm } from './shown-form.ts';

type Values = Readonly<Record<string, FormValue>>;

/** One visitor's way through a form: from its first answer until what became of it is said. */
export interface Filling {
  /** What is on the page: the form, and later what became of it. */
  readonly element: HTMLElement;
  /** Whether there are answers that are not sent yet. */
  readonly isUnderWay: boolean;
  prefill(values: Values): void;
  /** Forgets the answers and begins anew. */
  reset(): void;
  /** Hears of nothing any more. */
  end(): void;
}

/** Shows the form, keeps its answers, sends them, and says what became of them. */
export function fillIn(shown: ShownForm): Filling {
  const { options, form, text, emit, track } = shown;
  const { sending, visit } = options;
  const element = h('div', { class: 'body' });
  let prefilled = options.prefill;
  let sheet: AnswerSheet;
  let view: FormView;
  let kept: Omit<Kept, 'answers'>;
  let isUnderWay: boolean;
  let isSending = false;
  let saving: Promise<unknown> = Promise.resolve();
  let end = () => {};

  function begin() {
    const before = readKept(form);
    isUnderWay = !!before;
    kept = { since: Date.now(), ...before };
    sheet = new AnswerSheet(form);
    sheet.prefill(prefilled, options.skipsPrefilled);
    if (before) sheet.restore(before.answers);
    view = formView(shown, sheet, duties, kept.step);
    element.replaceChildren(view.element);
  }

  const tellPage: ShownForm['emit'] = (name, facts) => emit(name, facts, sheet.kept);
  const save = () => keep(form, { ...kept, answers: sheet.answers });

  const duties: FormDuties = {
    changed(field) {
      if (!isUnderWay) {
        isUnderWay = true;
        track('start');
        tellPage('mill-form-started', {});
      }
      save();
      tellPage('mill-form-changed', { field });
    },
    stepped(step) {
      kept.step = step;
      save();
      track('step', { step });
      tellPage('mill-form-stepped', { step });
      if (form.partial && visit.allows('storage') && hasConsent()) savePartial();
    },
    async send() {
      if (!isLetGo()) return;
      setSending(true);
      const entry = { ...submission(), formTitle: form.title ?? location.hostname, ...(kept.held && { completes: kept.held }) };
      const outcome = await sending.submit(entry).catch(() => undefined);
      setSending(false);
      if (!outcome) return view.refuse([], text('failed'));
      tell(outcome, outcome.key);
      // What became of it is read aloud; a form that was refused says itself where to look.
      element.querySelector<HTMLElement>('.result')?.focus();
    },
  };

  function setSending(now: boolean) {
    isSending = now;
    view.sends(now);
  }

  /** Whether every consent that is needed is given. */
  const hasConsent = () => sheet.fields.every(({ id, type, required }) => type !== 'consent' || !required || sheet.answers[id]);

  function savePartial() {
    // One behind the other, so that each knows what the one before was given.
    saving = saving.then(async () => {
      if (isSending || !isUnderWay) return;
      const held = await sending.savePartial(submission(), kept.held).catch(() => undefined);
      if (held) kept.held = held;
      if (isUnderWay) save();
    });
  }

  /** Asks the page, which may change what goes along. */
  function isLetGo() {
    const offered = { ...sheet.kept };
    for (const { id, type } of sheet.fields) if (!options.sharesAnswers && type !== 'hidden') delete offered[id];
    const answers = { ...offered };
    if (!emit('mill-form-submit', { answers })) return false;
    for (const field of sheet.fields) if (answers[field.id] !== offered[field.id]) sheet.answer(field, answers[field.id]);
    return true;
  }

  function submission() {
    const body: Omit<NewSubmission, 'proof'> = {
      version: form.version,
      answers: sheet.kept,
      locale: form.locale,
      ...visit.about(),
      elapsed_ms: Math.max(0, Date.now() - kept.since),
      submitted_at: new Date().toISOString(),
      trap: view.bait.value || undefined,
    };
    return { api: options.api, formId: form.id, needsProof: form.proof, body };
  }

  function tell(outcome: Outcome, key: string) {
    switch (outcome.kind) {
      case 'received':
        done();
        track('submit');
        tellPage('mill-form-submitted', { submissionId: outcome.receipt.id });
        succeed(outcome.receipt.success);
        break;
      case 'queued':
        // What is only in memory is lost with the tab; its answers are not.
        if (outcome.isKept) done();
        tellPage('mill-form-queued', { key });
        say('', text(`queued_${outcome.isKept ? outcome.reason : 'memory'}`));
        awaitEnd(key);
        break;
      case 'refused': {
        const { problems, message } = outcome;
        isUnderWay = true;
        save();
        element.replaceChildren(view.element);
        view.refuse(problems, problems[0] ? undefined : message);
        tellPage('mill-form-failed', { problems, message });
      }
    }
  }

  function done() {
    isUnderWay = false;
    keep(form);
  }

  /** Goes on telling the truth about what was queued. */
  function awaitEnd(key: string) {
    end();
    end = sending.onSettled((entry, outcome) => {
      if (entry.key !== key || outcome.kind === 'queued') return;
      end();
      tell(outcome, key);
      // The form has it again, so it is not told of at the next visit.
      if (outcome.kind === 'refused') void sending.drop(key);
    });
  }

  function succeed(success: SuccessAction) {
    if (success.kind === 'form') return options.follow(success.form_id);
    if (success.kind === 'redirect' && /^https?:/i.test(success.url)) location.assign(success.url);
    const { title, message } = success as { title?: string; message?: string };
    say(title ?? text('received_title'), message ?? text('received'));
  }

  function say(title: string, message: string) {
    const hadFocus = element.matches(':focus-within');
    const said = h('div', { class: 'result', role: 'status', tabindex: -1 }, title && h('h2', {}, title), h('p', {}, message));
    element.replaceChildren(said);
    if (hadFocus) said.focus();
  }

  begin();
  return {
    element,
    get isUnderWay() {
      return isUnderWay;
    },
    prefill(values) {
      prefilled = { ...prefilled, ...values };
      sheet.prefill(values);
      view.refresh();
    },
    reset() {
      end();
      keep(form);
      begin();
    },
    end: () => end(),
  };
}
