import { html } from 'lit';

/** The product's name as a drawing: a mill wheel over its race, then the letters. */
export const wordmark = html`
  <svg class="wordmark" viewBox="0 0 120 28" role="img" aria-label="Millrace">
    <g class="wordmark-wheel">
      <circle cx="13" cy="10.5" r="7" />
      <circle cx="13" cy="10.5" r="1" />
      <path d="M13 1.5v6.5M13 13v6.5M4 10.5h6.5M15.5 10.5H22M6.7 4.2l4.5 4.5M14.8 12.3l4.5 4.5M19.3 4.2l-4.5 4.5M11.2 12.3l-4.5 4.5" />
      <path d="M2 24.5c2.7-2.2 4.6-2.2 7.3 0s4.6 2.2 7.3 0 4.6-2.2 7.4 0" />
    </g>
    <path
      d="M33 23V6.5l7 9.5 7-9.5V23M52.5 12v11M52.5 7v.1M58 5.5V23M63.5 5.5V23M69 12v11M69 16.5c.4-2.9 2-4.5 4.6-4.5M86.3 12v11M86.3 17.5a5.3 5.5 0 1 1-10.6 0 5.3 5.5 0 0 1 10.6 0M100.3 14.3a5.3 5.5 0 1 0 0 6.4M104.5 17.3h10.6a5.3 5.5 0 1 0-1.5 4"
    />
  </svg>
`;
