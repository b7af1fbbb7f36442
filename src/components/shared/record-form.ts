import { html, nothing, type PropertyValues } from 'lit';
import type { CallOptions, Client } from '../../client/index.ts';
import type { Intention, Send } from '../../controllers/form-controller.ts';
import { failureOf } from '../../controllers/list-failure.ts';
import { TooltipController } from '../../controllers/tooltip-controller.ts';
import type { RecordKinds } from '../../controllers/record-kinds.ts';
import { recordsOf } from '../../controllers/records.ts';
import type { contactForm, leadForm } from '../../locales/en.ts';
import { button } from './button.ts';
import { EditedRecord, type EditedKind } from './edited-record.ts';
import { formHead } from './form-head.ts';
import { formNotice, type FormNotice } from './form-notices.ts';
import { FormWindow } from './form-window.ts';
import { icons } from './icons.ts';
import { recordFormStyles } from './record-form.styles.ts';
import { fieldSkeletons } from './skeleton.ts';
import { tooltip } from './tooltip.ts';

/** The texts that the forms of all records have, each in its own words. */
export type FormText = keyof typeof contactForm & keyof typeof leadForm;
type Params = Readonly<Record<string, string | number>>;

/** What the client does with the records of a form. */
interface Calls<Row, Given> {
  create(given: Given, options: CallOptions): Promise<Row>;
  update(id: string, given: Given, options: CallOptions): Promise<Row>;
  remove(id: string, options: CallOptions): Promise<unknown>;
}

/** What the page hears before something is saved, and may name what saves it. */
interface SaveEvent<Row> extends Event {
  save:
    | ((how: { version: number | undefined; idempotencyKey: string; signal: AbortSignal }) => Promise<Row | undefined>)
    | undefined;
}

/** How many placeholders stand for the fields while they load. */
const SKELETON_FIELDS = 6;

/**
 * A form for one kind of record, inline or in a dialog. It saves by itself; within a form of the page it gives its values to
 * that form instead, as inputs do.
 */
export abstract class RecordForm<
  Name extends EditedKind,
  Values extends Record<string, unknown>,
  Given extends object,
> extends EditedRecord<Name, Values> {
  static override styles = recordFormStyles;

  readonly #window = new FormWindow(this, {
    isWanted: () => this.dialog && this.open,
    isDirty: () => this.draft.isDirty,
    left: () => {
      this.open = false;
      this.draft.reset();
      this.tellCancelled();
    },
  });
  readonly #tooltip = new TooltipController(this, { id: 'tooltip' });
  /** The form is empty again since what stood in it was added, which a second press may not know yet. */
  #isJustAdded = false;

  override connectedCallback() {
    super.connectedCallback();
    window.addEventListener('offline', this.#connectionChanged);
    window.addEventListener('online', this.#connectionChanged);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('offline', this.#connectionChanged);
    window.removeEventListener('online', this.#connectionChanged);
  }

  /** Opens the dialog. */
  show(): void {
    this.open = true;
  }

  /** Closes the dialog as a person would: asked first where something is not saved. Tells whether it is closed. */
  async close(): Promise<boolean> {
    await this.#window.close();
    return !this.#window.isOpen;
  }

  /** Saves what stands in the form, as its button does. */
  async save(): Promise<void> {
    await this.ready;
    if (this.isFixed || this.hostForm.form) return;
    if (this.draft.isDirty || (this.isNew && !this.#isJustAdded)) await this.draft.submit();
    else if (!this.isNew) await this.close();
  }

  /** Begins anew with what was there at first. */
  reset(): void {
    this.draft.reset();
  }

  /** Whether something would be lost if the form went away. */
  get isDirty(): boolean {
    return this.draft.isDirty;
  }

  protected abstract say(name: FormText, params?: Params): string;
  protected abstract fields(): unknown;
  /** A value in words, for choosing between two. */
  protected abstract shown(name: string, value: unknown): string;
  /** Tells the page; the toast says the sentence. */
  protected abstract tellSaved(record: RecordKinds[Name], before: RecordKinds[Name] | undefined): void;
  protected abstract tellCancelled(): void;
  /** What is sent: of a new record all that is filled in, of another the fields that changed. */
  protected abstract givenOf(values: Values, changed: readonly string[], record: RecordKinds[Name] | undefined): Given;
  /** Asks the page whether it saves. */
  protected abstract saveEvent(record: RecordKinds[Name] | undefined, given: Given): SaveEvent<RecordKinds[Name]>;
  protected abstract callsOf(client: Client): Calls<RecordKinds[Name], Given>;
  protected abstract sentenceOf(what: 'added' | 'saved', record: RecordKinds[Name]): string;
  /** Whether `notices` says why it could not be saved. */
  protected get isExplained() {
    return false;
  }

  /** What else has to be known, above the fields. */
  protected notices(): unknown {
    return nothing;
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    super.willUpdate(changed);
    if (this.draft.isDirty) this.#isJustAdded = false;
  }

  protected override render() {
    const title = this.#title;
    return html`
      ${
        this.dialog
          ? this.#window.render(
              title,
              this.common.texts,
              // Within the window, since what is outside of it can't be reached by a mouse.
              () => [this.#body(), tooltip(this.#tooltip)],
              this.#hasActions ? () => this.#actions() : undefined,
            )
          : html`
            <div class="inline" part="form">
              ${this.#body()}
              ${this.#hasActions ? html`<div class="actions" part="actions">${this.#actions()}</div>` : nothing}
            </div>
            ${tooltip(this.#tooltip)}
          `
      }
      ${this.#window.ask(this.forms, this.common)}
      ${this.#ownToast()}
      <p class="visually-hidden" role="status">${this.#said}</p>
    `;
  }

  get #title() {
    const { record } = this.draft;
    return this.say(record ? 'title.edit' : 'title.add');
  }

  get #notice(): FormNotice | undefined {
    if (this.isNew && this.record.status !== 'loading' && this.record.status !== 'failed' && this.mayNot('create'))
      return 'forbidden';
    if (this.record.status !== 'failed') return undefined;
    if ((this.record.error as { status?: number }).status === 404) return 'missing';
    return failureOf(this.record.error);
  }

  get #isLoading() {
    return this.record.status === 'loading' && this.isNew;
  }

  get #hasActions() {
    return !this.#notice && !this.#isLoading && !this.hostForm.form && !(this.isReadOnly && !this.dialog);
  }

  get #said() {
    const notice = this.#notice;
    if (notice) return `${this.say(`notice.${notice}.title`)}. ${this.say(`notice.${notice}.text`)}`;
    if (this.#isLoading) return this.say('loading');
    if (this.draft.isSaving) return this.forms.text('saving');
    const count = this.problems.length;
    return this.draft.state.isTried && count > 0 ? this.forms.text('summary', { count }) : '';
  }

  #body() {
    const notice = this.#notice;
    if (notice) return this.#noticeBox(notice);
    if (this.#isLoading) return html`<div class="fields" aria-busy="true">${fieldSkeletons(SKELETON_FIELDS)}</div>`;
    const inner = html`
      ${this.#head()} ${this.notices()}
      <div class="fields">${this.fields()}</div>
      <slot></slot>
    `;
    // In a form of the page it is no form of its own, which would keep the inputs from filling in together.
    return this.hostForm.form
      ? html`<div class="form" role="group" aria-label=${this.#title} @keydown=${this.#keydown}>${inner}</div>`
      : html`
          <form class="form" novalidate aria-label=${this.#title} @keydown=${this.#keydown} @submit=${this.#submit}>${inner}</form>
        `;
  }

  #noticeBox(notice: FormNotice) {
    const { requestId } = (this.record.error ?? {}) as { requestId?: string };
    return formNotice({
      notice,
      title: this.say(`notice.${notice}.title`),
      text: this.say(`notice.${notice}.text`),
      reference: requestId && this.common.text('reference', { id: requestId }),
      retry: { text: this.common.text('retry'), press: this.record.retry },
    });
  }

  #head() {
    const { error } = this.loadedFields;
    const { conflicts, isTried } = this.draft.state;
    const named = (path: string) => this.draft.state.fieldOf(path);
    return formHead({
      status: this.draft.status,
      error: this.isExplained ? undefined : this.draft.error,
      isReadOnly: this.isReadOnly,
      hasNoFields: error !== undefined && !this.customFields && failureOf(error) !== 'forbidden',
      problems: this.problems.map((problem) => ({
        control: this.controlOf(problem.path),
        label: named(problem.path) && this.labelOf(named(problem.path)!),
        text: this.textOf(problem),
      })),
      isTried,
      conflicts: conflicts.map(({ name, mine, theirs }) => ({
        name,
        label: this.labelOf(name),
        mine: this.shown(name, mine),
        theirs: this.shown(name, theirs),
      })),
      say: (name) => this.say(name),
      common: this.common,
      errors: this.errors,
      forms: this.forms,
      submit: () => void this.draft.submit(),
      reloadFields: this.loadedFields.retry,
      settle: (name, favour) => this.#settle(name, favour),
    });
  }

  #actions() {
    if (this.isReadOnly) return button({ text: this.common.text('close'), press: this.#cancel });
    return html`
      <slot name="actions">
        ${this.dialog || this.draft.isDirty ? button({ text: this.common.text('cancel'), part: 'cancel', press: this.#cancel }) : nothing}
        ${button({
          text: this.say(this.isNew ? 'submit.add' : 'submit.edit'),
          kind: 'primary',
          part: 'save',
          isBusy: this.draft.isSaving,
          isDisabled: this.isFixed || this.draft.status === 'gone',
          press: this.#pressSave,
        })}
      </slot>
    `;
  }

  /** What was said in passing where no provider says it. */
  #ownToast() {
    const { ownToast } = this;
    return html`
      <div class="own-toast ${ownToast?.kind ?? 'neutral'}" role="status" part="status">
        ${ownToast ? html`<span>${ownToast.text}</span>` : nothing}
        ${ownToast?.action ? button({ text: ownToast.action.text, kind: 'quiet', isSmall: true, press: () => this.#act() }) : nothing}
        ${ownToast ? this.#dismissal() : nothing}
      </div>
    `;
  }

  #dismissal() {
    return button({
      text: this.common.text('close'),
      icon: icons.close,
      kind: 'quiet',
      isSmall: true,
      isIconOnly: true,
      press: () => (this.ownToast = undefined),
    });
  }

  #act() {
    const action = this.ownToast?.action;
    this.ownToast = undefined;
    action?.act();
  }

  #settle(name: string, favour: 'mine' | 'theirs') {
    this.draft.settle(name, favour);
    const id = this.controlOf(name);
    // The button goes with its conflict.
    void this.updateComplete.then(() =>
      (this.renderRoot.querySelector<HTMLElement>('#conflicts button') ?? this.control(id))?.focus(),
    );
  }

  protected override begin({
    values,
    changed,
    record,
  }: Intention<Values, RecordKinds[Name]>): Send<RecordKinds[Name]> | undefined {
    const { client } = this;
    const given = this.givenOf(values, changed, record);
    const event = this.saveEvent(record, given);
    const isTaken = !this.dispatchEvent(event);
    const { save } = event;
    if (save) return ({ record: latest, idempotencyKey, signal }) => save({ version: latest?.version, idempotencyKey, signal });
    if (isTaken || !client) return undefined;
    const calls = this.callsOf(client);
    return ({ record: latest, idempotencyKey, signal }) =>
      recordsOf(client).save(
        this.kind,
        () =>
          record
            ? calls.update(record.id, given, { ifMatch: latest?.version, signal })
            : calls.create(given, { idempotencyKey, signal }),
        { isNew: !record },
      );
  }

  /** Takes a save back; nothing where that can't be done. */
  #undoOf(record: RecordKinds[Name], before: RecordKinds[Name] | undefined) {
    const { client, kind } = this;
    const { id, version } = record;
    if (!client) return undefined;
    const calls = this.callsOf(client);
    if (!before) {
      if (this.access.can(`crm:${kind}s:delete`) !== true) return undefined;
      return async () => {
        await calls.remove(id, { ifMatch: version });
        recordsOf(client).gone(kind, id);
      };
    }
    const former = this.valuesOf(before);
    const now = this.valuesOf(record);
    const changed = Object.keys(former).filter((name) => JSON.stringify(former[name]) !== JSON.stringify(now[name]));
    const given = this.givenOf(former, changed, record);
    return async () => {
      await recordsOf(client).save(kind, () => calls.update(id, given, { ifMatch: version }));
    };
  }

  protected override saved(record: RecordKinds[Name], before: RecordKinds[Name] | undefined) {
    const undo = this.#undoOf(record, before);
    this.toast({
      kind: 'good',
      text: this.sentenceOf(before ? 'saved' : 'added', record),
      ...(undo && { action: { text: this.common.text('undo'), act: () => void this.#undo(undo, before !== undefined) } }),
    });
    // What was typed since is about the record that there is now.
    this.#isJustAdded = !before && !this.draft.isDirty;
    if (this.#isJustAdded) this.draft.show(undefined);
    if (this.#window.isOpen && !this.draft.isDirty) {
      this.#window.done();
      this.open = false;
    }
    this.tellSaved(record, before);
  }

  async #undo(undo: () => Promise<void>, wasThere: boolean) {
    try {
      await undo();
      this.toast({ text: this.say(wasThere ? 'undone.edit' : 'undone.add') });
    } catch (error) {
      this.report(error);
      this.toast({ kind: 'bad', text: this.say('undoFailed') });
    }
  }

  /** Leads a person to what stands in the way, once it is shown. */
  protected override async refused() {
    this.requestUpdate();
    await this.updateComplete;
    if (this.draft.state.conflicts.length > 0) return this.renderRoot.querySelector<HTMLElement>('#conflicts')?.focus();
    const [first] = this.draft.state.problems;
    if (first) (this.control(this.controlOf(first.path)) ?? this.control('summary'))?.focus();
  }

  readonly #cancel = async () => {
    if (this.dialog) return void this.close();
    if (!(await this.#window.mayLeave())) return;
    this.draft.reset();
    this.tellCancelled();
  };

  readonly #pressSave = () => void this.save();

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    void this.save();
  };

  readonly #keydown = (event: KeyboardEvent) => {
    const isLine = event.target instanceof HTMLInputElement && !/^(?:checkbox|radio|button|submit)$/.test(event.target.type);
    if (event.key !== 'Enter' || !isLine || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    if (this.hostForm.form) this.hostForm.send();
    else void this.save();
  };

  readonly #connectionChanged = () => this.requestUpdate();
}
