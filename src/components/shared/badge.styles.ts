import { css } from 'lit';

/** How badges look in each kind. */
export default css`
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    max-inline-size: 100%;
    padding: 0.125rem 0.625rem;
    border: 1px solid transparent;
    border-radius: var(--_badge-radius);
    font-size: var(--_text-small);
    font-weight: var(--_weight-medium);
    white-space: nowrap;
  }

  .badge:not(.bare)::before {
    content: '';
    flex: none;
    inline-size: 0.4375rem;
    block-size: 0.4375rem;
    border-radius: 50%;
    background: currentColor;
  }

  .badge.neutral {
    background: var(--_neutral-surface);
    color: var(--_neutral);
  }

  .badge.accent {
    background: var(--_accent-surface);
    color: light-dark(var(--_accent-hover), var(--_accent));
  }

  .badge.good {
    background: var(--_good-surface);
    color: var(--_good);
  }

  .badge.warning {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .badge.bad {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  @media (forced-colors: active) {
    .badge {
      border-color: CanvasText;
    }

    .badge:not(.bare)::before {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
