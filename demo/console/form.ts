import { html, nothing } from 'lit';
import { ApiError, ConnectionError } from 'millrace/client';

export interface Field {
  name: string;
  label: string;
  type: 'text' | 'email' | 'password';
  autocomplete: 'name' | 'username' | 'current-password' | 'new-password';
  /** What is said when nothing was typed. */
  missing: string;
  hint?: string;
}

/** A short form: sends once at a time, keeps what was typed, and says every error at its field. */
export class Form {
  fields: readonly Field[];
  isBusy = false;
  message = '';

  readonly #changed: () => void;
  #errors: Readonly<Record<string, string>> = {};

  constructor(fields: readonly Field[], changed: () => void) {
    this.fields = fields;
    this.#changed = changed;
  }

  /** Calls `send` with what was typed, once nothing is missing; what it throws is shown. */
  async submit(event: SubmitEvent, send: (values: Readonly<Record<string, string>>) => Promise<void>) {
    event.preventDefault();
    if (this.isBusy) return;
    const form = event.target as HTMLFormElement;
    const values = Object.fromEntries(
      this.fields.map(({ name }) => [name, (form.elements.namedItem(name) as HTMLInputElement).value]),
    );
    this.#show(
      '',
      Object.fromEntries(this.fields.filter(({ name }) => !values[name]?.trim()).map(({ name, missing }) => [name, missing])),
    );
    if (this.#focusFirstError(form)) return;

    const asked = this.fields;
    this.isBusy = true;
    this.#changed();
    try {
      await send(values);
    } catch (error) {
      const errors = error instanceof ApiError ? this.#ofFields(error.details) : {};
      this.#show(Object.keys(errors).length > 0 ? '' : sentenceOf(error), errors);
    } finally {
      this.isBusy = false;
      this.#changed();
    }
    if (this.fields !== asked) form.querySelector('input')?.focus();
    else this.#focusFirstError(form);
  }

  render() {
    return html`
      <div role="alert">${this.message ? html`<p class="note bad">${this.message}</p>` : nothing}</div>
      ${this.fields.map((field) => this.#field(field))}
    `;
  }

  #field({ name, label, type, autocomplete, hint }: Field) {
    const error = this.#errors[name];
    return html`
      <div class="field">
        <label for=${name}>${label}</label>
        <input
          id=${name}
          name=${name}
          type=${type}
          autocomplete=${autocomplete}
          autocapitalize=${type === 'text' ? 'words' : 'none'}
          spellcheck="false"
          aria-required="true"
          aria-invalid=${error ? 'true' : 'false'}
          aria-describedby="${name}-hint ${name}-error"
        />
        <p class="hint" id="${name}-hint">${hint}</p>
        <p class="error" id="${name}-error" aria-live="polite">${error}</p>
      </div>
    `;
  }

  #ofFields(details: Readonly<Record<string, string>>) {
    return Object.fromEntries(Object.entries(details).filter(([name]) => this.fields.some((field) => field.name === name)));
  }

  #show(message: string, errors: Readonly<Record<string, string>>) {
    this.message = message;
    this.#errors = errors;
    this.#changed();
  }

  #focusFirstError(form: HTMLFormElement) {
    const wrong = this.fields.find(({ name }) => this.#errors[name]);
    if (wrong) (form.elements.namedItem(wrong.name) as HTMLInputElement | null)?.focus();
    return wrong !== undefined;
  }
}

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short' });
const minutes = new Intl.NumberFormat('en', { style: 'unit', unit: 'minute', unitDisplay: 'long' });

/** What a person can do about an error. */
export function sentenceOf(error: unknown) {
  if (error instanceof ConnectionError) return 'The server can’t be reached. Check your connection and try again.';
  if (!(error instanceof ApiError)) throw error;
  const { code, retryAfter, message } = error;
  if (code !== 'RATE_LIMITED' || retryAfter === undefined) return message;
  const then = clock.format(Date.now() + retryAfter * 1_000);
  return `Too many attempts. Try again in ${minutes.format(Math.ceil(retryAfter / 60))}, at ${then}.`;
}
