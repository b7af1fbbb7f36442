import { css } from 'lit';

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

  thead .name {
    inline-size: 22%;
  }

  thead .email {
    inline-size: 31%;
  }

  thead .status {
    inline-size: 10rem;
  }

  thead .created_at {
    inline-size: 8.5rem;
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

  tbody th {
    font-weight: 550;
  }

  tbody .created_at,
  tbody .company {
    color: var(--_text-muted);
  }

  tbody .created_at {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
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

  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    padding: 0.125rem 0.625rem;
    border: 1px solid transparent;
    border-radius: var(--_badge-radius);
    font-size: var(--_text-small);
    font-weight: 550;
    white-space: nowrap;
  }

  .badge::before {
    content: '';
    inline-size: 0.4375rem;
    block-size: 0.4375rem;
    border-radius: 50%;
    background: currentColor;
  }

  .badge.active {
    background: var(--_good-surface);
    color: var(--_good);
  }

  .badge.bounced {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .badge.unsubscribed {
    background: var(--_neutral-surface);
    color: var(--_neutral);
  }

  .bone {
    display: block;
    inline-size: 75%;
    block-size: 0.75rem;
    border-radius: 0.375rem;
    background: var(--_neutral-surface);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  .skeleton:nth-child(even) .bone {
    inline-size: 55%;
  }

  .skeleton .status .bone {
    inline-size: 4.5rem;
    block-size: 1.375rem;
    border-radius: var(--_badge-radius);
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }

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

  .failed .notice-icon {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .offline .notice-icon {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .notice-text {
    max-inline-size: 28rem;
    color: var(--_text-muted);
    text-wrap: balance;
  }

  .notice-title {
    margin-block-end: 0.125rem;
    color: var(--_text);
    font-size: var(--_text-large);
    font-weight: 600;
  }

  .reference {
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

  .banner .notice-title {
    margin: 0;
    font-size: var(--_text-medium);
  }

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

  /* Too narrow for columns: every row becomes a card, the header a line of sort buttons. */
  @container (inline-size < 44rem) {
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

    thead .status {
      display: none;
    }

    tbody tr {
      display: grid;
      grid-template: 'name name status' 'email email email' 'company created created' / 1fr auto auto;
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

    tbody .name {
      grid-area: name;
    }

    tbody .email {
      grid-area: email;
    }

    tbody .company {
      grid-area: company;
    }

    tbody .status {
      grid-area: status;
      justify-self: end;
    }

    tbody .created_at {
      grid-area: created;
      align-self: end;
      justify-self: end;
      font-size: var(--_text-small);
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

    .skeleton .created_at .bone {
      inline-size: 5rem;
    }
  }

  @container (inline-size < 26rem) {
    .choice {
      flex-grow: 1;
    }

    .range {
      flex-basis: 100%;
    }

    .pager .button {
      flex: 1;
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
    .sort {
      min-block-size: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    .badge,
    .bone {
      border: 1px solid CanvasText;
    }

    .badge::before {
      background: CanvasText;
      forced-color-adjust: none;
    }

    .progress::before {
      background: Highlight;
    }
  }
`;
