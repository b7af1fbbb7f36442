import { sendKeys } from '@web/test-runner-commands';
import type { ContactForm } from '../../src/components/contact-form/contact-form.ts';
import type { Contact } from '../../src/contract/contact.ts';
import { describe, equal, it, ok, until } from './browser-test.ts';
import { ADA, made, changed, mount, adding, changing, valueOf } from './contact-form-on-page.ts';
import { answer, customField, FormApi, refuse, unreachable } from './form-api.ts';
import { banner, button, byId, click, errorOf, find, focused, onPage, place, press, said, textOf, type } from './form-on-page.ts';

onPage();

describe('Without a connection', () => {
  it('not a letter is lost, and it is saved once, by itself, when the connection is back', async () => {
    let isAway = true;
    const api = adding((body) => (isAway ? unreachable() : answer(made(body), 201)));
    const form = await mount(api);
    await type(form, 'email', 'grace@example.com');
    await type(form, 'firstname', 'Grace');
    await press('Enter');
    await until('it is said', () => banner(form)?.startsWith('Waiting for the connection.'));
    await type(form, 'lastname', 'Hopper');
    equal(
      ['email', 'firstname', 'lastname'].map((id) => valueOf(form, id)),
      ['grace@example.com', 'Grace', 'Hopper'],
    );
    isAway = false;
    dispatchEvent(new Event('online'));
    await until('it is saved', () => said(form)?.includes('was added'));
    equal(new Set(api.saves.map(({ key }) => key)).size, 1);
    equal(valueOf(form, 'lastname'), 'Hopper');
  });

  it('a change is sent again on demand', async () => {
    let isAway = true;
    const api = changing((body) => (isAway ? unreachable() : answer(changed(body))));
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    await press('Enter');
    await until('it is said', () => banner(form)?.startsWith('Waiting for the connection.'));
    isAway = false;
    await click(button(form, 'Try again'));
    await until('it is saved', () => said(form)?.startsWith('Your changes to'));
    equal([banner(form), form.isDirty], [undefined, false]);
  });
});

describe('A token that ends in the middle of an edit', () => {
  it('is renewed without a word, and nothing is lost', async () => {
    let given = 0;
    const tokens = () => Promise.resolve(`token-${++given}`);
    const api = new FormApi(
      {
        'PATCH /contacts/*': (request, body) =>
          request.headers.get('Authorization') === 'Bearer token-1' ? refuse(401, 'TOKEN_EXPIRED') : answer(changed(body)),
      },
      tokens,
    );
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    await type(form, 'firstname', 'Augusta');
    await press('Enter');
    await until('it is saved', () => said(form)?.startsWith('Your changes to'));
    equal([valueOf(form, 'lastname'), valueOf(form, 'firstname'), given], ['Byron', 'Augusta', 2]);
  });
});

describe('In a form of the page', () => {
  async function hosted(properties: Partial<ContactForm> = {}) {
    const host = document.createElement('form');
    host.innerHTML = '<input name="own" value="mine"><button>Send</button>';
    const sent: [string, string][][] = [];
    host.addEventListener('submit', (event) => {
      event.preventDefault();
      sent.push([...new FormData(host)] as [string, string][]);
    });
    place.append(host);
    const form = await mount(undefined, properties, host);
    return { host, form, sent };
  }

  it('it gives its values by the names of its fields, and has no buttons', async () => {
    const { form, sent } = await hosted({
      customFields: [customField('topics', 'multi_select', { configuration: { options: [{ value: 'a' }, { value: 'b' }] } })],
    });
    equal(find(form, '[part=save]'), null);
    await type(form, 'email', 'grace@example.com');
    await type(form, 'tags', 'one,two,');
    await click(byId(form, 'custom_fields.topics-0')!);
    byId(form, 'email')!.focus();
    await press('Enter');
    equal(sent[0], [
      ['own', 'mine'],
      ['email', 'grace@example.com'],
      ['firstname', ''],
      ['lastname', ''],
      ['phone_number', ''],
      ['company', ''],
      ['tags', 'one'],
      ['tags', 'two'],
      ['custom_fields.topics', 'a'],
    ]);
  });

  it('it holds the form back while something is wrong, and says what', async () => {
    const { host, form, sent } = await hosted();
    equal([form.form === host, host.checkValidity(), form.checkValidity()], [true, false, false]);
    await form.updateComplete;
    equal([errorOf(form, 'email'), find(form, '#summary')], [undefined, null]);
    await click(host.querySelector('button')!);
    await until('it is told', () => errorOf(form, 'email') === 'Fill in this field.');
    equal([sent.length, form.matches(':invalid')], [0, true]);
    await type(form, 'email', 'grace@example.com');
    await until('it is valid', () => form.matches(':valid'));
    await click(host.querySelector('button')!);
    equal(sent.length, 1);
  });

  for (const [way, ask] of [
    ['is sent by a program', (host: HTMLFormElement) => host.requestSubmit()],
    ['is asked to show it', (host: HTMLFormElement) => host.reportValidity()],
    ['lets it show that itself', (host: HTMLFormElement) => host.querySelector('mill-contact-form')!.reportValidity()],
  ] as const)
    it(`it says what is wrong where the form ${way}`, async () => {
      const { host, form, sent } = await hosted();
      ask(host);
      await until('it is told', () => errorOf(form, 'email') === 'Fill in this field.');
      equal(sent.length, 0);
    });

  it('it sends the form by its button, as an input does', async () => {
    const { host, form } = await hosted();
    const button = host.querySelector('button')!;
    let submitter: unknown;
    host.addEventListener('submit', (event) => (submitter = event.submitter));
    await type(form, 'email', 'grace');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'email')?.startsWith('Enter an e-mail address'));
    equal(submitter, undefined);
    await type(form, 'email', 'grace@example.com');
    await press('Enter');
    equal(submitter === button, true);
  });

  it('it obeys reset and a fieldset that is switched off', async () => {
    const { host, form } = await hosted({ contact: ADA });
    await type(form, 'lastname', 'Byron');
    host.reset();
    await until('it is as it was', () => valueOf(form, 'lastname') === 'Lovelace');
    const set = document.createElement('fieldset');
    set.disabled = true;
    host.append(set);
    set.append(form);
    await until('it is switched off', () => byId(form, 'lastname')!.disabled);
    equal(new FormData(host).has('email'), false);
    set.disabled = false;
    await until('it is switched on', () => !byId(form, 'lastname')!.disabled);
  });

  it('it comes back with what was typed when the browser restores it', async () => {
    const { form } = await hosted();
    form.formStateRestoreCallback(JSON.stringify({ email: 'grace@example.com', tags: ['vip'] }));
    await until('it is there', () => valueOf(form, 'email') === 'grace@example.com');
    equal(textOf(find(form, '.tag bdi')), 'vip');
  });

  it('it comes back with its custom fields, which are known only later', async () => {
    const { form } = await hosted();
    form.formStateRestoreCallback(JSON.stringify({ email: 'grace@example.com', 'custom_fields.nickname': 'Amazing' }));
    form.customFields = [customField('nickname', 'text')];
    await until('it is there', () => byId(form, 'custom_fields.nickname')?.value === 'Amazing');
  });

  it('it leaves the leaving of the page to that form', async () => {
    const { form } = await hosted();
    await type(form, 'email', 'grace@example.com');
    await form.updateComplete;
    ok(dispatchEvent(new Event('beforeunload', { cancelable: true })), 'Nobody holds it up.');
  });
});

describe('Without a client', () => {
  it('the page saves what it is handed, and the form shows what comes of it', async () => {
    const form = await mount(undefined, { contact: ADA });
    form.addEventListener('mill-contact-save', (event) => {
      const { given } = event.detail;
      event.saveBy(({ version }) => Promise.resolve(changed(given as Partial<Contact>, version! + 1)));
    });
    await type(form, 'lastname', 'Byron');
    await press('Enter');
    await until('it is saved', () => said(form)?.startsWith('Your changes to'));
    equal([form.isDirty, button(form, 'Undo')], [false, undefined]);
  });

  it('nothing is claimed where nobody says that it is saved', async () => {
    const form = await mount(undefined);
    const given: unknown[] = [];
    form.addEventListener('mill-contact-save', (event) => {
      event.preventDefault();
      given.push(event.detail.given);
    });
    await type(form, 'email', 'grace@example.com');
    await press('Enter');
    await until('the page has it', () => given.length === 1);
    equal([given[0], form.isDirty, said(form)], [{ email: 'grace@example.com' }, true, '']);
    form.reset();
    await until('the page has ended it', () => valueOf(form, 'email') === '');
  });
});

describe('As a dialog', () => {
  it('it begins at its first field, and gives the focus back once it has saved', async () => {
    const api = adding();
    const opener = document.createElement('button');
    opener.textContent = 'Open';
    place.append(opener);
    const form = await mount(api, { dialog: true });
    opener.addEventListener('click', () => form.show());
    opener.focus();
    await press('Enter');
    await until('it is open', () => focused(form) === 'email');
    equal(textOf(find(form, '.dialog-title')), 'Add contact');
    await sendKeys({ type: 'grace@example.com' });
    await press('Enter');
    await until('it is closed', () => !find<HTMLDialogElement>(form, '#window')!.open);
    equal([form.open, document.activeElement === opener], [false, true]);
  });

  it('it asks before what was typed is thrown away', async () => {
    const form = await mount(adding(), { dialog: true, open: true });
    let left = 0;
    form.addEventListener('mill-contact-cancelled', () => left++);
    await until('it is open', () => focused(form) === 'email');
    await sendKeys({ type: 'grace' });
    await press('Escape');
    await until('it asks', () => button(form, 'Keep editing'));
    await press('Escape');
    await until('the question is gone', () => !button(form, 'Keep editing'));
    equal([form.open, valueOf(form, 'email')], [true, 'grace']);
    await click(button(form, 'Cancel'));
    await until('it asks again', () => button(form, 'Discard changes'));
    await click(button(form, 'Discard changes'));
    await until('it is closed', () => !form.open);
    equal(left, 1);
    form.show();
    await until('it begins anew', () => byId(form, 'email')?.value === '');
  });

  it('it closes without a question where nothing was typed', async () => {
    const form = await mount(adding(), { dialog: true, open: true });
    await until('it is open', () => focused(form) === 'email');
    await press('Escape');
    await until('it is closed', () => !form.open);
  });

  it('it asks for nothing before it is opened, and comes back with what was typed when it is moved', async () => {
    const api = adding();
    const form = await mount(api, { dialog: true });
    equal(api.calls.length, 0);
    form.show();
    await until('it is open', () => focused(form) === 'email');
    await sendKeys({ type: 'grace' });
    const other = document.createElement('section');
    place.append(other);
    other.append(form);
    await until('it is open again', () => find<HTMLDialogElement>(form, '#window')!.open);
    equal(valueOf(form, 'email'), 'grace');
  });
});
