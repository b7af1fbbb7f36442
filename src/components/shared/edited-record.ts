import type { PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { CustomField } from '../../contract/custom-field.ts';
import type { Permission } from '../../contract/permissions.ts';
import { AccessController } from '../../controllers/access-controller.ts';
import { CustomFieldsController } from '../../controllers/custom-fields-controller.ts';
import { FormController, type Intention, type Send } from '../../controllers/form-controller.ts';
import { HostForm } from '../../controllers/host-form.ts';
import { LeaveController } from '../../controllers/leave-controller.ts';
import { RecordController } from '../../controllers/record-controller.ts';
import type { RecordKinds } from '../../controllers/record-kinds.ts';
import { retypedValues } from '../../core/custom-values.ts';
import type { FieldProblem } from '../../core/form-state.ts';
import { common, errors, forms } from '../../locales/en.ts';
import { FormElement } from './form-element.ts';
import { Localized } from './localized.ts';
import { problemText } from './problem-text.ts';

/** Finds what a schema of the contract refuses in what would be sent. */
export type Rules = (given: object, isNew: boolean) => FieldProblem[];

/** A kind of record that has a form. */
export type EditedKind = 'contact' | 'lead';

const NONE: readonly CustomField[] = [];

/**
 * What is filled in for one record, whatever it looks like: its values, what is wrong with them, what others make of it
 * meanwhile, and what a form of the page gets of it.
 */
export abstract class EditedRecord<Name extends EditedKind, Values extends Record<string, unknown>> extends FormElement {
  /** Shows the form in a dialog over the page, while `open` is set. */
  @property({ type: Boolean, reflect: true }) dialog = false;

  /** Whether the dialog is open. Taken away by the page, it closes without asking. */
  @property({ type: Boolean, reflect: true }) open = false;

  /** What the address of a record begins with; its id follows. */
  @property({ attribute: 'link-prefix' }) linkPrefix = '#';

  /** The custom fields; they are loaded where there is a client and none are set. */
  @property({ attribute: false }) customFields: readonly CustomField[] | undefined;

  protected readonly kind: Name;
  protected readonly common = new Localized(this, 'common', common);
  protected readonly errors = new Localized(this, 'errors', errors);
  protected readonly forms = new Localized(this, 'forms', forms);
  protected readonly access = new AccessController(this, () => this.client, { failed: (error) => this.report(error) });
  protected readonly draft: FormController<Values, RecordKinds[Name]>;
  protected readonly record: RecordController<Name>;
  protected readonly loadedFields: CustomFieldsController;
  protected override readonly hostForm: HostForm;
  /** What is told in this update. */
  protected problems: readonly FieldProblem[] = [];
  /** The contract's rules, once they are loaded. */
  protected rules: Rules | undefined;
  readonly #leaving = new LeaveController(this, (name) => this.draft.leave(name));
  /** What the fields were made of. */
  #made: readonly CustomField[] = NONE;
  #writtenIn: string | undefined;
  #loading: Promise<void> | undefined;
  /** What the browser has kept of a form that was left, as far as it is not filled in yet. */
  #kept: Partial<Values> = {};

  constructor(kind: Name) {
    super();
    this.kind = kind;
    this.loadedFields = new CustomFieldsController(
      this,
      kind,
      () => this.usedClient,
      (error) => this.report(error),
    );
    this.draft = new FormController<Values, RecordKinds[Name]>(this, {
      valuesOf: (record) => this.valuesOf(record),
      check: (values) => [...this.#unread(), ...this.check(values)],
      begin: (intention) => this.begin(intention),
      saved: (record, before) => this.saved(record, before),
      refused: () => void this.refused(),
      report: (error) => this.report(error),
    });
    this.record = new RecordController(this, kind, {
      client: () => this.usedClient,
      heard: (record) => this.#take(record),
      gone: () => this.draft.lose(),
      forgotten: () => this.draft.show(undefined),
      open: () => this.draft.reconnected(),
      report: (error) => this.report(error),
    });
    this.hostForm = new HostForm(this, {
      takesPart: () => !this.dialog,
      entries: () => this.entries(this.draft.state.values),
      problem: () => this.#hostProblem(),
      kept: () => JSON.stringify(this.draft.state.values),
      tell: () => this.draft.state.try() || this.requestUpdate(),
    });
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.ready;
  }

  /** Settles once the rules are there, or can't be had for now: the API has them as well. */
  protected get ready(): Promise<void> | undefined {
    if (this.rules) return undefined;
    return (this.#loading ??= this.loadRules().then(
      (rules) => {
        this.rules = rules;
        this.requestUpdate();
      },
      (error: unknown) => {
        this.#loading = undefined;
        this.report(error);
      },
    ));
  }

  /** The locale in which the fields hold their numbers: that of the page, as soon as they are written in it. */
  protected get writtenIn(): string {
    return this.#writtenIn ?? this.forms.locale;
  }

  protected override restore(state: string) {
    this.#kept = JSON.parse(state) as Partial<Values>;
    this.#takeBack();
  }

  /** Fills in what the browser has kept; custom fields get theirs once they are known. */
  #takeBack() {
    const kept = this.#kept;
    for (const name of Object.keys(this.draft.state.values).filter((name) => name in kept)) {
      this.draft.change(name, kept[name] as Values[string]);
      delete kept[name];
    }
  }

  /** What the fields hold for a record, or for a new one. */
  protected abstract valuesOf(record: RecordKinds[Name] | undefined): Values;
  /** Loads the contract's rules. They bring the schemas along, so that a form asks for them once it is on a page. */
  protected abstract loadRules(): Promise<Rules>;
  protected abstract check(values: Values): readonly FieldProblem[];
  protected abstract begin(intention: Intention<Values, RecordKinds[Name]>): Send<RecordKinds[Name]> | undefined;
  /** What is sent of the values by a form of the page. */
  protected abstract entries(values: Values): readonly (readonly [string, string])[];
  /** The label of a field, by its name on the wire. */
  protected abstract labelOf(name: string): string;
  /** All of it was saved; `before` is what it was made of. */
  protected abstract saved(record: RecordKinds[Name], before: RecordKinds[Name] | undefined): void;
  /** Something stands in the way that a person has to look at. */
  protected abstract refused(): Promise<void>;
  /** The id of the control that a problem belongs to. */
  protected controlOf(path: string): string | undefined {
    return this.draft.state.fieldOf(path);
  }

  /** Whether nothing can be changed. */
  protected get isFixed() {
    return this.isReadOnly || this.disabled || this.hostForm.isDisabled;
  }

  protected get isReadOnly() {
    return this.draft.record !== undefined && this.mayNot('edit');
  }

  protected get isNew() {
    return this.draft.record === undefined;
  }

  /** The definitions of the custom fields, as far as they are known. */
  protected get definitions(): readonly CustomField[] {
    return this.customFields ?? this.loadedFields.fields ?? NONE;
  }

  /** Follows the record of this id; one that is given is shown at once. */
  protected follow(id: string | undefined, record: RecordKinds[Name] | undefined) {
    if (record) this.#take(record);
    else if (this.draft.record && this.draft.record.id !== id) this.draft.show(undefined);
    this.record.show(record?.id ?? id, record !== undefined);
  }

  /** Whether it is known that the caller may not. */
  protected mayNot(verb: 'create' | 'edit' | 'delete') {
    return this.client !== undefined && this.access.can(`crm:${this.kind}s:${verb}` as Permission) === false;
  }

  /** A person goes on to another field. */
  protected leave(name: string) {
    this.#leaving.leave(name);
  }

  /** What is to be told of a field, or of a part of it. */
  protected problemOf(path: string): string | undefined {
    const problem = this.problems.find((each) => each.path === path || this.draft.state.fieldOf(each.path) === path);
    return problem && this.textOf(problem);
  }

  /** What is to be told of a part of a field, and of nothing else in it. */
  protected problemAt(path: string): string | undefined {
    const problem = this.problems.find((each) => each.path === path);
    return problem && this.textOf(problem);
  }

  protected textOf(problem: FieldProblem) {
    return problemText(this.errors, problem, (name) => this.labelOf(name));
  }

  /** A dialog asks for nothing before it is opened. */
  protected get usedClient() {
    return this.dialog && !this.open ? undefined : this.client;
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    super.willUpdate?.(changed);
    // Fields that are defined otherwise now, or numbers that another language writes otherwise.
    const { locale } = this.forms;
    if (locale !== this.writtenIn) this.#rewrite(locale);
    else if (this.#writtenIn === undefined || this.definitions !== this.#made) this.draft.renew();
    this.#takeBack();
    this.#writtenIn = locale;
    this.#made = this.definitions;
    this.draft.isGuarding = !this.hostForm.form;
    this.problems = this.draft.state.problems;
  }

  /** The values with their numbers as they are typed in another language. */
  protected retyped(values: Values, from: string, to: string): Values {
    return { ...values, ...retypedValues(this.definitions, values, from, to) };
  }

  #rewrite(locale: string) {
    const mine = this.retyped(this.draft.state.values as Values, this.writtenIn, locale);
    this.#writtenIn = locale;
    this.draft.renew(mine);
  }

  #take(record: RecordKinds[Name]) {
    if (this.draft.record?.id === record.id) this.draft.follow(record);
    else this.draft.show(record);
  }

  /** Days that were typed halfway: to the form they look like none. */
  #unread(): FieldProblem[] {
    const days = this.shadowRoot?.querySelectorAll<HTMLInputElement>('input[type=date]') ?? [];
    const halfway = [...days].filter(({ validity }) => validity.badInput);
    return halfway.map(({ name }) => ({ path: name, code: 'not_date', params: {} }));
  }

  protected control(id: string | undefined) {
    return id === undefined ? null : (this.renderRoot as ShadowRoot).getElementById(id);
  }

  #hostProblem() {
    const [problem] = this.draft.state.wrong;
    if (!problem) return undefined;
    const anchor = this.control(this.controlOf(problem.path)) ?? undefined;
    return { isMissing: problem.code === 'required', text: this.textOf(problem), anchor };
  }
}
