import { localeOf } from '../../core/locale-tags.ts';

const SAID = ['lang', 'dir'] as const;

/** The parts of elements that were marked: their own marks say nothing about the page. */
const marks = { lang: new WeakSet<Element>(), dir: new WeakSet<Element>() };

const says = (element: Element, attribute: 'lang' | 'dir') => element.hasAttribute(attribute) && !marks[attribute].has(element);

/** An element and what it stands in, through shadow roots. */
function* around(element: Element) {
  let each: Element | null | undefined = element;
  for (; each; each = each.parentElement ?? (each.getRootNode() as Partial<ShadowRoot>).host) yield each;
}

/** The locale that the nearest `lang` around an element names. */
export function languageAround(element: Element): string | undefined {
  for (const each of around(element)) if (says(each, 'lang')) return localeOf(each.getAttribute('lang'));
  return undefined;
}

/** The direction that the nearest `dir` around an element says, or left to right. */
export function directionAround(element: Element): 'ltr' | 'rtl' {
  for (const each of around(element)) {
    if (each.hasAttribute('dir')) return each.matches(':dir(rtl)') ? 'rtl' : 'ltr';
  }
  return 'ltr';
}

/** Whether a `dir` stands closer to an element than what says its locale: the provider, or else the nearest `lang`. */
export function isDirectionSaid(element: Element, isProvided: boolean) {
  for (const each of around(element)) {
    if (says(each, 'dir')) return true;
    if (isProvided ? each.localName === 'mill-provider' : says(each, 'lang')) return false;
  }
  return !isProvided;
}

/** Marks an element's inner part with a language or direction other than the page's; undefined takes the mark away. */
export function mark(part: Element, attribute: 'lang' | 'dir', value: string | undefined) {
  const isMarked = marks[attribute].has(part);
  if (part.hasAttribute(attribute) && !isMarked) return;
  if (value === undefined) {
    if (isMarked) part.removeAttribute(attribute);
    marks[attribute].delete(part);
  } else if (part.getAttribute(attribute) !== value) {
    marks[attribute].add(part);
    part.setAttribute(attribute, value);
  }
}

interface Watch {
  readonly observer: MutationObserver;
  readonly listeners: Set<() => void>;
}

/** One observer for a document or shadow root, however many elements stand in it. */
const watches = new WeakMap<Node, Watch>();

/** Calls back when a `lang` or `dir` around an element changes, until the function that is returned is called. */
export function watchLanguage(element: Element, changed: () => void): () => void {
  const roots: Node[] = [];
  for (let root: Node | undefined = element.getRootNode(); root; root = (root as Partial<ShadowRoot>).host?.getRootNode()) {
    roots.push(root);
  }
  for (const root of roots) listenTo(root, changed);
  return () => roots.forEach((root) => leave(root, changed));
}

function listenTo(root: Node, changed: () => void) {
  let watch = watches.get(root);
  if (!watch) {
    const listeners = new Set<() => void>();
    const observer = new MutationObserver(() => listeners.forEach((listener) => listener()));
    observer.observe(root, { subtree: true, attributes: true, attributeFilter: [...SAID] });
    watches.set(root, (watch = { observer, listeners }));
  }
  watch.listeners.add(changed);
}

function leave(root: Node, changed: () => void) {
  const watch = watches.get(root);
  watch?.listeners.delete(changed);
  if (!watch || watch.listeners.size > 0) return;
  watch.observer.disconnect();
  watches.delete(root);
}
