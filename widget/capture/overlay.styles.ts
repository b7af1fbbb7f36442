/** How a form stands above a page. */
export default `
:host,
.root {
  display: contents;
  container-type: normal;
}

.panel {
  container-type: inline-size;
  position: fixed;
  inset: auto;
  inline-size: min(440px, 100vi - 32px);
  max-inline-size: none;
  max-block-size: calc(100vb - 32px);
  margin: 0;
  padding: 0;
  border: 0;
  border-radius: calc(1.5 * var(--_control-radius));
  background: none;
  color: inherit;
  overflow: auto;
  overscroll-behavior: contain;
  box-shadow: 0 12px 40px #0003, 0 2px 8px #0002;
  outline: 0;
}

:modal::backdrop {
  background: #0008;
}

.panel h2,
.panel .progress {
  padding-inline-end: 40px;
}

.close {
  position: absolute;
  z-index: 1;
  inset-block-start: 12px;
  inset-inline-end: 12px;
  inline-size: 44px;
  padding: 0;
  border-color: transparent;
}

.close::before {
  content: '✕' / '';
}

.opener {
  position: fixed;
  z-index: 2147483647;
  inset-block-end: 16px;
  inset-inline-end: 16px;
  max-inline-size: calc(100vi - 32px);
  border-radius: 24px;
  box-shadow: 0 4px 16px #0003;
}

.opener.start {
  inset-inline: 16px auto;
}

.popup .panel {
  inset: 0;
  margin: auto;
  block-size: fit-content;
}

.slide_in .panel {
  inset-block-end: 16px;
  inset-inline-end: 16px;
}

.slide_in .start {
  inset-inline: 16px auto;
}

.side_tab .panel {
  inset-block-start: 50%;
  inset-inline-end: 0;
  translate: 0 -50%;
}

.side_tab .opener {
  inset-block: 50% auto;
  inset-inline-end: 0;
  translate: 0 -50%;
  padding: 18px 9px;
  border-radius: var(--_control-radius);
}

.side_tab .opener span {
  max-block-size: 80vb;
  writing-mode: vertical-rl;
}

.side_tab[dir='ltr'] .opener.start,
.side_tab[dir='rtl'] .opener.end {
  inset: 50% auto auto 0;
}

.side_tab .start {
  inset-inline: 0 auto;
}

.banner .panel {
  inset-inline: 0;
  inset-block-end: 0;
  inline-size: 100%;
  max-block-size: 80vb;
  border-radius: 0;
}

.banner .top {
  inset-block: 0 auto;
}

.banner .body {
  border-radius: 0;
  border-inline: 0;
}

.full_screen .panel {
  inset: 0;
  inline-size: 100%;
  block-size: 100%;
  max-block-size: none;
  border-radius: 0;
  background: var(--_surface);
}

.full_screen .body {
  padding: 64px max(24px, 50% - 320px);
  border: 0;
  border-radius: 0;
}

@container (min-width: 720px) {
  .banner .fields {
    grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
  }

  .banner .field {
    grid-column: auto;
  }

  .banner form {
    inline-size: min(100%, 1040px);
    margin-inline: auto;
    padding-inline-end: 40px;
  }
}

@media (prefers-reduced-motion: no-preference) {
  .panel {
    animation: 180ms ease-out come;
  }
}

@keyframes come {
  from {
    opacity: 0;
    margin-block-start: 12px;
  }
}
`;
