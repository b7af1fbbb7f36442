import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/contact-table/contact-table.define.ts';
import '../src/components/lead-table/lead-table.define.ts';
import '../src/components/provider/provider.define.ts';
import type { MillProvider } from '../src/components/provider/provider.ts';
import type { Toast } from '../src/controllers/provision.ts';
import { answering } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { leadTables } from './support/leads.ts';
import { settled } from './support/play.ts';

interface Args {
  theme?: 'light' | 'dark' | 'system';
  density?: 'comfortable' | 'compact';
  locale?: string;
}

const client = answering({ ...leadTables, contacts });

const meta: Meta<Args> = {
  title: 'Components/Provider',
  component: 'mill-provider',
  render: ({ theme, density, locale }) => html`
    <mill-provider .client=${client} .theme=${theme} .density=${density} .locale=${locale}>
      <mill-contact-table page-size="5"></mill-contact-table>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-contact-table')),
};
export default meta;
type Story = StoryObj<Args>;

export const OneClientForAll: Story = {
  render: () => html`
    <mill-provider .client=${client}>
      <mill-contact-table page-size="3"></mill-contact-table>
      <mill-lead-table page-size="3"></mill-lead-table>
    </mill-provider>
  `,
};

export const Compact: Story = { args: { density: 'compact' } };
export const InGerman: Story = { args: { locale: 'de-AT' } };

export const InItsOwnWords: Story = {
  render: () => html`
    <mill-provider .client=${client} .messages=${{ contactTable: { search: 'Find a customer', searchHint: 'Who is it?' } }}>
      <mill-contact-table page-size="5"></mill-contact-table>
    </mill-provider>
  `,
};

const TOASTS: readonly Toast[] = [
  { text: 'The contact was saved.', kind: 'good', stays: true, action: { text: 'Undo', act: () => {} } },
  { text: 'Two leads were assigned to Marta Nowak.', stays: true },
  { text: 'The lead could not be saved: the server could not be reached.', kind: 'bad' },
];

export const Toasts: Story = {
  render: () => html`
    <mill-provider .client=${client}>
      <button @click=${({ target }: Event) => (target as Element).closest<MillProvider>('mill-provider')!.toast(TOASTS[0]!)}>
        Say something in passing
      </button>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => {
    const provider = canvasElement.querySelector<MillProvider>('mill-provider')!;
    for (const toast of TOASTS) provider.toast(toast);
    await provider.updateComplete;
  },
};
