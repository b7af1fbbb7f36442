import { html, nothing } from 'lit';
import { entry } from './entry.ts';
import { type Field, Form } from './form.ts';
import type { Session } from './session.ts';

const FIELDS: readonly Field[] = [
  { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', missing: 'Enter your e-mail address.' },
  { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', missing: 'Enter your password.' },
];

/** Asks for e-mail and password. */
export class SignInScreen {
  readonly #session: Session;
  readonly #form: Form;

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#form = new Form(FIELDS, changed);
  }

  render() {
    const { farewell } = this.#session;
    const { isBusy } = this.#form;
    return entry(html`
      <h1 tabindex="-1">Sign in</h1>
      <div role="alert">${farewell ? html`<p class="note">${farewell}</p>` : nothing}</div>
      <form method="post" novalidate aria-busy=${isBusy ? 'true' : 'false'} @submit=${this.#submit}>
        ${this.#form.render()}
        <button class="primary" aria-disabled=${isBusy ? 'true' : 'false'}>${isBusy ? 'Signing in…' : 'Sign in'}</button>
      </form>
    `);
  }

  #submit = (event: SubmitEvent) => this.#form.submit(event, ({ email, password }) => this.#session.signIn(email!, password!));
}
