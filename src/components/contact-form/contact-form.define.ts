import { define } from '../shared/define.ts';
import { ContactForm } from './contact-form.ts';

define('mill-contact-form', ContactForm);

declare global {
  interface HTMLElementTagNameMap {
    'mill-contact-form': ContactForm;
  }
}
