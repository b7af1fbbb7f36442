import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/components/contact-form/contact-form.define.ts';
import type { Contact } from '../src/contract/contact.ts';
import { answering, saving } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { customFields } from './support/custom-fields.ts';
import { formStories, type FormArgs } from './support/form-stories.ts';
import { refusal } from './support/memory-api.ts';
import { fillAndSave, ready, seen } from './support/play.ts';

const TAG = 'mill-contact-form';
const [known] = contacts as [Contact, ...Contact[]];
const tables = { contacts };
const ADA = { email: 'ada@mail.test', firstname: 'Ada', lastname: 'Lovelace' };

const meta: Meta<FormArgs> = {
  title: 'Components/Contact form',
  component: TAG,
  play: async ({ canvasElement }) => void (await ready(canvasElement, TAG)),
};
export default meta;
type Story = StoryObj<FormArgs>;

const stories = formStories({
  kind: 'contact',
  known,
  tables,
  customFields,
  mine: { firstname: 'Ingeborg' },
  theirs: { firstname: 'Inga' },
});

export const NewContact: Story = { args: { client: answering(tables) } };
export const EmailOptional: Story = { args: { client: answering(tables), emailOptional: true } };
export const KnownContact: Story = stories.known;
export const LoadedById: Story = stories.loadedById;
export const EveryCustomField: Story = stories.everyCustomField;
export const Disabled: Story = stories.disabled;

export const InADialog: Story = stories.inADialog;
export const OpenedByAButton: Story = stories.openedByAButton;

/** Nobody loses by a slip what they typed. */
export const AskedBeforeItIsLost: Story = stories.askedBeforeItIsLost;

export const Loading: Story = stories.loading;
export const NotThere: Story = stories.notThere;
export const Failed: Story = stories.failed;
export const Offline: Story = stories.offline;
export const SignedOut: Story = stories.signedOut;
export const MayNotAdd: Story = stories.mayNotAdd;
export const MayNotChange: Story = stories.mayNotChange;

/** What is in the custom fields stays as it is; all else can be changed. */
export const CustomFieldsFailed: Story = stories.customFieldsFailed;

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

/** The e-mail address says whose it is, and a link leads to them. */
export const AlreadyKnown: Story = {
  args: {
    client: saving(tables, () =>
      refusal('DUPLICATE', {
        existing_id: known.id,
        issues: [{ path: 'email', code: 'taken', params: {}, message: 'Email is already taken.' }],
      }),
    ),
  },
  play: async ({ canvasElement }) => {
    await fillAndSave(canvasElement, TAG, { ...ADA, email: known.email! });
    await seen(await ready(canvasElement, TAG), '.duplicate-open');
  },
};

/** What is wrong with none of the fields stands above them all. */
export const RefusedAsAWhole: Story = stories.refusedAsAWhole;
export const SomebodyElseWasFaster: Story = stories.somebodyElseWasFaster;

/** What was typed stays to be read. */
export const DeletedMeanwhile: Story = stories.deletedMeanwhile;

/** It is sent by itself once there is a connection. */
export const WithoutANetwork: Story = stories.withoutANetwork;
export const Saving: Story = stories.saving;
export const Saved: Story = stories.saved;

export const Added: Story = {
  args: { client: answering(tables) },
  play: ({ canvasElement }) => fillAndSave(canvasElement, TAG, ADA),
};

/** Without a client the page saves; the form waits for it and shows what becomes of it. */
export const SavedByThePage: Story = stories.savedByThePage;

/** Within a form of the page it is an input like others: it gives its values, and saves nothing. */
export const InAFormOfThePage: Story = stories.inAFormOfThePage;
