import { define } from '../shared/define.ts';
import { LeadForm } from './lead-form.ts';

define('mill-lead-form', LeadForm);

declare global {
  interface HTMLElementTagNameMap {
    'mill-lead-form': LeadForm;
  }
}
