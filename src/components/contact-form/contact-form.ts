import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Client } from '../../client/index.ts';
import type { Contact, ContactChange, NewContact } from '../../contract/contact.ts';
import { recordsOf } from '../../controllers/records.ts';
import { TagSuggestions } from '../../controllers/tag-suggestions.ts';
import { heldName, valueProblems, type HeldValue } from '../../core/custom-values.ts';
import type { FieldProblem } from '../../core/form-state.ts';
import { contactForm } from '../../locales/en.ts';
import { ContactOpenEvent } from '../contact-table/contact-table.events.ts';
import { customInputs } from '../shared/custom-inputs.ts';
import { customEntries, shownCustomValue } from '../shared/custom-words.ts';
import { banner } from '../shared/form-notices.ts';
import { icons } from '../shared/icons.ts';
import { Localized } from '../shared/localized.ts';
import { RecordForm, type FormText } from '../shared/record-form.ts';
import { tagField } from '../shared/tag-field.ts';
import { attributeRows } from './attribute-rows.ts';
import { ContactCancelledEvent, ContactSavedEvent, ContactSaveEvent } from './contact-form.events.ts';
import styles from './contact-form.styles.ts';
import {
  attributeProblems,
  contactChangeOf,
  newContactOf,
  valuesOfContact,
  type CompanyChoice,
  type ContactValues,
} from './contact-values.ts';
import { companyBox, PERSON_TEXTS, personFields, showCompany } from './person-fields.ts';

/**
 * Adds or changes a contact, inline or in a dialog. With a client it loads, checks, saves and follows what others change; without
 * one the page saves at `mill-contact-save`. Within a form of the page it gives its values to that form and saves nothing.
 *
 * @tag mill-contact-form
 * @slot - More fields, below those of the contact.
 * @slot actions - In place of the buttons.
 * @csspart form - The form with its buttons, where it is inline.
 * @csspart dialog - The dialog.
 * @csspart field - Each field with its label.
 * @csspart actions - The buttons, where the form is inline.
 * @csspart save - The button that saves.
 * @csspart cancel - The button that leaves without saving.
 * @csspart error-summary - What is wrong, above the fields.
 * @csspart banner - What has to be known, above the fields.
 * @csspart conflicts - Fields that someone else has changed too.
 * @csspart notice - What stands there instead of the form.
 * @csspart status - What is said in passing, where no provider says it.
 * @fires {ContactSaveEvent} mill-contact-save - The user wants the contact saved. Cancelable.
 * @fires {ContactSavedEvent} mill-contact-saved - The contact was saved.
 * @fires {ContactCancelledEvent} mill-contact-cancelled - The user left without saving.
 * @fires {ContactOpenEvent} mill-contact-open - The user opens the contact that has this e-mail or phone number already. Cancelable.
 * @fires {MillErrorEvent} mill-error - Something could not be loaded or saved.
 */
export class ContactForm extends RecordForm<'contact', ContactValues, NewContact | ContactChange> {
  static override styles = [...RecordForm.styles, styles];

  /** The contact to change; without one and without `contactId` a contact is added. */
  @property({ attribute: false }) contact: Contact | undefined;

  /** The id of the contact to load and change. */
  @property({ attribute: 'contact-id' }) contactId: string | undefined;

  /** A new contact needs no e-mail address: a name or a phone number is enough. */
  @property({ type: Boolean, attribute: 'email-optional' }) emailOptional = false;

  @state() private isAddingDetail = false;
  @state() private existing: Contact | undefined;

  readonly #texts = new Localized(this, 'contactForm', contactForm);
  readonly #tags = new TagSuggestions(this, () => this.client);
  readonly #company = companyBox(this, 'company', {
    client: () => this.client,
    choose: (company) => this.#change('company', company),
    report: (error) => this.report(error),
  });
  #sought: unknown;

  constructor() {
    super('contact');
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('contact') || changed.has('contactId')) this.follow(this.contactId || undefined, this.contact);
    super.willUpdate(changed);
    showCompany(this.#company, this.draft.state.values.company);
    this.#seek();
  }

  protected override say(name: FormText, params?: Readonly<Record<string, string | number>>) {
    return this.#texts.text(name, params);
  }

  protected override valuesOf(contact: Contact | undefined) {
    return valuesOfContact(contact, this.definitions, this.writtenIn);
  }

  protected override async loadRules() {
    return (await import('./contact-check.ts')).contactProblems;
  }

  protected override check(values: ContactValues): FieldProblem[] {
    const { record } = this.draft;
    const { definitions } = this;
    const given = this.givenOf(values, this.draft.state.changed, record);
    const found = (this.rules?.(given, !record) ?? []).filter(({ path }) => !path.startsWith('custom_fields.'));
    const isAnonymous = PERSON_TEXTS.every((name) => values[name].trim() === '');
    if (!record && !this.emailOptional && values.email.trim() === '')
      found.unshift({ path: 'email', code: 'required', params: {} });
    else if (isAnonymous && !found.some(({ code }) => code === 'one_of_needed'))
      found.unshift({ path: 'email', code: 'one_of_needed', params: { fields: PERSON_TEXTS } });
    return [
      ...found.map((problem) => (problem.path === 'company_id' ? { ...problem, path: 'company' } : problem)),
      ...valueProblems(definitions, values, record?.custom_fields, this.writtenIn),
      // What others have made of it is theirs to answer for.
      ...(this.draft.state.changed.includes('metadata') ? attributeProblems(values.metadata) : []),
    ];
  }

  protected override givenOf(values: ContactValues, changed: readonly string[], contact: Contact | undefined) {
    const { definitions, writtenIn } = this;
    return contact
      ? contactChangeOf(values, changed, contact, definitions, writtenIn)
      : newContactOf(values, definitions, writtenIn);
  }

  protected override saveEvent(contact: Contact | undefined, given: NewContact | ContactChange) {
    return new ContactSaveEvent(contact, given);
  }

  protected override callsOf(client: Client) {
    return client.contacts;
  }

  protected override tellSaved(contact: Contact, before: Contact | undefined) {
    this.isAddingDetail = false;
    this.dispatchEvent(new ContactSavedEvent(contact, before));
  }

  protected override tellCancelled() {
    this.isAddingDetail = false;
    this.dispatchEvent(new ContactCancelledEvent(this.draft.record));
  }

  protected override sentenceOf(what: 'added' | 'saved', { name, email }: Contact) {
    const known = name ?? email;
    return known === null ? this.#texts.text(`${what}Unnamed`) : this.#texts.text(what, { name: known });
  }

  protected override entries(values: ContactValues) {
    const { company, tags, metadata } = values;
    return [
      ...PERSON_TEXTS.map((name) => [name, values[name]] as const),
      ['company', company?.name ?? ''] as const,
      ...(company?.id ? [['company_id', company.id] as const] : []),
      ...tags.map((tag) => ['tags', tag] as const),
      ...customEntries(values, this.definitions),
      ...metadata.filter(({ key }) => key.trim() !== '').map(({ key, text }) => [`metadata.${key.trim()}`, text] as const),
    ];
  }

  protected override labelOf(name: string) {
    const definition = this.definitions.find((each) => heldName(each) === name);
    if (definition) return definition.label;
    const text = `field.${name}`;
    return text in contactForm ? this.#texts.text(text as keyof typeof contactForm) : name;
  }

  protected override shown(name: string, value: unknown) {
    if (name === 'company') return (value as CompanyChoice | null)?.name ?? '';
    if (name === 'metadata') return (value as ContactValues['metadata']).map(({ key, text }) => `${key}: ${text}`).join('\n');
    const definition = this.definitions.find((each) => heldName(each) === name);
    return shownCustomValue(value, definition, { formats: this.forms.formats, writtenIn: this.writtenIn, common: this.common });
  }

  protected override controlOf(path: string) {
    const detail = /^metadata\.(\d+)$/.exec(path)?.[1];
    return detail === undefined ? super.controlOf(path) : `metadata-${detail}-key`;
  }

  protected override notices() {
    const { existing, client } = this;
    const isDuplicate = (this.draft.error as { code?: string } | undefined)?.code === 'DUPLICATE';
    if (!isDuplicate || !existing || !client) return nothing;
    const name = existing.name ?? existing.email ?? existing.phone_number ?? '';
    const isPhone = this.draft.state.problemOf('phone_number')?.code === 'taken' && !this.draft.state.problemOf('email');
    return banner({
      kind: 'neutral',
      icon: icons.people,
      text: this.forms.text(isPhone ? 'duplicate.phone' : 'duplicate.email', { name }),
      actions: html`<a class="duplicate-open" href="${this.linkPrefix}${existing.id}" @click=${(event: MouseEvent) => this.#open(event, existing)}
        >${this.forms.text('duplicate.open', { name })}</a
      >`,
    });
  }

  protected override fields() {
    const { values } = this.draft.state;
    const isDisabled = this.disabled || this.hostForm.isDisabled;
    const state = { isReadOnly: this.isReadOnly, isDisabled };
    return html`
      ${personFields({
        ...state,
        values,
        companies: this.#company,
        texts: this.#texts,
        common: this.common,
        forms: this.forms,
        isEmailRequired: this.isNew && !this.emailOptional,
        errorOf: (name) => this.problemOf(name),
        change: (name, value) => this.#change(name, value),
        leave: (name) => this.leave(name),
      })}
      ${tagField({
        ...state,
        tags: values.tags,
        suggestions: this.#tags,
        texts: this.common,
        forms: this.forms,
        error: this.problemOf('tags'),
        change: (tags) => this.#change('tags', tags),
        leave: () => this.leave('tags'),
      })}
      ${customInputs(this.definitions, {
        ...state,
        texts: this.common,
        forms: this.forms,
        valueOf: (name) => values[name as `custom_fields.${string}`] ?? null,
        errorOf: (name) => this.problemOf(name),
        change: (name, value: HeldValue) => this.#change(name as `custom_fields.${string}`, value),
        leave: (name) => this.leave(name),
      })}
      ${attributeRows({
        ...state,
        attributes: values.metadata,
        isAdding: this.isAddingDetail,
        texts: this.common,
        forms: this.forms,
        errorOf: (index) => this.#attributeProblem(index),
        change: (metadata) => this.#changeDetails(metadata),
        leave: () => this.leave('metadata'),
        add: () => this.#addDetail(),
        remove: (index) => this.#removeDetail(index),
      })}
    `;
  }

  #change<Name extends keyof ContactValues & string>(name: Name, value: ContactValues[Name]) {
    this.draft.change(name, value);
    this.hostForm.give();
  }

  #attributeProblem(index: number) {
    const problem = this.draft.state.problems.find(({ path }) => path === `metadata.${index}`);
    if (problem?.code === 'taken') return this.forms.text('attributes.twice');
    return problem?.code === 'required' ? this.forms.text('attributes.unnamed') : problem && this.textOf(problem);
  }

  #changeDetails(metadata: ContactValues['metadata']) {
    this.isAddingDetail = this.isAddingDetail && metadata.length <= this.draft.state.values.metadata.length;
    this.#change('metadata', metadata);
  }

  #addDetail() {
    const { length } = this.draft.state.values.metadata;
    this.isAddingDetail = true;
    this.#focus(`metadata-${length}-key`);
  }

  #removeDetail(index: number) {
    const { metadata } = this.draft.state.values;
    if (index < metadata.length) this.#change('metadata', metadata.toSpliced(index, 1));
    else this.isAddingDetail = false;
    this.#focus('metadata-add');
  }

  #focus(id: string) {
    void this.updateComplete.then(() => (this.renderRoot as ShadowRoot).getElementById(id)?.focus());
  }

  /** Finds out who has the e-mail or phone number already, once the API has said that someone has. */
  #seek() {
    const { error } = this.draft;
    if (error === this.#sought) return;
    this.#sought = error;
    this.existing = undefined;
    const { existingId } = (error ?? {}) as { existingId?: string };
    if (!existingId || !this.client) return;
    recordsOf(this.client)
      .load('contact', existingId)
      .then(
        (contact) => {
          if (this.draft.error === error) this.existing = contact;
        },
        // The refusal itself says enough.
        () => {},
      );
  }

  #open(event: MouseEvent, contact: Contact) {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!opensElsewhere && !this.dispatchEvent(new ContactOpenEvent(contact))) event.preventDefault();
  }
}
