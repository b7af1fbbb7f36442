/** The measured form as the peers without a builder of their own write it: name, e-mail, phone, select, textarea and consent. */

const CONTROLS = `
  <label>Name <input name="name" autocomplete="name" required></label>
  <label>E-mail <input name="email" type="email" autocomplete="email" required></label>
  <label>Phone <input name="phone" type="tel" autocomplete="tel"></label>`;

const WISH = `
  <label>Interest <select name="interest"><option value="">Choose</option><option value="solar">Solar</option><option value="storage">Storage</option></select></label>
  <label>Message <textarea name="message" rows="3"></textarea></label>
  <label><input type="checkbox" name="consent" required> I agree that my details are used to answer me.</label>`;

/** Two steps in one, for without a script there is no going on; what is put before the button is the candidate's. */
export const plainForm = (beforeButton = '') =>
  `<form id="form" action="/submit" method="post">
<fieldset><legend>You</legend>${CONTROLS}
</fieldset>
<fieldset><legend>Your wish</legend>${WISH}
</fieldset>
${beforeButton}<button>Send</button>
</form>`;
