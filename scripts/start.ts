import { buildConsole } from './console.ts';
import { buildWidget } from './widget.ts';

/** Shows Millrace at work: the server with the demo workspace, and the console. */
await buildConsole();
await buildWidget();
console.log('Starting …');
await import('../demo/main.ts');
