import { sendKeys } from '@web/test-runner-commands';
import { recordsOf } from '../../src/controllers/records.ts';
import { describe, equal, it, ok, until } from './browser-test.ts';
import {
  ADA,
  id,
  OWN,
  OTHER,
  DEMO,
  changed,
  leadApi,
  changing,
  choose,
  mount,
  saves,
  valueOf,
  offers,
} from './lead-form-on-page.ts';
import { lead, page } from './fake-api.ts';
import { answer, customField, refuse, unreachable } from './form-api.ts';
import {
  banner,
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
  said,
  textOf,
  type,
} from './form-on-page.ts';

onPage();

describe('A lead form changes', () => {
  it('only what was changed, from the version that it read, in the numbers of the language', async () => {
    document.documentElement.lang = 'de';
    const api = changing();
    const form = await mount(api, { leadId: DEMO.id });
    await until('the lead is there', () => byId(form, 'lead_value')?.value === '1200,5');
    equal([valueOf(form, 'contact'), valueOf(form, 'source')], ['Ada Lovelace', 'Website']);
    await type(form, 'lead_value', '1.300,75');
    await press('Enter');
    await saves(api, 1);
    equal([api.saves[0]!.body, api.saves[0]!.version], [{ lead_value: 1300.75 }, '"1"']);
  });

  it('beside what others change', async () => {
    const api = changing();
    const form = await mount(api, { lead: DEMO });
    await type(form, 'title', 'My roof');
    recordsOf(api.client).put('lead', changed({ title: 'Their roof', timeline: 'soon' }, 5));
    await until('the time frame has followed', () => valueOf(form, 'timeline') === 'soon');
    await click(button(form, 'Take theirs'));
    await until('theirs is taken', () => valueOf(form, 'title') === 'Their roof');
    equal(form.isDirty, false);
  });

  it('in the language that the page turns to, whatever was typed in the other', async () => {
    const api = changing();
    api.customFields = [customField('size', 'number', { context: 'lead' })];
    const form = await mount(api, { lead: DEMO });
    await until('the field is there', () => byId(form, 'custom_fields.size'));
    await type(form, 'lead_value', '1,300');
    await type(form, 'budget', '2,000.25');
    await type(form, 'custom_fields.size', '1.5');
    await type(form, 'timeline', '1,300');
    document.documentElement.lang = 'de';
    await until('they are written so', () => valueOf(form, 'lead_value') === '1300');
    equal(
      ['budget', 'custom_fields.size', 'timeline'].map((name) => valueOf(form, name)),
      ['2000,25', '1,5', '1,300'],
    );
    equal(find(form, '#conflicts'), null);
    await press('Enter');
    await saves(api, 1);
    const { lead_value, budget, custom_fields, timeline } = api.saves[0]!.body;
    equal([lead_value, budget, custom_fields, timeline], [1300, 2000.25, { size: 1.5 }, '1,300']);
  });

  it('amounts and days that another has changed too, as the language writes them', async () => {
    const api = changing();
    const visit = customField('visit', 'date', { context: 'lead' });
    api.customFields = [visit];
    const form = await mount(api, { lead: DEMO });
    await until('the field is there', () => byId(form, 'custom_fields.visit'));
    await type(form, 'lead_value', '2500');
    const day = byId(form, 'custom_fields.visit')!;
    day.value = '2026-03-04';
    day.dispatchEvent(new Event('change', { bubbles: true }));
    await until('it is said in words', () => textOf(byId(form, 'custom_fields.visit-readable')) === 'Mar 4, 2026');
    recordsOf(api.client).put('lead', changed({ lead_value: 1300.75, custom_fields: { visit: '2026-05-06' } }, 5));
    await until('both are asked for', () => findAll(form, '.conflict').length === 2);
    equal(findAll(form, '.conflict bdi').map(textOf), ['2,500', '1,300.75', 'Mar 4, 2026', 'May 6, 2026']);
  });

  it('and takes it back', async () => {
    const api = changing();
    const form = await mount(api, { lead: DEMO });
    await type(form, 'title', 'Another roof');
    await press('Enter');
    await until('it can be undone', () => button(form, 'Undo'));
    await click(button(form, 'Undo'));
    await saves(api, 2);
    equal([api.saves[1]!.body, api.saves[1]!.version], [{ title: 'A new roof' }, '"2"']);
  });

  it('nothing that is somebody else’s, where the caller is a member', async () => {
    const api = changing();
    api.me = { role: 'member' };
    const form = await mount(api, { lead: { ...DEMO, owner_id: OTHER.user_id } });
    await until('it is for reading', () => byId(form, 'title')!.readOnly);
    form.lead = { ...DEMO, id: id('c000', 7), owner_id: OWN.user_id };
    await until('it can be changed', () => !byId(form, 'title')!.readOnly);
    equal(
      [...find<HTMLSelectElement>(form, '#owner_id')!.options].map(({ text }) => text),
      ['Nobody', 'Grace (you)'],
    );
  });
});

describe('Without a connection', () => {
  it('not a letter is lost, and it is saved once when the connection is back', async () => {
    let isAway = true;
    const api = leadApi(() => (isAway ? unreachable() : answer(lead(9), 201)));
    const form = await mount(api, { contact: ADA });
    await type(form, 'title', 'A new roof');
    await press('Enter');
    await until('it is said', () => banner(form)?.startsWith('Waiting for the connection.'));
    equal(valueOf(form, 'title'), 'A new roof');
    isAway = false;
    dispatchEvent(new Event('online'));
    await until('it is saved', () => said(form)?.includes('was added'));
    equal(new Set(api.saves.map(({ key }) => key)).size, 1);
  });
});

describe('In a form of the page', () => {
  it('it gives its values by the names of its fields', async () => {
    const host = document.createElement('form');
    place.append(host);
    const form = await mount(
      undefined,
      { contact: ADA, options: { pipelines: [], sources: [], owners: [], currency: 'EUR' } },
      host,
    );
    await type(form, 'title', 'A new roof');
    await until('it is valid', () => form.matches(':valid'));
    const data = new FormData(host);
    equal(
      [data.get('contact_id'), data.get('title'), data.get('currency'), find(form, '[part=save]')],
      [ADA.id, 'A new roof', 'EUR', null],
    );
  });
});

describe('Around a lead form', () => {
  async function hosted() {
    const host = document.createElement('form');
    host.innerHTML = '<button name="how" value="fast">Send</button>';
    const sent: [string | undefined, string | null][] = [];
    host.addEventListener('submit', (event) => {
      event.preventDefault();
      sent.push([(event.submitter as HTMLButtonElement | null)?.value, String(new FormData(host).get('title'))]);
    });
    place.append(host);
    const form = await mount(undefined, { options: { pipelines: [], sources: [], owners: [], currency: 'EUR' } }, host);
    return { host, form, sent };
  }

  it('a form of the page is held back while it has no contact', async () => {
    const { host, form, sent } = await hosted();
    equal([form.form === host, host.checkValidity()], [true, false]);
    await form.updateComplete;
    equal(errorOf(form, 'contact'), undefined);
    await click(host.querySelector('button')!);
    await until('it is told', () => errorOf(form, 'contact') === 'Choose a contact, or add a new one.');
    form.contact = ADA;
    await until('it is valid', () => form.matches(':valid'));
    await type(form, 'title', 'A new roof');
    await press('Enter');
    equal(sent, [['fast', 'A new roof']]);
  });

  it('a form of the page resets it, and a fieldset switches it off', async () => {
    const { host, form } = await hosted();
    await type(form, 'title', 'A new roof');
    await choose(form, 'currency', 'USD');
    host.reset();
    await until('it is as it was', () => valueOf(form, 'title') === '' && valueOf(form, 'currency') === 'EUR');
    const set = document.createElement('fieldset');
    set.disabled = true;
    host.append(set);
    set.append(form);
    await until('it is switched off', () => byId(form, 'title')!.disabled && byId(form, 'currency')!.disabled);
    equal(new FormData(host).has('title'), false);
    set.disabled = false;
    await until('it is switched on', () => !byId(form, 'title')!.disabled);
  });
});

describe('As a dialog', () => {
  it('it begins at the contact, and closes once it has saved', async () => {
    const api = leadApi();
    const form = await mount(api, { dialog: true });
    equal(api.calls.length, 0);
    form.show();
    await until('it is open', () => focused(form) === 'contact');
    await sendKeys({ type: 'Ada' });
    await until('she is offered', () => offers(form).includes('Ada Lovelace'));
    await press('ArrowDown', 'Enter');
    await until('the stage is there', () => find<HTMLSelectElement>(form, '#stage_id')!.value !== '');
    await press('Enter');
    await until('it is closed', () => !form.open);
    equal(api.saves.length, 1);
  });
});

describe('A lead form', () => {
  it('says what could not be loaded, and tries again', async () => {
    const api = leadApi();
    api.on('GET /members', () => refuse(500, 'INTERNAL'));
    const form = await mount(api);
    await until('it is said', () => textOf(byId(form, 'owner_id-help')) === 'The people of the workspace could not be loaded.');
    api.on('GET /members', () => page([OWN, OTHER]));
    await click(findAll(form, '.retry button')[0]!);
    await until('they are there', () => find<HTMLSelectElement>(form, '#owner_id')!.options.length === 3);
  });

  it('works without a client', async () => {
    const form = await mount(undefined, { contact: ADA });
    const given: unknown[] = [];
    form.addEventListener('mill-lead-save', (event) => {
      event.saveBy(() => Promise.resolve(lead(9, { title: 'A new roof' })));
      given.push(event.detail.given);
    });
    await type(form, 'title', 'A new roof');
    await press('Enter');
    await until('it is saved', () => said(form) === 'A new roof was added.');
    equal(given, [{ contact_id: ADA.id, title: 'A new roof' }]);
  });

  it('comes and goes fifty times, and keeps what was typed', async () => {
    const api = changing();
    const form = await mount(api, { lead: DEMO });
    await type(form, 'title', 'Another');
    for (let time = 0; time < 50; time++) {
      form.remove();
      place.append(form);
      await form.updateComplete;
    }
    ok(valueOf(form, 'title') === 'Another', 'It is there.');
  });
});
