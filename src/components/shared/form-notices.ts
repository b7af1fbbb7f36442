import { html, nothing } from 'lit';
import type { FormStatus } from '../../controllers/form-controller.ts';
import type { forms } from '../../locales/en.ts';
import { button } from './button.ts';
import { emptyState } from './empty-state.ts';
import { icons } from './icons.ts';
import type { Localized } from './localized.ts';

/** Why there is no form to fill in. */
export type FormNotice = 'failed' | 'missing' | 'forbidden' | 'signed-out' | 'offline';

interface NoticeParts {
  notice: FormNotice;
  title: string;
  text: string;
  reference: string | undefined;
  retry: { text: string; press: () => void };
}

/** What stands there instead of the form. */
export function formNotice({ notice, title, text, reference, retry }: NoticeParts) {
  const canRetry = notice === 'failed' || notice === 'offline';
  return emptyState({
    title,
    text,
    name: notice,
    kind: notice === 'failed' ? 'bad' : notice === 'offline' ? 'warning' : 'neutral',
    icon: notice === 'failed' ? icons.warning : notice === 'offline' ? icons.offline : icons.lock,
    reference: notice === 'failed' ? reference : undefined,
    actions: canRetry ? button(retry) : undefined,
  });
}

interface BannerParts {
  kind: 'bad' | 'warning' | 'neutral';
  icon: unknown;
  title?: string | undefined;
  text: string;
  reference?: string | undefined;
  actions?: unknown;
}

/** What has to be known while the form is filled in; screen readers hear it at once. */
export function banner({ kind, icon, title, text, reference, actions }: BannerParts) {
  return html`
    <div class="banner-box ${kind}" part="banner">
      ${icon}
      <div class="banner-text">
        ${title ? html`<p class="banner-title">${title}</p>` : nothing}
        <p>${text}</p>
        ${reference ? html`<p class="reference">${reference}</p>` : nothing}
      </div>
      ${actions ? html`<div class="banner-actions">${actions}</div>` : nothing}
    </div>
  `;
}

/** How saving stands, where there is something to say of it. */
export function savingBanner(
  texts: Localized<typeof forms>,
  {
    status,
    isOnline,
    failure,
    reference,
    retry,
  }: {
    status: FormStatus;
    isOnline: boolean;
    failure: string | undefined;
    reference: string | undefined;
    /** Sends again; nothing where that can't help. */
    retry: { text: string; press: () => void } | undefined;
  },
) {
  if (status === 'waiting')
    return banner({
      kind: 'warning',
      icon: icons.offline,
      text: texts.text('queued'),
      actions: retry && button({ ...retry, isSmall: true }),
    });
  if (failure !== undefined)
    return banner({
      kind: 'bad',
      icon: icons.warning,
      title: texts.text('failed'),
      text: failure,
      reference,
      actions: retry && button({ ...retry, isSmall: true }),
    });
  return isOnline ? nothing : banner({ kind: 'warning', icon: icons.offline, text: texts.text('offline') });
}

/** A field that two people have changed, in words. */
export interface ShownConflict {
  name: string;
  label: string;
  mine: string;
  theirs: string;
}

/** Fields that two people have changed, with both values to choose from. */
export function conflictList(
  texts: Localized<typeof forms>,
  conflicts: readonly ShownConflict[],
  settle: (name: string, favour: 'mine' | 'theirs') => void,
) {
  if (conflicts.length === 0) return nothing;
  const value = (text: string) =>
    text === '' ? html`<span class="none">${texts.text('conflict.empty')}</span>` : html`<bdi>${text}</bdi>`;
  const choice = ({ name }: ShownConflict, favour: 'mine' | 'theirs', heading: string, text: string, action: string) => html`
    <div class="conflict-choice">
      <dt>${heading}</dt>
      <dd>${value(text)}</dd>
      <dd>${button({ text: action, id: `conflict-${name}-${favour}`, isSmall: true, describedBy: `conflict-${name}`, press: () => settle(name, favour) })}</dd>
    </div>
  `;
  return html`
    <section class="banner-box warning conflicts" part="conflicts" id="conflicts" tabindex="-1" aria-labelledby="conflicts-title">
      ${icons.people}
      <div class="banner-text">
        <p class="banner-title" id="conflicts-title">${texts.text('conflict.title')}</p>
        <p>${texts.text('conflict.text')}</p>
        ${conflicts.map(
          (each) => html`
            <div class="conflict">
              <p class="conflict-label" id=${`conflict-${each.name}`}>${each.label}</p>
              <dl>
                ${choice(each, 'mine', texts.text('conflict.mine'), each.mine, texts.text('conflict.keepMine'))}
                ${choice(each, 'theirs', texts.text('conflict.theirs'), each.theirs, texts.text('conflict.takeTheirs'))}
              </dl>
            </div>
          `,
        )}
      </div>
    </section>
  `;
}
