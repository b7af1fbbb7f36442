import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { Client } from '../../client/index.ts';
import type { Lead } from '../../contract/lead.ts';
import { accessOf } from '../../controllers/access.ts';
import { ComboboxController } from '../../controllers/combobox-controller.ts';
import type { Intention } from '../../controllers/form-controller.ts';
import { LeadOptionsController, type LeadOptions } from '../../controllers/lead-options-controller.ts';
import { TagSuggestions } from '../../controllers/tag-suggestions.ts';
import { heldName, valueProblems, type HeldValue } from '../../core/custom-values.ts';
import type { FieldProblem } from '../../core/form-state.ts';
import { contactForm, leadForm, records } from '../../locales/en.ts';
import { PERSON_TEXTS } from '../contact-form/person-fields.ts';
import { button } from '../shared/button.ts';
import { customInputs } from '../shared/custom-inputs.ts';
import { banner } from '../shared/form-notices.ts';
import { icons } from '../shared/icons.ts';
import { Localized } from '../shared/localized.ts';
import { RecordForm, type FormText } from '../shared/record-form.ts';
import { tagField } from '../shared/tag-field.ts';
import { LeadContact } from './lead-contact.ts';
import { LeadCancelledEvent, LeadSavedEvent, LeadSaveEvent } from './lead-form.events.ts';
import styles from './lead-form.styles.ts';
import { leadInputs, notesInput, type LeadInputs } from './lead-inputs.ts';
import {
  leadGivenOf,
  notNumbers,
  retypedLead,
  valuesOfLead,
  type KnownContact,
  type LeadGiven,
  type LeadValues,
} from './lead-values.ts';
import { leadEntries, shownLeadValue } from './lead-words.ts';

export type { KnownContact, LeadOptions };

/** What the API calls by their ids. */
const FIELDS: Readonly<Record<string, string>> = { contact_id: 'contact', source_id: 'source', status: 'stage_id' };
const MAY_FORCE = ['owner', 'admin', 'manager'];

/**
 * Adds or changes a lead, inline or in a dialog: of a contact that is found by typing, or of a new one, beside whom those are
 * shown who may be the same. With a client it loads, checks, saves and follows what others change; without one the page saves at
 * `mill-lead-save`. Within a form of the page it gives its values to that form and saves nothing.
 *
 * @tag mill-lead-form
 * @slot - More fields, below those of the lead.
 * @slot actions - In place of the buttons.
 * @csspart form - The form with its buttons, where it is inline.
 * @csspart dialog - The dialog.
 * @csspart field - Each field with its label.
 * @csspart person - The fields of a new contact.
 * @csspart similar - The contacts that may be the new one.
 * @csspart actions - The buttons, where the form is inline.
 * @csspart save - The button that saves.
 * @csspart cancel - The button that leaves without saving.
 * @csspart error-summary - What is wrong, above the fields.
 * @csspart banner - What has to be known, above the fields.
 * @csspart conflicts - Fields that someone else has changed too.
 * @csspart notice - What stands there instead of the form.
 * @csspart status - What is said in passing, where no provider says it.
 * @fires {LeadSaveEvent} mill-lead-save - The user wants the lead saved. Cancelable.
 * @fires {LeadSavedEvent} mill-lead-saved - The lead was saved.
 * @fires {LeadCancelledEvent} mill-lead-cancelled - The user left without saving.
 * @fires {MillErrorEvent} mill-error - Something could not be loaded or saved.
 */
export class LeadForm extends RecordForm<'lead', LeadValues, LeadGiven> {
  static override styles = [...RecordForm.styles, styles];

  /** The lead to change; without one and without `leadId` a lead is added. */
  @property({ attribute: false }) lead: Lead | undefined;

  /** The id of the lead to load and change. */
  @property({ attribute: 'lead-id' }) leadId: string | undefined;

  /** Whom a new lead is about, where that is known. */
  @property({ attribute: false }) contact: KnownContact | undefined;

  /** Pipelines, sources, owners and currency; they are loaded where there is a client and none are set. */
  @property({ attribute: false }) options: LeadOptions | undefined;

  readonly #texts = new Localized(this, 'leadForm', leadForm);
  readonly #person = new Localized(this, 'contactForm', contactForm);
  readonly #records = new Localized(this, 'records', records);
  readonly #loaded = new LeadOptionsController(
    this,
    () => (this.options ? undefined : this.usedClient),
    (error) => this.report(error),
  );
  readonly #tags = new TagSuggestions(this, () => this.client);
  readonly #contact = new LeadContact(this, {
    client: () => this.client,
    choice: () => this.draft.state.values.contact,
    // Only a new lead may bring a new contact along.
    mayDescribe: () => this.isNew && !(this.client !== undefined && this.access.can('crm:contacts:create') === false),
    change: (contact) => this.#change('contact', contact),
    report: (error) => this.report(error),
  });
  readonly #source = new ComboboxController(this, {
    id: 'source',
    load: (typed) => this.#sources(typed),
    choose: (option) => option && this.#change('source', { id: option.value, name: option.text }),
    create: (name) => this.#change('source', { id: null, name }),
    typed: (name) => this.#change('source', name.trim() === '' ? null : { id: null, name }),
  });
  #isForced = false;
  #shownOptions: LeadOptions | undefined;

  constructor() {
    super('lead');
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('lead') || changed.has('leadId')) this.follow(this.leadId || undefined, this.lead);
    if (this.#given !== this.#shownOptions || changed.has('contact')) this.draft.renew();
    this.#shownOptions = this.#given;
    super.willUpdate(changed);
    this.#contact.update();
    const { source } = this.draft.state.values;
    this.#source.value = source?.id ? { value: source.id, text: source.name } : undefined;
    this.#source.text = source?.name ?? '';
  }

  protected override say(name: FormText, params?: Readonly<Record<string, string | number>>) {
    return this.#texts.text(name, params);
  }

  /** Members change only leads that are theirs or nobody's. */
  protected override get isReadOnly() {
    if (super.isReadOnly) return true;
    const { record } = this.draft;
    const me = this.#me;
    return me?.role === 'member' && record !== undefined && record.owner_id !== null && record.owner_id !== me.user?.id;
  }

  protected override valuesOf(lead: Lead | undefined) {
    return valuesOfLead(lead, { ...this.#making, options: this.#given, contact: this.contact });
  }

  protected override async loadRules() {
    return (await import('./lead-check.ts')).leadProblems;
  }

  protected override check(values: LeadValues): FieldProblem[] {
    const { record, state } = this.draft;
    const given = leadGivenOf(values, state.changed, record, this.#making);
    const isNobody = values.contact === null || 'typed' in values.contact;
    // What is no number would be sent as none, so that is told even where the rules could not be loaded.
    const found = (this.rules?.(given, !record) ?? notNumbers(values, this.writtenIn))
      .filter(({ path }) => !path.startsWith('custom_fields.') && !(isNobody && path === 'contact_id'))
      .map((problem) => ({ ...problem, path: FIELDS[problem.path] ?? problem.path }));
    if (isNobody) found.unshift({ path: 'contact', code: 'required', params: {} });
    return [...found, ...valueProblems(this.definitions, values, record?.custom_fields, this.writtenIn)];
  }

  protected override retyped(values: LeadValues, from: string, to: string) {
    return retypedLead(super.retyped(values, from, to), from, to);
  }

  protected override begin(intention: Intention<LeadValues, Lead>) {
    const send = super.begin(intention);
    this.#isForced = false;
    return send;
  }

  protected override givenOf(values: LeadValues, changed: readonly string[], lead: Lead | undefined) {
    return { ...leadGivenOf(values, changed, lead, this.#making), ...(this.#isForced && { force: true }) };
  }

  protected override saveEvent(lead: Lead | undefined, given: LeadGiven) {
    return new LeadSaveEvent(lead, given);
  }

  protected override callsOf(client: Client) {
    return client.leads;
  }

  protected override tellSaved(lead: Lead, before: Lead | undefined) {
    this.dispatchEvent(new LeadSavedEvent(lead, before));
  }

  protected override tellCancelled() {
    this.dispatchEvent(new LeadCancelledEvent(this.draft.record));
  }

  protected override sentenceOf(what: 'added' | 'saved', { title }: Lead) {
    return this.#texts.text(what, { name: title });
  }

  protected override entries(values: LeadValues) {
    return leadEntries(values, this.definitions);
  }

  protected override labelOf(name: string) {
    const definition = this.definitions.find((each) => heldName(each) === name);
    if (definition) return definition.label;
    const person = `field.${name.replace(/^contact\./, '')}`;
    if (name.startsWith('contact.') && person in contactForm) return this.#person.text(person as keyof typeof contactForm);
    const text = `field.${name}`;
    if (text in leadForm) return this.#texts.text(text as keyof typeof leadForm);
    return person in contactForm ? this.#person.text(person as keyof typeof contactForm) : name;
  }

  protected override textOf(problem: FieldProblem) {
    const { path, code } = problem;
    if (path === 'contact' && code === 'required') return this.#texts.text('contact.required');
    const stage = isFull(problem) ? this.#stage : undefined;
    return stage ? this.#texts.text('stage.full', { name: stage.name }) : super.textOf(problem);
  }

  protected override shown(name: string, value: unknown) {
    return shownLeadValue(name, value, {
      options: this.#given,
      definitions: this.definitions,
      formats: this.forms.formats,
      writtenIn: this.writtenIn,
      common: this.common,
      records: this.#records,
    });
  }

  protected override controlOf(path: string) {
    if (path === 'contact.company' || path === 'contact.company_id') return 'contact-company';
    return path.startsWith('contact.') && PERSON_TEXTS.some((name) => path === `contact.${name}`) ? path : super.controlOf(path);
  }

  protected override get isExplained() {
    return this.#fullStage !== undefined;
  }

  /** A full stage takes one more where those decide who may. */
  protected override notices() {
    const stage = this.#fullStage;
    if (!stage) return nothing;
    if (!MAY_FORCE.includes(this.#me?.role ?? '')) return nothing;
    return banner({
      kind: 'warning',
      icon: icons.warning,
      text: this.#texts.text('stage.full', { name: stage.name }),
      actions: button({ text: this.#texts.text('stage.force'), isSmall: true, press: () => void this.#force() }),
    });
  }

  protected override fields() {
    const { values } = this.draft.state;
    const state = { isReadOnly: this.isReadOnly, isDisabled: this.disabled || this.hostForm.isDisabled };
    const shared = {
      ...state,
      common: this.common,
      errorOf: (name: string) => this.problemOf(name),
      leave: (name: string) => this.leave(name),
    };
    const inputs: LeadInputs = {
      ...shared,
      values,
      isNew: this.isNew,
      options: this.#given,
      failed: this.#loaded.failed,
      retry: this.#loaded.retry,
      sources: this.#source,
      me: this.#me,
      texts: this.#texts,
      records: this.#records,
      change: (name, value) => this.#change(name, value),
    };
    return html`
      ${this.#contact.render({
        ...state,
        texts: this.#texts,
        person: this.#person,
        common: this.common,
        forms: this.forms,
        error: this.problemOf('contact'),
        errorOf: (path) => this.problemAt(path),
        leave: () => this.leave('contact'),
      })}
      ${leadInputs(inputs)}
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
        ...shared,
        texts: this.common,
        forms: this.forms,
        valueOf: (name) => values[name as `custom_fields.${string}`] ?? null,
        change: (name, value: HeldValue) => this.#change(name as `custom_fields.${string}`, value),
      })}
      ${notesInput(inputs)}
    `;
  }

  get #given(): LeadOptions {
    return this.options ?? this.#loaded.options;
  }

  get #making() {
    return { fields: this.definitions, options: NO_OPTIONS, locale: this.writtenIn, contact: undefined };
  }

  /** The stage that took no more, where that is why the lead could not be saved. */
  get #fullStage() {
    const { issues } = (this.draft.error ?? {}) as { issues?: readonly FieldProblem[] };
    return issues?.some(isFull) ? this.#stage : undefined;
  }

  get #stage() {
    const { pipeline_id, stage_id } = this.draft.state.values;
    const pipeline = this.#given.pipelines?.find(({ id }) => id === pipeline_id);
    return pipeline?.stages.find(({ id }) => id === stage_id);
  }

  get #me() {
    return this.client && accessOf(this.client).me;
  }

  #change<Name extends keyof LeadValues & string>(name: Name, value: LeadValues[Name]) {
    this.draft.change(name, value);
    this.hostForm.give();
  }

  async #sources(typed: string) {
    const words = typed.toLocaleLowerCase();
    const sources = (this.options ? this.options.sources : await this.#loaded.wanted('sources')) ?? [];
    return sources
      .filter(({ name }) => name.toLocaleLowerCase().includes(words))
      .map(({ id, name }) => ({ value: id, text: name }));
  }

  readonly #force = async () => {
    this.#isForced = true;
    await this.save();
    // Where something was wrong the next save is another wish.
    this.#isForced = false;
  };
}

/** What the API says of a stage that takes no more. */
const isFull = ({ path, code }: FieldProblem) => path === 'stage_id' && code === 'too_many';

const NO_OPTIONS: LeadOptions = {};
