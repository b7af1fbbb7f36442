import { sendMouse } from '@web/test-runner-commands';
import { html } from 'lit';
import { combobox, type ComboboxParts } from '../../../src/components/shared/combobox.ts';
import { dialog } from '../../../src/components/shared/dialog.ts';
import { field } from '../../../src/components/shared/field.ts';
import { ComboboxController, type ComboboxOption } from '../../../src/controllers/combobox-controller.ts';
import { DialogController } from '../../../src/controllers/dialog-controller.ts';
import { describe, equal, it, ok, until } from '../browser-test.ts';
import { companies, comboboxTexts } from './gallery.ts';
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

interface Search {
  typed: string;
  signal: AbortSignal;
  answer(options: readonly ComboboxOption[]): void;
  fail(): void;
}

interface Setting extends Partial<ComboboxParts> {
  /** Whether the test answers searches itself. */
  isHeld?: boolean;
  canCreate?: boolean;
  isInDialog?: boolean;
  value?: ComboboxOption;
}

const fits = (typed: string) => companies.filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase()));

async function showBox({ isHeld, canCreate, isInDialog, value, ...parts }: Setting = {}) {
  const searches: Search[] = [];
  const heard: string[] = [];
  let box!: ComboboxController;
  let frame!: DialogController;
  const host = await show((host) => {
    frame = new DialogController(host, { id: 'frame' });
    box = new ComboboxController(host, {
      id: 'company',
      pause: 0,
      load: (typed, signal) =>
        new Promise((resolve, reject) => {
          searches.push({ typed, signal, answer: resolve, fail: () => reject(new Error('No answer')) });
          if (!isHeld) resolve(fits(typed));
        }),
      choose: (option) => heard.push(`chosen ${option?.text ?? 'nothing'}`),
      failed: (error) => heard.push((error as Error).message),
      ...(canCreate ? { create: (typed: string) => heard.push(`new ${typed}`) } : {}),
    });
    box.value = value;
    const control = () =>
      field({
        id: 'company',
        label: 'Company',
        control: ({ id: _id, ...given }) => combobox({ ...given, combobox: box, texts: comboboxTexts, ...parts }),
      });
    return () =>
      isInDialog
        ? dialog({ dialog: frame, title: 'Add contact', body: control, texts: { close: 'Close' } })
        : html`<form>${control()}</form><input id="next" aria-label="Next" />`;
  });
  if (isInDialog) {
    void frame.open();
    await until('the dialog is open', () => find<HTMLDialogElement>(host, '#frame').open);
  }
  return { host, box, frame, searches, heard };
}

type Shown = Awaited<ReturnType<typeof showBox>>;
const input = ({ host }: Shown) => find<HTMLInputElement>(host, '#company');
const isOpen = ({ host }: Shown) => find(host, '#company-popup').matches(':popover-open');
const lines = ({ host }: Shown) =>
  findAll(host, '[role=option] .popup-text').map((line) => textOf(line.firstElementChild ?? line));
function active({ host }: Shown) {
  const id = find(host, '#company').getAttribute('aria-activedescendant');
  const row = id ? find(host, `#${id}.active`) : undefined;
  return textOf(row?.querySelector('bdi') ?? row?.querySelector('.popup-text'));
}
const said = ({ host }: Shown) => textOf(find(host, '[role=status]'));

/** Some keyboards here drop a letter that comes twice at once, so each goes alone. */
async function type(text: string) {
  for (const letter of text) await press(letter);
}

async function typed(shown: Shown, text: string) {
  input(shown).focus();
  await type(text);
  await until('the search is done', () => shown.box.status === 'ready' && shown.searches.at(-1)?.typed === text);
  await rendered(shown.host);
}

describe('A combobox', () => {
  it('is one to screen readers, and has the label of its field', async () => {
    const shown = await showBox();
    const box = input(shown);
    equal([box.role, box.ariaExpanded, box.ariaAutoComplete], ['combobox', 'false', 'list']);
    equal(box.getAttribute('aria-controls'), find(shown.host, '[role=listbox]').id);
    equal(textOf(box.labels?.[0]), 'Company');
  });

  it('opens by a click with the first options, below and as wide', async () => {
    const shown = await showBox();
    await click(input(shown));
    await until('the options are shown', () => isOpen(shown) && lines(shown).length === 4);
    await atRest(shown.host);
    const [list, box] = [
      find(shown.host, '#company-popup').getBoundingClientRect(),
      find(shown.host, '.combobox').getBoundingClientRect(),
    ];
    equal([Math.round(list.left), Math.round(list.width)], [Math.round(box.left), Math.round(box.width)]);
    equal(Math.round(list.top - box.bottom), 4);
    equal(input(shown).ariaExpanded, 'true');
    equal(said(shown), '4 companies');
  });

  it('finds by what is typed, says how many there are, and is chosen from by arrows and Enter', async () => {
    const shown = await showBox();
    await typed(shown, 'mil');
    equal(lines(shown), ['Hydra Mills']);
    equal(said(shown), '1 companies');
    equal(active(shown), undefined);
    await press('ArrowDown');
    await until('the option is marked', () => active(shown) === 'Hydra Mills');
    await press('Enter');
    await rendered(shown.host);
    equal([input(shown).value, isOpen(shown)], ['Hydra Mills', false]);
    equal(shown.heard, ['chosen Hydra Mills']);
    equal(focused(shown.host)?.id, 'company');
  });

  it('is chosen from by a click, and keeps the focus', async () => {
    const shown = await showBox();
    await click(input(shown));
    await until('the options are shown', () => lines(shown).length === 4);
    await atRest(shown.host);
    await click(findAll(shown.host, '[role=option]')[1]!);
    await rendered(shown.host);
    equal([input(shown).value, isOpen(shown)], ['Analytical Engines', false]);
    equal(focused(shown.host)?.id, 'company');
  });

  it('is walked through by every key, round its ends', async () => {
    const shown = await showBox();
    input(shown).focus();
    await press('ArrowDown');
    await until('it opens at the first', () => active(shown) === 'Hydra Mills');
    for (const [key, line] of [
      ['ArrowUp', 'شركة الصحراء للطاقة'],
      ['ArrowDown', 'Hydra Mills'],
      ['PageDown', 'شركة الصحراء للطاقة'],
      ['PageUp', 'Hydra Mills'],
      ['ArrowDown', 'Analytical Engines'],
    ] as const) {
      await press(key);
      await until(`${key} leads to ${line}`, () => active(shown) === line);
    }
  });

  it('opens at its last option by the arrow up', async () => {
    const shown = await showBox();
    input(shown).focus();
    await press('ArrowUp');
    await until('it opens at the last', () => active(shown) === 'شركة الصحراء للطاقة');
  });

  it('takes what the arrows have reached when Tab goes on', async () => {
    const shown = await showBox();
    await typed(shown, 'n');
    await press('ArrowDown');
    await until('an option is marked', () => active(shown) === 'Analytical Engines');
    await press('Tab');
    await rendered(shown.host);
    equal(focused(shown.host)?.id, 'next');
    equal([input(shown).value, isOpen(shown)], ['Analytical Engines', false]);
  });

  it('closes by Escape, keeps what is typed, and tells nobody around it', async () => {
    const shown = await showBox();
    const heard: string[] = [];
    place.addEventListener('keydown', ({ key }) => heard.push(key));
    await typed(shown, 'hyd');
    await press('Escape');
    await rendered(shown.host);
    equal([isOpen(shown), input(shown).value], [false, 'hyd']);
    equal(heard.includes('Escape'), false);
    await press('Escape');
    equal(heard.includes('Escape'), true);
  });

  it('closes by a press elsewhere, and keeps what is typed without a choice', async () => {
    const shown = await showBox();
    await typed(shown, 'hyd');
    const next = find(shown.host, '#next');
    next.style.marginBlockStart = '400px';
    await click(next);
    await rendered(shown.host);
    equal([isOpen(shown), input(shown).value, shown.box.isUnresolved], [false, 'hyd', true]);
    equal(shown.heard, []);
  });

  it('chooses what is meant where the whole name was typed', async () => {
    const shown = await showBox();
    await typed(shown, 'hydra mills');
    await press('Tab');
    await rendered(shown.host);
    equal([input(shown).value, shown.box.isUnresolved], ['Hydra Mills', false]);
    equal(shown.heard, ['chosen Hydra Mills']);
  });

  it('takes the choice back as soon as it is typed over', async () => {
    const shown = await showBox({ value: companies[0]! });
    equal(input(shown).value, 'Hydra Mills');
    input(shown).focus();
    await press('End');
    await press('Backspace');
    equal(shown.heard, ['chosen nothing']);
    equal([input(shown).value, shown.box.value], ['Hydra Mill', undefined]);
  });

  it('shows which option is chosen, among all of them', async () => {
    const shown = await showBox({ value: companies[1]! });
    await click(input(shown));
    await until('the options are shown', () => lines(shown).length === 4);
    equal(
      findAll(shown.host, '[role=option]').map(({ ariaSelected }) => ariaSelected),
      ['false', 'true', 'false', 'false'],
    );
  });

  it('is emptied by its button', async () => {
    const shown = await showBox({ value: companies[0]! });
    await click(find(shown.host, '[aria-label=Clear]'));
    await rendered(shown.host);
    equal([input(shown).value, focused(shown.host)?.id, isOpen(shown)], ['', 'company', false]);
    equal(shown.heard, ['chosen nothing']);
  });

  it('opens and closes by its other button, with the focus in the input', async () => {
    const shown = await showBox();
    await click(find(shown.host, '[aria-label="Show companies"]'));
    await until('it is open', () => isOpen(shown) && lines(shown).length === 4);
    equal(focused(shown.host)?.id, 'company');
    await click(find(shown.host, '[aria-label="Show companies"]'));
    await rendered(shown.host);
    equal(isOpen(shown), false);
  });

  it('neither opens nor offers buttons when it is read only', async () => {
    const shown = await showBox({ isReadOnly: true, value: companies[0]! });
    await click(input(shown));
    await press('ArrowDown');
    await rendered(shown.host);
    equal([isOpen(shown), findAll(shown.host, '.combobox button').length], [false, 0]);
  });

  it('sends its form by Enter only while it is closed', async () => {
    const shown = await showBox();
    let sent = 0;
    find(shown.host, 'form').addEventListener('submit', (event) => {
      event.preventDefault();
      sent += 1;
    });
    await typed(shown, 'hyd');
    await press('Enter');
    await rendered(shown.host);
    equal([isOpen(shown), sent], [false, 0]);
    await press('Enter');
    equal(sent, 1);
  });
});

describe('A search of a combobox', () => {
  it('is aborted by a newer one, and its answer is not shown', async () => {
    const shown = await showBox({ isHeld: true });
    input(shown).focus();
    await press('h');
    await until('the first search runs', () => shown.searches.length === 1);
    await press('y');
    await until('the second search runs', () => shown.searches.length === 2);
    const [first, second] = shown.searches as [Search, Search];
    equal([first.signal.aborted, second.signal.aborted, second.typed], [true, false, 'hy']);
    second.answer([companies[0]!]);
    await until('its answer is shown', () => lines(shown).length === 1);
    first.answer(companies);
    await new Promise((resolve) => setTimeout(resolve));
    await rendered(shown.host);
    equal(lines(shown), ['Hydra Mills']);
  });

  it('is aborted when the list closes', async () => {
    const shown = await showBox({ isHeld: true });
    await click(input(shown));
    await until('the search runs', () => shown.searches.length === 1);
    await press('Escape');
    equal(shown.searches[0]!.signal.aborted, true);
  });

  it('is waited for in sight, and said', async () => {
    const shown = await showBox({ isHeld: true });
    await click(input(shown));
    await until('it says so', () => said(shown) === 'Looking for companies…');
    equal(textOf(find(shown.host, '.popup-note')), 'Looking for companies…');
    equal(find(shown.host, '[role=listbox]').ariaBusy, 'true');
  });

  it('says that nothing fits', async () => {
    const shown = await showBox();
    await typed(shown, 'xyz');
    equal([textOf(find(shown.host, '.popup-note')), said(shown)], ['No company fits', 'No company fits']);
  });

  it('is repeated from the list after it failed, by keyboard too', async () => {
    const shown = await showBox({ isHeld: true });
    input(shown).focus();
    await press('h');
    await until('the search runs', () => shown.searches.length === 1);
    shown.searches[0]!.fail();
    await until('the failure is said', () => said(shown) === 'The companies could not be loaded.');
    equal(shown.heard, ['No answer']);
    await press('ArrowDown');
    await until('the way out is marked', () => active(shown) === 'Try again');
    await press('Enter');
    await until('it is searched again', () => shown.searches.length === 2);
    shown.searches[1]!.answer(fits('h'));
    await until('the options are shown', () => lines(shown).join() === 'Hydra Mills');
  });

  it('offers to make something new of what nothing has as its name', async () => {
    const shown = await showBox({ canCreate: true });
    await typed(shown, 'hydra');
    equal(lines(shown), ['Hydra Mills', 'Add “hydra”']);
    await press('ArrowUp');
    await until('it is marked', () => active(shown) === 'Add “hydra”');
    await press('Enter');
    equal(shown.heard, ['new hydra']);

    const known = await showBox({ canCreate: true });
    await typed(known, 'hydra mills');
    equal(lines(known), ['Hydra Mills']);
  });

  it('waits until composed letters are finished, whose keys are theirs', async () => {
    const shown = await showBox();
    const box = input(shown);
    box.focus();
    box.value = 'に';
    box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, isComposing: true }));
    for (const key of ['ArrowDown', 'Enter', 'Escape']) {
      const event = new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true });
      box.dispatchEvent(event);
      equal(event.defaultPrevented, false);
    }
    await rendered(shown.host);
    equal([shown.searches.length, isOpen(shown), box.value], [0, false, 'に']);
    box.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    await until('it is searched for', () => shown.searches.at(-1)?.typed === 'に');
  });
});

describe('A combobox in a dialog', () => {
  it('closes its list by Escape first, and the dialog only by the next', async () => {
    const shown = await showBox({ isInDialog: true });
    await click(input(shown));
    await until('the options are shown', () => isOpen(shown) && lines(shown).length === 4);
    await press('Escape');
    await rendered(shown.host);
    equal([isOpen(shown), shown.frame.isOpen], [false, true]);
    await press('Escape');
    await until('the dialog is closed', () => !shown.frame.isOpen);
  });

  it('shows its list beyond the dialog, and is chosen from there by the mouse', async () => {
    const shown = await showBox({ isInDialog: true });
    await click(input(shown));
    await until('the options are shown', () => isOpen(shown) && lines(shown).length === 4);
    await atRest(shown.host);
    const last = findAll(shown.host, '[role=option]').at(-1)!;
    const [, lowest] = middleOf(last);
    ok(lowest > find(shown.host, '#frame').getBoundingClientRect().bottom, 'It lies below the dialog.');
    await sendMouse({ type: 'click', position: middleOf(last) });
    await rendered(shown.host);
    equal([input(shown).value, shown.frame.isOpen], ['شركة الصحراء للطاقة', true]);
  });
});

axeFindsNothing({
  'a closed combobox': async () => (await showBox({ value: companies[0]! })).host,
  'options with one marked and one new': async () => {
    const shown = await showBox({ canCreate: true });
    await typed(shown, 'hydra');
    await press('ArrowDown');
    return shown.host;
  },
  'a search under way': async () => {
    const shown = await showBox({ isHeld: true });
    await click(input(shown));
    await until('it says so', () => said(shown));
    return shown.host;
  },
  'nothing found': async () => {
    const shown = await showBox();
    await typed(shown, 'xyz');
    return shown.host;
  },
  'a search that failed': async () => {
    const shown = await showBox({ isHeld: true });
    await click(input(shown));
    await until('the search runs', () => shown.searches.length === 1);
    shown.searches[0]!.fail();
    await until('it says so', () => said(shown)?.includes('could not'));
    return shown.host;
  },
});
