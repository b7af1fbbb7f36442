import { css } from 'lit';

/** How the line below the rows looks. */
export default css`
  .pager {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    margin-block-start: 1rem;
  }

  .range {
    flex: 1;
    color: var(--_text-muted);
    font-variant-numeric: tabular-nums;
  }

  .limit {
    flex: 2 1 16rem;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  @container (inline-size < 26rem) {
    .range {
      flex-basis: 100%;
    }

    .pager .button {
      flex: 1;
    }
  }
`;
