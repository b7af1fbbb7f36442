import { sendMouse } from '@web/test-runner-commands';
import { html } from 'lit';
import { button } from '../../../src/components/shared/button.ts';
import { dialog, type DialogParts } from '../../../src/components/shared/dialog.ts';
import { field } from '../../../src/components/shared/field.ts';
import { menu, menuButton } from '../../../src/components/shared/menu.ts';
import { textInput } from '../../../src/components/shared/text-input.ts';
import { DialogController } from '../../../src/controllers/dialog-controller.ts';
import { MenuController } from '../../../src/controllers/menu-controller.ts';
import { describe, equal, it, ok, until } from '../browser-test.ts';
import {
  atRest,
  axeFindsNothing,
  click,
  find,
  findAll,
  focused,
  onPage,
  press,
  place,
  rendered,
  show,
  textOf,
} from './part-on-page.ts';

onPage();

interface Setting extends Partial<Omit<DialogParts, 'dialog'>> {
  guard?: () => boolean | Promise<boolean>;
  closesOutside?: boolean;
}

const name = () => field({ id: 'name', label: 'Name', control: (given) => textInput({ ...given, value: '' }) });

async function showDialog({ guard, closesOutside, ...parts }: Setting = {}) {
  const results: (string | undefined)[] = [];
  let box!: DialogController;
  let more!: MenuController;
  const host = await show((host) => {
    box = new DialogController(host, { id: 'box', guard, closesOutside });
    more = new MenuController(host, { id: 'more' });
    const open = () => void box.open().then((result) => results.push(result));
    return () => html`
      ${button({ text: 'Add contact', id: 'opener', press: open })}
      ${dialog({
        dialog: box,
        title: 'Add contact',
        body: () =>
          html`${name()} ${menuButton({ menu: more, id: 'more-button', text: 'More' })} ${menu({
            menu: more,
            label: 'More',
            items: [{ text: 'Import', act: () => undefined }],
          })}`,
        footer: () => html`${button({ text: 'Cancel', press: () => void box.askToClose() })}
        ${button({ text: 'Save', id: 'save', kind: 'primary', press: () => box.close('saved') })}`,
        texts: { close: 'Close' },
        ...parts,
      })}
    `;
  });
  return { host, box, more, results };
}

type Shown = Awaited<ReturnType<typeof showDialog>>;
const element = ({ host }: Shown) => find<HTMLDialogElement>(host, '#box');

async function open(shown: Shown) {
  await click(find(shown.host, '#opener'));
  await until('the dialog is open', () => element(shown).open);
  await atRest(shown.host);
}

async function closed(shown: Shown) {
  await until('the dialog is closed', () => !element(shown).open && !shown.box.isOpen);
  await rendered(shown.host);
}

describe('A dialog', () => {
  it('opens over the page by its title, at its first field', async () => {
    const shown = await showDialog();
    equal(findAll(shown.host, '#box *').length, 0);
    await open(shown);
    ok(element(shown).matches(':modal'), 'The page behind it can’t be reached.');
    equal(textOf(find(shown.host, `#${element(shown).getAttribute('aria-labelledby')}`)), 'Add contact');
    equal(focused(shown.host)?.id, 'name');
  });

  it('closes with what it was closed with, and gives the focus back', async () => {
    const shown = await showDialog();
    await open(shown);
    await click(find(shown.host, '#save'));
    await closed(shown);
    equal(shown.results, ['saved']);
    equal(focused(shown.host)?.id, 'opener');
    equal(findAll(shown.host, '#box *').length, 0);
  });

  it('closes by Escape and by its button, without a result', async () => {
    const shown = await showDialog();
    await open(shown);
    await press('Escape');
    await closed(shown);
    equal(focused(shown.host)?.id, 'opener');

    await open(shown);
    await click(find(shown.host, '[aria-label=Close]'));
    await closed(shown);
    equal([shown.results, focused(shown.host)?.id], [[null, null], 'opener']);
  });

  it('keeps the focus within, whatever Tab does', async () => {
    const shown = await showDialog();
    await open(shown);
    for (let turn = 0; turn < 7; turn++) {
      await press('Tab');
      ok(!shown.host.shadowRoot!.activeElement || element(shown).contains(focused(shown.host)), 'It is within the dialog.');
      ok(focused(shown.host)?.id !== 'opener', 'It is not behind the dialog.');
    }
  });

  it('closes by a press beside it, but not by one that began within', async () => {
    const shown = await showDialog();
    await open(shown);
    const { left, top } = element(shown).getBoundingClientRect();
    const [inside, outside] = [
      [Math.round(left + 5), Math.round(top + 5)],
      [Math.round(left / 2), 5],
    ] as [[number, number], [number, number]];
    await sendMouse({ type: 'move', position: inside });
    await sendMouse({ type: 'down' });
    await sendMouse({ type: 'move', position: outside });
    await sendMouse({ type: 'up' });
    await rendered(shown.host);
    equal(shown.box.isOpen, true);
    await sendMouse({ type: 'click', position: outside });
    await closed(shown);
  });

  it('stays at a press beside it where it is told to', async () => {
    const shown = await showDialog({ closesOutside: false });
    await open(shown);
    await sendMouse({ type: 'click', position: [5, 5] });
    await rendered(shown.host);
    equal(shown.box.isOpen, true);
  });

  it('asks its guard before it closes, as often as that says no', async () => {
    const answers = [false, false, true];
    let asked = 0;
    const shown = await showDialog({ guard: () => Promise.resolve(answers[asked++]!) });
    await open(shown);
    await press('Escape');
    await until('the guard was asked', () => asked === 1);
    await press('Escape');
    await until('the guard was asked again', () => asked === 2);
    await rendered(shown.host);
    equal([shown.box.isOpen, element(shown).open], [true, true]);
    await click(find(shown.host, '[aria-label=Close]'));
    await closed(shown);
    equal(asked, 3);
  });

  it('does not ask its guard when the element itself closes it', async () => {
    const shown = await showDialog({ guard: () => false });
    await open(shown);
    await click(find(shown.host, '#save'));
    await closed(shown);
    equal(shown.results, ['saved']);
  });

  it('begins at its first button where it has no field, and asks as an alert', async () => {
    const shown = await showDialog({ isAlert: true, title: 'Discard changes?', body: () => 'What you typed is lost.' });
    await open(shown);
    equal(textOf(focused(shown.host)), 'Cancel');
    equal([element(shown).role, element(shown).getAttribute('aria-describedby')], ['alertdialog', 'box-body']);
  });

  it('keeps its buttons in sight while its body scrolls', async () => {
    const shown = await showDialog({ body: () => Array.from({ length: 60 }, () => html`<p>Much to read</p>`) });
    await open(shown);
    const body = find(shown.host, '.dialog-body');
    ok(body.scrollHeight > body.clientHeight, 'The body scrolls.');
    const save = find(shown.host, '#save').getBoundingClientRect();
    ok(save.bottom < innerHeight && save.top > body.getBoundingClientRect().bottom, 'The button is below the body.');
  });

  it('closes a menu within it by Escape first', async () => {
    const shown = await showDialog();
    await open(shown);
    await click(find(shown.host, '#more-button'));
    await until('the menu is open', () => find(shown.host, '#more').matches(':popover-open'));
    await press('Escape');
    await rendered(shown.host);
    equal([shown.more.isOpen, shown.box.isOpen, focused(shown.host)?.id], [false, true, 'more-button']);
    await press('Escape');
    await closed(shown);
  });

  it('is closed when its element leaves the page', async () => {
    const shown = await showDialog();
    await open(shown);
    shown.host.remove();
    await until('whoever opened it knows', () => shown.results.length === 1);
    place.append(shown.host);
    await rendered(shown.host);
    equal([shown.box.isOpen, element(shown).open], [false, false]);
  });
});

axeFindsNothing({
  'an open dialog': async () => {
    const shown = await showDialog();
    await open(shown);
    return shown.host;
  },
  'a question': async () => {
    const shown = await showDialog({ isAlert: true, title: 'Discard changes?', body: () => 'What you typed is lost.' });
    await open(shown);
    return shown.host;
  },
});
