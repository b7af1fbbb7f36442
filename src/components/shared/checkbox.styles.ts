import { css } from 'lit';

/** How checkboxes look; in forced colours the browser draws them. */
export default css`
  .checkbox {
    display: flex;
    align-items: start;
    gap: 0.625rem;
    padding-block: 0.25rem;
    cursor: pointer;
  }

  .checkbox input {
    appearance: none;
    display: grid;
    flex: none;
    place-content: center;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0.0625rem 0 0;
    border: 1px solid var(--_border-control);
    border-radius: min(var(--_radius-small) - 0.125rem, 0.3125rem);
    background: var(--_control-surface);
    color: var(--_on-accent);
    cursor: inherit;
    transition: background-color var(--_duration-short);
  }

  .checkbox:hover input {
    border-color: var(--_text-muted);
  }

  .checkbox input::before {
    content: '';
    inline-size: 0.75rem;
    block-size: 0.75rem;
    background: currentColor;
    clip-path: polygon(14% 46%, 2% 60%, 38% 94%, 98% 22%, 84% 10%, 37% 67%);
    scale: 0;
    transition: scale var(--_duration-short) var(--_easing);
  }

  .checkbox input:is(:checked, :indeterminate) {
    border-color: transparent;
    background: var(--_accent);
  }

  .checkbox:hover input:is(:checked, :indeterminate):not(:disabled) {
    background: var(--_accent-hover);
  }

  .checkbox input:is(:checked, :indeterminate)::before {
    scale: 1;
  }

  .checkbox input:indeterminate::before {
    clip-path: inset(42% 4%);
  }

  .checkbox input[aria-invalid='true'] {
    border-color: var(--_bad);
  }

  .checkbox:has(input:disabled) {
    color: var(--_text-muted);
    cursor: not-allowed;
  }

  .checkbox input:disabled {
    border-color: var(--_border);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
  }

  .checkbox-note {
    display: block;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  @media (pointer: coarse) {
    .checkbox {
      min-block-size: 2.75rem;
      padding-block: 0.625rem;
    }
  }

  @media (forced-colors: active) {
    .checkbox input {
      appearance: auto;
    }

    .checkbox input::before {
      content: none;
    }
  }
`;
