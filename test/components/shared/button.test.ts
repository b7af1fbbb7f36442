import { html } from 'lit';
import { button, type ButtonParts } from '../../../src/components/shared/button.ts';
import { icons } from '../../../src/components/shared/icons.ts';
import { describe, equal, it } from '../browser-test.ts';
import { axeFindsNothing, click, find, focused, onPage, press, rendered, show, textOf } from './part-on-page.ts';

onPage();

async function showButton(parts: Partial<ButtonParts> = {}) {
  let pressed = 0;
  let sent = 0;
  const state = { ...parts };
  const host = await show(() => {
    const send = (event: Event) => {
      event.preventDefault();
      sent += 1;
    };
    return () => html`
      <form id="form" @submit=${send}>${button({ text: 'Save', press: () => (pressed += 1), ...state })}</form>
      ${button({ text: 'Save from outside', type: 'submit', form: 'form', id: 'outside' })}
    `;
  });
  return { host, state, pressed: () => pressed, sent: () => sent, element: () => find<HTMLButtonElement>(host, '.button') };
}

describe('A button', () => {
  it('does what it says by click, Enter and Space', async () => {
    const { element, pressed } = await showButton();
    await click(element());
    element().focus();
    await press('Enter');
    await press(' ');
    equal(pressed(), 3);
  });

  it('sends its form, also one that it stands outside of', async () => {
    const { host, element, sent } = await showButton({ type: 'submit' });
    await click(element());
    await click(find(host, '#outside'));
    equal(sent(), 2);
  });

  it('does and sends nothing while it is disabled or busy, and keeps the focus', async () => {
    for (const idle of [{ isDisabled: true }, { isBusy: true }]) {
      const { host, state, element, pressed, sent } = await showButton({ type: 'submit' });
      element().focus();
      Object.assign(state, idle);
      host.requestUpdate();
      await rendered(host);
      await click(element());
      await press('Enter');
      equal([pressed(), sent(), focused(host) === element(), element().ariaDisabled], [0, 0, true, 'true']);
      host.remove();
    }
  });

  it('is as wide while it is busy as before', async () => {
    const { host, state, element } = await showButton({ kind: 'primary' });
    const { width } = element().getBoundingClientRect();
    state.isBusy = true;
    host.requestUpdate();
    await rendered(host);
    equal(element().getBoundingClientRect().width, width);
    equal([element().ariaBusy, textOf(element())], ['true', 'Save']);
  });

  it('has its text as a name and a tooltip where only its icon is seen', async () => {
    const { element } = await showButton({ text: 'Close', icon: icons.close, isIconOnly: true });
    equal([element().ariaLabel, element().dataset['tooltip'], textOf(element())], ['Close', 'Close', '']);
    const { width, height } = element().getBoundingClientRect();
    equal(width, height);
  });
});

const KINDS = ['plain', 'primary', 'quiet', 'danger'] as const;
axeFindsNothing({
  'buttons of each kind and state': () =>
    show(
      () => () =>
        KINDS.map((kind) => [
          button({ text: 'Save', kind }),
          button({ text: 'Busy', kind, isBusy: true }),
          button({ text: 'Off', kind, isDisabled: true }),
          button({ text: 'Small', kind, isSmall: true, tip: 'Not so large' }),
          button({ text: 'Close', kind, icon: icons.close, isIconOnly: true }),
        ]),
    ),
});
