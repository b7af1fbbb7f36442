import { css } from 'lit';

export default css`
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
  }

  .chip {
    min-block-size: var(--_control-height);
    padding-inline: 0.75rem;
    border: 1px solid var(--_border-control);
    border-radius: calc(var(--_control-height) / 2);
    background: none;
    color: var(--_text);
    font: inherit;
    font-size: var(--_text-small);
    font-weight: 550;
    cursor: pointer;
  }

  .chip:hover {
    background: var(--_neutral-surface);
  }

  .chip[aria-pressed='true'] {
    border-color: var(--_accent);
    background: var(--_accent-surface);
    color: light-dark(var(--_blue-700), var(--_blue-100));
  }

  th,
  td {
    padding-inline: 0.75rem;
  }

  :is(th, td):first-child {
    padding-inline-start: 1rem;
  }

  :is(th, td):last-child {
    padding-inline-end: 1rem;
  }

  thead th,
  .sort {
    white-space: nowrap;
  }

  thead .title {
    inline-size: 19%;
  }

  thead .contact {
    inline-size: 15%;
  }

  thead .stage {
    inline-size: 11.75rem;
  }

  thead .score {
    inline-size: 6.75rem;
  }

  thead .value {
    inline-size: 7rem;
  }

  thead .source {
    inline-size: 8rem;
  }

  thead .activity {
    inline-size: 8.25rem;
  }

  tbody .title {
    text-wrap: balance;
  }

  .value {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }

  tbody .score,
  tbody .activity {
    white-space: nowrap;
  }

  .company {
    display: block;
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  tbody :is(.score, .owner, .source, .activity) {
    color: var(--_text-muted);
    font-size: var(--_text-small);
  }

  .band {
    display: inline-block;
    min-inline-size: 2.25rem;
    margin-inline-end: 0.25rem;
    padding-inline: 0.375rem;
    border-radius: var(--_badge-radius);
    background: var(--_neutral-surface);
    color: var(--_neutral);
    font-size: var(--_text-small);
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    text-align: center;
  }

  .band.warm {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .band.hot {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .badge {
    white-space: normal;
  }

  .badge::before {
    flex: none;
  }

  .badge.new {
    background: var(--_neutral-surface);
    color: var(--_neutral);
  }

  .badge.contacted {
    background: var(--_warning-surface);
    color: var(--_warning);
  }

  .badge.qualified {
    background: var(--_accent-surface);
    color: light-dark(var(--_blue-700), var(--_blue-300));
  }

  .badge.converted {
    background: var(--_good-surface);
    color: var(--_good);
  }

  .badge.lost {
    background: var(--_bad-surface);
    color: var(--_bad);
  }

  .skeleton .stage .bone {
    inline-size: 5rem;
    block-size: 1.375rem;
    border-radius: var(--_badge-radius);
  }

  @container (inline-size < 74rem) {
    .source {
      display: none;
    }
  }

  @container (inline-size < 64rem) {
    .owner {
      display: none;
    }
  }

  @container (inline-size < 52rem) {
    thead th,
    tbody :is(th, td) {
      padding: 0 !important;
    }

    thead .stage {
      display: none;
    }

    tbody tr {
      grid-template: 'title title value' 'contact contact stage' 'score activity activity' / auto 1fr auto;
    }

    tbody .title {
      grid-area: title;
    }

    tbody .value {
      grid-area: value;
    }

    tbody .contact {
      grid-area: contact;
    }

    tbody .stage {
      grid-area: stage;
      justify-self: end;
    }

    tbody .score {
      grid-area: score;
    }

    tbody .activity {
      grid-area: activity;
      justify-self: end;
    }
  }

  @media (forced-colors: active) {
    .band {
      border: 1px solid CanvasText;
    }

    .chip[aria-pressed='true'] {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
