import { h } from '../capture/element.ts';
import { ofDocument } from '../launcher/page-document.ts';

/** Shadow roots that are ours to fill again. */
const ours = new WeakSet<ShadowRoot>();

/** Where a form stands in the page: in the element where it can be, after one that can hold none. */
export function hostIn(element: Element): HTMLElement {
  const isAside = /^(script|form)$/.test(element.localName);
  if (!isAside && holdForm(element)) return element as HTMLElement;
  const host = h('div');
  if (!isAside) element.append(host);
  else if (element.parentNode === ofDocument('head')) ofDocument('body').append(host);
  // An input of a plain form may be named like this method.
  else Element.prototype.after.call(element, host);
  return host;
}

/** Gives an element a shadow root for a form; false where its kind can't have one, or it has one of its own. */
export function holdForm(element: Element) {
  if (element.shadowRoot) return ours.has(element.shadowRoot);
  try {
    const root = element.attachShadow({ mode: 'open' });
    root.append(h('slot'));
    ours.add(root);
    return true;
  } catch {
    return false;
  }
}
