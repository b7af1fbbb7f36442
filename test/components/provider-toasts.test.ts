import { sendKeys, sendMouse } from '@web/test-runner-commands';
import type { AxeResults } from 'axe-core';
import 'axe-core';
import '../../src/components/provider/provider.define.ts';
import type { MillProvider } from '../../src/components/provider/provider.ts';
import { describe, equal, it, ok, until } from './browser-test.ts';
import { givenTo, provided } from './provided-page.ts';
import { click, onPage, place, textOf } from './table-on-page.ts';

onPage();

const axe = (globalThis as unknown as { axe: { run(context: Element): Promise<AxeResults> } }).axe;

async function page(settings: Partial<MillProvider> = {}) {
  const work = document.createElement('input');
  work.setAttribute('aria-label', 'Work');
  const provider = provided(settings, work);
  place.append(provider);
  await provider.updateComplete;
  return { provider, work };
}

const region = (provider: MillProvider) => provider.shadowRoot!.querySelector<HTMLElement>('.toasts')!;
const isOpen = (provider: MillProvider) => region(provider).matches(':popover-open');
const shown = (provider: MillProvider) => [...region(provider).querySelectorAll('.toast-text')].map(textOf);
const spoken = (provider: MillProvider) => [...provider.shadowRoot!.querySelectorAll('[role=status] p')].map(textOf);
const button = (provider: MillProvider, name: string) =>
  [...region(provider).querySelectorAll('button')].find((each) => (each.ariaLabel ?? textOf(each)) === name)!;
const isFocusInside = (provider: MillProvider) => provider.shadowRoot!.activeElement !== null;

describe('A toast', () => {
  it('is shown above everything and spoken politely, without taking the focus', async () => {
    const { provider, work } = await page();
    work.focus();
    equal(isOpen(provider), false);
    provider.toast({ text: 'The lead is saved', kind: 'good' });
    await provider.updateComplete;
    equal([isOpen(provider), shown(provider), spoken(provider)], [true, ['The lead is saved'], ['The lead is saved']]);
    equal(provider.shadowRoot!.querySelector('[role=status]')!.getAttribute('aria-atomic'), 'false');
    equal(document.activeElement?.localName, 'input');
  });

  it('comes from any element within, in the region of the outermost provider', async () => {
    const { provider, work } = await page();
    const inner = provided({ locale: 'de' }, work);
    provider.append(inner);
    await inner.updateComplete;
    givenTo(work)!.toast({ text: 'Saved' });
    inner.toast({ text: 'And again' });
    await provider.updateComplete;
    equal([shown(provider), shown(inner), isOpen(inner)], [['Saved', 'And again'], [], false]);
  });

  it('names its button to the eye as well', async () => {
    const { provider } = await page();
    provider.toast({ text: 'Saved', stays: true });
    await provider.updateComplete;
    await sendKeys({ press: 'F6' });
    await sendKeys({ press: 'Tab' });
    const tip = provider.shadowRoot!.querySelector('.tooltip')!;
    await until('it is named', () => tip.matches(':popover-open'));
    equal(textOf(tip), 'Dismiss');
  });

  it('says that it is bad news, and is text wherever it came from', async () => {
    const { provider } = await page();
    const nasty = '<img src=x onerror="window.broken=1">';
    provider.toast({ text: nasty, kind: 'bad' });
    await provider.updateComplete;
    equal([shown(provider), spoken(provider)], [[nasty], [`Problem: ${nasty}`]]);
    equal([region(provider).querySelector('img'), 'broken' in window], [null, false]);
  });

  it('is dismissed by its button, and the pointer leaves the focus where someone works', async () => {
    const { provider, work } = await page();
    work.focus();
    provider.toast({ text: 'One' });
    provider.toast({ text: 'Two' });
    await provider.updateComplete;
    await click(button(provider, 'Dismiss'));
    await until('the first is gone', () => shown(provider).join() === 'Two');
    await click(button(provider, 'Dismiss'));
    await until('the region is closed', () => !isOpen(provider));
    equal(document.activeElement?.localName, 'input');
  });

  it('is taken away by whoever showed it', async () => {
    const { provider } = await page();
    const dismiss = provider.toast({ text: 'Saving…', stays: true });
    await provider.updateComplete;
    dismiss();
    dismiss();
    await until('the region is closed', () => !isOpen(provider));
  });

  it('has an action, which is done once and dismisses it', async () => {
    const { provider } = await page();
    let undone = 0;
    provider.toast({ text: 'The lead is deleted', action: { text: 'Undo', act: () => undone++ } });
    await provider.updateComplete;
    await click(button(provider, 'Undo'));
    await until('the region is closed', () => !isOpen(provider));
    equal(undone, 1);
  });

  it('stays while someone points at it', async () => {
    const { provider } = await page();
    const waiting = new Set<unknown>();
    const [set, clear] = [setTimeout, clearTimeout];
    window.setTimeout = ((act: () => void, milliseconds: number) => {
      const timer = set(act, milliseconds);
      // A toast of one word goes after four seconds and a little.
      if (milliseconds > 1_000 && milliseconds < 5_000) waiting.add(timer);
      return timer;
    }) as typeof set;
    window.clearTimeout = ((timer: number) => {
      waiting.delete(timer);
      clear(timer);
    }) as typeof clear;
    try {
      provider.toast({ text: 'Saved' });
      await provider.updateComplete;
      equal(waiting.size, 1);
      const { x, y, width, height } = region(provider).querySelector('.toast')!.getBoundingClientRect();
      await sendMouse({ type: 'move', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
      await until('its time stands still', () => waiting.size === 0);
      await sendMouse({ type: 'move', position: [5, 5] });
      await until('its time goes on', () => waiting.size === 1);
    } finally {
      window.setTimeout = set;
      window.clearTimeout = clear;
    }
  });

  it('is above a dialog that was opened after the last one', async () => {
    const { provider } = await page();
    provider.toast({ text: 'One', stays: true });
    await provider.updateComplete;
    const dialog = document.createElement('dialog');
    dialog.textContent = 'A dialog';
    Object.assign(dialog.style, { width: '100%', height: '100%', maxWidth: 'none', maxHeight: 'none' });
    place.append(dialog);
    dialog.showModal();
    provider.toast({ text: 'Two', stays: true });
    await provider.updateComplete;
    dialog.close();
    dialog.show();
    const { x, y, width, height } = region(provider).querySelectorAll('.toast')[1]!.getBoundingClientRect();
    ok(document.elementFromPoint(x + width / 2, y + height / 2) !== dialog, 'The toast is on top.');
    equal(shown(provider), ['One', 'Two']);
  });

  it('is not hidden behind many: the newest four are shown, the others counted, and all can be dismissed', async () => {
    const { provider } = await page();
    for (let number = 1; number <= 6; number++) provider.toast({ text: `Toast ${number}`, stays: true });
    await provider.updateComplete;
    equal(shown(provider), ['Toast 3', 'Toast 4', 'Toast 5', 'Toast 6']);
    equal(textOf(region(provider).querySelector('.more span')), '2 more messages');
    equal(spoken(provider).length, 6);
    await click(button(provider, 'Dismiss all'));
    await until('the region is closed', () => !isOpen(provider));
  });

  it('stays with a provider that is moved, and goes with one that is removed', async () => {
    const { provider } = await page();
    provider.toast({ text: 'Saved', stays: true });
    await provider.updateComplete;
    place.prepend(provider);
    await until('it is shown again', () => isOpen(provider));
    equal(shown(provider), ['Saved']);
    provider.remove();
    await provider.updateComplete;
    place.append(provider);
    await until('it is gone', () => shown(provider).length === 0 && !isOpen(provider));
  });
});

describe('By keyboard', () => {
  it('F6 leads to the toasts and back, Tab to their buttons', async () => {
    const { provider, work } = await page();
    provider.toast({ text: 'Saved', stays: true });
    await provider.updateComplete;
    work.focus();
    await sendKeys({ press: 'F6' });
    ok(isFocusInside(provider), 'The focus is among the toasts.');
    await sendKeys({ press: 'Tab' });
    equal(provider.shadowRoot!.activeElement?.ariaLabel, 'Dismiss');
    await sendKeys({ press: 'F6' });
    equal([isFocusInside(provider), document.activeElement === work], [false, true]);
  });

  it('Escape dismisses the newest, and after the last the focus is back', async () => {
    const { provider, work } = await page();
    provider.toast({ text: 'One', stays: true });
    provider.toast({ text: 'Two', stays: true });
    await provider.updateComplete;
    work.focus();
    await sendKeys({ press: 'Escape' });
    equal(shown(provider), ['One', 'Two']);
    await sendKeys({ press: 'F6' });
    await sendKeys({ press: 'Escape' });
    await until('the newest is gone', () => shown(provider).join() === 'One');
    ok(isFocusInside(provider), 'The focus stays among the toasts.');
    await sendKeys({ press: 'Escape' });
    await until('the last is gone', () => !isOpen(provider));
    ok(document.activeElement === work, 'The focus is back.');
  });

  it('an action is done, and the focus is back where it was', async () => {
    const { provider, work } = await page();
    let undone = 0;
    provider.toast({ text: 'Deleted', action: { text: 'Undo', act: () => undone++ } });
    await provider.updateComplete;
    work.focus();
    await sendKeys({ press: 'F6' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    await until('it is done', () => undone === 1 && !isOpen(provider));
    ok(document.activeElement === work, 'The focus is back.');
  });

  it('F6 is left to the browser where nothing is said', async () => {
    const { provider } = await page();
    provider.toast({ text: 'Saved' })();
    await provider.updateComplete;
    const event = new KeyboardEvent('keydown', { key: 'F6', bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    equal(event.defaultPrevented, false);
  });
});

describe('The region of toasts', () => {
  it('speaks the language of its provider, from right to left where that is so', async () => {
    const { provider } = await page({ locale: 'de' });
    provider.toast({ text: 'Gespeichert' });
    await until(
      'its words are German',
      () => button(provider, 'Schließen') ?? button(provider, 'Ausblenden') ?? !button(provider, 'Dismiss'),
    );
    provider.locale = 'ar';
    await until('it is Arabic', () => getComputedStyle(region(provider)).direction === 'rtl');
    await until('it stands at the other side', () => {
      const box = region(provider).querySelector('.toast')!.getBoundingClientRect();
      return box.left + box.width / 2 < innerWidth / 2;
    });
  });

  it('carries no inline style, which a strict policy would refuse', async () => {
    const { provider } = await page();
    provider.toast({ text: 'Saved', kind: 'bad', action: { text: 'Undo', act: () => {} } });
    await provider.updateComplete;
    equal(provider.shadowRoot!.querySelectorAll('[style], style').length, 0);
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const locale of ['en', 'ar']) {
      it(`has nothing that axe finds, ${theme} and in ${locale}`, async () => {
        const { provider } = await page({ theme, locale });
        for (const kind of ['good', 'bad', 'neutral'] as const) {
          provider.toast({ text: `A ${kind} toast`, kind, stays: true, action: { text: 'Undo', act: () => {} } });
        }
        provider.toast({ text: 'One more', stays: true });
        provider.toast({ text: 'The last', stays: true });
        await provider.updateComplete;
        await Promise.all(
          region(provider)
            .getAnimations({ subtree: true })
            .map(({ finished }) => finished),
        );
        const { violations, passes } = await axe.run(place);
        equal(
          violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
          [],
        );
        ok(passes.length > 5, 'axe looked at it.');
      });
    }
  }
});
