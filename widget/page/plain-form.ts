/** A form that works without us is read by its attributes alone: an input of it may be named like any of its members. */

/** The form that a plain form posts to, and where the API is. */
export function plainFormAt(element: Element): { id: string; api: string } | undefined {
  if (element.localName !== 'form') return undefined;
  const action = element.getAttribute('action') ?? '';
  const [, at, id] = /^(.*?)\/api\/v2\/public\/forms\/([\w-]+)\/submissions/.exec(action) ?? [];
  return id === undefined ? undefined : { id, api: new URL(at || '/', location.href).href.replace(/\/$/, '') };
}

/** Puts something else in its place, and keeps what was typed. */
export function conceal(element: Element) {
  styleOf(element).setProperty('display', 'none', 'important');
}

/** Lets it stand for itself again. */
export function reveal(element: Element) {
  styleOf(element).removeProperty('display');
}

const styleOf = (element: Element): CSSStyleDeclaration => Reflect.get(HTMLElement.prototype, 'style', element);
