import type { Capture } from '../parts.ts';
import { h } from './element.ts';
import { type Filling, fillIn } from './filling.ts';
import { type ShownForm, shownForm, type ShowOptions } from './shown-form.ts';

/** How a form stands on the page. */
export interface Shape {
  readonly elements: readonly HTMLElement[];
  readonly isOpen: boolean;
  open(byVisitor?: boolean): void;
  close(): void;
}

/** Makes a shape around a form, and says how it looks. What stands in the page needs none. */
export interface ShapeMaker {
  readonly styles: string;
  make(shown: ShownForm, filling: Filling): Shape;
}

/** Shows a form in an element; the element's own shadow root keeps page and form apart. */
export function show(host: HTMLElement, options: ShowOptions, shapeMaker?: ShapeMaker): Capture {
  const { form } = options;
  const shown = shownForm(host, options);
  const filling = fillIn(shown);
  const shape = shapeMaker?.make(shown, filling);
  const { root } = shown;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(form.styles + (shapeMaker?.styles ?? ''));
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(
    h('div', { class: `root ${form.display.mode}`, lang: form.locale, dir: form.dir }, ...(shape?.elements ?? [filling.element])),
  );
  void options.sending.left.then((left) => left?.notice(shown));

  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    shown.track('view');
    shown.emit('mill-form-viewed');
  });
  seen.observe(filling.element);
  shown.emit('mill-form-ready');

  return {
    get isOpen() {
      return !shape || shape.isOpen;
    },
    open: (byVisitor) => shape?.open(byVisitor),
    close: () => shape?.close(),
    prefill: filling.prefill,
    reset: filling.reset,
    destroy() {
      shape?.close();
      filling.end();
      seen.disconnect();
      root.adoptedStyleSheets = [];
      // What the page itself had put there shows again.
      root.replaceChildren(h('slot'));
    },
  };
}
