import type { PublicForm } from '../../src/contract/capture.ts';
import { afterEach, describe, it, ok, until } from '../components/browser-test.ts';
import { type CustomerPage, customerPage, form, leavePages, script } from './customer-page.ts';
import { twoSteps } from './form-on-page.ts';

/** A window as it is left after the visitor has zoomed: of 1280 by 960 to twice the size, of 1280 by 1024 to four times. */
const ZOOMED = { '200 %': { width: 640, height: 480 }, '400 %': { width: 320, height: 256 } } as const;
const SHAPES = ['inline', 'popup', 'slide_in', 'side_tab', 'banner', 'full_screen'] as const;

const embedded = (mode: PublicForm['display']['mode'], dir: PublicForm['dir'], size: { width: number; height: number }) => {
  const { id: _, ...parts } = twoSteps({ dir, display: { mode, triggers: [{ on: 'load' }] } });
  return customerPage(script(`data-form="${form(parts)}"`), size);
};

describe('Zoomed in', () => {
  afterEach(leavePages);

  for (const [zoom, size] of Object.entries(ZOOMED)) {
    for (const mode of SHAPES) {
      for (const dir of ['ltr', 'rtl'] as const) {
        it(`to ${zoom} nothing of a form is out of reach, ${mode} and ${dir}`, async () => {
          const page = await embedded(mode, dir, size);
          await until('it is shown', () => (mode === 'inline' ? page.forms()[0] : page.open()[0]));
          const root = page.forms()[0]!;
          for (const animation of page.document.getAnimations()) animation.finish();
          allInReach(page, root);
          // Another step, with all that may be wrong in it.
          for (const input of root.querySelectorAll<HTMLInputElement>('.field input')) {
            input.value = 'ada@example.com';
            input.dispatchEvent(new Event('input', { bubbles: true }));
          }
          root.querySelector<HTMLElement>('.main.submit')!.click();
          root.querySelector<HTMLElement>('.main.submit')!.click();
          await until('it says what is wrong', () => root.querySelector('.summary:not([hidden])'));
          allInReach(page, root);
        });
      }
    }
  }
});

/** Fails where one would have to scroll sideways, or where a control can't be brought into view and pointed at. */
function allInReach({ window, document }: CustomerPage, root: ShadowRoot) {
  for (const each of [document.documentElement, ...root.querySelectorAll('.panel')])
    ok(
      each.scrollWidth <= each.clientWidth,
      `${each.className || 'The page'} is ${each.scrollWidth} wide, in ${each.clientWidth}`,
    );
  const controls = [...root.querySelectorAll<HTMLElement>('button:not(.opener), a, select, textarea, input:not(.trap *)')];
  for (const control of controls.filter((each) => each.checkVisibility())) {
    control.scrollIntoView({ block: 'center' });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const at = `${control.outerHTML} at ${[left, right, top, bottom]}`;
    ok(left >= 0 && right <= window.innerWidth && top >= 0 && bottom <= window.innerHeight, at);
    const hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    ok(hit === control || control.contains(hit) || hit?.contains(control), `${hit?.outerHTML} covers ${at}`);
  }
}
