import { html } from 'lit';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { DialogController } from '../../controllers/dialog-controller.ts';
import type { common as words, forms } from '../../locales/en.ts';
import { button } from './button.ts';
import { dialog } from './dialog.ts';
import type { Localized } from './localized.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

interface FormWindowSource {
  /** Whether the form is to be seen in a window now. */
  isWanted(): boolean;
  /** Whether something would be lost. */
  isDirty(): boolean;
  /** A person has closed it, or the page; nothing was saved. */
  left(): void;
}

/** The window that a form may stand in, and the question before what was typed is thrown away. */
export class FormWindow implements ReactiveController {
  readonly #source: FormWindowSource;
  readonly #host: Host;
  readonly #window: DialogController;
  readonly #question: DialogController;
  #isLeaving = false;

  constructor(host: Host, source: FormWindowSource) {
    this.#host = host;
    this.#source = source;
    this.#window = new DialogController(host, { id: 'window', guard: () => this.#mayClose() });
    this.#question = new DialogController(host, { id: 'question' });
    host.addController(this);
  }

  get isOpen() {
    return this.#window.isOpen;
  }

  hostUpdate() {
    const isWanted = this.#source.isWanted();
    if (isWanted && !this.isOpen && this.#host.isConnected) void this.#window.open().then((result) => this.#closed(result));
    if (!isWanted && this.isOpen) this.#window.close();
  }

  /** Closes it because all is saved. */
  done() {
    this.#window.close('saved');
  }

  /** Closes it as a person would: asked first where something is not saved. */
  async close() {
    if (this.isOpen) await this.#window.askToClose();
  }

  /** Whether what was typed may go; asks where there is something. */
  async mayLeave(): Promise<boolean> {
    return !this.#source.isDirty() || (await this.#question.open()) === 'leave';
  }

  /** The window with the form in it. */
  render(title: string, texts: { close: string }, body: () => unknown, footer: (() => unknown) | undefined) {
    return dialog({ dialog: this.#window, title, body, footer, texts });
  }

  /** The question. */
  ask(texts: Localized<typeof forms>, common: Localized<typeof words>) {
    return dialog({
      dialog: this.#question,
      title: texts.text('unsaved.title'),
      size: 'small',
      isAlert: true,
      body: () => html`<p>${texts.text('unsaved.text')}</p>`,
      footer: () => [
        button({ text: texts.text('unsaved.stay'), press: () => this.#question.close() }),
        button({ text: texts.text('unsaved.leave'), kind: 'danger', press: () => this.#question.close('leave') }),
      ],
      texts: common.texts,
    });
  }

  async #mayClose() {
    this.#isLeaving = await this.mayLeave();
    return this.#isLeaving;
  }

  #closed(result: string | undefined) {
    const isMeant = result === 'saved' || this.#isLeaving || !this.#source.isWanted();
    this.#isLeaving = false;
    // Moved to another place on the page, or closed by the browser: it comes back with what was typed.
    if (!isMeant) this.#host.requestUpdate();
    else if (result !== 'saved') this.#source.left();
  }
}
