import { css } from 'lit';

/** How the details of a contact look. */
export default css`
  .attribute {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
    align-items: start;
    gap: 0.25rem var(--_space-2);
    margin-block-start: var(--_space-2);
  }

  .attribute > :is(.field-error, .field-help) {
    grid-column: 1 / -1;
    margin-block-start: 0;
  }

  #metadata-add {
    margin-block-start: var(--_space-2);
    padding-inline: 0.5rem;
  }

  .duplicate-open {
    color: var(--_accent);
    font-weight: var(--_weight-medium);
    text-underline-offset: 0.2em;
  }

  @container (inline-size < 24rem) {
    .attribute {
      grid-template-columns: minmax(0, 1fr) auto;
    }

    .attribute > :nth-child(2) {
      grid-column: 1;
      grid-row: 2;
    }
  }
`;
