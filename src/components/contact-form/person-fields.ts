import { ComboboxController } from '../../controllers/combobox-controller.ts';
import type { Client } from '../../client/index.ts';
import type { common, contactForm, forms } from '../../locales/en.ts';
import { combobox } from '../shared/combobox.ts';
import { field } from '../shared/field.ts';
import type { Localized } from '../shared/localized.ts';
import { textInput } from '../shared/text-input.ts';
import type { CompanyChoice } from './contact-values.ts';

/** Who someone is, as inputs hold it. */
export interface PersonValues {
  email: string;
  firstname: string;
  lastname: string;
  phone_number: string;
  company: CompanyChoice | null;
}

/** How each plain field is asked for; the tokens let browsers fill it in. */
const PERSON = [
  { name: 'email', type: 'email', autocomplete: 'email', autocapitalize: 'none' },
  { name: 'firstname', type: 'text', autocomplete: 'given-name', autocapitalize: 'words' },
  { name: 'lastname', type: 'text', autocomplete: 'family-name', autocapitalize: 'words' },
  { name: 'phone_number', type: 'tel', autocomplete: 'tel', autocapitalize: 'none' },
] as const;

/** The fields of a person that are plain text; one of them is enough to make out who it is. */
export const PERSON_TEXTS = PERSON.map(({ name }) => name);

const MOST_COMPANIES = 8;

type Host = ConstructorParameters<typeof ComboboxController>[0];

interface CompanySource {
  client(): Client | undefined;
  choose(company: CompanyChoice | null): void;
  report(error: unknown): void;
}

/** A combobox for a company that there is, or a new one by its name. */
export const companyBox = (host: Host, id: string, { client, choose, report }: CompanySource) =>
  new ComboboxController(host, {
    id,
    load: (typed, signal) => companies(client(), typed, signal),
    choose: (option) => option && choose({ id: option.value, name: option.text }),
    create: (name) => choose({ id: null, name }),
    typed: (name) => choose(name.trim() === '' ? null : { id: null, name }),
    failed: report,
  });

/** Shows in the combobox what the form holds. */
export function showCompany(box: ComboboxController, company: CompanyChoice | null) {
  box.value = company?.id ? { value: company.id, text: company.name } : undefined;
  box.text = company?.name ?? '';
}

interface PersonFields {
  values: PersonValues;
  /** What stands before the names of the fields, as `contact.`. */
  prefix?: string;
  companies: ComboboxController;
  texts: Localized<typeof contactForm>;
  common: Localized<typeof common>;
  forms: Localized<typeof forms>;
  isEmailRequired: boolean;
  isReadOnly: boolean;
  isDisabled: boolean;
  errorOf(name: string): string | undefined;
  change(name: keyof PersonValues, value: string): void;
  leave(name: string): void;
}

/** The fields that say who someone is. */
export function personFields(parts: PersonFields) {
  const {
    values,
    prefix = '',
    companies: box,
    texts,
    common,
    forms,
    isEmailRequired,
    isReadOnly,
    isDisabled,
    errorOf,
    change,
    leave,
  } = parts;
  const texted = PERSON.map(({ name, ...input }) =>
    field({
      id: `${prefix}${name}`,
      label: texts.text(`field.${name}`),
      help: name === 'phone_number' && !isReadOnly ? texts.text('help.phone_number') : undefined,
      error: errorOf(`${prefix}${name}`),
      isRequired: name === 'email' && isEmailRequired,
      isReadOnly,
      isDisabled,
      isWide: name === 'email',
      texts: { required: common.text('required') },
      control: (given) =>
        textInput({
          ...given,
          ...input,
          name: `${prefix}${name}`,
          isSpellchecked: false,
          value: values[name],
          input: (value) => change(name, value),
          leave: () => leave(`${prefix}${name}`),
        }),
    }),
  );
  const company = field({
    id: box.id,
    label: texts.text('field.company'),
    error: errorOf(box.id),
    isReadOnly,
    isDisabled,
    control: ({ id: _, ...given }) =>
      combobox({
        ...given,
        combobox: box,
        autocomplete: 'organization',
        leave: () => leave(box.id),
        texts: {
          list: forms.text('company.search'),
          loading: common.text('searching'),
          empty: forms.text('company.none'),
          failed: forms.text('company.failed'),
          retry: common.text('retry'),
          clear: common.text('clearNamed', { name: texts.text('field.company') }),
          toggle: common.text('showOptions'),
          count: (count) => common.text('results', { count }),
          create: (name) => forms.text('company.create', { name }),
        },
      }),
  });
  return [...texted, company];
}

async function companies(client: Client | undefined, search: string, signal: AbortSignal) {
  if (!client) return [];
  const which = search === '' ? ({ sort_by: 'name', sort_order: 'asc' } as const) : { search };
  const { data } = await client.companies.list({ page_size: MOST_COMPANIES, count: 'none', ...which }, { signal });
  return data.map(({ id, name, city }) => ({ value: id, text: name, detail: city ?? undefined }));
}
