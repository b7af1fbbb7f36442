import { sendMouse } from '@web/test-runner-commands';
import { html } from 'lit';
import { button } from '../../../src/components/shared/button.ts';
import { icons } from '../../../src/components/shared/icons.ts';
import { tooltip } from '../../../src/components/shared/tooltip.ts';
import { TooltipController } from '../../../src/controllers/tooltip-controller.ts';
import { describe, equal, it, ok, until } from '../browser-test.ts';
import { atRest, axeFindsNothing, click, find, middleOf, onPage, press, place, rendered, show, textOf } from './part-on-page.ts';

onPage();

async function showTips() {
  const state = { name: 'Close' };
  const host = await show((host) => {
    const tip = new TooltipController(host, { id: 'tip', delay: 0 });
    return () => html`
      <p>Some text to rest on</p>
      ${button({ text: state.name, id: 'close', icon: icons.close, isIconOnly: true })}
      ${button({ text: 'Save', id: 'save', tip: 'And close' })} ${tooltip(tip)}
    `;
  });
  host.style.display = 'block';
  host.style.paddingBlock = '80px';
  return { host, state };
}

type Shown = Awaited<ReturnType<typeof showTips>>;
const seen = ({ host }: Shown) => (find(host, '#tip').matches(':popover-open') ? textOf(find(host, '#tip')) : undefined);
const rest = async ({ host }: Shown, selector: string) => sendMouse({ type: 'move', position: middleOf(find(host, selector)) });

/** Nothing but time tells that something stays. */
const isOver = (moment: number) => () => performance.now() > moment;

describe('A tooltip', () => {
  it('is shown above what the mouse rests on, and goes with it', async () => {
    const shown = await showTips();
    await rest(shown, '#close');
    await until('it is shown', () => seen(shown) === 'Close');
    await atRest(shown.host);
    const [tip, target] = [find(shown.host, '#tip').getBoundingClientRect(), find(shown.host, '#close').getBoundingClientRect()];
    equal(Math.round(target.top - tip.bottom), 4);
    ok(Math.abs(tip.left + tip.width / 2 - target.left - target.width / 2) <= 1 || tip.left === 8, 'It stands over the middle.');
    await rest(shown, '#save');
    await until('it is that of the other', () => seen(shown) === 'And close');
    await rest(shown, 'p');
    await until('it is gone', () => seen(shown) === undefined);
  });

  it('stays while the mouse is on it', async () => {
    const shown = await showTips();
    await rest(shown, '#close');
    await until('it is shown', () => seen(shown) === 'Close');
    await atRest(shown.host);
    await rest(shown, '#tip');
    await until('it would have gone by now', isOver(performance.now() + 300));
    equal(seen(shown), 'Close');
  });

  it('is shown for the focus of the keyboard, and goes by Escape', async () => {
    const shown = await showTips();
    const before = document.createElement('button');
    place.prepend(before);
    before.focus();
    await press('Tab');
    await until('it is shown', () => seen(shown) === 'Close');
    await press('Tab');
    await until('it is that of the other', () => seen(shown) === 'And close');
    await press('Escape');
    equal(seen(shown), undefined);
  });

  it('goes when what it belongs to is pressed', async () => {
    const shown = await showTips();
    await rest(shown, '#close');
    await until('it is shown', () => seen(shown) === 'Close');
    await click(find(shown.host, '#close'));
    equal(seen(shown), undefined);
  });

  it('is shown for a finger that is held, and stays until the next press', async () => {
    const shown = await showTips();
    const target = find(shown.host, '#close');
    const touch = { pointerType: 'touch', bubbles: true, composed: true };
    target.dispatchEvent(new PointerEvent('pointerdown', touch));
    await until('it is shown', () => seen(shown) === 'Close');
    target.dispatchEvent(new PointerEvent('pointerup', touch));
    equal(seen(shown), 'Close');
    find(shown.host, 'p').dispatchEvent(new PointerEvent('pointerdown', touch));
    equal(seen(shown), undefined);
  });

  it('goes when its text changes or its element leaves the page', async () => {
    const shown = await showTips();
    await rest(shown, '#close');
    await until('it is shown', () => seen(shown) === 'Close');
    shown.state.name = 'Shut';
    shown.host.requestUpdate();
    await rendered(shown.host);
    equal(seen(shown), undefined);
    shown.host.remove();
    place.append(shown.host);
    await rendered(shown.host);
    equal(seen(shown), undefined);
  });

  it('repeats to the eye alone what screen readers know', async () => {
    const shown = await showTips();
    equal(find(shown.host, '#tip').ariaHidden, 'true');
    equal(
      [find(shown.host, '#close').ariaLabel, find(shown.host, '#save').getAttribute('aria-description')],
      ['Close', 'And close'],
    );
  });
});

axeFindsNothing({
  'an open tooltip': async () => {
    const shown = await showTips();
    await rest(shown, '#save');
    await until('it is shown', () => seen(shown));
    return shown.host;
  },
});
