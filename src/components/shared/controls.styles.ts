import { css } from 'lit';

/** How every element sets its text, and shows buttons, inputs, focus and what only screen readers read. */
export default css`
  :host {
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_text-medium);
    line-height: 1.5;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .icon.directional:dir(rtl) {
    transform: scaleX(-1);
  }

  .button,
  .input {
    min-block-size: var(--_control-height);
    border: 1px solid var(--_border-control);
    border-radius: var(--_control-radius);
    background: var(--_control-surface);
    color: var(--_text);
    font: inherit;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    padding-inline: 0.875rem;
    font-weight: 550;
    cursor: pointer;
    transition: background-color 120ms;
  }

  .button:hover:not([aria-disabled='true']) {
    background: var(--_neutral-surface);
  }

  .button[aria-disabled='true'] {
    border-color: var(--_border);
    color: var(--_text-muted);
    cursor: default;
  }

  .input {
    padding-inline: 0.75rem;
  }

  .input:hover {
    border-color: var(--_text-muted);
  }

  .input:focus-visible {
    outline-offset: -1px;
    border-color: var(--_focus);
  }

  .input::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }

  @media (forced-colors: active) {
    .button[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
    }
  }
`;
