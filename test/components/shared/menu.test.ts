import { sendMouse } from '@web/test-runner-commands';
import { html } from 'lit';
import { button } from '../../../src/components/shared/button.ts';
import { menu, menuButton, type MenuItem } from '../../../src/components/shared/menu.ts';
import { MenuController } from '../../../src/controllers/menu-controller.ts';
import { describe, equal, it, ok, until } from '../browser-test.ts';
import {
  atRest,
  axeFindsNothing,
  click,
  find,
  findAll,
  focused,
  middleOf,
  onPage,
  press,
  place,
  rendered,
  show,
  textOf,
} from './part-on-page.ts';

onPage();

/** Two rows whose buttons share a menu, between two plain buttons. */
async function showRows(more: Partial<MenuItem> = {}) {
  const chosen: string[] = [];
  let actions!: MenuController;
  const host = await show((host) => {
    actions = new MenuController(host, { id: 'actions' });
    const items: (MenuItem | 'line')[] = [
      { text: 'Edit', act: () => chosen.push(`edit ${actions.openedBy ?? 'closed'}`) },
      { text: 'Duplicate', act: () => chosen.push('duplicate') },
      'line',
      { text: 'Delete', kind: 'danger', act: () => chosen.push('delete'), ...more },
    ];
    return () => html`
      ${button({ text: 'Before', id: 'before' })} ${menuButton({ menu: actions, id: 'one', text: 'Actions of one' })}
      ${menuButton({ menu: actions, id: 'two', text: 'Actions of two' })} ${button({ text: 'After', id: 'after' })}
      ${menu({ menu: actions, label: 'Actions', items })}
    `;
  });
  return { host, chosen, actions };
}

type Rows = Awaited<ReturnType<typeof showRows>>;
const isOpen = ({ host }: Rows) => find(host, '#actions').matches(':popover-open');
async function opened(rows: Rows) {
  await until('the menu is open', () => isOpen(rows));
  await atRest(rows.host);
}
const closed = (rows: Rows) => until('the menu is closed', () => !isOpen(rows) && !rows.actions.isOpen);
const at = ({ host }: Rows) => textOf(focused(host));

async function openByKey(rows: Rows, key = 'ArrowDown') {
  find(rows.host, '#one').focus();
  await press(key);
  await opened(rows);
}

describe('A menu', () => {
  it('opens by a click beside its button, says so, and closes by another', async () => {
    const rows = await showRows();
    const one = find(rows.host, '#one');
    equal([one.ariaHasPopup, one.ariaExpanded], ['menu', 'false']);
    await click(one);
    await opened(rows);
    equal([one.ariaExpanded, one.getAttribute('aria-controls')], ['true', 'actions']);
    equal(find(rows.host, '#two').ariaExpanded, 'false');
    const [menuBox, buttonBox] = [find(rows.host, '#actions').getBoundingClientRect(), one.getBoundingClientRect()];
    equal(Math.round(menuBox.left), Math.round(buttonBox.left));
    equal(Math.round(menuBox.top - buttonBox.bottom), 4);
    equal(focused(rows.host)?.id, 'actions');

    await click(one);
    await closed(rows);
    equal(find(rows.host, '#one').ariaExpanded, 'false');
  });

  it('goes from the button of one row to that of another', async () => {
    const rows = await showRows();
    await click(find(rows.host, '#one'));
    await opened(rows);
    await click(find(rows.host, '#two'));
    await until('it is the second one’s', () => rows.actions.openedBy === 'two' && isOpen(rows));
    equal(
      Math.round(find(rows.host, '#actions').getBoundingClientRect().left),
      Math.round(find(rows.host, '#two').getBoundingClientRect().left),
    );
  });

  it('does what is clicked, once it is closed and the button has the focus again', async () => {
    const rows = await showRows();
    await click(find(rows.host, '#one'));
    await opened(rows);
    await click(findAll(rows.host, '[role=menuitem]')[0]!);
    await closed(rows);
    equal(rows.chosen, ['edit closed']);
    equal(focused(rows.host)?.id, 'one');
  });

  it('is walked through by arrows, Home, End and letters, and chosen from by Enter', async () => {
    const rows = await showRows();
    await openByKey(rows);
    equal(at(rows), 'Edit');
    await press('ArrowDown');
    equal(at(rows), 'Duplicate');
    await press('ArrowDown');
    await press('ArrowDown');
    equal(at(rows), 'Edit');
    await press('ArrowUp');
    equal(at(rows), 'Delete');
    await press('Home');
    equal(at(rows), 'Edit');
    await press('End');
    equal(at(rows), 'Delete');
    await press('d');
    equal(at(rows), 'Duplicate');
    await press('Enter');
    await closed(rows);
    equal(rows.chosen, ['duplicate']);
    equal(focused(rows.host)?.id, 'one');
  });

  it('opens at its first item by Enter, and at its last by the arrow up', async () => {
    const rows = await showRows();
    await openByKey(rows, 'Enter');
    await until('the first has the focus', () => at(rows) === 'Edit');
    await press('Escape');
    await closed(rows);
    await openByKey(rows, 'ArrowUp');
    equal(at(rows), 'Delete');
  });

  it('closes by Escape with the focus on its button, and tells nobody around it', async () => {
    const rows = await showRows();
    const heard: string[] = [];
    place.addEventListener('keydown', ({ key }) => heard.push(key));
    await openByKey(rows);
    await press('Escape');
    await closed(rows);
    equal(focused(rows.host)?.id, 'one');
    equal(heard.includes('Escape'), false);
  });

  it('closes by Tab, which goes on from the button', async () => {
    const rows = await showRows();
    await openByKey(rows);
    await press('Tab');
    await closed(rows);
    equal(focused(rows.host)?.id, 'two');
  });

  it('closes by a press elsewhere, where the focus stays', async () => {
    const rows = await showRows();
    await click(find(rows.host, '#one'));
    await opened(rows);
    const input = document.createElement('input');
    input.style.marginBlockStart = '300px';
    place.append(input);
    await click(input);
    await closed(rows);
    equal(document.activeElement, input);
  });

  it('marks what the mouse points at', async () => {
    const rows = await showRows();
    await click(find(rows.host, '#one'));
    await opened(rows);
    await sendMouse({ type: 'move', position: middleOf(findAll(rows.host, '[role=menuitem]')[1]!) });
    await until('it has the focus', () => at(rows) === 'Duplicate');
  });

  it('does nothing by an item that is disabled, and stays', async () => {
    const rows = await showRows({ isDisabled: true });
    await openByKey(rows, 'ArrowUp');
    equal(at(rows), 'Delete');
    await press('Enter');
    await rendered(rows.host);
    equal(rows.chosen, []);
    ok(isOpen(rows), 'It is still open.');
  });

  it('says which items are on', async () => {
    const rows = await showRows({ isChecked: true });
    await openByKey(rows, 'ArrowUp');
    equal([focused(rows.host)?.role, focused(rows.host)?.ariaChecked], ['menuitemcheckbox', 'true']);
  });

  it('closes when its element leaves the page, and opens again when it is back', async () => {
    const rows = await showRows();
    await openByKey(rows);
    rows.host.remove();
    equal(rows.actions.isOpen, false);
    place.append(rows.host);
    await rendered(rows.host);
    await openByKey(rows);
    equal(at(rows), 'Edit');
  });
});

describe('A menu stands', () => {
  const edges = (rows: Rows) => {
    const menuBox = find(rows.host, '#actions').getBoundingClientRect();
    return { menuBox, buttonBox: find(rows.host, '#one').getBoundingClientRect() };
  };

  it('above its button where there is no room below', async () => {
    const rows = await showRows();
    Object.assign(rows.host.style, { position: 'fixed', bottom: '10px', left: '10px' });
    await openByKey(rows);
    const { menuBox, buttonBox } = edges(rows);
    equal(Math.round(buttonBox.top - menuBox.bottom), 4);
  });

  it('within the window at its far edge', async () => {
    const rows = await showRows();
    Object.assign(rows.host.style, { position: 'fixed', top: '10px', left: 'calc(100vw - 9rem)', inlineSize: 'max-content' });
    await openByKey(rows);
    ok(edges(rows).menuBox.right <= document.documentElement.clientWidth - 8, 'It ends before the window does.');
  });

  it('at the right edge of its button where the writing goes to the left', async () => {
    document.documentElement.dir = 'rtl';
    const rows = await showRows();
    await openByKey(rows);
    const { menuBox, buttonBox } = edges(rows);
    equal(Math.round(menuBox.right), Math.round(buttonBox.right));
  });

  it('by its button when what they stand in scrolls, and closes once the button is out of sight', async () => {
    const rows = await showRows();
    Object.assign(place.style, { blockSize: '200px', overflow: 'auto' });
    const filling = document.createElement('div');
    filling.style.blockSize = '2000px';
    place.append(filling);
    await openByKey(rows);
    place.scrollTop = 10;
    await until('it has followed', () => Math.round(edges(rows).menuBox.top - edges(rows).buttonBox.bottom) === 4);
    place.scrollTop = 1000;
    await closed(rows);
  });

  it('above everything, whatever clips what it stands in', async () => {
    const rows = await showRows();
    Object.assign(place.style, { blockSize: '60px', overflow: 'hidden', transform: 'translateX(5px)', contain: 'paint' });
    await openByKey(rows);
    const last = findAll(rows.host, '[role=menuitem]').at(-1)!;
    const [x, y] = middleOf(last);
    ok(last.contains(rows.host.shadowRoot!.elementFromPoint(x, y)), 'Its last item is seen.');
    const { menuBox, buttonBox } = edges(rows);
    equal(Math.round(menuBox.left), Math.round(buttonBox.left));
  });
});

axeFindsNothing({
  'closed menus': async () => (await showRows()).host,
  'an open menu': async () => {
    const rows = await showRows({ isChecked: false, detail: 'For good' });
    await openByKey(rows);
    return rows.host;
  },
});
