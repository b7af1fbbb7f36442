import { css } from 'lit';

/** How tags look, alone and in an input. */
export default css`
  .tags {
    flex-wrap: wrap;
    gap: 0.25rem;
    padding: calc((var(--_control-height) - var(--_tag-height) - 2px) / 2);
  }

  .tags,
  .tag-list {
    --_tag-height: calc(1.375rem + 0.25rem * var(--_density));
  }

  .tag-list {
    display: contents;
    list-style: none;
  }

  .tag {
    display: inline-flex;
    align-items: center;
    max-inline-size: 100%;
    min-block-size: var(--_tag-height);
    padding-inline: 0.5rem;
    border-radius: calc(var(--_control-radius) - 0.125rem);
    background: var(--_neutral-surface);
    color: var(--_text);
    font-size: var(--_text-small);
    overflow-wrap: anywhere;
    cursor: default;
  }

  .tag:has(.tag-remove) {
    padding-inline-end: 0.125rem;
  }

  .tag-remove {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 1.5rem;
    block-size: 1.5rem;
    margin-inline-start: 0.125rem;
    padding: 0;
    border: 0;
    border-radius: calc(var(--_control-radius) - 0.1875rem);
    background: none;
    color: var(--_text-muted);
    font: inherit;
    cursor: pointer;
  }

  .tag-remove:hover {
    background: var(--_surface-pressed);
    color: var(--_text);
  }

  .tag-remove:focus-visible {
    outline-offset: -1px;
  }

  .tag-remove .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }

  .tags > input {
    flex: 1 1 3rem;
    inline-size: 3rem;
    block-size: var(--_tag-height);
    padding-inline: 0.375rem;
    unicode-bidi: plaintext;
  }

  .tags > input:first-child {
    padding-inline-start: calc(var(--_control-padding) - 0.375rem);
  }

  /* A finger meets more than is seen. */
  @media (pointer: coarse) {
    .tag-remove {
      position: relative;
    }

    .tag-remove::after {
      content: '';
      position: absolute;
      inset: -0.25rem;
    }

    .tags,
    .tag-list {
      --_tag-height: 2.25rem;
    }

    .tag-remove {
      inline-size: 2.25rem;
      block-size: 2.25rem;
    }
  }

  @media (forced-colors: active) {
    .tag {
      border: 1px solid CanvasText;
    }
  }
`;
