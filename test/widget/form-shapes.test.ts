import { resetMouse, sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import type { PublicForm } from '../../src/contract/capture.ts';
import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { axeFindsNothing, onPage, place, settled, Shown, twoSteps } from './form-on-page.ts';

onPage();
afterEach(() => resetMouse());

/** The window as it is, and as small as WCAG asks for where the engine's driver can change it (WebKit's cannot). */
async function inEachWindow(check: () => void) {
  check();
  const { innerWidth: width, innerHeight: height } = window;
  if (!/Chrome|Firefox/.test(navigator.userAgent)) return;
  await setViewport({ width: 320, height: 480 });
  check();
  await setViewport({ width, height });
}

const SHAPES = ['popup', 'slide_in', 'side_tab', 'banner', 'full_screen'] as const;
const MODAL: readonly string[] = ['popup', 'full_screen'];
type Display = PublicForm['display'];

const show = (display: Display, more: Parameters<typeof twoSteps>[0] = {}) => new Shown(twoSteps({ display, ...more }));
const panel = (shown: Shown) => shown.find<HTMLDialogElement>('.panel');

for (const mode of SHAPES) {
  const isModal = MODAL.includes(mode);

  describe(`A ${mode}`, () => {
    it('comes and goes by calls and its close button, and says so', () => {
      const shown = show({ mode });
      equal([shown.capture.isOpen, panel(shown).checkVisibility()], [false, false]);
      shown.capture.open();
      shown.capture.open();
      equal([shown.capture.isOpen, panel(shown).checkVisibility()], [true, true]);
      shown.button('Close').click();
      shown.capture.close();
      equal([shown.capture.isOpen, panel(shown).checkVisibility()], [false, false]);
      equal(shown.names(), ['ready', 'opened', 'closed']);
      equal(
        shown.counted.filter(([event]) => event === 'close'),
        [['close']],
      );
    });

    it('counts no dismissal where it is closed after what was sent', async () => {
      const shown = show({ mode });
      shown.capture.open();
      shown.fill('name', 'Ada');
      shown.fill('email', 'ada@example.com');
      shown.find<HTMLFormElement>('form').requestSubmit();
      await until('it is sent', () => {
        if (shown.root.querySelector('[name="f-consent"]')) shown.fill('consent', true);
        shown.root.querySelector('form')?.requestSubmit();
        return shown.result;
      });
      shown.capture.close();
      equal([shown.names().at(-1), shown.counted.filter(([event]) => event === 'close')], ['closed', []]);
    });

    it('is a dialog with a name', () => {
      const shown = show({ mode });
      shown.capture.open();
      equal([panel(shown).role, panel(shown).ariaLabel], ['dialog', 'Get an estimate']);
      equal(panel(shown).matches(':modal'), isModal);
    });

    it('leaves by Escape, and gives the focus back', async () => {
      const button = document.createElement('button');
      place.append(button);
      button.focus();
      const shown = show({ mode });
      shown.capture.open(true);
      ok(panel(shown).matches(':focus-within'), 'The visitor asked for it, so the focus is there.');
      await sendKeys({ press: 'Tab' });
      ok(panel(shown).matches(':focus-within'), 'Tab stays in it.');
      await sendKeys({ press: 'Escape' });
      equal([shown.capture.isOpen, document.activeElement === button], [false, true]);
    });

    it('does not take the focus when it comes by itself, unless it covers the page', () => {
      const input = document.createElement('input');
      place.append(input);
      input.focus();
      const shown = show({ mode });
      shown.capture.open();
      equal(document.activeElement === input, !isModal);
      shown.capture.close();
      equal(document.activeElement === input, true);
    });

    it('moves nothing of the page', () => {
      const paragraph = document.createElement('p');
      paragraph.textContent = 'Text';
      const host = document.createElement('div');
      place.append(host, paragraph);
      const { top } = paragraph.getBoundingClientRect();
      const shown = new Shown(twoSteps({ display: { mode, opener: 'Open' } }), { host });
      shown.capture.open();
      equal(paragraph.getBoundingClientRect().top, top);
    });

    it('opens by its opener, and is sent like any other', async () => {
      const shown = show({ mode, opener: 'Ask us' });
      shown.find('.opener').click();
      ok(shown.capture.isOpen, 'It is open.');
      shown.fill('name', 'Ada');
      shown.fill('email', 'ada@example.com');
      shown.button('Next').click();
      shown.fill('consent', true);
      shown.button('Send').click();
      await settled();
      equal([shown.sending.sent.length, shown.result, shown.capture.isOpen], [1, 'Thank you!We call you tomorrow.', true]);
    });

    it('stays within the window, at its edge, in either direction, however narrow', async () => {
      await inEachWindow(() => {
        for (const dir of ['ltr', 'rtl'] as const) {
          for (const position of ['start', 'end', 'top', 'bottom'] as const) {
            const shown = show({ mode, position, opener: 'Ask us' }, { dir });
            const opener = shown.find('.opener').getBoundingClientRect();
            ok(
              opener.left >= 0 && opener.right <= innerWidth && opener.bottom <= innerHeight,
              `The opener at ${position} in ${dir}`,
            );
            shown.capture.open();
            for (const animation of panel(shown).getAnimations()) animation.finish();
            const { left, right, top, bottom } = panel(shown).getBoundingClientRect();
            const where = `${mode} at ${position} in ${dir}, ${innerWidth} wide: ${JSON.stringify([left, right, top, bottom])}`;
            ok(left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5, where);
            const isAtSide = (mode === 'slide_in' || mode === 'side_tab') && (position === 'start' || position === 'end');
            const isAtLeft = (position === 'start') === (dir === 'ltr');
            if (isAtSide) ok(isAtLeft ? left <= 16 : right >= innerWidth - 16, where);
            if (mode === 'side_tab') ok(opener.top > 0, `The opener at ${position} in ${dir} is in the middle of its side`);
            if (isAtSide)
              ok(isAtLeft ? opener.left <= 17 : opener.right >= innerWidth - 17, `The opener at ${position} in ${dir}`);
            ok(panel(shown).scrollWidth <= panel(shown).clientWidth, `Nothing of it sticks out: ${where}`);
            shown.capture.destroy();
          }
        }
      });
    });

    it('gives axe nothing to find, with problems and without, light and dark', async () => {
      for (const color_scheme of ['light', 'dark'] as const) {
        const shown = show({ mode, opener: 'Ask us' }, { theme: { color_scheme } });
        await axeFindsNothing();
        shown.capture.open(true);
        for (const animation of panel(shown).getAnimations()) animation.finish();
        await axeFindsNothing();
        shown.button('Next').click();
        await axeFindsNothing();
        shown.capture.destroy();
      }
    });
  });
}

describe('A popup', () => {
  it('leaves by a click beside it, but not where there are answers to lose sight of', async () => {
    const shown = show({ mode: 'popup' });
    shown.capture.open(true);
    await sendMouse({ type: 'click', position: [5, 5] });
    equal(shown.capture.isOpen, false);
    shown.capture.open(true);
    shown.fill('name', 'Ada');
    await sendMouse({ type: 'click', position: [5, 5] });
    equal(shown.capture.isOpen, true);
    shown.capture.close();
    shown.capture.open();
    equal(shown.input('name').value, 'Ada');
  });

  it('keeps the keyboard in it', async () => {
    const outside = document.createElement('button');
    place.append(outside);
    const shown = show({ mode: 'popup' });
    shown.capture.open(true);
    for (let step = 0; step < 12; step++) {
      await sendKeys({ press: 'Tab' });
      ok(document.activeElement !== outside, 'The page behind it has no focus.');
    }
  });
});
