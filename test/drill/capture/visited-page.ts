/** The script of the site's page, which does by hand what a visitor does. */

/** What the drill does on the page. */
export interface DrilledPage {
  isReady: boolean;
  /** Fills in the form and sends it, and says what its visitor is told. */
  submitOnce(email: string): Promise<string>;
  /** How many submissions lie on the device, looked up past the widget's own code. */
  countWaiting(): Promise<number>;
}

declare global {
  interface Window extends DrilledPage {}
}

const millrace = (...call: unknown[]) => (window as unknown as { millrace(...call: unknown[]): void }).millrace(...call);
let host: Element;

document.addEventListener('mill-form-ready', (event) => {
  host = event.target as Element;
  window.isReady = true;
});

window.submitOnce = async (email) => {
  millrace('reset');
  const input = host.shadowRoot!.querySelector<HTMLInputElement>('input[type=email]')!;
  input.value = email;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const kind of ['submitted', 'queued', 'failed'])
    document.addEventListener(`mill-form-${kind}`, () => resolve(kind), { once: true });
  input.form!.requestSubmit();
  const kind = await promise;
  return kind === 'queued' && (await window.countWaiting()) === 0 ? 'queued in memory, or sent by now' : kind;
};

window.countWaiting = async () => {
  const inLocalStorage = Object.keys(localStorage).filter((name) => name.startsWith('millrace.queue.')).length;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const opening = indexedDB.open('millrace');
  opening.addEventListener('error', reject);
  opening.addEventListener('upgradeneeded', () => opening.transaction!.abort());
  opening.addEventListener('success', () => {
    const counting = opening.result.transaction('queue').objectStore('queue').count();
    counting.addEventListener('success', () => resolve(counting.result));
    opening.result.close();
  });
  return inLocalStorage + (await promise.catch(() => 0));
};
