import { css } from 'lit';

/** How avatars look in each size and colour. */
export default css`
  .avatar {
    display: inline-grid;
    flex: none;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    border: 1px solid transparent;
    border-radius: 50%;
    font-size: var(--_text-xsmall);
    font-weight: var(--_weight-bold);
    line-height: 1;
    letter-spacing: 0.01em;
    user-select: none;
  }

  .avatar:lang(ar) {
    letter-spacing: 0;
  }

  .avatar.small {
    inline-size: 1.5rem;
    block-size: 1.5rem;
    font-size: 0.625rem;
  }

  .avatar.large {
    inline-size: 3rem;
    block-size: 3rem;
    font-size: var(--_text-large);
  }

  .avatar.hue-0 {
    background: light-dark(var(--_blue-100), var(--_blue-900));
    color: light-dark(var(--_blue-700), var(--_blue-300));
  }

  .avatar.hue-1 {
    background: light-dark(var(--_green-100), var(--_green-900));
    color: light-dark(var(--_green-700), var(--_green-300));
  }

  .avatar.hue-2 {
    background: light-dark(var(--_violet-100), var(--_violet-900));
    color: light-dark(var(--_violet-700), var(--_violet-300));
  }

  .avatar.hue-3 {
    background: light-dark(var(--_amber-100), var(--_amber-900));
    color: light-dark(var(--_amber-700), var(--_amber-300));
  }

  .avatar.hue-4 {
    background: light-dark(var(--_teal-100), var(--_teal-900));
    color: light-dark(var(--_teal-700), var(--_teal-300));
  }

  .avatar.hue-5 {
    background: light-dark(var(--_red-100), var(--_red-900));
    color: light-dark(var(--_red-700), var(--_red-300));
  }

  @media (forced-colors: active) {
    .avatar {
      border-color: CanvasText;
    }
  }
`;
