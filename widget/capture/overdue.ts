import type { Leftovers, NoticePlace, Outcome, Queued } from '../parts.ts';
import { h, on } from './element.ts';
import styles from './overdue.styles.ts';

/** Where a form of the page shows it already. */
let place: HTMLElement | undefined;

/**
 * A notice of what could not be sent for long, whatever form it was made in, for the visitor to send again or to delete.
 * One form of a page shows it, above the page, so that nothing moves.
 */
export async function overdueNotice({ root, form: { locale }, text }: NoticePlace, leftovers: Omit<Leftovers, 'notice'>) {
  const entries = await leftovers.overdue();
  const inside = root.querySelector('.root');
  if (!entries[0] || !inside || place?.isConnected) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets.push(sheet);
  place = h('div', { class: 'overdue', role: 'status' }, ...entries.map(notice));
  inside.append(place);

  function notice({ key, formTitle, at, refusal }: Queued) {
    const words = text('overdue', { form: formTitle, date: new Date(at).toLocaleDateString(locale) });
    const sentence = h('p', {}, refusal ? `${words} ${refusal}` : words);
    const retry = h('button', { type: 'button' }, text('retry'));
    const drop = h('button', { type: 'button' }, text('drop'));
    const actions = h('div', { class: 'actions' }, retry, drop);
    const card = h('div', { class: 'body' }, sentence, actions);
    on(retry, 'click', async () => {
      const outcome = await leftovers.retry(key).catch(() => undefined);
      sentence.textContent = afterRetry(outcome);
      if (outcome?.kind === 'received') actions.remove();
    });
    on(drop, 'click', async () => {
      await leftovers.drop(key);
      card.remove();
    });
    return card;
  }

  function afterRetry(outcome: Outcome | undefined) {
    if (outcome?.kind === 'received') return text('received');
    if (outcome?.kind === 'refused') return outcome.message;
    return text(outcome ? `queued_${outcome.isKept ? outcome.reason : 'memory'}` : 'failed');
  }
}
