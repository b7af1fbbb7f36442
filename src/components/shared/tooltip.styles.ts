import { css } from 'lit';

/** How tooltips look. */
export default css`
  .tooltip {
    position: fixed;
    inset: auto;
    max-inline-size: min(18rem, calc(100vw - 1rem));
    margin: 0;
    padding: 0.3125rem 0.625rem;
    border: 1px solid transparent;
    border-radius: var(--_radius-small);
    background: var(--mill-tooltip-surface, light-dark(var(--_gray-800), var(--_gray-200)));
    box-shadow: var(--_shadow-small);
    color: var(--mill-tooltip-text, light-dark(var(--_gray-50), var(--_gray-950)));
    font-size: var(--_text-small);
    font-weight: 450;
    line-height: 1.4;
    text-wrap: pretty;
    overflow-wrap: anywhere;
    opacity: 1;
    transition: opacity var(--_duration-short);
  }

  @starting-style {
    .tooltip:popover-open {
      opacity: 0;
    }
  }
`;
