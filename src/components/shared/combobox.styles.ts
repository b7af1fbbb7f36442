import { css } from 'lit';

/** How comboboxes look beyond what all inputs and popups share. */
export default css`
  .combobox-buttons {
    display: flex;
    flex: none;
    margin-inline-start: -0.5rem;
    padding-inline-end: 0.125rem;
    cursor: default;
  }

  .combobox-buttons > button {
    display: grid;
    place-items: center;
    inline-size: calc(var(--_control-height) - 0.375rem);
    block-size: calc(var(--_control-height) - 0.375rem);
    padding: 0;
    border: 0;
    border-radius: calc(var(--_control-radius) - 0.125rem);
    background: none;
    color: var(--_text-muted);
    font: inherit;
    cursor: pointer;
  }

  .combobox-buttons > button:hover {
    background: var(--_neutral-surface);
    color: var(--_text);
  }

  .combobox-buttons > button .icon {
    inline-size: 1.125em;
    block-size: 1.125em;
  }

  @media (pointer: coarse) {
    .combobox-buttons > button {
      inline-size: var(--_control-height);
      block-size: var(--_control-height);
    }
  }

  .combobox-list[aria-busy='true'] > * {
    opacity: 0.6;
  }

  .combobox-chosen {
    flex: none;
    color: var(--_accent) !important;
  }

  .combobox-list > .create:not(:first-child) {
    margin-block-start: 0.3125rem;
    border-block-start: 1px solid var(--_border-raised);
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }
`;
