import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { DEMO_FORMS } from '../demo/data/forms.ts';
import { DEMO_PASSWORD } from '../server/demo-password.ts';
import '../src/components/capture/capture.define.ts';
import '../src/components/contact-form/contact-form.define.ts';
import '../src/components/contact-table/contact-table.define.ts';
import '../src/components/lead-form/lead-form.define.ts';
import '../src/components/lead-table/lead-table.define.ts';
import '../src/components/provider/provider.define.ts';
import { createClient, type Client } from '../src/client/index.ts';
import { LIVE_ORIGIN } from './live/messages.ts';
import { answerFor } from './support/network.ts';
import { fillAndSave, ready, settled } from './support/play.ts';

interface Live {
  client: Client;
}

/** The real API over a real database, in a worker of this page: what is done here lasts until the page is left. */
const meta: Meta = {
  title: 'Live/Workspace',
  tags: ['!autodocs', 'live'],
  loaders: [async () => ({ client: await startedClient() })],
};
export default meta;
type Story = StoryObj;

export const Leads: Story = {
  render: (_, { loaded }) => html`<mill-lead-table .client=${(loaded as Live).client}></mill-lead-table>`,
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-lead-table')),
};

export const Contacts: Story = {
  render: (_, { loaded }) => html`<mill-contact-table .client=${(loaded as Live).client}></mill-contact-table>`,
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-contact-table')),
};

/** What a visitor sends with the form stands in the table within the second. */
export const FromTheFormToTheLead: Story = {
  render: (_, { loaded }) => html`
    <div class="beside">
      <mill-capture form=${DEMO_FORMS.quote} data-api=${LIVE_ORIGIN} data-theme="light"></mill-capture>
      <mill-lead-table .client=${(loaded as Live).client} page-size="10"></mill-lead-table>
    </div>
  `,
  play: async ({ canvasElement }) => void (await settled(canvasElement, 'mill-lead-table')),
};

/** What is saved stands in the table at once, and can be taken back. */
export const ANewContact: Story = {
  render: (_, { loaded }) => html`
    <mill-provider .client=${(loaded as Live).client}>
      <div class="beside">
        <mill-contact-form></mill-contact-form>
        <mill-contact-table page-size="10"></mill-contact-table>
      </div>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => {
    await settled(canvasElement, 'mill-contact-table');
    const email = `ada.${Date.now()}@mail.test`;
    await fillAndSave(canvasElement, 'mill-contact-form', { email, firstname: 'Ada', lastname: 'Lovelace' });
  },
};

export const ANewLead: Story = {
  render: (_, { loaded }) => html`
    <mill-provider .client=${(loaded as Live).client}>
      <div class="beside">
        <mill-lead-form></mill-lead-form>
        <mill-lead-table page-size="10"></mill-lead-table>
      </div>
    </mill-provider>
  `,
  play: async ({ canvasElement }) => {
    await settled(canvasElement, 'mill-lead-table');
    await ready(canvasElement, 'mill-lead-form');
  },
};

let started: Promise<Client> | undefined;

/** The server is large, so it is loaded when a live story is opened and not before. */
function startedClient(): Promise<Client> {
  return (started ??= start());
}

async function start(): Promise<Client> {
  const { liveFetch, liveServer } = await import('./live/live-fetch.ts');
  answerFor(LIVE_ORIGIN, liveFetch);
  await liveServer();
  const visitor = createClient({ baseUrl: LIVE_ORIGIN, fetch: liveFetch });
  const credential = { email: 'owner@demo.test', password: DEMO_PASSWORD };
  const getToken = async () => (await visitor.auth.signIn(credential)).access_token;
  return createClient({ baseUrl: LIVE_ORIGIN, fetch: liveFetch, getToken });
}
