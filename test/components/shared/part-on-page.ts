import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { AxeResults } from 'axe-core';
import 'axe-core';
import { LitElement } from 'lit';
import avatarStyles from '../../../src/components/shared/avatar.styles.ts';
import badgeStyles from '../../../src/components/shared/badge.styles.ts';
import checkboxStyles from '../../../src/components/shared/checkbox.styles.ts';
import comboboxStyles from '../../../src/components/shared/combobox.styles.ts';
import controls from '../../../src/components/shared/controls.styles.ts';
import dialogStyles from '../../../src/components/shared/dialog.styles.ts';
import errorSummaryStyles from '../../../src/components/shared/error-summary.styles.ts';
import fieldStyles from '../../../src/components/shared/field.styles.ts';
import menuStyles from '../../../src/components/shared/menu.styles.ts';
import noticeStyles from '../../../src/components/shared/notice.styles.ts';
import popupStyles from '../../../src/components/shared/popup.styles.ts';
import skeletonStyles from '../../../src/components/shared/skeleton.styles.ts';
import tagInputStyles from '../../../src/components/shared/tag-input.styles.ts';
import toastStyles from '../../../src/components/shared/toast.styles.ts';
import tokens from '../../../src/components/shared/tokens.styles.ts';
import tooltipStyles from '../../../src/components/shared/tooltip.styles.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../browser-test.ts';

/** An element that shows whatever parts a test gives it, in a shadow root of its own. */
export class PartHost extends LitElement {
  static override styles = [
    tokens,
    controls,
    fieldStyles,
    checkboxStyles,
    errorSummaryStyles,
    popupStyles,
    menuStyles,
    comboboxStyles,
    dialogStyles,
    tagInputStyles,
    tooltipStyles,
    badgeStyles,
    avatarStyles,
    skeletonStyles,
    noticeStyles,
    toastStyles,
  ];

  content: () => unknown = () => undefined;

  protected override render() {
    return this.content();
  }
}
customElements.define('test-part-host', PartHost);

const { axe } = globalThis as unknown as { axe: { run(context: Element): Promise<AxeResults> } };

/** Where each test puts its elements. */
export let place: HTMLElement;

/** Gives each test of the file a place of its own. */
export function onPage() {
  beforeEach(() => {
    place = document.createElement('main');
    document.body.append(place);
  });

  afterEach(async () => {
    place.remove();
    document.documentElement.removeAttribute('dir');
    scrollTo(0, 0);
    await resetMouse();
  });
}

/** Puts parts on the page: `make` sets up what lasts, such as controllers, and answers what is rendered. */
export async function show(make: (host: PartHost) => () => unknown, into: Element = place) {
  const host = document.createElement('test-part-host') as PartHost;
  host.content = make(host);
  into.append(host);
  await host.updateComplete;
  return host;
}

/** The one element of the shadow root that fits. */
export function find<E extends HTMLElement = HTMLElement>(host: PartHost, selector: string): E {
  const found = host.renderRoot.querySelector<E>(selector);
  ok(found, `There is no ${selector}.`);
  return found;
}
export const findAll = <E extends HTMLElement = HTMLElement>(host: PartHost, selector: string) => [
  ...host.renderRoot.querySelectorAll<E>(selector),
];
export const textOf = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
export const focused = (host: PartHost) => host.shadowRoot!.activeElement;

/** The middle of an element, in the window. */
export function middleOf(element: Element): [number, number] {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
}

export async function click(element: Element) {
  await sendMouse({ type: 'click', position: middleOf(element) });
}

/** Presses a key, and waits until the page has heard of it: Firefox says earlier that it is done. */
export async function press(key: string) {
  const heard = new Promise((resolve) => addEventListener('keyup', resolve, { capture: true, once: true }));
  await sendKeys({ press: key });
  await heard;
}

/** Waits until the element has rendered whatever it was told, and what that led to. */
export async function rendered(host: PartHost) {
  while (host.isUpdatePending) await host.updateComplete;
}

/** Waits until nothing moves any more, but for what never ends. */
export async function atRest(host: PartHost) {
  await rendered(host);
  await until('what moves is at rest', () => host.shadowRoot!.getAnimations().every(isEndless));
}

/** What is shown must be found without fault, in light and dark and in both directions. */
export function axeFindsNothing(states: Record<string, () => Promise<PartHost>>) {
  for (const scheme of ['light', 'dark']) {
    for (const dir of ['ltr', 'rtl']) {
      describe(`axe finds nothing, ${scheme} and ${dir},`, () => {
        for (const [state, showState] of Object.entries(states)) {
          it(state, async () => {
            document.documentElement.dir = dir;
            Object.assign(place.style, { colorScheme: scheme, background: 'Canvas', color: 'CanvasText' });
            const host = await showState();
            await atRest(host);
            const { violations, passes } = await axe.run(place);
            equal(
              violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
              [],
            );
            ok(passes.length > 3, 'axe looked at it.');
          });
        }
      });
    }
  }
}

const isEndless = (animation: Animation) => animation.effect?.getTiming().iterations === Infinity;
