import { css } from 'lit';
import buttons from './button.styles.ts';
import checkboxes from './checkbox.styles.ts';
import comboboxes from './combobox.styles.ts';
import controls from './controls.styles.ts';
import dialogs from './dialog.styles.ts';
import summaries from './error-summary.styles.ts';
import fields from './field.styles.ts';
import inputs from './input.styles.ts';
import notices from './notice.styles.ts';
import popups from './popup.styles.ts';
import skeletons from './skeleton.styles.ts';
import tags from './tag-input.styles.ts';
import tokens from './tokens.styles.ts';
import tooltips from './tooltip.styles.ts';

/** How the form of every kind of record looks. */
const form = css`
  :host {
    display: block;
    container-type: inline-size;
  }

  /* Its window lies over the page: the element itself takes no room. */
  :host([dialog]) {
    container-type: normal;
  }

  p,
  dl,
  dd {
    margin: 0;
  }

  .form {
    display: flex;
    flex-direction: column;
    gap: var(--_space-4);
    padding-block-start: 0.25rem;
  }

  .notices:not(:has(> *)) {
    display: none;
  }

  .form > .error-summary {
    margin: 0;
  }

  .notices {
    display: flex;
    flex-direction: column;
    gap: var(--_space-3);
  }

  .group-title {
    grid-column: 1 / -1;
    margin: var(--_space-2) 0 calc(-0.5 * var(--_space-2));
    font-size: var(--_text-medium);
    font-weight: var(--_weight-bold);
    line-height: 1.35;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--_space-2);
    margin-block-start: var(--_space-5);
  }

  .banner-box {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 0.5rem 0.625rem;
    padding: 0.75rem 0.875rem;
    border: 1px solid transparent;
    border-radius: var(--_radius-small);
    font-size: var(--_text-small);
    line-height: 1.5;
  }

  .banner-box > .icon {
    margin-block-start: 0.125rem;
    inline-size: 1.125rem;
    block-size: 1.125rem;
  }

  .banner-box.neutral {
    background: var(--_neutral-surface);
    color: var(--_neutral);
  }

  .banner-box.warning {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .banner-box.bad {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .banner-text {
    flex: 1 1 12rem;
    min-inline-size: 0;
    color: var(--_text);
    overflow-wrap: anywhere;
  }

  .banner-title {
    font-weight: var(--_weight-bold);
  }

  .banner-actions {
    align-self: center;
  }

  .conflicts:focus {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .conflict {
    margin-block-start: var(--_space-3);
  }

  .conflict-label {
    font-weight: var(--_weight-medium);
  }

  .conflict dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
    gap: var(--_space-2);
    margin-block-start: 0.25rem;
  }

  .conflict-choice {
    display: flex;
    flex-direction: column;
    align-items: start;
    gap: 0.25rem;
    padding: 0.625rem 0.75rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-small);
    background: var(--_surface);
  }

  .conflict-choice dt {
    color: var(--_text-muted);
  }

  .conflict-choice dd:last-child {
    margin-block-start: auto;
    padding-block-start: 0.25rem;
  }

  .none {
    color: var(--_text-muted);
  }

  .suggestions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem;
    margin: 0.5rem 0 0;
    padding: 0;
    color: var(--_text-muted);
    font-size: var(--_text-small);
    list-style: none;
  }

  .suggestion {
    min-block-size: 1.625rem;
    padding: 0 0.625rem;
    border: 1px dashed var(--_border-control);
    border-radius: var(--_badge-radius);
    background: none;
    color: var(--_text);
    font: inherit;
    cursor: pointer;
  }

  .suggestion:hover {
    border-style: solid;
    background: var(--_surface-hover);
  }

  .choices {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr));
    gap: 0.25rem var(--_space-4);
    max-block-size: 16rem;
    overflow: auto;
    padding: 2px;
  }

  .own-toast:has(> *) {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_space-2);
    margin-block-start: var(--_space-3);
    font-size: var(--_text-small);
  }

  .own-toast:has(> *)::before {
    content: '';
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: var(--_text-muted);
    forced-color-adjust: none;
  }

  .own-toast.good::before {
    background: var(--_good);
  }

  .own-toast.bad::before {
    background: var(--_bad);
  }

  @container (inline-size < 26rem) {
    .actions .button {
      flex: 1;
    }
  }

  @media (pointer: coarse) {
    .suggestion {
      min-block-size: 2.25rem;
    }
  }

  @media (forced-colors: active) {
    .banner-box {
      border-color: CanvasText;
    }
  }
`;

/** The styles of a form, with those of every part in it. */
export const recordFormStyles = [
  tokens,
  controls,
  buttons,
  inputs,
  fields,
  checkboxes,
  popups,
  comboboxes,
  tags,
  summaries,
  dialogs,
  notices,
  skeletons,
  tooltips,
  form,
];
