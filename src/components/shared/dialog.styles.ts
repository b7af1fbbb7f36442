import { css } from 'lit';

/** How dialogs look; they belong to the window rather than to their element, so its width decides. */
export default css`
  .dialog {
    flex-direction: column;
    inline-size: min(34rem, 100vw - 2rem);
    max-inline-size: none;
    max-block-size: min(46rem, 100dvh - 2rem);
    padding: 0;
    overflow: clip;
    overscroll-behavior: contain;
    border: 1px solid var(--_border-raised);
    border-radius: var(--_dialog-radius);
    background: var(--_surface);
    box-shadow: var(--_shadow-large);
    color: var(--_text);
    opacity: 1;
    transition:
      opacity var(--_duration-long) var(--_easing),
      translate var(--_duration-long) var(--_easing);
  }

  .dialog[open] {
    display: flex;
  }

  .dialog:focus {
    outline: none;
  }

  .dialog.small {
    inline-size: min(26rem, 100vw - 2rem);
  }

  .dialog.large {
    inline-size: min(52rem, 100vw - 2rem);
  }

  .dialog::backdrop {
    overscroll-behavior: contain;
    background: var(--_backdrop);
    transition: opacity var(--_duration-long);
  }

  @starting-style {
    .dialog[open] {
      opacity: 0;
      translate: 0 0.5rem;
    }

    .dialog[open]::backdrop {
      opacity: 0;
    }
  }

  .dialog-header {
    display: flex;
    flex: none;
    align-items: center;
    gap: var(--_space-3);
    min-block-size: 3.75rem;
    padding-block: 0.75rem;
    padding-inline: var(--_space-5) 0.875rem;
  }

  .dialog-title {
    flex: 1;
    margin: 0;
    font-size: var(--_text-large);
    font-weight: var(--_weight-bold);
    line-height: 1.35;
    overflow-wrap: anywhere;
  }

  .dialog-body {
    flex: 1 1 auto;
    min-block-size: 0;
    padding: 0.25rem var(--_space-5) var(--_space-5);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scroll-padding-block: 1rem;
  }

  .dialog-body > :first-child {
    margin-block-start: 0;
  }

  .dialog-body > :last-child {
    margin-block-end: 0;
  }

  .dialog-footer {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--_space-2);
    padding: var(--_space-3) var(--_space-5);
    border-block-start: 1px solid var(--_border);
    background: var(--_surface);
  }

  @media (width < 34rem) {
    .dialog,
    .dialog.large {
      inline-size: 100vw;
      max-block-size: calc(100dvh - 1.5rem);
      margin-block-end: 0;
      border-block-end: 0;
      border-inline: 0;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }

    .dialog-header {
      padding-inline-start: var(--_space-4);
      padding-inline-end: 0.5rem;
    }

    .dialog-body,
    .dialog-footer {
      padding-inline: var(--_space-4);
    }

    .dialog-footer .button {
      flex: 1;
    }
  }

  /* Where a window is very low, as under a phone's keyboard, all of it scrolls. */
  @media (height < 22rem) {
    .dialog {
      overflow: hidden auto;
    }

    .dialog-body {
      flex: none;
      overflow: visible;
    }
  }

  @media (forced-colors: active) {
    .dialog {
      border: 2px solid CanvasText;
    }
  }
`;
