import { css, html, LitElement } from 'lit';

/** What somebody writes in an hour with Lit: two steps, and one call. */
class TrivialForm extends LitElement {
  static override properties = { step: { state: true } };

  static override styles = css`
    form,
    label {
      display: grid;
      gap: 8px;
    }
  `;

  declare step: number;

  constructor() {
    super();
    this.step = 1;
  }

  override render() {
    if (this.step === 3) return html`<p>Thank you</p>`;
    return html`<form @submit=${this.#submit}>
      <div ?hidden=${this.step !== 1}>
        <label>Name <input name="name" autocomplete="name" required /></label>
        <label>E-mail <input name="email" type="email" autocomplete="email" required /></label>
        <label>Phone <input name="phone" type="tel" autocomplete="tel" /></label>
        <button>Next</button>
      </div>
      <div ?hidden=${this.step !== 2}>
        <label>
          Interest
          <select name="interest">
            <option value="">Choose</option>
            <option value="solar">Solar</option>
            <option value="storage">Storage</option>
          </select>
        </label>
        <label>Message <textarea name="message" rows="3"></textarea></label>
        <label><input type="checkbox" name="consent" /> I agree that my details are used to answer me.</label>
        <button>Send</button>
      </div>
    </form>`;
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault();
    if (this.step === 2) {
      const answers = Object.fromEntries(new FormData(event.target as HTMLFormElement) as any);
      await fetch('/submit', { method: 'POST', body: JSON.stringify(answers) });
    }
    this.step++;
  }
}
customElements.define('trivial-form', TrivialForm);
document.getElementById('place')!.append(document.createElement('trivial-form'));
