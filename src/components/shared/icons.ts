import { html, svg, type SVGTemplateResult } from 'lit';

const draw = (shape: SVGTemplateResult, kind = '') =>
  html`<svg class="icon ${kind}" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

/** Line drawings in the colour and size of the text around them, silent to screen readers. */
export const icons = {
  search: draw(svg`<circle cx="11" cy="11" r="6.5" /><path d="m16 16 4.5 4.5" />`),
  previous: draw(svg`<path d="m14.5 6-6 6 6 6" />`, 'directional'),
  next: draw(svg`<path d="m9.5 6 6 6-6 6" />`, 'directional'),
  ascending: draw(svg`<path d="M12 19V5M6.5 10.5 12 5l5.5 5.5" />`),
  descending: draw(svg`<path d="M12 5v14m5.5-5.5L12 19l-5.5-5.5" />`),
  unsorted: draw(svg`<path d="m8 10 4-4 4 4M8 14l4 4 4-4" />`),
  expand: draw(svg`<path d="m7 10 5 5 5-5" />`),
  check: draw(svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`),
  close: draw(svg`<path d="m6.5 6.5 11 11m0-11-11 11" />`),
  add: draw(svg`<path d="M12 5.5v13M5.5 12h13" />`),
  more: draw(svg`<path d="M5.5 12v.1M12 12v.1M18.5 12v.1" stroke-width="2.75" />`),
  edit: draw(svg`<path d="m4.5 19.5.8-3.8L16 5l3 3L8.3 18.7z" />`),
  remove: draw(svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5" />`),
  again: draw(svg`<path d="M19 12a7 7 0 1 1-2.2-5.1M19.5 4v4.5H15" />`),
  calendar: draw(svg`<rect x="4" y="5.5" width="16" height="14.5" rx="2" /><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />`),
  info: draw(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 11v5M12 8v.1" />`),
  done: draw(svg`<circle cx="12" cy="12" r="8.5" /><path d="m8 12.3 2.7 2.7 5.3-5.5" />`),
  problem: draw(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V13M12 16v.1" />`),
  people: draw(
    svg`<circle cx="9" cy="8" r="3.5" /><path d="M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M15.5 4.9a3.5 3.5 0 0 1 0 6.2M18 14.9c2 .7 3.2 2.4 3.5 5.1" />`,
  ),
  warning: draw(svg`<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1" />`),
  lock: draw(svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2" /><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />`),
  offline: draw(
    svg`<path d="m3.5 3.5 17 17M8.7 15.2a5 5 0 0 1 6.3-.3M5.3 11.6a9.7 9.7 0 0 1 4-2.4m4-.4a9.7 9.7 0 0 1 5.4 2.8M2 8.2a14.3 14.3 0 0 1 4-2.6m4.3-1A14.3 14.3 0 0 1 22 8.2M12 18.9v.1" />`,
  ),
};
