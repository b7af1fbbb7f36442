import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/contact-form/contact-form.define.ts';
import '../src/components/contact-table/contact-table.define.ts';
import '../src/components/lead-table/lead-table.define.ts';
import '../src/components/provider/provider.define.ts';
import type { MillProvider } from '../src/components/provider/provider.ts';
import type { Toast } from '../src/controllers/provision.ts';
import { answering } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { leadTables } from './support/leads.ts';
import { MemoryApi, refusal } from './support/memory-api.ts';
import { settled, told } from './support/play.ts';

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

/** What is within it is light or dark as it says, whatever the page around is; the page's own colours follow it too. */
export const Dark: Story = {
  args: { theme: 'dark' },
  render: ({ theme }) => html`
    <mill-provider .client=${client} .theme=${theme}>
      <div class="themed"><mill-contact-table page-size="5"></mill-contact-table></div>
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

const viewer = new MemoryApi({ tables: { contacts }, permissions: ['crm:access', 'crm:contacts:view'] }).client;

/** A page asks `can` what to offer; the elements within offer by themselves only what the user may do. */
export const Permissions: Story = {
  render: () => html`
    <mill-provider
      .client=${viewer}
      @mill-access-changed=${({ target }: Event) => {
        const provider = target as MillProvider;
        const words = provider.can('crm:contacts:create') ? 'The user may add contacts.' : 'The user may look at contacts alone.';
        provider.querySelector('output')!.textContent = words;
      }}
    >
      <output></output>
      <mill-contact-form .contact=${contacts[0]}></mill-contact-form>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => {
    canvasElement.querySelector<MillProvider>('mill-provider')!.can('crm:contacts:create');
    await told(canvasElement);
  },
};

const accepting = new MemoryApi({ tables: { contacts } });
const ENDED = 'ended';

/** The page hears that no token is accepted any more, has the user sign in again, and sets the new token. */
export const SessionEnded: Story = {
  render: () => html`
    <mill-provider
      base-url="https://crm.example.test"
      .token=${ENDED}
      .fetch=${(request: Request) =>
        request.headers.get('Authorization')?.includes(ENDED) ? refusal('UNAUTHORIZED') : accepting.fetch(request)}
      @mill-session-ended=${({ target }: Event) => {
        (target as Element).querySelector('output')!.textContent = 'Your session has ended.';
      }}
    >
      <p class="colleague">
        <output></output>
        <button
          @click=${({ target }: Event) => {
            (target as Element).closest<MillProvider>('mill-provider')!.token = 'fresh';
            (target as Element).parentElement!.hidden = true;
          }}
        >Sign in again</button>
      </p>
      <mill-contact-table page-size="5"></mill-contact-table>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => {
    await settled(canvasElement, 'mill-contact-table');
    await told(canvasElement);
  },
};
