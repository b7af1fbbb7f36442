import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { AxeResults } from 'axe-core';
import 'axe-core';
import type { Client } from '../../src/client/index.ts';
import { afterEach, beforeEach, describe, equal, it, pressPointOf, ok, until } from './browser-test.ts';
import { FakeApi } from './fake-api.ts';

/** A table of records, as far as every one of them is the same. */
export interface Table extends HTMLElement {
  client?: Client | undefined;
  readonly renderRoot: DocumentFragment | HTMLElement;
  readonly updateComplete: Promise<boolean>;
  refresh(): Promise<void>;
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
    history.replaceState(null, '', location.pathname + location.search);
    await resetMouse();
  });
}

type Tables = {
  [Tag in keyof HTMLElementTagNameMap]: HTMLElementTagNameMap[Tag] extends Table ? Tag : never;
}[keyof HTMLElementTagNameMap];

/** Puts tables of a kind on the page; ready ones have shown their first answer. */
export function tablesOf<Tag extends Tables>(tag: Tag) {
  function mount(api: FakeApi, attributes: Record<string, string> = {}) {
    const table = document.createElement(tag) as HTMLElementTagNameMap[Tag] & Table;
    for (const [name, value] of Object.entries(attributes)) table.setAttribute(name, value);
    table.client = api.client;
    place.append(table);
    return table;
  }

  async function mountReady(api: FakeApi, attributes: Record<string, string> = {}) {
    const table = mount(api, attributes);
    await until('the first answer is shown', () => said(table) && !skeleton(table));
    return table;
  }

  return { mount, mountReady };
}

export const find = <E extends HTMLElement = HTMLElement>(table: Table, selector: string) =>
  table.renderRoot.querySelector<E>(selector);
export const findAll = (table: Table, selector: string) => [...table.renderRoot.querySelectorAll<HTMLElement>(selector)];
export const textOf = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
export const isBusy = (table: Table) => find(table, '[part=table]')?.ariaBusy === 'true';
export const skeleton = (table: Table) => find(table, '.skeleton');
/** What each row is called. */
export const names = (table: Table) => findAll(table, 'tbody th').map(textOf);
export const notice = (table: Table) => textOf(find(table, '.notice-title'));
export const said = (table: Table) => textOf(find(table, '[role=status]'));
export const range = (table: Table) => textOf(find(table, '.range'));
export const button = (table: Table, text: string) => findAll(table, 'button').find((each) => textOf(each) === text)!;
export const header = (table: Table, text: string) => button(table, text).closest('th')!;
export const focused = (table: Table) => table.shadowRoot!.activeElement;

export async function click(element: Element) {
  await sendMouse({ type: 'click', position: await pressPointOf(element) });
}

export async function press(element: HTMLElement, key: string) {
  element.focus();
  await sendKeys({ press: key });
}

/** Answers that the test gives when it wants, in the order it wants. */
export function heldApi() {
  const given: ((response: Response) => void)[] = [];
  const api = new FakeApi(() => new Promise<Response>((resolve) => given.push(resolve)));
  const asked = (count: number) => until(`${count} requests were made`, () => given.length >= count);
  return { api, asked, answer: (index: number, response: Response) => given[index]!(response) };
}

/** Time for whatever is under way to land, had it still a way in. */
export async function settled() {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}

/** The same table in light and dark, wide and narrow: axe must find nothing in any of its states. */
export function axeFindsNothing(states: Record<string, () => Table | Promise<Table>>) {
  for (const scheme of ['light', 'dark']) {
    for (const width of ['1200px', '320px']) {
      describe(`axe finds nothing, ${scheme} and ${width} wide,`, () => {
        for (const [state, show] of Object.entries(states)) {
          it(state, async () => {
            Object.assign(place.style, { colorScheme: scheme, width, background: 'Canvas', color: 'CanvasText' });
            const table = await show();
            await until('its state is shown', () => notice(table) ?? (names(table).length > 0 || skeleton(table)));
            const { violations, passes } = await axe.run(place);
            equal(
              violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
              [],
            );
            ok(passes.length > 5, 'axe looked at it.');
          });
        }
      });
    }
  }
}

/** Whether every header, button and cell can be reached within the width of the place. */
export function assertInReach(table: Table) {
  const { right: edge } = place.getBoundingClientRect();
  const isInReach = (each: HTMLElement) => each.getBoundingClientRect().width > 0 && each.getBoundingClientRect().right <= edge;
  equal(
    findAll(table, 'button, input, select')
      .filter((each) => !isInReach(each))
      .map((each) => each.className),
    [],
  );
  const shown = findAll(table, 'tbody th, tbody td').filter((cell) => getComputedStyle(cell).display !== 'none');
  equal(shown.filter((cell) => cell.scrollWidth > cell.clientWidth || !isInReach(cell)).length, 0);
}
