import { css } from 'lit';

/** How menus look beyond what all popups share. */
export default css`
  .menu {
    min-inline-size: 11rem;
  }

  .menu-check {
    display: inline-flex;
    flex: none;
    inline-size: 1.25em;
    color: var(--_accent);
  }
`;
