import { css } from 'lit';

/** How the places of what loads look. */
export default css`
  .bone {
    display: block;
    inline-size: 100%;
    block-size: 0.75rem;
    border-radius: 0.375rem;
    background: var(--_neutral-surface);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  .bone.short {
    inline-size: 30%;
  }

  .bone.medium {
    inline-size: 55%;
  }

  .bone.long {
    inline-size: 80%;
  }

  .bone.title {
    block-size: 1.125rem;
  }

  .bone.control {
    block-size: var(--_control-height);
    border-radius: var(--_control-radius);
  }

  .bone.circle {
    inline-size: 2rem;
    block-size: 2rem;
    border-radius: 50%;
  }

  .bone.badge {
    inline-size: 4.5rem;
    block-size: 1.375rem;
    border-radius: var(--_badge-radius);
  }

  .bone.block {
    block-size: 6rem;
    border-radius: var(--_radius-large);
  }

  .field > .bone + .bone {
    margin-block-start: 0.5rem;
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }

  @media (forced-colors: active) {
    .bone {
      border: 1px solid GrayText;
    }
  }
`;
