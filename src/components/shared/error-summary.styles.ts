import { css } from 'lit';

/** How the list of what is wrong looks, above the fields. */
export default css`
  .error-summary {
    display: flex;
    gap: var(--_space-3);
    margin-block-end: var(--_space-4);
    padding: var(--_space-3) var(--_space-4);
    border: 1px solid color-mix(in oklab, var(--_bad) 35%, transparent);
    border-radius: var(--_radius-small);
    background: var(--_bad-surface);
  }

  .error-summary > .icon {
    margin-block-start: 0.125em;
    color: var(--_bad);
  }

  .error-summary-title {
    margin: 0;
    font-weight: var(--_weight-bold);
  }

  .error-summary ul {
    margin: 0.125rem 0 0;
    padding: 0;
    list-style: none;
  }

  .error-summary li {
    padding-block: 0.125rem;
    overflow-wrap: anywhere;
  }

  .error-summary a {
    border-radius: 2px;
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }

  .error-summary a:hover {
    color: var(--_bad);
  }

  .error-summary p {
    margin: 0.125rem 0 0;
  }

  @media (pointer: coarse) {
    .error-summary a {
      display: inline-block;
      padding-block: 0.625rem;
    }
  }
`;
