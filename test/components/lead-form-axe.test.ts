import { until } from './browser-test.ts';
import { DEMO, leadApi, changing, mount } from './lead-form-on-page.ts';
import { axeFindsNothing, byId, click, errorOf, find, focused, onPage, press, type } from './form-on-page.ts';

onPage();

axeFindsNothing({
  'when a lead is added': () => mount(leadApi()),
  'when a lead is changed': () => mount(changing(), { lead: DEMO }),
  'when someone new is like someone known': async () => {
    const form = await mount(leadApi());
    await type(form, 'contact', 'ada@example.com x');
    await until('she can be added', () => find(form, '#contact-list .create'));
    await click(find(form, '#contact-list .create')!);
    await until('she is described', () => byId(form, 'contact.email'));
    await type(form, 'contact.email', 'ada@example.com');
    await until('she is offered', () => find(form, '.similar li'));
    return form;
  },
  'when entries are wrong': async () => {
    const form = await mount(leadApi());
    await type(form, 'lead_value', 'much');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'lead_value'));
    return form;
  },
  'in its dialog': async () => {
    const form = await mount(leadApi(), { dialog: true, open: true });
    await until('it is open', () => focused(form) === 'contact');
    return form;
  },
});
