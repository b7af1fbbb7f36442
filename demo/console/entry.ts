import { html, type TemplateResult } from 'lit';
import { wordmark } from './wordmark.ts';

/** The frame of every screen before the workspace: a card above running water. */
export const entry = (content: TemplateResult) => html`
  <main class="entry">
    <div class="card">${wordmark} ${content}</div>
    <svg class="race" viewBox="0 0 1600 240" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path d="M0 96c220-64 340-64 560-8s360 72 560 16 320-56 480-24" />
      <path d="M0 136c240-56 360-48 580 4s340 60 540 8 330-44 480-16" />
      <path d="M0 176c260-44 380-32 600 12s320 44 520 4 340-32 480-10" />
      <path d="M0 214c280-30 400-18 620 16s300 28 500 0 350-22 480-4" />
    </svg>
  </main>
`;
