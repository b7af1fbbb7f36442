import { html } from 'lit';
import { RovingFocusController } from '../../../src/controllers/roving-focus-controller.ts';
import { describe, equal, it } from '../browser-test.ts';
import { click, find, findAll, focused, onPage, press, rendered, show } from './part-on-page.ts';

onPage();

async function showToolbar() {
  const state = { tools: ['bold', 'italic', 'link'] };
  const host = await show((host) => {
    const roving = new RovingFocusController(host, { container: '.toolbar', items: 'button' });
    return () => html`
      <button id="before">Before</button>
      <div class="toolbar" role="toolbar" aria-label="Format" @keydown=${roving.keydown} @focusin=${roving.focusin}>
        ${state.tools.map((tool) => html`<button id=${tool}>${tool}</button>`)}
      </div>
      <button id="after">After</button>
    `;
  });
  return { host, state };
}

describe('Roving focus', () => {
  it('makes items one stop, to which Tab comes back where it left', async () => {
    const { host } = await showToolbar();
    const way: (string | undefined)[] = [];
    const go = async (...keys: string[]) => {
      for (const key of keys) {
        await press(key);
        way.push(focused(host)?.id);
      }
    };
    find(host, '#before').focus();
    await go('Tab', 'ArrowRight', 'Tab');
    equal(way.splice(0), ['bold', 'italic', 'after']);
    find(host, '#before').focus();
    await go('Tab', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'End');
    equal(way, ['italic', 'link', 'bold', 'link', 'bold', 'link']);
  });

  it('goes the other way where the writing goes to the left', async () => {
    document.documentElement.dir = 'rtl';
    const { host } = await showToolbar();
    find(host, '#bold').focus();
    await press('ArrowLeft');
    equal(focused(host)?.id, 'italic');
  });

  it('keeps one stop when items come and go', async () => {
    const { host, state } = await showToolbar();
    await click(find(host, '#link'));
    state.tools = ['bold', 'quote'];
    host.requestUpdate();
    await rendered(host);
    equal(
      findAll(host, '.toolbar button').map(({ tabIndex }) => tabIndex),
      [0, -1],
    );
  });
});
