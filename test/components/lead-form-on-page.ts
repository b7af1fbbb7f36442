import { sendKeys } from '@web/test-runner-commands';
import '../../src/components/lead-form/lead-form.define.ts';
import type { LeadForm } from '../../src/components/lead-form/lead-form.ts';
import type { Lead } from '../../src/contract/lead.ts';
import { until } from './browser-test.ts';
import { contact, lead, page } from './fake-api.ts';
import { answer, FormApi } from './form-api.ts';
import { byId, click, find, findAll, place, press, textOf } from './form-on-page.ts';

export const ADA = contact(1, {
  name: 'Ada Lovelace',
  firstname: 'Ada',
  lastname: 'Lovelace',
  email: 'ada@example.com',
  phone_number: '+4930123456',
});
export const GRACE = contact(2, { name: 'Grace Hopper', firstname: 'Grace', lastname: 'Hopper', email: 'grace@example.com' });
export const id = (kind: string, number: number) => `01900000-0000-7000-${kind}-${String(number).padStart(12, '0')}`;
const stage = (number: number, name: string, fields = {}) => ({
  id: id('a000', number),
  name,
  display_order: number,
  is_active: true,
  wip_limit: null,
  ...fields,
});
export const SALES = {
  id: id('9000', 1),
  name: 'Sales',
  is_default: true,
  stages: [stage(1, 'New lead'), stage(2, 'Proposal sent', { wip_limit: 2 }), stage(3, 'Retired', { is_active: false })],
};
export const NURTURE = { id: id('9000', 2), name: 'Nurture', is_default: false, stages: [stage(4, 'Waiting')] };
export const OWN = { user_id: '01900000-0000-7000-8d00-000000000001', name: 'Grace' };
export const OTHER = { user_id: '01900000-0000-7000-8d00-000000000002', name: 'Linus' };
export const DEMO = lead(1, {
  title: 'A new roof',
  lead_value: 1200.5,
  contact: { id: ADA.id, name: ADA.name, email: ADA.email, phone_number: ADA.phone_number, company_id: null, company: null },
  contact_id: ADA.id,
});

export const changed = (given: Partial<Lead>, version = 2) => ({ ...DEMO, ...given, version });

type Saving = (body: any) => Response | Promise<Response>;

/** An API with pipelines, sources, people and two contacts. */
export function leadApi(saving: Saving = (body) => answer(lead(9, { title: body.title ?? 'Ada Lovelace' }), 201)) {
  const save = (_: Request, body: any) => saving(body);
  return new FormApi({
    'GET /pipelines': () => page([NURTURE, SALES]),
    'GET /lead-sources': () =>
      page([
        { id: id('b000', 1), name: 'Website' },
        { id: id('b000', 2), name: 'Referral' },
      ]),
    'GET /members': () => page([OWN, OTHER]),
    'GET /workspace': () => answer({ currency: 'EUR' }),
    'GET /contacts': (request) => {
      const search = new URL(request.url).searchParams.get('search')?.toLowerCase() ?? '';
      const text = (each: typeof ADA) => `${each.name} ${each.email} ${each.phone_number}`.toLowerCase();
      return page([ADA, GRACE].filter((each) => text(each).includes(search)));
    },
    'GET /leads/*': () => answer(DEMO),
    'POST /leads': save,
    'PATCH /leads/*': save,
  });
}
export const changing = () => leadApi((body) => answer(changed(body)));

export async function mount(api: FormApi | undefined, properties: Partial<LeadForm> = {}, into: HTMLElement = place) {
  const form = document.createElement('mill-lead-form');
  if (api) form.client = api.client;
  Object.assign(form, properties);
  into.append(form);
  await form.updateComplete;
  if (api && !form.dialog)
    await until(
      'its options are there',
      () => find<HTMLSelectElement>(form, '#pipeline_id')?.value !== '' && byId(form, 'currency')?.value === 'EUR',
    );
  return form;
}

export const saves = (api: FormApi, count: number) => until(`${count} saves were asked for`, () => api.saves.length >= count);
export const valueOf = (form: LeadForm, name: string) => byId(form, name)!.value;
export const save = (form: LeadForm) => click(find(form, '[part=save]')!);
export const offers = (form: LeadForm) => findAll(form, '#contact-list [role=option] .popup-text bdi:first-child').map(textOf);

export async function choose(form: LeadForm, name: string, text: string) {
  const select = find<HTMLSelectElement>(form, `#${name}`)!;
  select.focus();
  await sendKeys({ type: text });
  if (document.activeElement && select.selectedOptions[0]?.text !== text) {
    // Where typing only opens the list, it is chosen by the arrow keys.
    const steps = [...select.options].findIndex((option) => option.text === text) - select.selectedIndex;
    for (let step = 0; step < Math.abs(steps); step++) await press(steps > 0 ? 'ArrowDown' : 'ArrowUp');
  }
  await press('Tab');
  await until(`${text} is chosen`, () => select.selectedOptions[0]?.text === text);
}
