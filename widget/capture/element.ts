type Attributes = Record<string, string | number | boolean | undefined>;

/** Makes an element, whose class is its part too; what is false leaves an attribute out, what is empty a child; texts stay texts. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string | false | undefined)[]
) {
  // A page may hide a document's own methods behind elements with their names, but not their prototype's.
  const element = Document.prototype.createElement.call(document, tag) as HTMLElementTagNameMap[Tag];
  for (const name in attributes) setAttribute(element, name, attributes[name]);
  if (element.className) setAttribute(element, 'part', element.className);
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Gives an element an attribute, or takes it away; `true` is the empty attribute. */
export function setAttribute(element: Element, name: string, value: Attributes[string] = false) {
  if (value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : `${value}`);
}

/** Makes an element say a text; one that does already is left as it is. */
export function setText(element: Element, text: string) {
  if (element.textContent !== text) element.textContent = text;
}

/** Hears of what happens to an element, as long as it lives. */
export const on = <Type extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  type: Type,
  hear: (event: HTMLElementEventMap[Type]) => void,
) => element.addEventListener(type, hear);
