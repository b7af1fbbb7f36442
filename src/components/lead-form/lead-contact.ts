import type { ReactiveControllerHost } from 'lit';
import type { Client } from '../../client/index.ts';
import { ComboboxController } from '../../controllers/combobox-controller.ts';
import { SimilarContacts } from '../../controllers/similar-contacts.ts';
import type { common, contactForm, forms, leadForm } from '../../locales/en.ts';
import { companyBox, personFields, showCompany, type PersonValues } from '../contact-form/person-fields.ts';
import type { Localized } from '../shared/localized.ts';
import { contactOptions, contactPicker, nameOf, newContact } from './contact-picker.ts';
import { NOBODY, personOf, type KnownContact, type LeadContactChoice } from './lead-values.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

interface LeadContactSource {
  client(): Client | undefined;
  choice(): LeadContactChoice;
  /** Whether someone new may be described. */
  mayDescribe(): boolean;
  change(choice: LeadContactChoice): void;
  report(error: unknown): void;
}

interface LeadContactParts {
  texts: Localized<typeof leadForm>;
  person: Localized<typeof contactForm>;
  common: Localized<typeof common>;
  forms: Localized<typeof forms>;
  isReadOnly: boolean;
  isDisabled: boolean;
  /** What is wrong with the choice, and with a part of who is new. */
  error: string | undefined;
  errorOf(path: string): string | undefined;
  leave(): void;
}

/** Whom a lead is about: found by typing, or described, beside those who may be the same. */
export class LeadContact {
  readonly #host: Host;
  readonly #source: LeadContactSource;
  readonly #similar: SimilarContacts;
  readonly #known: ComboboxController;
  readonly #anyone: ComboboxController;
  readonly #company: ComboboxController;
  #found: readonly KnownContact[] = [];

  constructor(host: Host, source: LeadContactSource) {
    this.#host = host;
    this.#source = source;
    this.#similar = new SimilarContacts(host, () => source.client());
    this.#known = this.#box(undefined);
    this.#anyone = this.#box((typed) => this.#describe(personOf(typed)));
    this.#company = companyBox(host, 'contact-company', {
      client: () => source.client(),
      choose: (company) => this.#describe({ ...this.#person, company }),
      report: (error) => source.report(error),
    });
  }

  /** Brings the inputs in line with the choice, before the host is drawn. */
  update() {
    const choice = this.#source.choice();
    const known = choice !== null && 'known' in choice ? choice.known : undefined;
    const box = this.#picker;
    box.value = known && { value: known.id, text: nameOf(known) };
    if (!known) box.text = choice !== null && 'typed' in choice ? choice.typed : '';
    showCompany(this.#company, this.#person.company);
    this.#similar.seek(this.#isDescribed ? this.#person : undefined);
  }

  render(parts: LeadContactParts) {
    const { isDisabled, errorOf, leave, person } = parts;
    if (!this.#isDescribed) return contactPicker({ ...parts, box: this.#picker });
    return newContact({
      ...parts,
      similar: this.#similar.found,
      use: (contact) => this.#use(contact, true),
      search: isDisabled ? undefined : () => this.#search(),
      fields: personFields({
        ...parts,
        values: this.#person,
        prefix: 'contact.',
        companies: this.#company,
        texts: person,
        isEmailRequired: false,
        errorOf: (name) => errorOf(name === this.#company.id ? 'contact.company' : name),
        change: (name, value) => this.#describe({ ...this.#person, [name]: value }),
        leave,
      }),
    });
  }

  get #isDescribed() {
    const choice = this.#source.choice();
    return choice !== null && 'new' in choice;
  }

  get #person(): PersonValues {
    const choice = this.#source.choice();
    return choice !== null && 'new' in choice ? choice.new : NOBODY;
  }

  get #picker() {
    return this.#source.mayDescribe() ? this.#anyone : this.#known;
  }

  #box(create: ((typed: string) => void) | undefined) {
    return new ComboboxController(this.#host, {
      id: 'contact',
      load: async (typed, signal) => {
        const { options, contacts } = await contactOptions(this.#source.client(), typed, signal);
        this.#found = contacts;
        return options;
      },
      choose: (option) => {
        const contact = this.#found.find(({ id }) => id === option?.value);
        if (contact) this.#use(contact);
      },
      create,
      typed: (typed) => this.#source.change(typed === '' ? null : { typed }),
      failed: (error) => this.#source.report(error),
    });
  }

  #use({ id, name, email, company = null, phone_number = null }: KnownContact, takesFocus = false) {
    this.#source.change({ known: { id, name, email, company, phone_number } });
    if (takesFocus) this.#focus('contact');
  }

  #describe(person: PersonValues) {
    const isFirst = !this.#isDescribed;
    this.#source.change({ new: person });
    // What was typed stands in one of them; the next is to be typed.
    if (isFirst) this.#focus(person.email !== '' ? 'contact.firstname' : 'contact.email');
  }

  #search() {
    this.#source.change(null);
    this.#focus('contact');
  }

  #focus(id: string) {
    void this.#host.updateComplete.then(() => (this.#host.renderRoot as ShadowRoot).getElementById(id)?.focus());
  }
}
