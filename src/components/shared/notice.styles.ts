import { css } from 'lit';

/** How the box looks that stands there instead of rows, or above them. */
export default css`
  .notice {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 0.875rem;
    padding: 3.5rem 1.5rem;
    text-align: center;
  }

  .notice-icon {
    display: grid;
    place-items: center;
    inline-size: 3rem;
    block-size: 3rem;
    border-radius: 50%;
    background: var(--_neutral-surface);
    color: var(--_neutral);
  }

  .notice-text p {
    margin-block: 0;
  }

  .notice.bad .notice-icon {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .notice.warning .notice-icon {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .notice-text {
    max-inline-size: 28rem;
    color: var(--_text-muted);
    text-wrap: balance;
  }

  .notice-text .notice-title {
    margin-block-end: 0.125rem;
    color: var(--_text);
    font-size: var(--_text-large);
    font-weight: 600;
  }

  .notice-text .reference {
    margin-block-start: 0.5rem;
    font-size: var(--_text-small);
    overflow-wrap: anywhere;
  }

  .banner {
    flex-flow: row wrap;
    justify-content: space-between;
    padding: 0.75rem 1rem;
    border-block-end: 1px solid var(--_border);
    text-align: start;
  }

  .banner .notice-icon {
    inline-size: 2.25rem;
    block-size: 2.25rem;
  }

  .banner .notice-text {
    flex: 1 1 14rem;
    max-inline-size: none;
    font-size: var(--_text-small);
    text-wrap: wrap;
  }

  .banner .notice-text .notice-title {
    margin: 0;
    font-size: var(--_text-medium);
  }
`;
