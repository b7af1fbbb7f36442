import { COUNT_ITEM } from '../../widget/launcher/left-count.ts';
import { storeInIndexedDb } from '../../widget/sending/store-indexed-db.ts';
import { afterEach, describe, equal, it, until } from '../components/browser-test.ts';
import { customerPage, forgetQueue, form, INLINE_LAUNCHER, LAUNCHER, leavePages, script } from './customer-page.ts';
import { entry } from './sending-world.ts';

const store = storeInIndexedDb();

/** A submission that an earlier visit could not send. */
const leaveOne = () =>
  store.put({
    ...entry({ api: location.origin, formId: form() }),
    key: crypto.randomUUID(),
    at: Date.now(),
    attempts: 1,
    notBefore: 0,
  });

describe('The next visit, on a page without a form,', () => {
  afterEach(async () => {
    leavePages();
    await forgetQueue();
  });

  for (const launcher of [LAUNCHER, INLINE_LAUNCHER]) {
    const name = launcher.split('/').at(-1);

    it(`sends what waits where the earlier one left word of it, by ${name}`, async () => {
      await leaveOne();
      localStorage.setItem(COUNT_ITEM, '1');
      const page = await customerPage(`<p>No form here.</p>${script('', launcher)}`);
      await until('it is sent', () => page.fetched('/submissions').length === 1);
      await until('nothing waits any more', () => localStorage.getItem(COUNT_ITEM) === null);
      equal([await store.all(), page.forms(), page.window.errors], [[], [], []]);
    });
  }

  it('loads nothing more where nothing waits', async () => {
    const page = await customerPage(`<p>No form here.</p>${script()}`);
    await until('the script is there', () => page.window.millrace?.version);
    // Its script looks half a second after it came; a timer that the same window sets later is heard later.
    await new Promise((resolve) => page.window.setTimeout(resolve, 500));
    // Another page does so by then, though it was opened later.
    localStorage.setItem(COUNT_ITEM, '1');
    const other = await customerPage(`<p>No form here.</p>${script()}`);
    await until('the other loads what sends', () => other.fetched('/form.js').length === 1);
    equal(page.fetched('/form.js'), []);
  });
});
