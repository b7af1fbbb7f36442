import { html } from 'lit';
import { button } from './button.ts';
import { emptyState } from './empty-state.ts';
import { icons } from './icons.ts';

/** Why there is nothing to show. */
export type Notice = 'empty' | 'no-match' | 'failed' | 'forbidden' | 'signed-out' | 'offline';

const ICONS: Record<Notice, unknown> = {
  empty: icons.people,
  'no-match': icons.search,
  failed: icons.warning,
  forbidden: icons.lock,
  'signed-out': icons.lock,
  offline: icons.offline,
};

interface Remedy {
  text: string;
  act: () => void;
}

interface NoticeParts {
  notice: Notice;
  title: string;
  text: string;
  /** What finds a failure in the server's log. */
  reference: string | undefined;
  /** Whether it stands above rows rather than in their place. */
  isBesideRows: boolean;
  retry: Remedy;
  clear: Remedy;
}

/** What stands there instead of rows, with what a person can do about it; a host may put its own in place of `empty`. */
export function noticeBox({ notice, title, text, reference, isBesideRows, retry, clear }: NoticeParts) {
  const remedy = notice === 'failed' || notice === 'offline' ? retry : notice === 'no-match' ? clear : undefined;
  const box = emptyState({
    title,
    text,
    icon: ICONS[notice],
    kind: notice === 'failed' ? 'bad' : notice === 'offline' ? 'warning' : 'neutral',
    name: notice,
    isBanner: isBesideRows,
    reference: notice === 'failed' ? reference : undefined,
    actions: remedy && button({ text: remedy.text, press: remedy.act }),
  });
  return notice === 'empty' ? html`<slot name="empty">${box}</slot>` : box;
}
