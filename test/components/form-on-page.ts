import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { AxeResults } from 'axe-core';
import 'axe-core';
import { afterEach, beforeEach, describe, equal, it, pressPointOf, ok, until } from './browser-test.ts';

/** A form of a record, as far as every one of them is the same. */
export interface RecordFormElement extends HTMLElement {
  readonly renderRoot: DocumentFragment | HTMLElement;
  readonly updateComplete: Promise<boolean>;
}

const axe = (globalThis as unknown as { axe: { run(context: Element): Promise<AxeResults> } }).axe;
const random = Math.random;

/** Where each test puts its elements. */
export let place: HTMLElement;

/** Gives each test of the file a place of its own. Retries of the client wait a random part of a second; none of it suffices here. */
export function onPage() {
  beforeEach(() => {
    Math.random = () => 0;
    place = document.createElement('main');
    document.body.append(place);
  });
  afterEach(async () => {
    Math.random = random;
    place.remove();
    document.documentElement.removeAttribute('lang');
    await resetMouse();
  });
}

export const find = <E extends HTMLElement = HTMLInputElement>(form: RecordFormElement, selector: string) =>
  form.renderRoot.querySelector<E>(selector);
export const byId = <E extends HTMLElement = HTMLInputElement>(form: RecordFormElement, id: string) =>
  (form.renderRoot as ShadowRoot).getElementById(id) as E | null;
export const findAll = (form: RecordFormElement, selector: string) => [
  ...form.renderRoot.querySelectorAll<HTMLElement>(selector),
];
export const textOf = (element: Element | null | undefined) => element?.textContent?.replace(/[\s\u2066-\u2069]+/g, ' ').trim();
/** The button that says so, and can be seen. */
export const button = (form: RecordFormElement, text: string) =>
  findAll(form, 'button').find((each) => (textOf(each) === text || each.ariaLabel === text) && each.checkVisibility())!;
export const errorOf = (form: RecordFormElement, id: string) => textOf(byId(form, `${id}-error`));
export const banner = (form: RecordFormElement) => textOf(find(form, '.banner-box'));
export const focused = (form: RecordFormElement) => form.shadowRoot!.activeElement?.id;
/** The focus follows what is shown, one update later. */
export const untilFocused = (form: RecordFormElement, id: string) => until(`the focus is in ${id}`, () => focused(form) === id);
export const said = (form: RecordFormElement) => textOf(find(form, '.own-toast'));

export async function click(element: Element, clicks = 1) {
  const position = await pressPointOf(element);
  for (let done = 0; done < clicks; done++) await sendMouse({ type: 'click', position });
}

/** Brings the mouse over an element, and leaves it there. */
export const rest = async (element: Element) => sendMouse({ type: 'move', position: await pressPointOf(element) });

/** Types as a person would, in place of what is there; no letter twice at once, since WebKit drops repeated ones. */
export async function type(form: RecordFormElement, id: string, text: string) {
  await form.updateComplete;
  const input = byId(form, id)!;
  input.focus();
  input.select?.();
  const parts = [''];
  for (const letter of text) {
    if (parts.at(-1)!.includes(letter)) parts.push('');
    parts[parts.length - 1] += letter;
  }
  for (const part of parts) await sendKeys({ type: part });
}

export async function press(...keys: string[]) {
  for (const key of keys) await sendKeys({ press: key });
}

/** The same form in light and dark, left to right and right to left, wide and narrow: axe must find nothing in any of its states. */
export function axeFindsNothing(states: Record<string, () => RecordFormElement | Promise<RecordFormElement>>) {
  for (const [scheme, lang, width] of [
    ['light', 'en', '1000px'],
    ['dark', 'en', '320px'],
    ['light', 'ar', '320px'],
    ['dark', 'ar', '1000px'],
  ] as const) {
    describe(`axe finds nothing, ${scheme}, ${lang} and ${width} wide,`, () => {
      for (const [state, show] of Object.entries(states)) {
        it(state, async () => {
          document.documentElement.lang = lang;
          Object.assign(place.style, { colorScheme: scheme, width, background: 'Canvas', color: 'CanvasText' });
          place.dir = lang === 'ar' ? 'rtl' : 'ltr';
          const form = await show();
          await form.updateComplete;
          await until('nothing moves', () => form.shadowRoot!.getAnimations().length === 0);
          const { violations, passes } = await axe.run(place);
          equal(
            violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
            [],
          );
          ok(passes.length > 3, 'axe looked at it.');
          const { right } = place.getBoundingClientRect();
          const beyond = findAll(form, '.form input, .form select, .form button').filter(
            (each) => each.checkVisibility() && each.getBoundingClientRect().right > right + 1 && !form.hasAttribute('dialog'),
          );
          equal(
            beyond.map(({ id }) => id),
            [],
          );
        });
      }
    });
  }
}
