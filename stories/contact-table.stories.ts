import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/contact-table/contact-table.define.ts';
import type { Client } from '../src/client/index.ts';
import { answering, answeringOf, cutOff, neverAnswering, offline, refusing } from './support/clients.ts';
import { contactOf, contacts, oddContacts } from './support/contacts.ts';
import { MemoryApi } from './support/memory-api.ts';
import { searchFor, settled } from './support/play.ts';

interface Args {
  client: Client;
  pageSize?: number;
  linkPrefix?: string;
}

const meta: Meta<Args> = {
  title: 'Components/Contact table',
  component: 'mill-contact-table',
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-contact-table')),
};
export default meta;
type Story = StoryObj<Args>;

export const Filled: Story = { args: { client: answering({ contacts }) } };
export const Paged: Story = { args: { client: answering({ contacts }), pageSize: 5 } };
export const Many: Story = { args: { client: answeringOf(1_284_000, { contacts }) } };
export const OddTexts: Story = { args: { client: answering({ contacts: oddContacts }) } };

export const Narrow: Story = {
  args: { client: answering({ contacts }), pageSize: 5 },
  decorators: [(story) => html`<div class="narrow">${story()}</div>`],
};

export const Loading: Story = { args: { client: neverAnswering() }, play: async () => {} };
export const Empty: Story = { args: { client: answering({ contacts: [] }) } };

export const EmptyByTheHost: Story = {
  args: { client: answering({ contacts: [] }) },
  render: ({ client }) => html`
    <mill-contact-table .client=${client}>
      <p slot="empty">Nobody yet. <a href="#import">Import your address book</a> to begin.</p>
    </mill-contact-table>
  `,
};

export const NothingMatches: Story = {
  args: { client: answering({ contacts }) },
  play: ({ canvasElement }) => searchFor(canvasElement, 'mill-contact-table', 'nobody has this name'),
};

export const Failed: Story = { args: { client: refusing('INTERNAL') } };
export const Forbidden: Story = { args: { client: refusing('FORBIDDEN') } };
export const SignedOut: Story = { args: { client: refusing('UNAUTHORIZED') } };
export const Offline: Story = { args: { client: offline() } };
export const BehindOthers: Story = { args: { client: cutOff({ contacts }) } };

const api = new MemoryApi({ tables: { contacts } });
let added = contacts.length;

/** What colleagues do appears in place, and what is new is offered where it would move what is being read. */
export const LiveChanges: Story = {
  args: { client: api.client, pageSize: 5 },
  render: ({ client, pageSize }) => html`
    <p class="colleague">
      <button @click=${() => api.change('contacts', contacts[0]!.id, { company: 'Nordlys Energi', updated_at: now() })}>
        A colleague changes a contact
      </button>
      <button @click=${() => api.add('contacts', contactOf(++added, { firstname: 'Vera', lastname: `New ${added}`, updated_at: now() }))}>
        A colleague adds a contact
      </button>
    </p>
    <mill-contact-table .client=${client} .pageSize=${pageSize!}></mill-contact-table>
  `,
  play: async ({ canvasElement }) => {
    await settled(canvasElement, 'mill-contact-table');
    canvasElement.querySelector<HTMLButtonElement>('.colleague button')!.click();
  },
};

const now = () => new Date().toISOString();
