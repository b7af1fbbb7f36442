import { css } from 'lit';

/** How buttons look in each kind and state. */
export default css`
  .button {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    min-inline-size: var(--_control-height);
    min-block-size: var(--_control-height);
    padding-block: 0;
    padding-inline: 0.875rem;
    border: 1px solid var(--_button-border);
    border-radius: var(--_control-radius);
    background: var(--_control-surface);
    color: var(--_text);
    font: inherit;
    font-weight: var(--_weight-medium);
    text-align: center;
    text-decoration: none;
    vertical-align: middle;
    cursor: pointer;
    touch-action: manipulation;
    transition:
      background-color var(--_duration-short),
      border-color var(--_duration-short),
      color var(--_duration-short);
  }

  .button:hover {
    background: var(--_neutral-surface);
  }

  .button:active,
  .button[aria-expanded='true'] {
    background: var(--_surface-pressed);
  }

  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:is(:hover, :active) {
    background: var(--_accent-hover);
  }

  .button.danger {
    border-color: transparent;
    background: var(--_bad);
    color: light-dark(var(--_gray-0), var(--_gray-950));
  }

  .button.danger:is(:hover, :active) {
    background: color-mix(in oklab, var(--_bad) 86%, var(--_text));
  }

  .button.quiet {
    border-color: transparent;
    background: none;
  }

  .button.quiet:hover {
    background: var(--_neutral-surface);
  }

  .button.quiet:is(:active, [aria-expanded='true']) {
    background: var(--_surface-pressed);
  }

  .button.small {
    min-inline-size: var(--_control-height-small);
    min-block-size: var(--_control-height-small);
    padding-inline: 0.625rem;
    font-size: var(--_text-small);
  }

  .button.icon-only {
    flex: none;
    padding-inline: 0;
  }

  .button.block {
    inline-size: 100%;
  }

  /* Its kind is still to be seen, but it gives way to what can be pressed. */
  .button[aria-disabled='true'],
  .button[aria-disabled='true']:is(:hover, :active) {
    border-color: var(--_border);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    cursor: default;
  }

  .button.quiet[aria-disabled='true'],
  .button.quiet[aria-disabled='true']:is(:hover, :active) {
    border-color: transparent;
    background: none;
  }

  /* Busy is not disabled to the eye: what was pressed keeps its looks and its width while it works. */
  .button.busy.primary[aria-disabled='true'] {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.busy.danger[aria-disabled='true'] {
    border-color: transparent;
    background: var(--_bad);
    color: light-dark(var(--_gray-0), var(--_gray-950));
  }

  .button.busy > :not(.spinner) {
    opacity: 0;
  }

  .button > .spinner {
    position: absolute;
  }

  .spinner {
    flex: none;
    inline-size: 1.125em;
    block-size: 1.125em;
    border: 2px solid currentColor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: spin 700ms linear infinite;
  }

  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .spinner {
      border-style: dotted;
    }
  }

  @media (forced-colors: active) {
    .button.primary {
      border-color: ButtonText;
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }

    .button.quiet {
      border-color: ButtonBorder;
    }

    .button[aria-disabled='true'],
    .button[aria-disabled='true']:is(:hover, :active) {
      forced-color-adjust: auto;
      border-color: GrayText;
      background: ButtonFace;
      color: GrayText;
    }
  }
`;
