import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/lead-table/lead-table.define.ts';
import type { Client } from '../src/client/index.ts';
import { answering, answeringOf, cutOff, neverAnswering, offline, refusing } from './support/clients.ts';
import { leadOf, leads, leadTables, oddLeads } from './support/leads.ts';
import { MemoryApi } from './support/memory-api.ts';
import { searchFor, settled } from './support/play.ts';

interface Args {
  client: Client;
  pageSize?: number;
  linkPrefix?: string;
}

const meta: Meta<Args> = {
  title: 'Components/Lead table',
  component: 'mill-lead-table',
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-lead-table')),
};
export default meta;
type Story = StoryObj<Args>;

export const Filled: Story = { args: { client: answering(leadTables) } };
export const Paged: Story = { args: { client: answering(leadTables), pageSize: 5 } };
export const Many: Story = { args: { client: answeringOf(1_284_000, leadTables) } };
export const OddTexts: Story = { args: { client: answering({ ...leadTables, leads: oddLeads }) } };

export const Narrow: Story = {
  args: { client: answering(leadTables), pageSize: 5 },
  decorators: [(story) => html`<div class="narrow">${story()}</div>`],
};

export const Loading: Story = { args: { client: neverAnswering() }, play: async () => {} };
export const Empty: Story = { args: { client: answering({ leads: [] }) } };

export const EmptyByTheHost: Story = {
  args: { client: answering({ leads: [] }) },
  render: ({ client }) => html`
    <mill-lead-table .client=${client}>
      <p slot="empty">No leads yet. <a href="#form">Put a form on your page</a> to begin.</p>
    </mill-lead-table>
  `,
};

export const NothingMatches: Story = {
  args: { client: answering(leadTables) },
  play: ({ canvasElement }) => searchFor(canvasElement, 'mill-lead-table', 'nobody has this name'),
};

export const Failed: Story = { args: { client: refusing('INTERNAL') } };
export const Forbidden: Story = { args: { client: refusing('FORBIDDEN') } };
export const SignedOut: Story = { args: { client: refusing('UNAUTHORIZED') } };
export const Offline: Story = { args: { client: offline() } };
export const BehindOthers: Story = { args: { client: cutOff(leadTables) } };

const api = new MemoryApi({ tables: leadTables });
let added = leads.length;

/** What colleagues do appears in place, and what is new is offered where it would move what is being read. */
export const LiveChanges: Story = {
  args: { client: api.client, pageSize: 5 },
  render: ({ client, pageSize }) => html`
    <p class="colleague">
      <button @click=${() => api.change('leads', leads[0]!.id, { score: 'hot', score_value: 97, last_activity_at: now() })}>
        A colleague changes a lead
      </button>
      <button @click=${() => api.add('leads', leadOf(++added, { title: `New lead ${added}`, last_activity_at: now() }))}>
        A colleague adds a lead
      </button>
    </p>
    <mill-lead-table .client=${client} .pageSize=${pageSize!}></mill-lead-table>
  `,
  play: async ({ canvasElement }) => {
    await settled(canvasElement, 'mill-lead-table');
    canvasElement.querySelector<HTMLButtonElement>('.colleague button')!.click();
  },
};

const now = () => new Date().toISOString();
