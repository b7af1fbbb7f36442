import { sendKeys } from '@web/test-runner-commands';
import { describe, equal, it, ok, until } from './browser-test.ts';
import { ADA, mount, adding, changing, valueOf } from './contact-form-on-page.ts';
import { page } from './fake-api.ts';
import { customField, FormApi, refuse } from './form-api.ts';
import {
  button,
  byId,
  click,
  errorOf,
  find,
  findAll,
  focused,
  onPage,
  place,
  press,
  rest,
  said,
  textOf,
  type,
  untilFocused,
} from './form-on-page.ts';

onPage();

describe('A contact form', () => {
  it('lets browsers fill it in: tokens, names and labels stand in one root', async () => {
    const form = await mount(adding());
    equal(
      ['email', 'firstname', 'lastname', 'phone_number', 'company'].map((id) => byId(form, id)!.autocomplete),
      ['email', 'given-name', 'family-name', 'tel', 'organization'],
    );
    for (const input of findAll(form, 'form input:not([type=hidden])'))
      ok(
        input.getRootNode() === form.shadowRoot &&
          (input as HTMLInputElement).labels!.length + (input.ariaLabel ?? '').length > 0,
        input.id,
      );
    // What a browser fills in comes as an input event without keys.
    const email = byId(form, 'email')!;
    email.value = 'grace@example.com';
    email.dispatchEvent(new InputEvent('input', { bubbles: true }));
    equal(form.isDirty, true);
  });

  it('never takes the focus by itself', async () => {
    const form = await mount(changing(), { contactId: ADA.id });
    await until('the contact is there', () => byId(form, 'lastname')?.value === 'Lovelace');
    equal(document.activeElement, document.body);
  });

  it('checks a field once it was changed and left, and then with every letter', async () => {
    const form = await mount(adding());
    await type(form, 'email', 'grace');
    equal(errorOf(form, 'email'), undefined);
    await press('Tab');
    await until('it is told', () => errorOf(form, 'email')?.startsWith('Enter an e-mail address'));
    await type(form, 'email', 'grace@example.com');
    await until('it is gone', () => errorOf(form, 'email') === undefined);
  });

  it('takes a press on save, though what is said of the field that is left moves the button', async () => {
    const form = await mount(adding());
    await type(form, 'email', 'grace');
    await click(find(form, '[part=save]')!);
    await until('saving was tried', () => find(form, '.error-summary'));
    await untilFocused(form, 'email');
  });

  it('says that a detail lacks its name, or has that of another', async () => {
    const form = await mount(changing(), { contact: ADA });
    await click(byId(form, 'metadata-add')!);
    await until('there is a row', () => byId(form, 'metadata-2-value'));
    await type(form, 'metadata-2-value', 'red');
    await press('Enter');
    await until('the name is missing', () => errorOf(form, 'metadata-2') === 'Give this value a name.');
    await untilFocused(form, 'metadata-2-key');
    await sendKeys({ type: 'colour' });
    await until('it is taken', () => errorOf(form, 'metadata-2') === 'Another detail has this name. Choose another.');
  });

  it('offers the tags in use', async () => {
    const api = adding();
    api.on('GET /tags', () => page([{ tag: 'vip' }, { tag: 'newsletter' }]));
    const form = await mount(api);
    byId(form, 'tags')!.focus();
    await until('they are offered', () => findAll(form, '.suggestion').length === 2);
    await click(button(form, 'newsletter'));
    await until('it is taken', () => textOf(find(form, '.tag bdi')) === 'newsletter');
    equal(findAll(form, '.suggestion').map(textOf), ['vip']);
  });

  it('shows to those who may not change contacts what they may see, and no more', async () => {
    const viewer = changing();
    viewer.permissions = ['crm:access', 'crm:contacts:view'];
    const add = await mount(viewer);
    await until('adding is refused', () => textOf(find(add, '.notice-title')) === 'You may not change contacts');
    const form = await mount(viewer, { contact: ADA });
    await until('it is for reading', () => byId(form, 'lastname')!.readOnly);
    equal([find(form, '[part=save]'), byId(form, 'metadata-add')], [null, null]);
  });

  it('shows that it loads, that there is nothing, and what failed with another try', async () => {
    let give = (_: Response) => {};
    const slow = new FormApi({ 'GET /contacts/*': () => new Promise((resolve) => (give = resolve)) });
    const form = await mount(slow, { contactId: ADA.id });
    await until('it loads', () => find(form, '.bone'));
    equal(textOf(find(form, '[role=status].visually-hidden')), 'Loading contact…');
    await until('it was asked', () => slow.callsTo(`/contacts/${ADA.id}`).length > 0);
    give(refuse(500, 'INTERNAL'));
    await until('it failed', () => textOf(find(form, '.notice-title')) === 'The contact could not be loaded');
    slow.on('GET /contacts/*', () => refuse(404, 'NOT_FOUND'));
    await click(button(form, 'Try again'));
    await until('it is missing', () => textOf(find(form, '.notice-title')) === 'This contact is not there');
  });

  it('names its buttons of icons alone to the eye as well', async () => {
    const form = await mount(undefined, { contact: ADA });
    await rest(button(form, 'Remove colour'));
    await until('it is named', () => find(form, '.tooltip:popover-open'));
    equal(textOf(find(form, '.tooltip')), 'Remove colour');
  });

  it('names them in its window, too', async () => {
    const form = await mount(undefined, { dialog: true, open: true });
    await until('it is open', () => focused(form) === 'email');
    await rest(button(form, 'Close'));
    await until('it is named', () => find(form, '.dialog .tooltip:popover-open'));
    equal(textOf(find(form, '.tooltip')), 'Close');
  });

  it('says in passing what went well and what did not, until it is closed', async () => {
    const api = changing();
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    await press('Enter');
    await until('it can be undone', () => button(form, 'Undo'));
    equal(find(form, '.own-toast')!.classList.contains('good'), true);
    api.on('PATCH /contacts/*', () => refuse(403, 'FORBIDDEN'));
    await click(button(form, 'Undo'));
    await until('it is said', () => said(form) === 'This could not be undone.');
    equal(
      [find(form, '.own-toast')!.classList.contains('good'), find(form, '.own-toast')!.classList.contains('bad')],
      [false, true],
    );
    await click(find(form, '.own-toast .icon-only')!);
    await until('it is gone', () => said(form) === '');
  });

  it('shows a choice that is offered no more by its name, and that it is none', async () => {
    const size = customField('size', 'select', { configuration: { options: [{ value: 'small' }] } });
    const form = await mount(undefined, { contact: { ...ADA, custom_fields: { size: 'huge' } }, customFields: [size] });
    equal(textOf(find<HTMLSelectElement>(form, '#custom_fields\\.size')!.selectedOptions[0]), 'huge (no longer offered)');
  });

  it('comes and goes fifty times without a trace', async () => {
    const api = changing();
    let listeners = 0;
    const { addEventListener: add, removeEventListener: remove } = window;
    window.addEventListener = function (...given: any[]) {
      if (!given[2]?.signal && !given[2]?.once) listeners++;
      return add.apply(window, given as any);
    };
    window.removeEventListener = function (...given: any[]) {
      listeners--;
      return remove.apply(window, given as any);
    };
    try {
      const form = await mount(api, { contact: ADA });
      await type(form, 'lastname', 'Byron');
      await form.updateComplete;
      form.remove();
      const before = listeners;
      for (let time = 0; time < 50; time++) {
        place.append(form);
        await form.updateComplete;
        form.remove();
      }
      equal(listeners, before);
      place.append(form);
      await form.updateComplete;
      equal(valueOf(form, 'lastname'), 'Byron');
    } finally {
      Object.assign(window, { addEventListener: add, removeEventListener: remove });
    }
  });

  it('shows nothing of a user who is forgotten', async () => {
    const api = changing();
    const form = await mount(api, { contactId: ADA.id });
    await until('the contact is there', () => byId(form, 'lastname')?.value === 'Lovelace');
    await type(form, 'lastname', 'Byron');
    api.on('GET /contacts/*', () => refuse(401, 'UNAUTHORIZED'));
    api.client.forget();
    await until('it is gone', () => textOf(find(form, '.notice-title')) === 'You are signed out');
    equal([form.isDirty, (form.renderRoot as ShadowRoot).innerHTML.includes('Lovelace')], [false, false]);
  });
});
