import { html, nothing } from 'lit';
import { en } from '../../locales/en.ts';
import { icons } from './icons.ts';

/** Why there is nothing to show. */
export type Notice = 'empty' | 'no-match' | 'failed' | 'forbidden' | 'signed-out' | 'offline';

const texts = en.recordTable;

const ICONS: Record<Notice, unknown> = {
  empty: icons.people,
  'no-match': icons.search,
  failed: icons.warning,
  forbidden: icons.lock,
  'signed-out': icons.lock,
  offline: icons.offline,
};

interface NoticeParts {
  notice: Notice;
  texts: { title: string; text: string };
  error: unknown;
  /** Whether it stands above rows rather than in their place. */
  isBesideRows: boolean;
  retry: () => void;
  clear: { text: string; act: () => void };
}

/** What stands there instead of rows, with what a person can do about it; a host may put its own in place of `empty`. */
export function noticeBox({ notice, texts: { title, text }, error, isBesideRows, retry, clear }: NoticeParts) {
  const requestId = (error as { requestId?: string } | undefined)?.requestId;
  const canRetry = notice === 'failed' || notice === 'offline';
  const box = html`
    <div class="notice ${notice} ${isBesideRows ? 'banner' : ''}" part="notice">
      <span class="notice-icon">${ICONS[notice]}</span>
      <div class="notice-text">
        <p class="notice-title">${title}</p>
        <p>${text}</p>
        ${notice === 'failed' && requestId ? html`<p class="reference">${texts.reference(requestId)}</p>` : nothing}
      </div>
      ${canRetry ? html`<button class="button" type="button" @click=${retry}>${texts.retry}</button>` : nothing}
      ${notice === 'no-match' ? html`<button class="button" type="button" @click=${clear.act}>${clear.text}</button>` : nothing}
    </div>
  `;
  return notice === 'empty' ? html`<slot name="empty">${box}</slot>` : box;
}
