import { afterEach, describe, equal, it, until } from '../components/browser-test.ts';
import type { Trigger } from '../../src/contract/form-definition.ts';
import { type CustomerPage, customerPage, decided, done, form, leavePages, popup, script, shown } from './customer-page.ts';

const TALL = '<div id="tall"></div><script nonce="once">document.getElementById("tall").style.height = "4000px"</script>';

/** Beside the form there is one that stands in the page. */
const embedded = (trigger: Trigger, html = '', query = '') => {
  const own = popup({ triggers: [trigger], frequency: { show: 'always' } });
  return customerPage(html + script(`data-form="${own}"`) + script(`data-form="${form()}"`), { query });
};

const comes = (page: CustomerPage) => until('it has come', () => page.open().length === 1);

/** Fails where the form came before its moment: by now all is there that it waits for. */
async function waits(page: CustomerPage) {
  await decided(page, 2);
  equal(page.open().length, 0);
}

/** Scrolls, and waits until all who hear of it have heard. */
async function scroll(page: CustomerPage, to: number) {
  const heard = new Promise((resolve) => page.window.addEventListener('scroll', resolve, { once: true }));
  page.window.scrollTo(0, to);
  await heard;
  await done();
}

describe('A form comes by itself', () => {
  afterEach(leavePages);

  it('at once', async () => comes(await embedded({ on: 'load' })));

  it('after a time', async () => comes(await embedded({ on: 'time', value: 0.1 })));

  it('when the page is read so far', async () => {
    const page = await embedded({ on: 'scroll', value: 50 }, TALL);
    await waits(page);
    await scroll(page, 1000);
    await waits(page);
    await scroll(page, 3000);
    await comes(page);
  });

  it('when the pointer leaves by the top', async () => {
    const page = await embedded({ on: 'exit', value: 0 });
    await waits(page);
    const out = (clientY: number, relatedTarget: EventTarget | null) =>
      page.document.body.dispatchEvent(new page.window.MouseEvent('mouseout', { bubbles: true, clientY, relatedTarget }));
    // Its timers end in their order, so the form has begun to mind the pointer.
    await new Promise((resolve) => page.window.setTimeout(resolve));
    out(300, null);
    out(-1, page.document.body);
    await done();
    equal(page.open().length, 0);
    out(-1, null);
    await comes(page);
  });

  it('when nothing happens for a time', async () => comes(await embedded({ on: 'idle', value: 0.1 })));

  it('when something is clicked', async () => {
    const page = await embedded({ on: 'click', value: '.price' }, '<p class="price"><b>9</b></p>');
    await waits(page);
    page.document.querySelector('b')!.click();
    await comes(page);
  });

  it('when something is seen, that came later too', async () => {
    const news = popup({ triggers: [{ on: 'seen', value: '.news' }] }, { title: 'News' });
    const page = await embedded({ on: 'seen', value: '.price' }, TALL + script(`data-form="${news}"`));
    await decided(page, 3);
    equal(page.open().length, 0);
    const [price, paper] = ['price', 'news'].map((name) => {
      const element = page.document.createElement('p');
      element.className = name;
      element.textContent = '9';
      return element;
    });
    page.document.body.append(price!);
    page.document.body.prepend(paper!);
    // Both are looked for, and looked at, at the same time.
    await until('what stands in view is seen', () => page.heard.includes('opened'));
    equal(page.open()[0]!.ariaLabel, 'News');
    page.window.millrace('close');
    await done();
    equal(page.open().length, 0);
    price!.scrollIntoView();
    await comes(page);
  });

  it('at an address', async () => comes(await embedded({ on: 'url', value: 'plan=pro' }, '', '&plan=pro')));

  it("at the page's own event", async () => {
    const page = await embedded({ on: 'event', value: 'basket-left' });
    await waits(page);
    page.document.dispatchEvent(new Event('basket-left'));
    await comes(page);
  });

  it('by nothing but a call', async () => {
    const page = await embedded({ on: 'call' });
    await waits(page);
    page.window.millrace.open(page.document.querySelector('[data-form]')!.getAttribute('data-form'));
    await comes(page);
  });

  it('as its element says', async () => {
    const id = popup();
    const page = await customerPage(
      `<i data-mill-slide="${id}" data-mill-open="time" data-mill-open-value="0.1"></i>${script()}`,
    );
    await comes(page);
  });

  it('one after the other', async () => {
    const triggers: Trigger[] = [{ on: 'load' }];
    const page = await customerPage(
      script(`data-form="${popup({ triggers })}"`) + script(`data-form="${popup({ triggers }, { title: 'Second' })}"`),
    );
    await comes(page);
    page.window.millrace('close');
    await until('the second came', () => page.heard.filter((name) => name === 'opened').length === 2);
    equal(page.open().length, 1);
  });
});

const openers = (page: CustomerPage) => page.forms().flatMap((root) => [...root.querySelectorAll('.opener')]);

describe('Where a page changes its address without loading', () => {
  afterEach(leavePages);

  it('a form comes where it is meant to be, and goes where it is not', async () => {
    const id = popup({ opener: 'Write', triggers: [], targeting: { urls: ['/pricing*'] } });
    const page = await customerPage(script(`data-form="${id}"`) + script(`data-form="${form()}"`));
    await decided(page, 2);
    equal(page.forms().length, 1);
    page.window.history.pushState(null, '', '/pricing/pro');
    page.document.body.append('.');
    await until('it is there', () => openers(page).length === 1);
    page.window.history.pushState(null, '', '/about');
    page.document.body.append('.');
    await until('it is gone', () => openers(page).length === 0);
  });

  it('fifty times over there is one form, and no listener more', async () => {
    const id = popup({
      opener: 'Write',
      triggers: [
        { on: 'scroll', value: 90 },
        { on: 'exit', value: 0 },
      ],
    });
    const counting = `<script nonce="once">window.listening = 0;
      const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
      EventTarget.prototype.addEventListener = function (type, hear, options) {
        const isOfPage = this === window || this === document || this === document.documentElement;
        if (isOfPage && !options?.signal?.aborted) {
          listening += 1;
          options?.signal?.addEventListener('abort', () => (listening -= 1));
        }
        return add.call(this, type, hear, options);
      };</script>`;
    const page = await customerPage(counting + script(`data-form="${id}"`));
    await shown(page);
    const window = page.window as typeof page.window & { listening: number };
    const go = async (number: number) => {
      window.history.pushState(null, '', `/page/${number}`);
      const before = page.forms()[0]?.host;
      page.document.body.append('.');
      await until('it is decided anew', () => page.forms().length === 1 && page.forms()[0]!.host !== before);
    };
    await go(0);
    let before = -1;
    await until('what is heard rests', () => before === (before = window.listening));
    for (let number = 1; number <= 50; number += 1) await go(number);
    await until('as much is heard as before', () => window.listening === before);
    equal(page.forms().length, 1);
  });
});
