import { css } from 'lit';

/** How toasts look, and the region where they stand one above the other. */
export default css`
  .toasts {
    position: fixed;
    inset: auto;
    inset-block-end: 0;
    inset-inline-end: 0;
    inline-size: min(26rem, 100vw);
    max-block-size: 100dvh;
    margin: 0;
    padding: var(--_space-4);
    overflow: hidden auto;
    border: 0;
    background: none;
    color: inherit;
    pointer-events: none;
  }

  .toasts:popover-open {
    display: flex;
    flex-direction: column;
    justify-content: end;
    gap: var(--_space-2);
  }

  .toast {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.625rem;
    min-block-size: 3rem;
    padding: 0.5rem 0.5rem 0.5rem 0.875rem;
    padding-inline: 0.875rem 0.5rem;
    border: 1px solid var(--_border-raised);
    border-radius: var(--_menu-radius);
    background: var(--_surface-raised);
    box-shadow: var(--_shadow-large);
    color: var(--_text);
    font-size: var(--_text-medium);
    pointer-events: auto;
    opacity: 1;
    transition:
      opacity var(--_duration-long) var(--_easing),
      translate var(--_duration-long) var(--_easing);
  }

  @starting-style {
    .toast {
      opacity: 0;
      translate: 0 0.75rem;
    }
  }

  .toast > .icon {
    color: var(--_neutral);
  }

  .toast.good > .icon {
    color: var(--_good);
  }

  .toast.bad > .icon {
    color: var(--_bad);
  }

  .toast-text {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
`;
