import { css } from 'lit';

/** How a control stands with its label and what is said of it, and how fields stand together. */
export default css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
    align-items: start;
    gap: var(--_field-gap) var(--_space-4);
  }

  .fields > .wide {
    grid-column: 1 / -1;
  }

  .field {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .field-label {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    column-gap: var(--_space-3);
    inline-size: 100%;
    margin-block-end: 0.3125rem;
    padding: 0;
    font-size: var(--_text-small);
    font-weight: var(--_weight-medium);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .field-mark {
    color: var(--_text-muted);
    font-weight: 400;
  }

  .field-help,
  .field-error {
    margin: 0.3125rem 0 0;
    font-size: var(--_text-small);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  .field-help {
    color: var(--_text-muted);
  }

  .field-error {
    display: flex;
    gap: 0.375rem;
    color: var(--_bad);
    font-weight: var(--_weight-medium);
  }

  .field-error .icon {
    margin-block-start: 0.1em;
    inline-size: 1.125em;
    block-size: 1.125em;
  }

  .legend {
    inline-size: 100%;
    margin: 0 0 var(--_space-3);
    padding: 0;
    font-size: var(--_text-medium);
    font-weight: var(--_weight-bold);
  }
`;
