import { sendKeys } from '@web/test-runner-commands';
import '../../src/components/contact-table/contact-table.define.ts';
import { recordsOf } from '../../src/controllers/records.ts';
import { describe, equal, it, until } from './browser-test.ts';
import { ADA, made, changed, mount, adding, changing, saves, valueOf, save } from './contact-form-on-page.ts';
import { contact, page } from './fake-api.ts';
import { answer, customField, refuse } from './form-api.ts';
import {
  banner,
  button,
  byId,
  click,
  errorOf,
  find,
  findAll,
  focused,
  untilFocused,
  onPage,
  place,
  press,
  said,
  textOf,
  type,
} from './form-on-page.ts';

onPage();

describe('A contact form adds', () => {
  it('what was typed: e-mail, name, phone, a company by its name, tags and details', async () => {
    const api = adding();
    const form = await mount(api);
    const told: string[] = [];
    form.addEventListener('mill-contact-saved', (event) => told.push(`${event.detail.contact.id} ${event.detail.before}`));
    await type(form, 'email', 'grace@example.com');
    await press('Tab');
    equal(focused(form), 'firstname');
    await sendKeys({ type: 'Grace' });
    await type(form, 'lastname', 'Hopper');
    await type(form, 'phone_number', '+49 30 123456');
    await type(form, 'company', 'Navy');
    await press('Tab');
    await type(form, 'tags', 'vip, admiral');
    await press('Enter');
    await click(byId(form, 'metadata-add')!);
    await until('the row has the focus', () => focused(form) === 'metadata-0-key');
    await sendKeys({ type: 'rank' });
    await type(form, 'metadata-0-value', 'admiral');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body, {
      email: 'grace@example.com',
      firstname: 'Grace',
      lastname: 'Hopper',
      phone_number: '+49 30 123456',
      company: 'Navy',
      tags: ['vip', 'admiral'],
      metadata: { rank: 'admiral' },
    });
    await until('it is said', () => said(form)?.startsWith('Grace Hopper was added.'));
    equal([valueOf(form, 'email'), told], ['', [`${contact(2).id} undefined`]]);
  });

  it('a company from the list', async () => {
    const api = adding();
    const companies = [{ id: '01900000-0000-7000-b000-000000000001', name: 'Hydra Mills', city: 'Leeds' }];
    api.on('GET /companies', () => page(companies));
    const form = await mount(api);
    await type(form, 'email', 'grace@example.com');
    await type(form, 'company', 'Hyd');
    await until('it is offered', () => findAll(form, '#company-list [role=option]').length === 2);
    await until('all of it is looked for', () => api.callsTo('/companies').at(-1)!.query['search'] === 'Hyd');
    await press('ArrowDown', 'Enter');
    equal(valueOf(form, 'company'), 'Hydra Mills');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body.company_id, companies[0]!.id);
    equal('company' in api.saves[0]!.body, false);
  });

  it('custom fields by their definitions', async () => {
    const api = adding();
    api.customFields = [
      customField('size', 'select', {
        configuration: {
          options: [
            { value: 's', label: 'Small' },
            { value: 'l', label: 'Large' },
          ],
        },
      }),
      customField('turnover', 'number', { configuration: { min: 10 }, is_required: true }),
      customField('vip', 'boolean'),
      customField('topics', 'multi_select', { configuration: { options: [{ value: 'a' }, { value: 'b' }] } }),
      customField('nickname', 'text', {
        configuration: { default: 'Amazing', placeholder: 'Short' },
        description: 'As friends say.',
      }),
    ];
    const form = await mount(api);
    await until('the fields are there', () => byId(form, 'custom_fields.nickname'));
    equal(valueOf(form, 'custom_fields.nickname'), 'Amazing');
    equal(textOf(byId(form, 'custom_fields.nickname-help')), 'As friends say.');
    await type(form, 'email', 'grace@example.com');
    await save(form);
    await until('what is required is told', () => errorOf(form, 'custom_fields.turnover') === 'Fill in this field.');
    await untilFocused(form, 'custom_fields.turnover');
    await sendKeys({ type: '9' });
    await until('the least number is told', () => errorOf(form, 'custom_fields.turnover') === 'Enter 10 or more.');
    await sendKeys({ type: '5.5' });
    byId(form, 'custom_fields.size')!.focus();
    await press('ArrowDown');
    byId(form, 'custom_fields.vip')!.focus();
    await press(' ');
    await click(byId(form, 'custom_fields.topics-1')!);
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body.custom_fields, { size: 's', turnover: 95.5, vip: true, topics: ['b'] });
  });

  it('once, where save is clicked twice', async () => {
    const api = adding();
    const form = await mount(api);
    await type(form, 'email', 'grace@example.com');
    await click(find(form, '[part=save]')!, 2);
    await until('it is said', () => said(form)?.includes('was added'));
    await form.updateComplete;
    equal([api.saves.length, errorOf(form, 'email')], [1, undefined]);
  });

  it('nothing without an e-mail, unless that is optional, when a name is enough', async () => {
    const api = adding();
    const form = await mount(api);
    await type(form, 'firstname', 'Grace');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'email') === 'Fill in this field.');
    await untilFocused(form, 'email');
    form.emailOptional = true;
    await press('Enter');
    await saves(api, 1);
    equal(api.saves[0]!.body, { firstname: 'Grace' });
    await until('the form is empty again', () => valueOf(form, 'firstname') === '');
    await type(form, 'tags', 'vip');
    await press('Enter', 'Enter');
    await until('it says what is enough', () =>
      errorOf(form, 'email')?.startsWith('Fill in at least one of these: First name, Last name, E-mail, or Phone'),
    );
  });

  it('and takes it back, where the caller may delete', async () => {
    const api = adding();
    api.on('DELETE /contacts/*', () => new Response(null, { status: 204 }));
    const form = await mount(api);
    await type(form, 'email', 'grace@example.com');
    await press('Enter');
    await until('it can be undone', () => button(form, 'Undo'));
    await click(button(form, 'Undo'));
    await until('that is said', () => said(form) === 'The contact was removed again.');
    equal([api.saves[1]!.method, api.saves[1]!.version], ['DELETE', '"1"']);
  });
});

describe('A contact form changes', () => {
  it('only what was changed, from the version that it read', async () => {
    const api = changing();
    const form = await mount(api, { contactId: ADA.id });
    await until('the contact is there', () => byId(form, 'lastname')?.value === 'Lovelace');
    await type(form, 'lastname', 'Byron');
    await click(byId(form, 'metadata-1-key')!.closest('.attribute')!.querySelector('button')!);
    await save(form);
    await saves(api, 1);
    equal([api.saves[0]!.body, api.saves[0]!.version], [{ lastname: 'Byron', metadata: { colour: 'blue' } }, '"1"']);
    await until('it is said', () => said(form)?.startsWith('Your changes to'));
    equal(form.isDirty, false);
  });

  it('and takes that back', async () => {
    const api = changing();
    const form = await mount(api, { contact: ADA });
    await type(form, 'email', '');
    await press('Backspace');
    await type(form, 'lastname', 'Byron');
    await press('Enter');
    await until('it can be undone', () => button(form, 'Undo'));
    await click(button(form, 'Undo'));
    await saves(api, 2);
    equal([api.saves[1]!.body, api.saves[1]!.version], [{ email: 'ada@example.com', lastname: 'Lovelace' }, '"2"']);
  });

  it('and every table shows it at once', async () => {
    const api = changing();
    api.on('GET /contacts', () => page([ADA]));
    const table = document.createElement('mill-contact-table');
    table.client = api.client;
    place.append(table);
    const nameInTable = () => textOf(table.renderRoot.querySelector('tbody th'));
    await until('the table shows the contact', () => nameInTable() === 'Ada Lovelace');
    api.on('PATCH /contacts/*', (_, body) => answer(changed({ ...body, name: 'Ada Byron' })));
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    await press('Enter');
    await until('the table shows the change', () => nameInTable() === 'Ada Byron');
  });

  it('beside what others change: it follows where nothing was typed, and asks where both did', async () => {
    const api = changing();
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    recordsOf(api.client).put('contact', changed({ firstname: 'Augusta', lastname: 'King' }, 5));
    await until('the first name has followed', () => valueOf(form, 'firstname') === 'Augusta');
    equal(valueOf(form, 'lastname'), 'Byron');
    equal(findAll(form, '#conflicts dd:first-of-type').map(textOf), ['Byron', 'King']);
    await save(form);
    equal([api.saves.length, focused(form)], [0, 'conflicts']);
    await click(button(form, 'Keep mine'));
    await until('the conflict is over', () => byId(form, 'conflicts') === null);
    await save(form);
    await saves(api, 1);
    equal([api.saves[0]!.body, api.saves[0]!.version], [{ lastname: 'Byron' }, '"5"']);
  });

  it('after a conflict that only the API knew of', async () => {
    let isFirst = true;
    const api = changing((body) => {
      if (!isFirst) return answer(changed(body, 6));
      isFirst = false;
      return refuse(412, 'VERSION_MISMATCH', { current: changed({ lastname: 'King' }, 5) });
    });
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    await type(form, 'firstname', 'Augusta');
    await press('Enter');
    await until('both are shown', () => button(form, 'Take theirs'));
    await click(button(form, 'Take theirs'));
    await until('theirs is taken', () => valueOf(form, 'lastname') === 'King');
    await save(form);
    await saves(api, 2);
    equal([api.saves[1]!.body, api.saves[1]!.version], [{ firstname: 'Augusta' }, '"5"']);
  });

  it('not what is deleted meanwhile, but keeps it to be read', async () => {
    const api = changing();
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    recordsOf(api.client).gone('contact', ADA.id);
    await until('it is said', () => banner(form)?.startsWith('This contact was deleted in the meantime'));
    equal(valueOf(form, 'lastname'), 'Byron');
    equal(find(form, '[part=save]')!.ariaDisabled, 'true');
  });
});

describe('A refusal', () => {
  it('is told at its field and in the summary, whose links lead there, and nothing that was typed is lost', async () => {
    const issues = [
      { path: 'phone_number', code: 'not_phone', params: {}, message: 'No.' },
      { path: 'tags.0', code: 'too_long', params: { maximum: 50 }, message: 'No.' },
      { path: 'something_new', code: 'sparkles', params: {}, message: 'Only a newer API knows this.' },
    ];
    const api = adding(() => refuse(400, 'VALIDATION_ERROR', { issues }));
    const form = await mount(api);
    await type(form, 'email', 'grace@example.com');
    await type(form, 'phone_number', '+49 30 123456');
    await type(form, 'tags', 'vip,');
    await save(form);
    await until('it is told', () => errorOf(form, 'phone_number')?.startsWith('Enter a phone number'));
    await untilFocused(form, 'summary');
    equal(findAll(form, '.error-summary li').map(textOf), [
      'Only a newer API knows this.',
      'Phone: Enter a phone number, best with its country code, like +49 30 123456.',
      'Tags: Enter at most 50 characters.',
    ]);
    await click(findAll(form, '.error-summary a')[1]!);
    equal(focused(form), 'tags');
    equal([valueOf(form, 'email'), valueOf(form, 'phone_number')], ['grace@example.com', '+49 30 123456']);
    await type(form, 'phone_number', '+49 40 1234');
    await until('it is gone once the field changes', () => errorOf(form, 'phone_number') === undefined);
  });

  it('for a duplicate shows who it is, and leads there', async () => {
    const issues = [{ path: 'email', code: 'taken', params: {}, message: 'No.' }];
    const api = adding(() => refuse(409, 'DUPLICATE', { existing_id: ADA.id, issues }));
    api.on('GET /contacts/*', () => answer(ADA));
    const form = await mount(api, { linkPrefix: '#/contacts/' });
    const opened: string[] = [];
    place.addEventListener('mill-contact-open', (event) => {
      event.preventDefault();
      opened.push(event.detail.contact.id);
    });
    await type(form, 'email', 'ada@example.com');
    await press('Enter');
    await until('it is said', () => banner(form)?.includes('This e-mail address belongs to Ada Lovelace.'));
    const link = find<HTMLAnchorElement>(form, '.duplicate-open')!;
    equal([textOf(link), link.getAttribute('href')], ['Open Ada Lovelace', `#/contacts/${ADA.id}`]);
    await click(link);
    equal(opened, [ADA.id]);
    await type(form, 'email', 'ada2@example.com');
    await until('it is over', () => banner(form) === undefined);
  });

  it('of the whole is said with what can be done, and the same is sent again', async () => {
    let isBroken = true;
    const api = adding((body) => (isBroken ? refuse(500, 'INTERNAL') : answer(made(body), 201)));
    const form = await mount(api);
    const reported: unknown[] = [];
    form.addEventListener('mill-error', (event) => reported.push(event.detail.error));
    await type(form, 'email', 'grace@example.com');
    await press('Enter');
    await until('it is said', () => banner(form)?.includes('Reference for support: req_1'));
    equal(reported.length, 1);
    isBroken = false;
    await click(button(form, 'Try again'));
    await until('it is saved', () => said(form)?.includes('was added'));
    equal(new Set(api.saves.map(({ key }) => key)).size, 1);
  });

  it('for who asks is said without another try, which would end the same way', async () => {
    for (const [status, code] of [
      [401, 'UNAUTHORIZED'],
      [409, 'CONFLICT'],
      [413, 'PAYLOAD_TOO_LARGE'],
    ] as const) {
      const form = await mount(adding(() => refuse(status, code)));
      await type(form, 'email', 'grace@example.com');
      await press('Enter');
      await until('it is said', () => banner(form)?.startsWith('This could not be saved.'));
      equal(button(form, 'Try again'), undefined);
      form.remove();
    }
  });

  it('reads well in German', async () => {
    document.documentElement.lang = 'de';
    const form = await mount(adding());
    await until('the texts are there', () => textOf(find(form, 'label[for=firstname]')) === 'Vorname');
    await type(form, 'email', 'ada');
    await press('Enter');
    await until('it is told in German', () => errorOf(form, 'email')?.includes('E-Mail-Adresse'));
  });
});
