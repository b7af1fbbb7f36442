import { html, nothing } from 'lit';
import { button } from './button.ts';
import { icons } from './icons.ts';

export interface ToastParts {
  text: string;
  kind?: 'good' | 'bad' | 'neutral' | undefined;
  /** What can be done about it. */
  action?: { text: string; act: () => void } | undefined;
  dismiss: () => void;
  texts: { dismiss: string };
}

const ICONS = { good: icons.done, bad: icons.problem, neutral: icons.info };

/** What is said in passing. The region around it, `.toasts`, is a live one; the colour and the icon only repeat the text. */
export function toast({ text, kind = 'neutral', action, dismiss, texts }: ToastParts) {
  return html`
    <div class="toast ${kind}" part="toast">
      ${ICONS[kind]}
      <p class="toast-text">${text}</p>
      ${action ? button({ text: action.text, isSmall: true, press: action.act }) : nothing}
      ${button({ text: texts.dismiss, icon: icons.close, kind: 'quiet', isSmall: true, isIconOnly: true, press: dismiss })}
    </div>
  `;
}
