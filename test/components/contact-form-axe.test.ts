import { sendKeys } from '@web/test-runner-commands';
import { recordsOf } from '../../src/controllers/records.ts';
import { until } from './browser-test.ts';
import { ADA, changed, mount, adding, changing } from './contact-form-on-page.ts';
import { axeFindsNothing, byId, errorOf, find, focused, onPage, press, type } from './form-on-page.ts';

onPage();

axeFindsNothing({
  'when a contact is added': () => mount(adding()),
  'when a contact is changed': () => mount(changing(), { contact: ADA }),
  'when entries are wrong': async () => {
    const form = await mount(adding());
    await type(form, 'email', 'ada');
    await press('Enter');
    await until('it is told', () => errorOf(form, 'email'));
    return form;
  },
  'when two have changed the same': async () => {
    const api = changing();
    const form = await mount(api, { contact: ADA });
    await type(form, 'lastname', 'Byron');
    recordsOf(api.client).put('contact', changed({ lastname: 'King' }, 5));
    await until('both are shown', () => byId(form, 'conflicts'));
    return form;
  },
  'in its dialog': async () => {
    const form = await mount(adding(), { dialog: true, open: true });
    await until('it is open', () => focused(form) === 'email');
    return form;
  },
  'when it asks whether to leave': async () => {
    const form = await mount(adding(), { dialog: true, open: true });
    await until('it is open', () => focused(form) === 'email');
    await sendKeys({ type: 'g' });
    await press('Escape');
    await until('it asks', () => find<HTMLDialogElement>(form, '#question')!.open);
    return form;
  },
  'when it is for reading alone': async () => {
    const api = changing();
    api.permissions = ['crm:access'];
    const form = await mount(api, { contact: ADA });
    await until('it is for reading', () => byId(form, 'lastname')!.readOnly);
    return form;
  },
});
