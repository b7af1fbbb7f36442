import { css } from 'lit';

/**
 * How everything looks that takes a value: one height, one border, one way to show each state. The border is that of
 * `.input`, which is the control itself or the box around it and what stands beside it within the border.
 */
export default css`
  .input {
    min-block-size: var(--_control-height);
    min-inline-size: 0;
    max-inline-size: 100%;
    padding-block: 0;
    padding-inline: var(--_control-padding);
    border: 1px solid var(--_border-control);
    border-radius: var(--_control-radius);
    background: var(--_control-surface);
    color: var(--_text);
    font: inherit;
    font-size: var(--_control-text);
    text-overflow: ellipsis;
    transition: border-color var(--_duration-short);
  }

  .field .input,
  .input.boxed {
    inline-size: 100%;
  }

  .input:hover {
    border-color: var(--_text-muted);
  }

  .input:focus-visible,
  .input:has(> input:focus) {
    outline: 2px solid var(--_focus);
    outline-offset: -1px;
    border-color: var(--_focus);
  }

  .input::placeholder,
  .input > input::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }

  .input:is([aria-invalid='true'], :has(> [aria-invalid='true'])) {
    border-color: var(--_bad);
  }

  .input:is([aria-invalid='true'], :has(> [aria-invalid='true'])):is(:focus-visible, :has(> input:focus)) {
    outline-color: var(--_bad);
  }

  .input:is([readonly], .read-only) {
    border-style: dashed;
    background: var(--_surface-sunken);
  }

  .input:is(:disabled, .disabled) {
    border-style: solid;
    border-color: var(--_border);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    cursor: not-allowed;
    opacity: 1;
  }

  .input:is(:disabled, .disabled) :disabled {
    cursor: inherit;
    -webkit-text-fill-color: currentColor;
  }

  .input.empty {
    color: var(--_text-muted);
  }

  /* The letters go in their own direction, but begin where the labels do. */
  .input > input,
  textarea.input {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  .boxed {
    position: relative;
    display: flex;
    align-items: center;
    padding: 0;
    cursor: text;
  }

  .boxed > input {
    flex: 1;
    align-self: stretch;
    inline-size: 100%;
    min-inline-size: 0;
    margin: 0;
    padding-block: 0;
    padding-inline: var(--_control-padding);
    border: 0;
    outline: none;
    border-radius: inherit;
    background: none;
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }

  .input-start,
  .input-end {
    display: flex;
    flex: none;
    align-items: center;
    color: var(--_text-muted);
    pointer-events: none;
    user-select: none;
  }

  /* The input's own padding is the same on both sides, because its direction may be another than its box's. */
  .input-start {
    margin-inline-end: -0.25rem;
    padding-inline-start: var(--_control-padding);
  }

  .input-end {
    margin-inline-start: -0.25rem;
    padding-inline-end: var(--_control-padding);
  }

  textarea.input {
    display: block;
    padding-block: calc((var(--_control-height) - 1.5em) / 2 - 1px);
    line-height: 1.5;
    resize: vertical;
    field-sizing: content;
    min-block-size: calc(2 * 1.5em + var(--_control-height));
    max-block-size: 24rem;
  }

  .choice-box {
    position: relative;
    display: flex;
    align-items: center;
  }

  .choice-box > .input-end {
    position: absolute;
    inset-inline-end: 0;
  }

  select.input {
    appearance: none;
    padding-inline-end: 2.25rem;
    cursor: pointer;
  }

  .input option {
    color: var(--_text);
  }

  .input[type='number'] {
    font-variant-numeric: tabular-nums;
  }

  .input:is([type='date'], [type='time'], [type='datetime-local']) {
    font-variant-numeric: tabular-nums;
    appearance: none;
  }

  .input::-webkit-date-and-time-value {
    text-align: start;
  }

  .input::-webkit-calendar-picker-indicator {
    opacity: 0.7;
    cursor: pointer;
  }

  .readable {
    margin: 0.3125rem 0 0;
    color: var(--_text-muted);
    font-size: var(--_text-small);
    line-height: 1.45;
  }

  @media (forced-colors: active) {
    .input:is(:disabled, .disabled) {
      border-color: GrayText;
      color: GrayText;
    }

    .input:is([aria-invalid='true'], :has(> [aria-invalid='true'])) {
      border-width: 2px;
    }
  }
`;
