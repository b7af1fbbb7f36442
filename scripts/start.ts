import { buildConsole } from './console.ts';

/** Shows Millrace at work: the server with the demo workspace, and the console. */
await buildConsole();
console.log('Starting …');
await import('../demo/main.ts');
