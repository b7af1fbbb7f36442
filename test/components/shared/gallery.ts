import { html } from 'lit';
import { avatar } from '../../../src/components/shared/avatar.ts';
import { badge } from '../../../src/components/shared/badge.ts';
import { button } from '../../../src/components/shared/button.ts';
import { checkbox } from '../../../src/components/shared/checkbox.ts';
import { combobox, type ComboboxTexts } from '../../../src/components/shared/combobox.ts';
import { dateInput } from '../../../src/components/shared/date-input.ts';
import { dialog } from '../../../src/components/shared/dialog.ts';
import { emptyState } from '../../../src/components/shared/empty-state.ts';
import { errorSummary } from '../../../src/components/shared/error-summary.ts';
import { field } from '../../../src/components/shared/field.ts';
import { icons } from '../../../src/components/shared/icons.ts';
import { menu, menuButton, type MenuItem } from '../../../src/components/shared/menu.ts';
import { select } from '../../../src/components/shared/select.ts';
import { fieldSkeletons, skeleton } from '../../../src/components/shared/skeleton.ts';
import { tagInput, type TagTexts } from '../../../src/components/shared/tag-input.ts';
import { textArea, textInput } from '../../../src/components/shared/text-input.ts';
import { toast } from '../../../src/components/shared/toast.ts';
import { tooltip } from '../../../src/components/shared/tooltip.ts';
import { ComboboxController, type ComboboxOption } from '../../../src/controllers/combobox-controller.ts';
import { DialogController } from '../../../src/controllers/dialog-controller.ts';
import { MenuController } from '../../../src/controllers/menu-controller.ts';
import { TooltipController } from '../../../src/controllers/tooltip-controller.ts';
import type { PartHost } from './part-on-page.ts';

/** Companies as a combobox finds them. */
export const companies: readonly ComboboxOption[] = [
  { value: 'hydra', text: 'Hydra Mills', detail: 'hydramills.example' },
  { value: 'analytical', text: 'Analytical Engines', detail: 'engines.example' },
  { value: 'norrland', text: 'Norrland Timber & Sons', detail: 'norrland.example' },
  { value: 'sahara', text: 'شركة الصحراء للطاقة', detail: 'sahara.example' },
];

export const comboboxTexts: ComboboxTexts = {
  list: 'Companies',
  loading: 'Looking for companies…',
  empty: 'No company fits',
  failed: 'The companies could not be loaded.',
  retry: 'Try again',
  clear: 'Clear',
  toggle: 'Show companies',
  count: (count) => `${count} companies`,
  create: (typed) => `Add “${typed}”`,
};

export const tagTexts: TagTexts = {
  list: 'Tags',
  remove: (tag) => `Remove ${tag}`,
  added: (tags) => `Added ${tags.join(', ')}`,
  removed: (tag) => `Removed ${tag}`,
  full: (limit) => `There may be ${limit} tags.`,
};

const marks = { optional: 'Optional' };
const nothingDone = () => undefined;

/** Every part in its states on one page, to look at and to check as a whole. */
export function gallery(host: PartHost) {
  const rowMenu = new MenuController(host, { id: 'row-menu', align: 'end' });
  const company = new ComboboxController(host, {
    id: 'company',
    load: () => companies,
    choose: nothingDone,
    create: nothingDone,
  });
  company.value = companies[0];
  const add = new DialogController(host, { id: 'add-contact' });
  const inDialog = new ComboboxController(host, { id: 'dialog-company', load: () => companies, choose: nothingDone });
  const tip = new TooltipController(host, { id: 'tip', delay: 0 });
  let tags: readonly string[] = ['VIP', 'Partner', 'Newsletter'];
  const change = (to: readonly string[]) => {
    tags = to;
    host.requestUpdate();
  };
  const items: (MenuItem | 'line')[] = [
    { text: 'Edit', icon: icons.edit, act: nothingDone },
    { text: 'Show archived', isChecked: true, act: nothingDone },
    { text: 'Merge', detail: 'There is no duplicate', icon: icons.people, isDisabled: true, act: nothingDone },
    'line',
    { text: 'Delete', icon: icons.remove, kind: 'danger', act: nothingDone },
  ];
  const contactFields = (prefix: string, more: unknown) => html`
    <div class="fields">
      ${field({
        id: `${prefix}-email`,
        label: 'E-mail',
        isRequired: true,
        isWide: true,
        control: (given) => textInput({ ...given, type: 'email', value: 'ada@example.com', autocomplete: 'off' }),
      })}
      ${field({ id: `${prefix}-first`, label: 'First name', texts: marks, control: (given) => textInput({ ...given, value: 'Ada' }) })}
      ${field({ id: `${prefix}-last`, label: 'Last name', texts: marks, control: (given) => textInput({ ...given, value: '' }) })}
      ${more}
    </div>
  `;

  return () => html`
    <section>
      <h2>Buttons</h2>
      <p>
        ${button({ text: 'Add contact', kind: 'primary', icon: icons.add })} ${button({ text: 'Export' })}
        ${button({ text: 'Cancel', kind: 'quiet' })} ${button({ text: 'Delete', kind: 'danger' })}
        ${button({ text: 'Saving', kind: 'primary', isBusy: true })} ${button({ text: 'Loading', isBusy: true })}
        ${button({ text: 'Off', isDisabled: true })} ${button({ text: 'Off too', kind: 'primary', isDisabled: true })}
        ${button({ text: 'Small', isSmall: true })} ${button({ text: 'Close', icon: icons.close, kind: 'quiet', isIconOnly: true })}
        ${menuButton({ menu: rowMenu, id: 'row-1', text: 'Actions', icon: icons.more, isIconOnly: true })}
        ${button({ text: 'Open dialog', id: 'open-dialog', press: () => void add.open() })}
      </p>
    </section>
    <section>
      <h2>Badges and avatars</h2>
      <p>
        ${badge({ text: 'New', kind: 'accent' })} ${badge({ text: 'Active', kind: 'good' })} ${badge({ text: 'Waiting', kind: 'warning' })}
        ${badge({ text: 'Bounced', kind: 'bad' })} ${badge({ text: 'Unsubscribed' })} ${badge({ text: 'VIP', hasDot: false })}
      </p>
      <p>
        ${['Ada Lovelace', 'Grace Hopper', '李小龙', 'محمد علي', 'x', 'Anne-Marie de la Tour'].map((name) => avatar({ name, isAlone: true }))}
        ${avatar({ name: 'Small One', size: 'small', isAlone: true })} ${avatar({ name: 'Large One', size: 'large', isAlone: true })}
      </p>
    </section>
    <section>
      <h2>Fields</h2>
      ${errorSummary({
        id: 'errors',
        title: 'Two fields need attention',
        errors: [{ field: 'website', text: 'Website: this is no address' }, { text: 'The server could not be reached.' }],
      })}
      <div class="fields">
        ${field({
          id: 'name',
          label: 'Name',
          isRequired: true,
          texts: { required: 'Required' },
          control: (given) => textInput({ ...given, value: 'Ada Lovelace', autocomplete: 'name' }),
        })}
        ${field({
          id: 'website',
          label: 'Website',
          error: 'This is no address: it begins with https://',
          help: 'As people find it',
          control: (given) => textInput({ ...given, type: 'url', value: 'example' }),
        })}
        ${field({
          id: 'value',
          label: 'Value',
          texts: marks,
          control: (given) => textInput({ ...given, inputMode: 'decimal', value: '12,500', start: '€', end: 'net' }),
        })}
        ${field({
          id: 'phone',
          label: 'Phone',
          texts: marks,
          help: 'With the country’s code',
          control: (given) => textInput({ ...given, type: 'tel', value: '', placeholder: '+49 30 901820' }),
        })}
        ${field({ id: 'busy', label: 'Looked up', control: (given) => textInput({ ...given, value: 'ada@', isBusy: true }) })}
        ${field({ id: 'fixed', label: 'Read only', isReadOnly: true, control: (given) => textInput({ ...given, value: 'L-1024' }) })}
        ${field({ id: 'off', label: 'Off', isDisabled: true, control: (given) => textInput({ ...given, value: 'Not now' }) })}
        ${field({
          id: 'status',
          label: 'Status',
          control: (given) =>
            select({
              ...given,
              value: '',
              placeholder: 'Choose one',
              options: [
                { value: 'new', text: 'New' },
                { text: 'Over', options: [{ value: 'won', text: 'Won' }] },
              ],
            }),
        })}
        ${field({
          id: 'close-date',
          label: 'Expected close',
          control: (given) =>
            dateInput({ ...given, value: '2026-05-04', min: '2026-01-01', max: '2026-12-31', readable: 'Monday, 4 May 2026' }),
        })}
        ${field({
          id: 'company',
          label: 'Company',
          texts: marks,
          control: ({ id: _id, ...given }) => combobox({ ...given, combobox: company, texts: comboboxTexts }),
        })}
        ${field({
          id: 'tags',
          label: 'Tags',
          help: 'A comma or Enter makes one',
          control: (given) => tagInput({ ...given, tags, change, texts: tagTexts, placeholder: 'Add a tag' }),
        })}
        ${field({
          id: 'interests',
          label: 'Interests',
          isGroup: true,
          control: () => html`
            ${checkbox({ id: 'solar', label: 'Solar roof', isChecked: true, note: 'With a battery' })}
            ${checkbox({ id: 'pump', label: 'Heat pump', isChecked: false })}
            ${checkbox({ id: 'some', label: 'Some of it', isChecked: false, isIndeterminate: true })}
            ${checkbox({ id: 'no', label: 'Not to be had', isChecked: true, isDisabled: true })}
          `,
        })}
        ${field({
          id: 'note',
          label: 'Note',
          isWide: true,
          control: (given) => textArea({ ...given, value: 'Called on Monday; wants an offer for both roofs.' }),
        })}
      </div>
    </section>
    <section>
      <h2>Waiting and nothing</h2>
      <div class="fields">
        ${fieldSkeletons(2)}
        <div>${skeleton({ shape: 'title', width: 'medium' })}</div>
        <div>${skeleton({ shape: 'badge' })}</div>
      </div>
      ${emptyState({
        icon: icons.people,
        title: 'No contacts yet',
        text: 'People appear here as soon as they are added or fill in a form.',
        actions: button({ text: 'Add contact', kind: 'primary' }),
      })}
      ${emptyState({
        icon: icons.offline,
        kind: 'warning',
        isBanner: true,
        title: 'No connection to the server',
        text: 'What you typed is kept.',
        actions: button({ text: 'Try again' }),
      })}
    </section>
    <section>
      <h2>Toasts</h2>
      <div role="status">
        ${toast({ text: 'Contact saved', kind: 'good', action: { text: 'Undo', act: nothingDone }, dismiss: nothingDone, texts: { dismiss: 'Dismiss' } })}
        ${toast({ text: 'The lead could not be moved: someone else changed it.', kind: 'bad', dismiss: nothingDone, texts: { dismiss: 'Dismiss' } })}
      </div>
    </section>
    ${menu({ menu: rowMenu, label: 'Actions', items })}
    ${dialog({
      dialog: add,
      title: 'Add contact',
      texts: { close: 'Close' },
      body: () => html`
        ${contactFields(
          'dialog',
          field({
            id: 'dialog-company',
            label: 'Company',
            texts: marks,
            isWide: true,
            control: ({ id: _id, ...given }) => combobox({ ...given, combobox: inDialog, texts: comboboxTexts }),
          }),
        )}
      `,
      footer: () =>
        html`${button({ text: 'Cancel', press: () => void add.askToClose() })} ${button({ text: 'Add contact', kind: 'primary' })}`,
    })}
    ${tooltip(tip)}
  `;
}
