import { css } from 'lit';

/** How the contact of a lead is chosen or described. */
export default css`
  .person {
    grid-column: 1 / -1;
    display: flex;
    flex-direction: column;
    gap: var(--_space-3);
    min-inline-size: 0;
    margin: 0;
    padding: var(--_space-4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-small);
    background: var(--_surface-sunken);
  }

  .person > legend {
    float: inline-start;
    padding: 0;
    font-weight: var(--_weight-bold);
  }

  .person-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--_space-2);
  }

  .similar {
    padding: 0.75rem 0.875rem;
    border-radius: var(--_radius-small);
    background: var(--_accent-surface);
    font-size: var(--_text-small);
  }

  .similar ul {
    margin: 0.5rem 0 0;
    padding: 0;
    list-style: none;
  }

  .similar li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem var(--_space-3);
    padding-block: 0.25rem;
  }

  .similar-text {
    flex: 1 1 10rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .similar-reason {
    color: var(--_text-muted);
  }

  .amount {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(5.5rem, auto);
    gap: var(--_space-2);
  }

  .retry {
    margin-block-start: 0.375rem;
  }
`;
