import { html } from 'lit';
import { checkbox } from '../../../src/components/shared/checkbox.ts';
import { dateInput, type DateInputParts } from '../../../src/components/shared/date-input.ts';
import { errorSummary } from '../../../src/components/shared/error-summary.ts';
import { field, type FieldParts } from '../../../src/components/shared/field.ts';
import { select, type SelectParts } from '../../../src/components/shared/select.ts';
import { textArea, textInput, type TextInputParts } from '../../../src/components/shared/text-input.ts';
import { describe, equal, it, ok, until } from '../browser-test.ts';
import {
  axeFindsNothing,
  click,
  find,
  findAll,
  focused,
  onPage,
  press,
  rendered,
  show,
  textOf,
  type PartHost,
} from './part-on-page.ts';

onPage();

const showField = (parts: Partial<FieldParts> = {}) =>
  show(() => () => field({ id: 'name', label: 'Name', control: (given) => textInput({ ...given, value: '' }), ...parts }));

const described = (host: PartHost, control: Element) =>
  (control.getAttribute('aria-describedby') ?? '').split(' ').map((id) => (id ? textOf(find(host, `#${id}`)) : ''));

describe('A field', () => {
  it('labels its control, and enters it by a click on the label', async () => {
    const host = await showField();
    equal(textOf(find<HTMLInputElement>(host, '#name').labels?.[0]), 'Name');
    await click(find(host, '.field-label span'));
    equal(focused(host)?.id, 'name');
  });

  it('says of its control what is wrong first, and then what helps', async () => {
    const host = await showField({ help: 'As in the passport', error: 'Say a name' });
    const control = find(host, '#name');
    equal(described(host, control), ['Say a name', 'As in the passport']);
    equal(control.ariaInvalid, 'true');
  });

  it('says nothing of a control that is fine', async () => {
    const control = find(await showField(), '#name');
    equal([control.hasAttribute('aria-describedby'), control.hasAttribute('aria-invalid')], [false, false]);
  });

  it('marks what is required or what is not, as it is told', async () => {
    const texts = { required: 'Required', optional: 'Optional' };
    equal(textOf(find(await showField({ isRequired: true, texts }), '.field-mark')), 'Required');
    equal(textOf(find(await showField({ texts }), '.field-mark')), 'Optional');
    equal(findAll(await showField({ isRequired: true }), '.field-mark').length, 0);
    equal(find<HTMLInputElement>(await showField({ isRequired: true }), '#name').required, true);
  });

  it('holds several controls as a group of that name', async () => {
    const host = await showField({
      isGroup: true,
      error: 'Choose one',
      control: () => checkbox({ id: 'solar', label: 'Solar', isChecked: false }),
    });
    const group = find(host, 'fieldset');
    equal([group.id, textOf(find(host, 'legend')), described(host, group)], ['name', 'Name', ['Choose one']]);
  });
});

describe('A text input', () => {
  async function showInput(parts: Partial<TextInputParts> = {}) {
    const heard: string[] = [];
    const host = await show(
      () => () =>
        html`
        ${textInput({
          id: 'name',
          label: 'Name',
          value: '',
          input: (value) => heard.push(`input ${value}`),
          change: (value) => heard.push(`change ${value}`),
          leave: () => heard.push('left'),
          ...parts,
        })}
        <input aria-label="Next" />
      `,
    );
    return { host, heard, element: () => find<HTMLInputElement>(host, '#name') };
  }

  it('tells each letter, each finished value, and that it was left', async () => {
    const { heard, element } = await showInput();
    await click(element());
    await press('A');
    await press('d');
    await press('Tab');
    equal(heard, ['input A', 'input Ad', 'change Ad', 'left']);
  });

  it('is entered by a press on what stands beside the text', async () => {
    const { host } = await showInput({ start: '€' });
    await click(find(host, '.input-start'));
    equal(focused(host)?.id, 'name');
  });

  it('shows the value that it is given, also over what was typed', async () => {
    const state: { value: string } = { value: 'Ada' };
    const host = await show(() => () => textInput({ id: 'name', label: 'Name', value: state.value }));
    const element = find<HTMLInputElement>(host, '#name');
    await click(element);
    await press('x');
    host.requestUpdate();
    await rendered(host);
    equal(element.value, 'Ada');
  });

  it('takes its direction from what is typed, and stands where the labels begin', async () => {
    document.documentElement.dir = 'rtl';
    const latin = (await showInput({ value: 'Ada' })).element();
    const phone = (await showInput({ type: 'tel', value: '+49 30' })).element();
    const empty = (await showInput()).element();
    equal(
      [latin, phone, empty].map((each) => getComputedStyle(each).direction),
      ['ltr', 'ltr', 'rtl'],
    );
    equal(new Set([latin, phone].map((each) => getComputedStyle(each).textAlign)), new Set(['right']));
  });

  it('refuses letters while it is read only or off', async () => {
    for (const parts of [{ isReadOnly: true }, { isDisabled: true }]) {
      const { heard, element } = await showInput({ value: 'Ada', ...parts });
      element().focus();
      await press('x');
      equal([element().value, heard.filter((each) => each !== 'left')], ['Ada', []]);
    }
  });

  it('has as many lines as text needs, where the browser can', async () => {
    const host = await show(() => () => textArea({ id: 'note', label: 'Note', value: 'line\n'.repeat(8) }));
    const area = find<HTMLTextAreaElement>(host, '#note');
    if (CSS.supports('field-sizing: content')) ok(area.scrollHeight <= area.clientHeight + 1, 'All of it is seen.');
    equal(area.value.split('\n').length, 9);
  });
});

describe('A select', () => {
  const options = [
    { value: 'new', text: 'New' },
    { text: 'Over', options: [{ value: 'won', text: 'Won' }] },
    { value: 'never', text: 'Never', isDisabled: true },
  ];

  async function showSelect(parts: Partial<SelectParts> = {}) {
    const heard: string[] = [];
    const state: Partial<SelectParts> = { ...parts };
    const host = await show(
      () => () =>
        select({
          id: 'status',
          label: 'Status',
          value: '',
          placeholder: 'Any',
          options,
          change: (value) => heard.push(value),
          ...state,
        }),
    );
    return { host, heard, state, element: () => find<HTMLSelectElement>(host, '#status') };
  }

  it('tells what is chosen by keyboard', async () => {
    const { heard, element } = await showSelect();
    element().focus();
    await press('N');
    await until('it is told', () => heard.join() === 'new');
  });

  it('shows the value that it is given, over what was chosen and with options that come at the same time', async () => {
    const { host, state, element } = await showSelect({ value: 'won' });
    equal([element().value, element().selectedOptions[0]!.text], ['won', 'Won']);
    Object.assign(state, { value: 'late', options: [...options, { value: 'late', text: 'Late' }] });
    host.requestUpdate();
    await rendered(host);
    equal(element().value, 'late');
    element().value = 'new';
    host.requestUpdate();
    await rendered(host);
    equal(element().value, 'late');
  });

  it('stands at its placeholder while nothing is chosen', async () => {
    const { element } = await showSelect();
    equal(element().selectedOptions[0]!.text, 'Any');
  });
});

describe('A checkbox', () => {
  it('is switched by a press on its label and by Space, and says it', async () => {
    const heard: boolean[] = [];
    const host = await show(
      () => () => checkbox({ id: 'solar', label: 'Solar', isChecked: false, change: (is) => heard.push(is) }),
    );
    await click(find(host, '.checkbox span'));
    find(host, '#solar').focus();
    await press(' ');
    equal(heard, [true, false]);
  });

  it('is neither on nor off for some of many', async () => {
    const host = await show(
      () => () => checkbox({ id: 'all', label: 'All', isChecked: false, isIndeterminate: true, isBare: true }),
    );
    const box = find<HTMLInputElement>(host, '#all');
    equal([box.indeterminate, box.ariaLabel], [true, 'All']);
  });
});

describe('A date input', () => {
  const showDate = (parts: Partial<DateInputParts> = {}) =>
    show(() => () => dateInput({ id: 'day', label: 'Day', value: '2026-05-04', ...parts }));

  it('is the browser’s own, with its limits and a value that people read', async () => {
    const host = await showDate({
      min: '2026-05-01',
      max: '2026-05-31',
      readable: 'Monday, 4 May 2026',
      describedBy: 'day-readable',
    });
    const day = find<HTMLInputElement>(host, '#day');
    equal([day.type, day.value, day.min, day.max], ['date', '2026-05-04', '2026-05-01', '2026-05-31']);
    ok(described(host, day).includes('Monday, 4 May 2026'), 'Screen readers hear it.');
  });

  it('finds a day beyond its limits wrong', async () => {
    const host = await showDate({ value: '2026-06-04', max: '2026-05-31' });
    equal(find<HTMLInputElement>(host, '#day').validity.rangeOverflow, true);
  });

  it('tells a day that is picked', async () => {
    const heard: string[] = [];
    const host = await showDate({ change: (value) => heard.push(value) });
    const day = find<HTMLInputElement>(host, '#day');
    day.value = '2026-05-11';
    day.dispatchEvent(new Event('change'));
    equal(heard, ['2026-05-11']);
  });
});

describe('An error summary', () => {
  const errors = [{ field: 'name', text: 'Say a name' }, { text: 'The server did not answer' }];
  const showSummary = () =>
    show(
      () => () =>
        html`
        ${errorSummary({ id: 'errors', title: 'Something is missing', errors })}
        ${field({ id: 'name', label: 'Name', error: 'Say a name', control: (given) => textInput({ ...given, value: '' }) })}
      `,
    );

  it('leads to each field by its link, without another address', async () => {
    const host = await showSummary();
    const address = location.href;
    await click(find(host, '.error-summary a'));
    equal([focused(host)?.id, location.href], ['name', address]);
  });

  it('can be given the focus, and is then read by its title', async () => {
    const host = await showSummary();
    find(host, '#errors').focus();
    equal([focused(host)?.id, findAll(host, 'li').map(textOf)], ['errors', ['Say a name', 'The server did not answer']]);
    equal(textOf(find(host, `#${find(host, '#errors').getAttribute('aria-labelledby')}`)), 'Something is missing');
  });

  it('is not there without errors', async () => {
    const host = await show(() => () => errorSummary({ id: 'errors', title: 'Nothing', errors: [] }));
    equal(findAll(host, '.error-summary').length, 0);
  });
});

axeFindsNothing({
  'a field that is fine': () => showField({ help: 'As in the passport', texts: { optional: 'Optional' } }),
  'a field with an error': () => showField({ help: 'As in the passport', error: 'Say a name', isRequired: true }),
  'a field that is read only': () => showField({ isReadOnly: true }),
  'a field that is off': () => showField({ isDisabled: true }),
});
