import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/components/contact-form/contact-form.define.ts';
import type { ContactForm } from '../src/components/contact-form/contact-form.ts';
import type { ContactSaveEvent } from '../src/components/contact-form/contact-form.events.ts';
import type { Client } from '../src/client/index.ts';
import type { Contact } from '../src/contract/contact.ts';
import { answering, neverAnswering, refusing, saving } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { customFields } from './support/custom-fields.ts';
import { MemoryApi, refusal } from './support/memory-api.ts';
import { fillAndSave, ready } from './support/play.ts';

interface Args {
  client?: Client;
  contact?: Contact;
  contactId?: string;
  dialog?: boolean;
  open?: boolean;
  disabled?: boolean;
  emailOptional?: boolean;
}

const TAG = 'mill-contact-form';
const [known] = contacts as [Contact, ...Contact[]];
const tables = { contacts };
const ADA = { email: 'ada@mail.test', firstname: 'Ada', lastname: 'Lovelace' };

const meta: Meta<Args> = {
  title: 'Components/Contact form',
  component: TAG,
  play: async ({ canvasElement }) => void (await ready(canvasElement, TAG)),
};
export default meta;
type Story = StoryObj<Args>;

export const NewContact: Story = { args: { client: answering(tables) } };
export const EmailOptional: Story = { args: { client: answering(tables), emailOptional: true } };
export const KnownContact: Story = { args: { client: answering(tables), contact: known } };
export const LoadedById: Story = { args: { client: answering(tables), contactId: known.id } };
export const EveryCustomField: Story = { args: { client: answering({ ...tables, 'custom-fields': customFields }) } };
export const Disabled: Story = { args: { client: answering(tables), contact: known, disabled: true } };

export const InADialog: Story = { args: { client: answering(tables), dialog: true, open: true } };

export const OpenedByAButton: Story = {
  args: { client: answering(tables) },
  render: ({ client }) => html`
    <button
      @click=${({ target }: Event) => ((target as HTMLElement).nextElementSibling as ContactForm).show()}
    >Add contact</button>
    <mill-contact-form dialog .client=${client}></mill-contact-form>
  `,
  play: async () => {},
};

export const Loading: Story = { args: { client: neverAnswering(), contactId: known.id }, play: async () => {} };
export const NotThere: Story = { args: { client: answering({ contacts: [] }), contactId: known.id } };
export const Failed: Story = { args: { client: refusing('INTERNAL'), contactId: known.id } };
export const MayNotAdd: Story = { args: { client: new MemoryApi({ permissions: ['crm:access', 'crm:contacts:view'] }).client } };

export const MayNotChange: Story = {
  args: { client: new MemoryApi({ tables, permissions: ['crm:access', 'crm:contacts:view'] }).client, contact: known },
};

/** Each mistake stands at its field and in the summary, whose links lead to it. */
export const Incomplete: Story = {
  args: { client: answering({ ...tables, 'custom-fields': customFields }) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { email: 'ada', firstname: 'Ada' }),
};

/** What only the server knows comes back to the field that it is about, and nothing typed is lost. */
export const RefusedByTheServer: Story = {
  args: {
    client: saving(tables, () =>
      refusal('VALIDATION_ERROR', {
        issues: [{ path: 'phone_number', code: 'not_phone', params: {}, message: 'This is no phone number.' }],
      }),
    ),
  },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { ...ADA, phone_number: '12' }),
};

export const AlreadyKnown: Story = {
  args: { client: saving(tables, () => refusal('DUPLICATE', { existing_id: known.id, details: { email: 'It is taken.' } })) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { ...ADA, email: known.email! }),
};

export const SomebodyElseWasFaster: Story = {
  args: {
    contact: known,
    client: saving(tables, () => refusal('VERSION_MISMATCH', { current: { ...known, version: 2, firstname: 'Inga' } })),
  },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, { firstname: 'Ingeborg' }),
};

export const WithoutANetwork: Story = {
  args: { client: saving(tables, () => Promise.reject(new TypeError('There is no network.'))) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, ADA),
};

export const Saved: Story = {
  args: { client: answering(tables) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, ADA),
};

/** Without a client the page saves; the form waits for it and shows what becomes of it. */
export const SavedByThePage: Story = {
  args: {},
  render: () => html`
    <mill-contact-form
      @mill-contact-save=${(event: ContactSaveEvent) => event.saveBy(async () => ({ ...known, ...(event.detail.given as Partial<Contact>) }))}
    ></mill-contact-form>
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
      <mill-contact-form name="contact"></mill-contact-form>
      <button>Send all of it</button>
      <output></output>
    </form>
  `,
};
