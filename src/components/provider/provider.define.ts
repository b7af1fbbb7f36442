import { define } from '../shared/define.ts';
import { MillProvider } from './provider.ts';

define('mill-provider', MillProvider);

declare global {
  interface HTMLElementTagNameMap {
    'mill-provider': MillProvider;
  }
}
