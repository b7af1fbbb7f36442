import { html, nothing } from 'lit';
import type { Client } from '../../client/index.ts';
import type { ComboboxController, ComboboxOption } from '../../controllers/combobox-controller.ts';
import type { SimilarContact } from '../../controllers/similar-contacts.ts';
import type { common, forms, leadForm } from '../../locales/en.ts';
import { button } from '../shared/button.ts';
import { combobox } from '../shared/combobox.ts';
import { field } from '../shared/field.ts';
import { icons } from '../shared/icons.ts';
import type { Localized } from '../shared/localized.ts';
import type { KnownContact } from './lead-values.ts';

const MOST_CONTACTS = 8;

/** What a contact is called where it may have no name. */
export const nameOf = ({ name, email, phone_number }: KnownContact) => name ?? email ?? phone_number ?? '';

/** What tells a contact from others of its name. */
const detailOf = ({ name, email, company, phone_number }: KnownContact) =>
  [name === null ? undefined : email, company, email === null ? phone_number : undefined].filter(Boolean).join(' · ') ||
  undefined;

/** Contacts that fit what was typed, the last changed first while nothing is. */
export async function contactOptions(client: Client | undefined, search: string, signal: AbortSignal) {
  if (!client) return { options: [] as ComboboxOption[], contacts: [] };
  const query = { page_size: MOST_CONTACTS, count: 'none', ...(search !== '' && { search }) } as const;
  const { data } = await client.contacts.list(query, { signal });
  const options = data.map((contact): ComboboxOption => ({
    value: contact.id,
    text: nameOf(contact),
    detail: detailOf(contact),
  }));
  return { options, contacts: data };
}

interface Texts {
  texts: Localized<typeof leadForm>;
  common: Localized<typeof common>;
  forms: Localized<typeof forms>;
}

interface PickerParts extends Texts {
  box: ComboboxController;
  error: string | undefined;
  isReadOnly: boolean;
  isDisabled: boolean;
  leave(): void;
}

/** Finds the contact that a lead is about. */
export const contactPicker = ({ box, texts, common, error, isReadOnly, isDisabled, leave }: PickerParts) =>
  field({
    id: box.id,
    label: texts.text('field.contact'),
    help: isReadOnly ? undefined : texts.text('contact.search'),
    error,
    isRequired: true,
    isReadOnly,
    isDisabled,
    isWide: true,
    texts: { required: common.text('required') },
    control: ({ id: _, ...given }) =>
      combobox({
        ...given,
        combobox: box,
        start: icons.search,
        leave,
        texts: {
          list: texts.text('field.contact'),
          loading: common.text('searching'),
          empty: texts.text('contact.none'),
          failed: texts.text('contact.failed'),
          retry: common.text('retry'),
          clear: common.text('clearNamed', { name: texts.text('field.contact') }),
          toggle: common.text('showOptions'),
          count: (count) => common.text('results', { count }),
          create: (text) => texts.text('contact.create', { text }),
        },
      }),
  });

interface NewContactParts extends Texts {
  fields: unknown;
  similar: readonly SimilarContact[];
  /** Chooses someone who is there. */
  use(contact: KnownContact): void;
  /** Goes back to the search. */
  search: (() => void) | undefined;
}

/** Describes someone new, with those who may be the same person. */
export function newContact({ texts, forms, fields, similar, use, search }: NewContactParts) {
  return html`
    <fieldset class="person" id="contact" part="person" tabindex="-1">
      <legend class="visually-hidden">${texts.text('contact.new')}</legend>
      <div class="person-head">
        <span class="group-title" aria-hidden="true">${texts.text('contact.new')}</span>
        ${search ? button({ text: texts.text('contact.existing'), kind: 'quiet', isSmall: true, press: search }) : nothing}
      </div>
      <div role="status">${similar.length > 0 ? similarContacts({ texts, forms, similar, use }) : nothing}</div>
      <div class="fields">${fields}</div>
    </fieldset>
  `;
}

const similarContacts = ({ texts, forms, similar, use }: Pick<NewContactParts, 'texts' | 'forms' | 'similar' | 'use'>) => html`
  <div class="similar" part="similar">
    <p>${texts.text('contact.similar', { count: similar.length })}</p>
    <ul>
      ${similar.map(
        ({ contact, reason }) => html`
          <li>
            <span class="similar-text">
              <bdi>${nameOf(contact)}</bdi>${detailOf(contact) ? html` · <bdi>${detailOf(contact)}</bdi>` : nothing}
              <span class="similar-reason">(${forms.text(`reason.${reason}`)})</span>
            </span>
            ${button({ text: texts.text('contact.use', { name: nameOf(contact) }), isSmall: true, press: () => use(contact) })}
          </li>
        `,
      )}
    </ul>
  </div>
`;
