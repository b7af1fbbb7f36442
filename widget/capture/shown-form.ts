import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { say } from '../../src/core/form-texts.ts';
import type { CaptureOptions, Sending, Visit } from '../parts.ts';
import type { FormEvents } from './capture.events.ts';

export type ShowOptions = CaptureOptions & { sending: Sending };

type Answers = Readonly<Record<string, FormValue>>;

/** What the parts of one form on a page share. */
export interface ShownForm {
  readonly options: ShowOptions;
  readonly form: PublicForm;
  /** What keeps page and form apart. */
  readonly root: ShadowRoot;
  /** A text of the form, in its language. */
  text(name: string, params?: Record<string, string | number>): string;
  /** Tells the page; false where it canceled. The answers go along only where the page asked for them. */
  emit<Name extends keyof FormEvents>(
    name: Name,
    facts?: Omit<FormEvents[Name], 'formId' | 'answers'> & { answers?: Answers },
    answers?: Answers,
  ): boolean;
  /** Counts what happens. */
  track(event: Parameters<Visit['track']>[0], facts?: Parameters<Visit['track']>[2]): void;
}

/** Binds what the parts share to one form and its element. */
export function shownForm(host: HTMLElement, options: ShowOptions): ShownForm {
  const { form, sharesAnswers, pushesDataLayer, visit } = options;
  return {
    options,
    form,
    root: host.shadowRoot ?? host.attachShadow({ mode: 'open' }),
    text: (name, params) => say(form.texts, name, form.locale, params),
    emit(name, facts, answers) {
      const detail = { formId: form.id, ...(sharesAnswers && answers && { answers }), ...facts };
      if (pushesDataLayer) {
        const page = globalThis as { dataLayer?: unknown };
        const layer: unknown[] = Array.isArray(page.dataLayer) ? page.dataLayer : (page.dataLayer = []);
        layer.push({ event: name, ...detail });
      }
      return host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }));
    },
    track: (event, facts) => visit.track(event, form, facts),
  };
}
