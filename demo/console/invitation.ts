import { html } from 'lit';
import { ApiError } from 'millrace/client';
import { entry } from './entry.ts';
import { type Field, Form } from './form.ts';
import type { Session } from './session.ts';

const NEWCOMER: readonly Field[] = [
  { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name', missing: 'Enter your name.' },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    missing: 'Choose a password.',
    hint: 'At least 10 characters.',
  },
];

const KNOWN: readonly Field[] = [
  { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', missing: 'Enter your password.' },
];

/** Accepts an invitation. Only the server knows whether the address has an account, so what to ask for is learnt from it. */
export class InvitationScreen {
  readonly token: string;
  readonly #session: Session;
  readonly #changed: () => void;
  readonly #form: Form;
  #isOver = false;

  constructor(token: string, session: Session, changed: () => void) {
    this.token = token;
    this.#session = session;
    this.#changed = changed;
    this.#form = new Form([], changed);
  }

  render() {
    const { isBusy, fields, message } = this.#form;
    const { me } = this.#session;
    if (this.#isOver) {
      return entry(html`
        <h1 tabindex="-1">This invitation can’t be used</h1>
        <p class="note bad" role="alert">${message}</p>
        <p>If you have not joined yet, ask whoever invited you to send a new one.</p>
        <a class="primary" href="#">${me ? 'Open the console' : 'Sign in'}</a>
      `);
    }
    return entry(html`
      <h1 tabindex="-1">${fields.length > 0 ? 'Welcome to Millrace' : 'You’re invited'}</h1>
      <p>
        ${this.#lead()}
      </p>
      ${me ? html`<p class="note">You are signed in as ${me.user.email}. Accepting signs you in as the one who was invited.</p>` : ''}
      <form method="post" novalidate aria-busy=${isBusy ? 'true' : 'false'} @submit=${this.#submit}>
        ${this.#form.render()}
        <button class="primary" aria-disabled=${isBusy ? 'true' : 'false'}>${isBusy ? 'Joining…' : 'Accept invitation'}</button>
      </form>
    `);
  }

  #lead() {
    const { fields } = this.#form;
    if (fields === NEWCOMER) return 'Tell us who you are and choose a password to join the workspace.';
    if (fields === KNOWN) return 'Your address has an account already: enter its password to join the workspace.';
    return 'Accept the invitation to join the workspace.';
  }

  #submit = (event: SubmitEvent) => this.#form.submit(event, (values) => this.#accept(values));

  /** A token that was used does not stay in the address. */
  async #accept(newcomer: Readonly<Record<string, string>>) {
    try {
      await this.#session.acceptInvitation(this.token, newcomer);
      history.replaceState(null, '', location.pathname);
      this.#changed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#form.fields.length === 0) {
        if ('name' in error.details) return void (this.#form.fields = NEWCOMER);
        if ('password' in error.details) return void (this.#form.fields = KNOWN);
      }
      this.#isOver = error.status === 404 || error.status === 409;
      throw error;
    }
  }
}
