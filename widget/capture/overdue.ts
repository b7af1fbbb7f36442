import type { Outcome, Queued, Sending } from '../parts.ts';
import { h, on } from './element.ts';
import type { ShownForm } from './shown-form.ts';

/** Queues whose overdue submissions some form of the page shows already. */
const shownOf = new WeakSet<Sending>();

/**
 * A notice of what could not be sent for long, whatever form it was made in, for the visitor to send again or to delete.
 * One form of a page shows it, above the page, so that nothing moves; it is empty while there is nothing to say.
 */
export function overdueNotice({ options: { sending }, form: { locale }, text }: ShownForm) {
  const element = h('div', { class: 'overdue', role: 'status' });
  const isOurs = !shownOf.has(sending);
  if (isOurs) {
    shownOf.add(sending);
    sending.overdue().then(
      (entries) => element.append(...entries.map(notice)),
      () => {},
    );
  }

  function notice({ key, formTitle, at, refusal }: Queued) {
    const words = text('overdue', { form: formTitle, date: new Date(at).toLocaleDateString(locale) });
    const sentence = h('p', {}, refusal ? `${words} ${refusal}` : words);
    const retry = h('button', { type: 'button' }, text('retry'));
    const drop = h('button', { type: 'button' }, text('drop'));
    const actions = h('div', { class: 'actions' }, retry, drop);
    const card = h('div', { class: 'body' }, sentence, actions);
    on(retry, 'click', async () => {
      const outcome = await sending.retry(key).catch(() => undefined);
      sentence.textContent = afterRetry(outcome);
      if (outcome?.kind === 'received') actions.remove();
    });
    on(drop, 'click', async () => {
      await sending.drop(key);
      card.remove();
    });
    return card;
  }

  function afterRetry(outcome: Outcome | undefined) {
    if (outcome?.kind === 'received') return text('received');
    if (outcome?.kind === 'refused') return outcome.message;
    return text(outcome ? `queued_${outcome.isKept ? outcome.reason : 'memory'}` : 'failed');
  }

  return {
    element,
    /** Lets another form of the page show it. */
    end: () => isOurs && shownOf.delete(sending),
  };
}
