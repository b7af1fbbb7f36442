import { css } from 'lit';

/** How every table of records looks; an element adds its columns, and where they go when the rows become cards. */
export default css`
  :host {
    display: block;
    container-type: inline-size;
  }

  p {
    margin: 0;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    margin-block-end: 1rem;
  }

  .search {
    position: relative;
    flex: 1 1 16rem;
    max-inline-size: 26rem;
  }

  .search .icon,
  .choice .icon {
    position: absolute;
    inset-block: 0;
    margin-block: auto;
    color: var(--_text-muted);
    pointer-events: none;
  }

  .search .icon {
    inset-inline-start: 0.75rem;
  }

  .choice .icon {
    inset-inline-end: 0.625rem;
  }

  .search .input {
    inline-size: 100%;
    padding-inline-start: 2.5rem;
    appearance: none;
  }

  .choice {
    position: relative;
    flex: 0 1 auto;
  }

  .choice .input {
    inline-size: 100%;
    padding-inline-end: 2.25rem;
    appearance: none;
    cursor: pointer;
  }

  .behind {
    align-self: center;
    margin-inline-start: auto;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  .frame {
    position: relative;
    overflow: clip;
    border: 1px solid var(--_border);
    border-radius: var(--_table-radius);
    background: var(--_surface);
  }

  .progress {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    block-size: 2px;
    overflow: hidden;
    opacity: 0;
    animation: appear 1ms 150ms forwards;
  }

  .progress::before {
    content: '';
    display: block;
    inline-size: 40%;
    block-size: 100%;
    background: var(--_accent);
    forced-color-adjust: none;
    animation: slide 1.1s ease-in-out infinite;
  }

  @keyframes appear {
    to {
      opacity: 1;
    }
  }

  @keyframes slide {
    from {
      margin-inline-start: -40%;
    }
    to {
      margin-inline-start: 100%;
    }
  }

  table {
    inline-size: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }

  th,
  td {
    padding: 0.625rem 1rem;
    text-align: start;
    overflow-wrap: anywhere;
  }

  thead th {
    padding-block: 0.375rem;
    border-block-end: 1px solid var(--_border);
    background: var(--_table-header-surface);
    color: var(--_text-muted);
    font-size: var(--_text-small);
    font-weight: 550;
  }

  .sort {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    min-block-size: 1.75rem;
    margin-inline: -0.375rem;
    padding: 0 0.375rem;
    border: 0;
    border-radius: var(--_radius-small);
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  .sort .icon {
    margin-inline-end: -0.125em;
    inline-size: 1em;
    block-size: 1em;
    stroke-width: 2.25;
    opacity: 0.65;
  }

  .sort:hover {
    color: var(--_text);
  }

  [aria-sort] {
    color: var(--_text);
  }

  [aria-sort] .icon {
    color: var(--_accent);
    opacity: 1;
  }

  tbody tr {
    block-size: var(--_table-row-height);
  }

  tbody tr:not(:last-child) > * {
    border-block-end: 1px solid var(--_border);
  }

  tbody tr:not(.skeleton):hover {
    background: var(--_surface-hover);
    cursor: pointer;
  }

  tbody tr {
    transition: background-color 600ms;
  }

  tbody tr.marked {
    background: var(--_accent-surface);
    transition: none;
  }

  .unseen {
    display: block;
    inline-size: 100%;
    min-block-size: 2.25rem;
    border: 0;
    border-block-end: 1px solid var(--_border);
    background: var(--_accent-surface);
    color: var(--_text);
    font: inherit;
    font-size: var(--_text-small);
    font-weight: 550;
    cursor: pointer;
  }

  .unseen:hover {
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }

  .unseen:focus-visible {
    outline-offset: -2px;
  }

  tbody th {
    font-weight: 550;
  }

  tbody .label {
    display: none;
  }

  a {
    border-radius: 2px;
    color: var(--_accent);
    text-decoration: none;
  }

  a:hover {
    color: var(--_accent-hover);
  }

  tr:hover a {
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }

  .none {
    color: var(--_text-muted);
    font-weight: 400;
  }

  .skeleton .bone {
    inline-size: 75%;
  }

  .skeleton:nth-child(even) .bone {
    inline-size: 55%;
  }

  /* Too narrow for columns: every row becomes a card, the header a line of sort buttons. */
  @container (inline-size < 52rem) {
    .search {
      max-inline-size: none;
    }

    table,
    tbody {
      display: block;
    }

    thead,
    thead tr {
      display: block;
    }

    thead tr {
      display: flex;
      flex-wrap: wrap;
      column-gap: 0.625rem;
      padding: 0.25rem 1rem;
      border-block-end: 1px solid var(--_border);
      background: var(--_table-header-surface);
    }

    thead th {
      inline-size: auto !important;
      padding: 0;
      border: 0;
    }

    tbody tr {
      display: grid;
      gap: 0.125rem 0.75rem;
      block-size: auto;
      padding: 0.875rem 1rem;
    }

    tbody tr > * {
      padding: 0;
    }

    tbody tr:not(:last-child) {
      border-block-end: 1px solid var(--_border);
    }

    tbody tr:not(:last-child) > * {
      border: 0;
    }

    tbody .label {
      display: inline;
    }

    td .none {
      visibility: hidden;
    }

    .skeleton {
      gap: 0.625rem 1rem;
    }
  }

  @container (inline-size < 26rem) {
    .choice {
      flex-grow: 1;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .progress {
      opacity: 1;
    }

    .progress::before {
      inline-size: 100%;
    }
  }

  @media (pointer: coarse) {
    .unseen,
    .sort {
      min-block-size: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    .progress::before {
      background: Highlight;
    }
  }
`;
