import { Directive, directive } from 'lit/directive.js';

class Drawn extends Directive {
  #element: HTMLElement | undefined;

  render(tag: string, properties: object = {}) {
    this.#element ??= document.createElement(tag);
    return Object.assign(this.#element, properties);
  }
}

/** An element that stays the same however often its template is drawn, and in it what was done there. */
export const drawn = directive(Drawn);
