import { css } from 'lit';

/** How everything looks that opens beside a control: lists, menus. */
export default css`
  .popup {
    position: fixed;
    inset: auto;
    max-inline-size: min(26rem, calc(100vw - 1rem));
    margin: 0;
    padding: 0.3125rem;
    overflow: hidden auto;
    overscroll-behavior: contain;
    border: 1px solid var(--_border-raised);
    border-radius: var(--_menu-radius);
    background: var(--_surface-raised);
    box-shadow: var(--_shadow-large);
    color: var(--_text);
    font-size: var(--_text-medium);
    opacity: 1;
    transition:
      opacity var(--_duration-short) var(--_easing),
      translate var(--_duration-short) var(--_easing);
  }

  @starting-style {
    .popup:popover-open {
      opacity: 0;
      translate: 0 -0.25rem;
    }
  }

  .popup:focus {
    outline: none;
  }

  .popup-row {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    inline-size: 100%;
    min-block-size: calc(1.875rem + 0.25rem * var(--_density));
    padding: 0.25rem 0.625rem;
    border: 0;
    border-radius: calc(var(--_menu-radius) - 0.25rem);
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  .popup-row:is(:focus, .active) {
    outline: none;
    background: var(--_neutral-surface);
  }

  .popup-row > .icon {
    color: var(--_text-muted);
  }

  .popup-text {
    flex: 1;
    min-inline-size: 0;
  }

  .popup-detail {
    display: block;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  .popup-row.danger,
  .popup-row.danger > .icon {
    color: var(--_bad);
  }

  .popup-row.danger:focus {
    background: var(--_bad-surface);
  }

  .popup-row[aria-disabled='true'],
  .popup-row[aria-disabled='true'] > .icon {
    color: var(--_text-muted);
    cursor: default;
  }

  .popup-row[aria-disabled='true'] > .popup-text {
    opacity: 0.75;
  }

  .popup-line {
    block-size: 1px;
    margin: 0.3125rem -0.3125rem;
    border: 0;
    background: var(--_border-raised);
  }

  .popup-note {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    margin: 0;
    padding: 0.5rem 0.625rem;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  .popup-note .spinner {
    font-size: 0.875rem;
  }

  @media (pointer: coarse) {
    .popup-row {
      min-block-size: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    .popup-row:is(:focus, .active) {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }

    .popup-line {
      background: CanvasText;
    }

    .popup-row[aria-disabled='true'] {
      color: GrayText;
    }
  }
`;
