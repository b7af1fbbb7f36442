import { define } from '../shared/define.ts';
import { ContactTable } from './contact-table.ts';

define('mill-contact-table', ContactTable);

declare global {
  interface HTMLElementTagNameMap {
    'mill-contact-table': ContactTable;
  }
}
