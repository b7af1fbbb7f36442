import { sendKeys } from '@web/test-runner-commands';
import { describe, equal, it, until } from './browser-test.ts';
import { ADA, id, SALES, NURTURE, OTHER, leadApi, mount, saves, valueOf, save, offers, choose } from './lead-form-on-page.ts';
import { lead } from './fake-api.ts';
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
  press,
  said,
  textOf,
  type,
} from './form-on-page.ts';

onPage();

/** What the API says of a stage that takes no more. */
const FULL = [
  { path: 'stage_id', code: 'too_many' as const, params: { maximum: 2 }, message: 'Stage id must have at most 2 entries.' },
];

describe('A lead form adds', () => {
  it('a lead of a contact that was found by typing', async () => {
    const api = leadApi();
    const form = await mount(api);
    await type(form, 'contact', 'Ada');
    await until('she is offered', () => offers(form).includes('Ada Lovelace'));
    await press('ArrowDown', 'Enter');
    equal(valueOf(form, 'contact'), 'Ada Lovelace');
    await type(form, 'title', 'A new roof');
    await type(form, 'lead_value', '1,250.50');
    await type(form, 'score_value', '80');
    await type(form, 'source', 'Ref');
    await until('it is offered', () => findAll(form, '#source-list [role=option]').length > 0);
    await press('ArrowDown', 'Enter');
    await choose(form, 'owner_id', 'Linus');
    await type(form, 'tags', 'roof,');
    await type(form, 'notes', 'Calls back');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body, {
      contact_id: ADA.id,
      title: 'A new roof',
      notes: 'Calls back',
      lead_value: 1250.5,
      score_value: 80,
      pipeline_id: SALES.id,
      stage_id: SALES.stages[0]!.id,
      source_id: id('b000', 2),
      owner_id: OTHER.user_id,
      tags: ['roof'],
    });
    await until('it is said', () => said(form)?.startsWith('A new roof was added.'));
    equal([valueOf(form, 'contact'), valueOf(form, 'title')], ['', '']);
  });

  it('a new contact along with it, by what was typed in the search', async () => {
    const api = leadApi();
    const form = await mount(api);
    await type(form, 'contact', 'Linda Lamarr');
    await until('she can be added', () => textOf(find(form, '#contact-list .create'))?.includes('Linda Lamarr'));
    await press('ArrowUp', 'Enter');
    await until('the next field has the focus', () => focused(form) === 'contact.email');
    equal([valueOf(form, 'contact.firstname'), valueOf(form, 'contact.lastname')], ['Linda', 'Lamarr']);
    await sendKeys({ type: 'linda' });
    await press('Enter');
    await until('what is wrong is told', () => errorOf(form, 'contact.email')?.startsWith('Enter an e-mail address'));
    await untilFocused(form, 'contact.email');
    await type(form, 'contact.email', 'linda@example.com');
    await type(form, 'contact-company', 'Frequency');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body.contact, {
      email: 'linda@example.com',
      firstname: 'Linda',
      lastname: 'Lamarr',
      company: 'Frequency',
    });
  });

  it('nobody twice: whoever has the e-mail, the phone or the name is offered while it is typed', async () => {
    const api = leadApi();
    const form = await mount(api);
    await type(form, 'contact', 'ada@example.org');
    await until('she can be added', () => find(form, '#contact-list .create'));
    await click(find(form, '#contact-list .create')!);
    await until('she is described', () => byId(form, 'contact.email'));
    equal(findAll(form, '.similar li').length, 0);
    await type(form, 'contact.email', 'ada@example.com');
    await until('she is offered', () => textOf(find(form, '.similar-text'))?.includes('Same e-mail address'));
    await type(form, 'contact.email', 'new@example.com');
    await until('she is not offered any more', () => findAll(form, '.similar li').length === 0);
    await type(form, 'contact.phone_number', '030 123456');
    await until('she is offered by her phone', () => textOf(find(form, '.similar-text'))?.includes('Same phone number'));
    await type(form, 'contact.phone_number', '1');
    await type(form, 'contact.firstname', 'ada');
    await type(form, 'contact.lastname', 'lovelace');
    await until('she is offered by her name', () => textOf(find(form, '.similar-text'))?.includes('(Same name)'));
    await click(button(form, 'Use Ada Lovelace'));
    await until('she is chosen', () => byId(form, 'contact')?.value === 'Ada Lovelace');
    await untilFocused(form, 'contact');
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body.contact_id, ADA.id);
  });

  it('nothing without a contact', async () => {
    const api = leadApi();
    const form = await mount(api);
    await type(form, 'title', 'A new roof');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'contact') === 'Choose a contact, or add a new one.');
    equal([focused(form), api.saves.length], ['contact', 0]);
  });

  it('to another pipeline, in its first stage', async () => {
    const api = leadApi();
    const form = await mount(api, { contact: ADA });
    equal(find<HTMLSelectElement>(form, '#stage_id')!.selectedOptions[0]!.text, 'New lead');
    equal(
      [...find<HTMLSelectElement>(form, '#stage_id')!.options].map(({ text }) => text),
      ['New lead', 'Proposal sent'],
    );
    await choose(form, 'pipeline_id', 'Nurture');
    await until('its stage is chosen', () => find<HTMLSelectElement>(form, '#stage_id')!.selectedOptions[0]!.text === 'Waiting');
    await save(form);
    await saves(api, 1);
    equal([api.saves[0]!.body.pipeline_id, api.saves[0]!.body.stage_id], [NURTURE.id, id('a000', 4)]);
  });

  it('to a full stage where those decide who may', async () => {
    let isFull = true;
    const api = leadApi((body) => {
      if (isFull && !body.force) return refuse(409, 'CONFLICT', { issues: FULL });
      return answer(lead(9), 201);
    });
    const form = await mount(api, { contact: ADA });
    await choose(form, 'stage_id', 'Proposal sent');
    await save(form);
    await until('it is said', () => errorOf(form, 'stage_id') === 'The stage Proposal sent is full. Choose another one.');
    await until('it can be forced', () => banner(form)?.startsWith('The stage Proposal sent is full.'));
    await click(button(form, 'Add to the full stage'));
    await saves(api, 2);
    equal(api.saves[1]!.body.force, true);
    isFull = false;
  });

  it('to a full stage once, and not what is wrong meanwhile', async () => {
    const api = leadApi((body) => (body.force ? answer(lead(9), 201) : refuse(409, 'CONFLICT', { issues: FULL })));
    const form = await mount(api, { contact: ADA });
    await choose(form, 'stage_id', 'Proposal sent');
    await save(form);
    await until('it can be forced', () => button(form, 'Add to the full stage'));
    const force = button(form, 'Add to the full stage');
    // A day that is typed halfway changes no value, so the button is still there.
    Object.defineProperty(byId(form, 'expected_close_date')!, 'validity', { value: { badInput: true }, configurable: true });
    await click(force);
    await until('it is told', () => errorOf(form, 'expected_close_date'));
    delete (byId(form, 'expected_close_date') as { validity?: ValidityState }).validity;
    await type(form, 'title', 'A new roof');
    await save(form);
    await saves(api, 2);
    equal(
      api.saves.map(({ body }) => body.force),
      [undefined, undefined],
    );
  });

  it('to a stage that is not full as little as the API lets it', async () => {
    const api = leadApi(() => refuse(409, 'CONFLICT', { error: 'The contact of this lead is deleted.' }));
    const form = await mount(api, { contact: ADA });
    await choose(form, 'stage_id', 'Proposal sent');
    await save(form);
    await until('it is said', () => banner(form)?.includes('The contact of this lead is deleted.'));
    equal(
      [button(form, 'Add to the full stage'), button(form, 'Try again'), findAll(form, '.banner-box').length],
      [undefined, undefined, 1],
    );
  });

  it('what the contract does not take, it refuses beforehand', async () => {
    const api = leadApi();
    const form = await mount(api, { contact: ADA });
    await type(form, 'lead_value', 'much');
    await type(form, 'budget', '0');
    await type(form, 'score_value', '101');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'lead_value') === 'Enter a number.');
    equal([errorOf(form, 'budget'), errorOf(form, 'score_value')], ['Enter more than 0.', 'Enter 100 or less.']);
    equal([focused(form), api.saves.length, valueOf(form, 'lead_value')], ['lead_value', 0, 'much']);
  });

  it('what is no number neither where the contract could not be loaded, and loads it with the next save', async () => {
    let loads = 0;
    const away = () => (loads++, Promise.reject(new TypeError('Failed to fetch')));
    const api = leadApi();
    const form = await mount(api, { contact: ADA, loadRules: away } as object);
    await type(form, 'lead_value', '12oo');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'lead_value') === 'Enter a number.');
    equal([loads, api.saves.length], [2, 0]);
    delete (form as any).loadRules;
    await type(form, 'lead_value', '-1');
    await press('Enter');
    await until('the contract is asked', () => errorOf(form, 'lead_value') === 'Enter 0 or more.');
    equal(api.saves.length, 0);
  });

  it('custom fields of leads', async () => {
    const api = leadApi();
    api.customFields = [customField('roof', 'text', { context: 'lead', is_required: true })];
    const form = await mount(api, { contact: ADA });
    await until('the field is there', () => byId(form, 'custom_fields.roof'));
    equal(api.callsTo('/custom-fields')[0]!.query['context'], 'lead');
    await type(form, 'custom_fields.roof', 'slate');
    await press('Enter');
    await saves(api, 1);
    equal(api.saves[0]!.body.custom_fields, { roof: 'slate' });
  });
});
