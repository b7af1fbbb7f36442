import { define } from '../shared/define.ts';
import { MillCapture } from './capture.ts';

define('mill-capture', MillCapture);

declare global {
  interface HTMLElementTagNameMap {
    'mill-capture': MillCapture;
  }
}
