import '../../src/components/contact-form/contact-form.define.ts';
import '../../src/components/lead-form/lead-form.define.ts';
import type { ContactForm } from '../../src/components/contact-form/contact-form.ts';
import { transportOf } from '../../src/client/client.ts';
import { countListeners, describe, equal, it, until } from './browser-test.ts';
import { ADA, adding, changing, save, saves, valueOf } from './contact-form-on-page.ts';
import { answer, type FormApi, refuse } from './form-api.ts';
import { banner, byId, find, onPage, place, said, type } from './form-on-page.ts';
import { leadApi } from './lead-form-on-page.ts';
import { provided, tokenOf } from './provided-page.ts';

onPage();

/** A contact form within a provider of its own client; tokens that are refused are named. */
async function inProvider(api: FormApi, settings: object, properties: Partial<ContactForm> = {}) {
  const refused = new Set<string>();
  const answered = transportOf(api.client)!.options.fetch!;
  const fetch = (request: Request) => {
    const [, token] = request.headers.get('Authorization')?.split(' ') ?? [];
    return !token || refused.has(token) ? refuse(401, 'UNAUTHORIZED') : answered(request);
  };
  const form = document.createElement('mill-contact-form');
  Object.assign(form, properties);
  const provider = provided({ baseUrl: 'https://crm.test', fetch, ...settings }, form);
  place.append(provider);
  await form.updateComplete;
  return { provider, form, refused };
}

describe('When a session ends and the same user comes back', () => {
  for (const [what, properties] of [
    ['a new contact', {}],
    ['a loaded one', { contactId: ADA.id }],
  ] as const)
    it(`what was typed for ${what} is still there, and is saved with the next token`, async () => {
      const api = 'contactId' in properties ? changing() : adding();
      const token = tokenOf('ada');
      const { provider, form, refused } = await inProvider(api, { token }, properties);
      await until('the form is there', () => byId(form, 'lastname'));
      await type(form, 'email', 'ada@example.org');
      await type(form, 'lastname', 'Byron');
      refused.add(token);
      await save(form);
      await until('it is said', () => banner(form)?.includes('Sign in again'));
      provider.token = tokenOf('ada');
      await provider.updateComplete;
      await form.updateComplete;
      equal([valueOf(form, 'lastname'), form.isDirty], ['Byron', true]);
      await save(form);
      await saves(api, 1);
      equal(api.saves[0]!.body, { email: 'ada@example.org', lastname: 'Byron' });
    });
});

describe('While no token can be had for want of a connection', () => {
  it('a save waits, and is sent once a token can be had again', async () => {
    const api = adding();
    let isReachable = true;
    const getToken = () => (isReachable ? Promise.resolve(tokenOf('ada')) : Promise.reject(new TypeError('Failed to fetch')));
    const { form, refused } = await inProvider(api, {
      getToken: async () => {
        const token = await getToken();
        refused.add(last);
        return (last = token);
      },
    });
    await until('the form is there', () => byId(form, 'lastname'));
    await type(form, 'email', 'grace@example.com');
    isReachable = false;
    refused.add(last);
    await save(form);
    await until('it waits', () => find(form, '[part=banner]') !== null);
    equal(api.saves.length, 0);
    isReachable = true;
    window.dispatchEvent(new Event('online'));
    await until('it is sent', () => said(form)?.includes('was added') || api.saves.length === 1);
    equal(
      api.saves.map(({ body }) => body),
      [{ email: 'grace@example.com' }],
    );
  });
  let last = '';
});

describe('A form that is moved to another client', () => {
  it('while it is off the page shows nothing of the former, and loads its record anew', async () => {
    const [former, next] = [changing(), changing()];
    next.on('GET /contacts/*', () => answer({ ...ADA, lastname: 'King' }));
    const { form } = await inProvider(former, { token: tokenOf('ada') }, { contactId: ADA.id });
    await until('it is there', () => byId(form, 'lastname')?.value === 'Lovelace');
    await type(form, 'firstname', 'Augusta');
    form.remove();
    form.client = next.client;
    place.append(form);
    await form.updateComplete;
    equal(byId(form, 'lastname')?.value, undefined);
    await until("the next one's is there", () => byId(form, 'lastname')?.value === 'King');
    equal([valueOf(form, 'firstname'), form.isDirty], ['Ada', false]);
  });
});

describe('A form of a record whose client is still to come', () => {
  it('awaits it, and adds nothing meanwhile', async () => {
    const form = Object.assign(document.createElement('mill-contact-form'), { contactId: ADA.id });
    place.append(form);
    await form.updateComplete;
    equal([byId(form, 'email'), find(form, '[part=save]')], [null, null]);
    form.client = changing().client;
    await until('it is there', () => byId(form, 'lastname')?.value === 'Lovelace');
  });
});

describe('A contact whose details would be refused today', () => {
  it('is saved where they are left alone', async () => {
    const api = changing();
    api.on('GET /contacts/*', () => answer({ ...ADA, metadata: { '': 'x', a: '1', ' a': '2' } }));
    const { form } = await inProvider(api, { token: tokenOf('ada') }, { contactId: ADA.id });
    await until('it is there', () => byId(form, 'lastname'));
    await type(form, 'lastname', 'King');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body, { lastname: 'King' });
  });
});

describe('Forms that come and go', () => {
  it('fifty times each, inline and in dialogs, leave no listener behind', async () => {
    const [contacts, leads] = [changing(), leadApi()];
    const listeners = countListeners(window, document, document.body, place);
    try {
      for (let visit = 0; visit < 50; visit++) {
        const forms = (['mill-contact-form', 'mill-lead-form'] as const).flatMap((name) =>
          [false, true].map((dialog) =>
            Object.assign(document.createElement(name), {
              client: (name === 'mill-contact-form' ? contacts : leads).client,
              dialog,
              open: dialog,
            }),
          ),
        );
        place.append(...forms);
        for (const form of forms) await form.updateComplete;
        for (const form of forms) form.remove();
      }
      await until('nothing is left', () => listeners.open.every((count) => count === 0));
    } finally {
      listeners.stop();
    }
  });
});
