import { css } from 'lit';

export default css`
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

  tbody .created_at,
  tbody .company {
    color: var(--_text-muted);
  }

  tbody .created_at {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
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

  .skeleton .status .bone {
    inline-size: 4.5rem;
    block-size: 1.375rem;
    border-radius: var(--_badge-radius);
  }

  @container (52rem <= inline-size < 58rem) {
    .company {
      display: none;
    }
  }

  @container (inline-size < 52rem) {
    thead .status {
      display: none;
    }

    tbody tr {
      grid-template: 'name name status' 'email email email' 'company created created' / 1fr auto auto;
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

    .skeleton .created_at .bone {
      inline-size: 5rem;
    }
  }
`;
