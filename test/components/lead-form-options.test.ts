import { describe, equal, it, until } from './browser-test.ts';
import { page } from './fake-api.ts';
import { answer, refuse } from './form-api.ts';
import { ADA, choose, DEMO, id, leadApi, save, saves, valueOf } from './lead-form-on-page.ts';
import { button, byId, click, find, findAll, onPage, place, press, textOf, type } from './form-on-page.ts';
import type { FormApi } from './form-api.ts';
import type { LeadForm } from '../../src/components/lead-form/lead-form.ts';

onPage();

/** A form as it is before all of its options are there, and what it has told the page of. */
async function begin(api: FormApi, properties: Partial<LeadForm> = {}) {
  const form = document.createElement('mill-lead-form');
  const told: unknown[] = [];
  form.addEventListener('mill-error', ({ detail }) => told.push((detail.error as { code?: string }).code));
  Object.assign(form, { client: api.client, ...properties });
  place.append(form);
  await form.updateComplete;
  return { form, told };
}

const popup = (form: LeadForm) => textOf(byId(form, 'source-popup'));
const website = () => page([{ id: id('b000', 1), name: 'Website' }]);

describe('What a lead form is made of', () => {
  for (const part of ['pipelines', 'lead-sources', 'members', 'workspace', 'custom-fields'])
    it(`is told to the page where it could not be loaded: ${part}`, async () => {
      const api = leadApi();
      api.on(`GET /${part}`, () => refuse(403, 'FORBIDDEN'));
      const { told } = await begin(api);
      await until('it is told', () => told.length > 0);
      equal(told, ['FORBIDDEN']);
    });

  it('is waited for where a source is looked for, and none is made of what may be there', async () => {
    const api = leadApi();
    let give = (_: Response) => {};
    api.on('GET /lead-sources', () => new Promise((resolve) => (give = resolve)));
    const { form } = await begin(api);
    await until('they are asked for', () => api.callsTo('/lead-sources').length === 1);
    await click(byId(form, 'source')!);
    await until('the list is open', () => find(form, '#source-popup:popover-open'));
    await form.updateComplete;
    equal([popup(form)?.includes('Searching'), popup(form)?.includes('No source')], [true, false]);
    give(website());
    await until('it is offered', () => textOf(find(form, '#source-list [role=option]')) === 'Website');
  });

  it('says that there are no sources to be had, and asks for them alone again', async () => {
    const api = leadApi();
    api.on('GET /lead-sources', () => refuse(403, 'FORBIDDEN'));
    const { form, told } = await begin(api);
    await until('it is told', () => told.length === 1);
    const asked = api.calls.length;
    await type(form, 'source', 'Web');
    await until('it is said', () => popup(form)?.includes('The sources could not be loaded.'));
    equal([...new Set(api.calls.slice(asked).map(({ path }) => path))], ['/lead-sources']);
    api.on('GET /lead-sources', website);
    await press('ArrowDown', 'Enter');
    await until('it is offered', () => textOf(find(form, '#source-list [role=option]')) === 'Website');
  });

  it('says that the currency is not known, until it is or another is chosen', async () => {
    const api = leadApi();
    api.on('GET /workspace', () => refuse(403, 'FORBIDDEN'));
    const { form } = await begin(api);
    const said = () => textOf(byId(form, 'lead_value-help'));
    await until('it is said', () => said() === 'The currency of the workspace could not be loaded. Choose one.');
    api.on('GET /workspace', () => answer({ currency: 'EUR' }));
    button(form, 'Try again').click();
    await until('it is there', () => valueOf(form, 'currency') === 'EUR');
    equal(said(), undefined);
  });

  it('comes late without taking what was chosen before, or calling it someone else’s change', async () => {
    const api = leadApi();
    let give = (_: Response) => {};
    api.on('GET /workspace', () => new Promise((resolve) => (give = resolve)));
    const { form } = await begin(api, { contact: ADA });
    await until('the stage is there', () => find<HTMLSelectElement>(form, '#stage_id')!.value !== '');
    await choose(form, 'currency', 'USD');
    await until('it was asked', () => api.callsTo('/workspace').length === 1);
    give(answer({ currency: 'EUR' }));
    await until('it was taken', () => api.calls.length >= 5);
    form.options = { pipelines: [], sources: [], owners: [], currency: 'CHF' };
    await form.updateComplete;
    equal([valueOf(form, 'currency'), find(form, '#conflicts')], ['USD', null]);
    await save(form);
    await saves(api, 1);
    equal(api.saves[0]!.body.currency, 'USD');
  });

  it('leaves a lead its currency, whether or not that of the workspace is known', async () => {
    const api = leadApi();
    api.on('GET /workspace', () => refuse(403, 'FORBIDDEN'));
    const { form, told } = await begin(api, { lead: { ...DEMO, currency: 'USD' } });
    await until('it is told', () => told.length > 0);
    equal([valueOf(form, 'currency'), findAll(form, '.retry').length], ['USD', 0]);
  });
});
