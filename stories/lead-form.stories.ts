import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/lead-form/lead-form.define.ts';
import type { LeadForm } from '../src/components/lead-form/lead-form.ts';
import type { LeadSaveEvent } from '../src/components/lead-form/lead-form.events.ts';
import type { Client } from '../src/client/index.ts';
import type { Lead } from '../src/contract/lead.ts';
import { answering, neverAnswering, refusing, saving } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { leadFields } from './support/custom-fields.ts';
import { leads, leadTables } from './support/leads.ts';
import { MemoryApi, refusal } from './support/memory-api.ts';
import { fillAndSave, ready } from './support/play.ts';

interface Args {
  client?: Client;
  lead?: Lead;
  leadId?: string;
  dialog?: boolean;
  open?: boolean;
  disabled?: boolean;
}

const TAG = 'mill-lead-form';
const [known] = leads as [Lead, ...Lead[]];
const tables = { ...leadTables, contacts };

const meta: Meta<Args> = {
  title: 'Components/Lead form',
  component: TAG,
  play: async ({ canvasElement }) => void (await ready(canvasElement, TAG)),
};
export default meta;
type Story = StoryObj<Args>;

export const NewLead: Story = { args: { client: answering(tables) } };
export const KnownLead: Story = { args: { client: answering(tables), lead: known } };
export const LoadedById: Story = { args: { client: answering(tables), leadId: known.id } };
export const EveryCustomField: Story = { args: { client: answering({ ...tables, 'custom-fields': leadFields }) } };
export const Disabled: Story = { args: { client: answering(tables), lead: known, disabled: true } };

export const InADialog: Story = { args: { client: answering(tables), dialog: true, open: true } };

export const OpenedByAButton: Story = {
  args: { client: answering(tables) },
  render: ({ client }) => html`
    <button
      @click=${({ target }: Event) => ((target as HTMLElement).nextElementSibling as LeadForm).show()}
    >Add lead</button>
    <mill-lead-form dialog .client=${client}></mill-lead-form>
  `,
  play: async () => {},
};

export const Loading: Story = { args: { client: neverAnswering(), leadId: known.id }, play: async () => {} };
export const NotThere: Story = { args: { client: answering({}), leadId: known.id } };
export const Failed: Story = { args: { client: refusing('INTERNAL'), leadId: known.id } };
export const MayNotAdd: Story = { args: { client: new MemoryApi({ permissions: ['crm:access', 'crm:leads:view'] }).client } };

export const MayNotChange: Story = {
  args: { client: new MemoryApi({ tables, permissions: ['crm:access', 'crm:leads:view'] }).client, lead: known },
};

/** Each mistake stands at its field and in the summary, whose links lead to it. */
export const Incomplete: Story = {
  args: { client: answering(tables) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { title: 'Solar roof' }),
};

/** What only the server knows comes back to the field that it is about, and nothing typed is lost. */
export const RefusedByTheServer: Story = {
  args: {
    lead: known,
    client: saving(tables, () =>
      refusal('VALIDATION_ERROR', {
        issues: [{ path: 'title', code: 'too_long', params: { maximum: 10 }, message: 'Too long.' }],
      }),
    ),
  },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { title: 'A longer title than is allowed' }),
};

export const SomebodyElseWasFaster: Story = {
  args: {
    lead: known,
    client: saving(tables, () => refusal('VERSION_MISMATCH', { current: { ...known, version: 2, title: 'Roof and storage' } })),
  },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { title: 'Roof and heat pump' }),
};

export const WithoutANetwork: Story = {
  args: { lead: known, client: saving(tables, () => Promise.reject(new TypeError('There is no network.'))) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { title: 'Roof and heat pump' }),
};

export const Saved: Story = {
  args: { lead: known, client: answering(tables) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { title: 'Roof and heat pump' }),
};

/** Without a client the page saves; the form waits for it and shows what becomes of it. */
export const SavedByThePage: Story = {
  args: {},
  render: () => html`
    <mill-lead-form
      @mill-lead-save=${(event: LeadSaveEvent) => event.saveBy(async () => ({ ...known, ...(event.detail.given as Partial<Lead>) }))}
    ></mill-lead-form>
  `,
};

/** Within a form of the page it is an input like others: it gives its values, and saves nothing. */
export const InAFormOfThePage: Story = {
  args: {},
  render: () => html`
    <form
      class="of-the-page"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const form = event.target as HTMLFormElement;
        form.querySelector('output')!.textContent = JSON.stringify([...new FormData(form)]);
      }}
    >
      <label>Appointment <input name="appointment" type="date" /></label>
      <mill-lead-form name="lead"></mill-lead-form>
      <button>Send all of it</button>
      <output></output>
    </form>
  `,
};
