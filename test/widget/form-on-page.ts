import type { AxeResults } from 'axe-core';
import 'axe-core';
import type { PublicField, PublicForm } from '../../src/contract/capture.ts';
import type { FormTheme } from '../../src/contract/form-definition.ts';
import { formHeights } from '../../src/core/form-heights.ts';
import { ruled } from '../../src/core/form-rules.ts';
import { formStyles } from '../../server/forms/form-styles.ts';
import { publicTheme } from '../../server/forms/public-theme.ts';
import { ar } from '../../server/forms/texts/ar.ts';
import { de } from '../../server/forms/texts/de.ts';
import { en } from '../../server/forms/texts/en.ts';
import { showForm } from '../../widget/capture/capture.ts';
import type { FormEvents } from '../../widget/capture/capture.events.ts';
import { overdueNotice } from '../../widget/capture/overdue.ts';
import type { Capture, CaptureOptions, Leftovers, NoticePlace, Outcome, Queued, Sending } from '../../widget/parts.ts';
import { afterEach, beforeEach, equal, ok } from '../components/browser-test.ts';

const axe = (globalThis as unknown as { axe: { run(context: Element): Promise<AxeResults> } }).axe;
const TEXTS = { en, de, ar: { ...ar, digits: '٠١٢٣٤٥٦٧٨٩' } };
const EVENTS = 'ready viewed opened closed started stepped changed submit submitted queued failed'.split(' ');

/** Where each test puts its forms. */
export let place: HTMLElement;

/** Gives each test of the file a place of its own, and an empty memory of the tab. */
export function onPage() {
  beforeEach(() => {
    sessionStorage.clear();
    place = document.createElement('main');
    document.body.append(place);
  });

  afterEach(() => {
    for (const shown of all.splice(0)) shown.capture.destroy();
    place.remove();
  });
}

export const NAME: PublicField = { id: 'name', type: 'text', label: 'Name', required: true, autocomplete: 'name' };
export const EMAIL: PublicField = { id: 'email', type: 'email', label: 'E-mail', required: true, autocomplete: 'email' };
export const CONSENT: PublicField = {
  id: 'consent',
  type: 'consent',
  label: 'I agree to https://example.com/privacy.',
  required: true,
  version: '1',
};

export const STARS: PublicField = {
  id: 'stars',
  type: 'rating',
  label: 'How do you like this page?',
  options: ['1 star', '2 stars', '3 stars', '4 stars', '5 stars'].map((label) => ({ value: label[0]!, label })),
};

/** What a test says of a form; its look as its author says it. */
type Said = Partial<Omit<PublicForm, 'theme'>> & { theme?: FormTheme | undefined };

/** A form of these steps, in English unless said. */
export function formOf(steps: PublicForm['steps'], { theme, ...more }: Said = {}): PublicForm {
  const form = {
    id: '01900000-0000-7000-8000-000000000001',
    version: 3,
    locale: 'en',
    dir: 'ltr',
    title: 'Get an estimate',
    steps: steps.map((step) => ({ ...step, fields: step.fields.map(ruled) })),
    display: { mode: 'inline' },
    theme: publicTheme(theme, {}),
    success: { kind: 'message', title: 'Thank you!', message: 'We call you tomorrow.' },
    trap: 'website',
    proof: true,
    partial: false,
    texts: TEXTS[(more.locale ?? 'en') as keyof typeof TEXTS],
    ...more,
  } satisfies Omit<PublicForm, 'heights' | 'styles'>;
  const sized = { ...form, heights: formHeights(form) };
  return { ...sized, styles: formStyles(sized) };
}

export const twoSteps = (more?: Said) =>
  formOf(
    [
      { id: 'you', title: 'About you', fields: [NAME, EMAIL] },
      { id: 'more', title: 'Your project', fields: [{ id: 'message', type: 'textarea', label: 'Message' }, CONSENT] },
    ],
    more,
  );

/** A queue that does what the test says. */
export class FakeSending implements Sending {
  readonly sent: Parameters<Sending['submit']>[0][] = [];
  readonly partial: Parameters<Sending['savePartial']>[] = [];
  readonly heard = new Set<Parameters<Sending['onSettled']>[0]>();
  late: Queued[] = [];
  readonly dropped: string[] = [];
  /** What each submission comes to; received unless said. */
  answer: (number: number) => Outcome | Promise<Outcome> = (number) => RECEIVED(`submission-${number}`);

  async submit(entry: Parameters<Sending['submit']>[0]) {
    const number = this.sent.push(entry);
    return { ...(await this.answer(number)), key: `key-${number}` };
  }

  async savePartial(...given: Parameters<Sending['savePartial']>) {
    this.partial.push(given);
    return { id: 'partial', token: 'token', sequence: this.partial.length };
  }

  readonly left: Promise<Leftovers> = Promise.resolve({
    overdue: async () => this.late,
    retry: async () => this.answer(0),
    drop: (key: string) => this.drop(key),
    notice: async (shown: NoticePlace) => overdueNotice(shown, await this.left),
  });
  onSettled(hear: Parameters<Sending['onSettled']>[0]) {
    this.heard.add(hear);
    return () => void this.heard.delete(hear);
  }
  async drop(key: string) {
    this.dropped.push(key);
  }
  close() {}
}

export const RECEIVED = (
  id: string,
  success: PublicForm['success'] = { kind: 'message', title: 'Thank you!', message: 'We call you tomorrow.' },
): Outcome => ({ kind: 'received', receipt: { id, state: 'received', success } });

const all: Shown[] = [];

/** A form on the page, with what it has told it. */
export class Shown {
  readonly host: HTMLElement;
  readonly capture: Capture;
  readonly sending: FakeSending;
  readonly told: { [Name in keyof FormEvents]: [Name, FormEvents[Name]] }[keyof FormEvents][] = [];
  views = 0;
  readonly counted: unknown[][] = [];
  readonly followed: string[] = [];

  constructor(
    form: PublicForm,
    {
      sending = new FakeSending(),
      host = document.createElement('div'),
      allows = false,
      ...options
    }: Partial<CaptureOptions> & { sending?: FakeSending; host?: HTMLElement; allows?: boolean } = {},
  ) {
    this.host = host;
    this.sending = sending;
    for (const name of EVENTS)
      host.addEventListener(`mill-form-${name}` as keyof FormEvents, (event) =>
        // When a form is seen is the browser's to say, between whatever else happens.
        event.type === 'mill-form-viewed' ? this.views++ : this.told.push([event.type, structuredClone(event.detail)] as never),
      );
    if (!host.isConnected) place.append(host);
    this.capture = showForm(host, {
      form,
      api: 'https://crm.example.com/api/v2',
      sending,
      visit: {
        about: () => ({ page: location.href, referrer: 'https://search.example.com/' }),
        allows: () => allows,
        track: (event, { id }, facts) => this.counted.push([event, ...(facts ? [facts] : []), ...(id === form.id ? [] : [id])]),
      },
      follow: (id) => this.followed.push(id),
      ...options,
    });
    all.push(this);
  }

  get root() {
    return this.host.shadowRoot!;
  }

  find<E extends HTMLElement = HTMLElement>(selector: string) {
    return this.root.querySelector<E>(selector)!;
  }

  findAll(selector: string) {
    return [...this.root.querySelectorAll<HTMLElement>(selector)];
  }

  input(id: string) {
    const input = this.find<HTMLInputElement>(`[name="f-${id}"]`);
    ok(input, `There is an input of ${id}.`);
    return input;
  }

  /** Answers as a person does: by typing, choosing or ticking, and going on. */
  fill(id: string, value: string | boolean) {
    const input = this.input(id);
    if (typeof value === 'boolean') input.checked = value;
    else if (input.type === 'radio') this.find<HTMLInputElement>(`[name="f-${id}"][value="${value}"]`).checked = true;
    else input.value = value;
    for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
  }

  button(text: string) {
    const button = this.findAll('button').find((each) => each.textContent === text || each.ariaLabel === text);
    ok(button, `There is a button ${text}.`);
    return button;
  }

  names(prefix = 'mill-form-') {
    return this.told.map(([name]) => name.replace(prefix, ''));
  }

  /** The labels of the fields that show. */
  get labels() {
    return this.findAll('.label, .option > span, h3')
      .filter((each) => each.checkVisibility())
      .map((each) => each.firstChild!.textContent);
  }

  get problems() {
    return this.findAll('.problem')
      .filter((each) => each.checkVisibility())
      .map(({ textContent }) => textContent);
  }

  get focused() {
    return this.root.activeElement;
  }

  get result() {
    return this.root.querySelector('.result')?.textContent;
  }
}

/** Fails where axe finds anything in the place. */
export async function axeFindsNothing(context: Element = document.body) {
  const { violations, passes } = await axe.run(context);
  equal(
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, any }) => [html, any[0]?.message])]),
    [],
  );
  ok(passes.length > 5, 'axe looked at it.');
}

/** Time for whatever is under way to land. */
export async function settled() {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}
