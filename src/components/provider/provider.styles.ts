import { css } from 'lit';

/** The looks of the region alone: what stood on the host would be inherited by the page within. */
export default css`
  :host {
    display: contents;
  }

  :host([hidden]) {
    display: none;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }

  :host([theme='system']) {
    color-scheme: light dark;
  }

  :host([density='comfortable']) {
    --mill-density: 1;
  }

  :host([density='compact']) {
    --mill-density: 0;
  }

  .spoken {
    position: fixed;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .toasts {
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_text-medium);
    line-height: 1.5;
  }

  .toasts,
  .toasts * {
    box-sizing: border-box;
  }

  .toasts .icon {
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  /* Content that ends at the end could not be scrolled back to its beginning. */
  .toasts:popover-open {
    justify-content: start;
  }

  .toasts:focus-visible {
    outline: none;
  }

  .toasts:focus-visible .toast:last-child {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .toasts.still .toast {
    transition: none;
  }

  .more {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--_space-2);
    padding-block: 0.25rem;
    padding-inline: 0.875rem 0.5rem;
    border: 1px solid var(--_border-raised);
    border-radius: var(--_menu-radius);
    background: var(--_surface-raised);
    color: var(--_text-muted);
    font-size: var(--_text-small);
    pointer-events: auto;
  }

  @media (prefers-reduced-motion: reduce) {
    .toasts * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
