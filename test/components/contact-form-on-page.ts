import '../../src/components/contact-form/contact-form.define.ts';
import type { ContactForm } from '../../src/components/contact-form/contact-form.ts';
import type { Contact } from '../../src/contract/contact.ts';
import { until } from './browser-test.ts';
import { contact } from './fake-api.ts';
import { answer, FormApi } from './form-api.ts';
import { byId, click, find, place } from './form-on-page.ts';

export const ADA = contact(1, {
  name: 'Ada Lovelace',
  firstname: 'Ada',
  lastname: 'Lovelace',
  email: 'ada@example.com',
  company: null,
  tags: ['vip'],
  metadata: { colour: 'blue', limits: { most: 3 } },
});
/** What the API makes of what was sent. */
export const made = (given: Partial<Contact>, version = 1) => {
  const { firstname = null, lastname = null } = given;
  const name = [firstname, lastname].filter(Boolean).join(' ') || null;
  return contact(2, { firstname, lastname, email: null, company: null, ...given, name, version });
};
export const changed = (given: Partial<Contact>, version = 2) => ({ ...ADA, ...given, version });

export async function mount(api: FormApi | undefined, properties: Partial<ContactForm> = {}, into: HTMLElement = place) {
  const form = document.createElement('mill-contact-form');
  if (api) form.client = api.client;
  Object.assign(form, properties);
  into.append(form);
  await form.updateComplete;
  return form;
}

export const adding = (answering: (body: any) => Response | Promise<Response> = (body) => answer(made(body), 201)) =>
  new FormApi({ 'POST /contacts': (_, body) => answering(body) });
export const changing = (answering: (body: any) => Response | Promise<Response> = (body) => answer(changed(body))) =>
  new FormApi({ 'PATCH /contacts/*': (_, body) => answering(body), 'GET /contacts/*': () => answer(ADA) });

export const saves = (api: FormApi, count: number) => until(`${count} saves were asked for`, () => api.saves.length >= count);
export const valueOf = (form: ContactForm, id: string) => byId(form, id)!.value;
export const save = (form: ContactForm) => click(find(form, '[part=save]')!);
