import type { PublicForm } from '../../src/contract/capture.ts';
import { storeInIndexedDb } from '../../widget/sending/store-indexed-db.ts';
import { ok, until } from '../components/browser-test.ts';

/** Pages of a customer, each in a frame of its own, with the built widget on them. */

export const LAUNCHER = '/widget/cdn/v1/millrace.js';
export const INLINE_LAUNCHER = '/widget/cdn/v1/millrace-inline.js';
export const STUB = 'window.millrace=window.millrace||function(){(millrace.q=millrace.q||[]).push(arguments)}';

/** The strictest policy that a page can have: scripts by nonce, and no policy of Trusted Types but ours. */
export const STRICTEST = [
  "default-src 'none'",
  "script-src 'nonce-once'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types millrace',
].join('; ');

const TEXTS = { submit: 'Send', next: 'Next', back: 'Back', close: 'Close', 'problem.required': 'Please fill this in.' };

/** A form's id, which holds what the form says: a field for the name, inline, unless told otherwise. */
export function form(parts: Partial<PublicForm> = {}) {
  const all = {
    version: 1,
    locale: 'en',
    dir: 'ltr',
    steps: [{ id: 'first', fields: [{ id: 'name', type: 'text', label: 'Name', required: true }] }],
    display: { mode: 'inline' },
    theme: {},
    success: { kind: 'message', message: 'Thank you' },
    proof: false,
    partial: false,
    heights: [[0, 200]],
    styles: '.root{display:block}.body{min-block-size:200px}',
    texts: TEXTS,
    ...parts,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(all));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** A form that lies above the page. */
export const popup = (display: Partial<PublicForm['display']> = {}, parts: Partial<PublicForm> = {}) =>
  form({ display: { mode: 'popup', ...display }, ...parts });

export type CustomerWindow = Window &
  typeof globalThis & { millrace?: any; violations: string[]; errors: string[]; heard: string[]; read: number };

/** A page that is shown: its window, and what became of it. */
export interface CustomerPage {
  window: CustomerWindow;
  document: Document;
  /** The shadow roots of the forms that are shown, in their order. */
  forms(): ShadowRoot[];
  /** Those of them that are open above the page. */
  open(): Element[];
  /** What the page's forms have told it, in order: `ready`, `opened`. */
  heard: string[];
  violations: string[];
  /** Addresses that were fetched and hold the word. */
  fetched(word: string): string[];
}

const frames: HTMLIFrameElement[] = [];
const LISTENING = `
  window.violations = []; window.errors = []; window.heard = [];
  addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));
  addEventListener('error', (event) => errors.push(event.message));
  addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
  for (const name of ['ready', 'opened', 'closed', 'submitted', 'queued', 'failed'])
    document.addEventListener('mill-form-' + name, () => heard.push(name));
  // Counted once all that follows at once from what was read has happened.
  window.read = 0;
  const { json } = Response.prototype;
  Response.prototype.json = function () {
    return json.call(this).finally(() => setTimeout(() => (read += 1)));
  };`;

/** Shows a page with this body; the script in it that listens is allowed by any policy. */
export async function customerPage(
  html: string,
  { csp = '', query = '', width = 800, height = 600 }: { csp?: string; query?: string; width?: number; height?: number } = {},
): Promise<CustomerPage> {
  const frame = document.createElement('iframe');
  frame.width = String(width);
  frame.height = String(height);
  const whole = `<body><script nonce="once">${LISTENING}</script>${html}</body>`;
  frame.src = `/widget/page?${new URLSearchParams({ html: whole, csp })}${query}`;
  document.body.append(frame);
  frames.push(frame);
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  const window = frame.contentWindow as CustomerWindow;
  const forms = () =>
    [...window.document.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot?.querySelector('form') ? [shadowRoot] : [],
    );
  return {
    window,
    document: window.document,
    forms,
    open: () => forms().flatMap((root) => [...root.querySelectorAll(':modal, :popover-open')]),
    heard: window.heard,
    violations: window.violations,
    fetched: (word) => window.performance.getEntriesByType('resource').flatMap(({ name }) => (name.includes(word) ? [name] : [])),
  };
}

/** The script as a customer embeds it. */
export const script = (attributes = '', src = LAUNCHER) => `<script async nonce="once" src="${src}" ${attributes}></script>`;

/** Waits until so many forms are read and one of them is shown: what all of them do at once is done by then. */
export const decided = (page: CustomerPage, count: number) =>
  until(`${count} forms are read, and one is shown`, () => page.window.read === count && page.forms().length > 0);

/** Waits until everything has happened that what was just done makes happen at once. */
export const done = () => new Promise((resolve) => setTimeout(resolve));

/** Takes every page away, and what they have stored. */
export function leavePages() {
  for (const frame of frames.splice(0)) frame.remove();
  localStorage.clear();
  sessionStorage.clear();
}

/** Takes away what waits to be sent; the database stays, for a page that was left in the midst of its work may hold it for long. */
export async function forgetQueue() {
  const store = storeInIndexedDb();
  for (const { key } of await store.all().catch(() => [])) await store.remove(key);
}

/** Waits until so many forms are shown. */
export async function shown(page: CustomerPage, count = 1) {
  await until(`${count} forms are shown`, () => page.forms().length === count);
  ok(page.window.errors.length === 0, `The page met errors: ${page.window.errors}`);
  return page.forms()[0]!;
}
