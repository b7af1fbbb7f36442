import type { PublicForm } from '../../src/contract/capture.ts';
import { ofDocument } from '../launcher/page-document.ts';

/** Shadow roots that are ours to fill again. */
const ours = new WeakSet<ShadowRoot>();

/** Where a form is shown: in the element where it can be, after a script, at the end of the page where it lies above it. */
export function hostFor(element: Element, { display }: PublicForm): HTMLElement {
  // Neither can hold one.
  const isAside = /^(script|form)$/.test(element.localName);
  const isOfPage = display.mode === 'inline' || element.localName === 'mill-capture';
  if (isOfPage && !isAside && holdForm(element)) return element as HTMLElement;
  const host = newElement('div');
  const { parentNode } = element;
  if (isOfPage && !isAside) element.append(host);
  else if (isOfPage && parentNode && parentNode !== ofDocument('head')) parentNode.insertBefore(host, element.nextSibling);
  else ofDocument('body').append(host);
  return host;
}

/** Gives an element a shadow root for a form; false where its kind can't have one, or it has one of its own. */
export function holdForm(element: Element) {
  if (element.shadowRoot) return ours.has(element.shadowRoot);
  try {
    const root = element.attachShadow({ mode: 'open' });
    // Until the form comes, what the page has put there shows, in a block as tall as the page reserves.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host{display:block}');
    root.adoptedStyleSheets = [sheet];
    root.append(newElement('slot'));
    ours.add(root);
    return true;
  } catch {
    return false;
  }
}

/** An element, whatever the page calls its own. */
export const newElement = <K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] =>
  ofDocument('createElement').call(document, name) as HTMLElementTagNameMap[K];
