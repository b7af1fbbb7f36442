import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/components/lead-form/lead-form.define.ts';
import type { Lead } from '../src/contract/lead.ts';
import { answering, refusingFor, saving } from './support/clients.ts';
import { contacts } from './support/contacts.ts';
import { leadFields } from './support/custom-fields.ts';
import { formStories, type FormArgs } from './support/form-stories.ts';
import { leads, leadTables, pipelines } from './support/leads.ts';
import { refusal } from './support/memory-api.ts';
import { fill, fillAndSave, ready, seen } from './support/play.ts';

const TAG = 'mill-lead-form';
const [known] = leads as [Lead, ...Lead[]];
const tables = { ...leadTables, contacts };

const meta: Meta<FormArgs> = {
  title: 'Components/Lead form',
  component: TAG,
  play: async ({ canvasElement }) => void (await ready(canvasElement, TAG)),
};
export default meta;
type Story = StoryObj<FormArgs>;

const stories = formStories({
  kind: 'lead',
  known,
  tables,
  customFields: leadFields,
  mine: { title: 'Roof and heat pump' },
  theirs: { title: 'Roof and storage' },
});

export const NewLead: Story = { args: { client: answering(tables) } };
export const KnownLead: Story = stories.known;
export const LoadedById: Story = stories.loadedById;
export const EveryCustomField: Story = stories.everyCustomField;
export const Disabled: Story = stories.disabled;

export const InADialog: Story = stories.inADialog;
export const OpenedByAButton: Story = stories.openedByAButton;

/** Nobody loses by a slip what they typed. */
export const AskedBeforeItIsLost: Story = stories.askedBeforeItIsLost;

/** Whoever has the address already is offered beside who is being described. */
export const SimilarContacts: Story = {
  args: { client: answering(tables) },
  play: async ({ canvasElement }) => {
    const form = await fill(canvasElement, TAG, { contact: 'Ingrid S' });
    (await seen(form, '#contact-list .create')).click();
    await fill(canvasElement, TAG, { 'contact.email': contacts[0]!.email! });
    await seen(form, '.similar li');
  },
};

export const Loading: Story = stories.loading;
export const NotThere: Story = stories.notThere;
export const Failed: Story = stories.failed;
export const Offline: Story = stories.offline;
export const SignedOut: Story = stories.signedOut;
export const MayNotAdd: Story = stories.mayNotAdd;
export const MayNotChange: Story = stories.mayNotChange;

/** What is in the custom fields stays as it is; all else can be changed. */
export const CustomFieldsFailed: Story = stories.customFieldsFailed;

/** Stages, owners and the currency could not be loaded; each says so where it would be, and can be asked for again. */
export const OptionsFailed: Story = {
  args: { client: refusingFor(['pipelines', 'lead-sources', 'members', 'workspace'], tables) },
  play: async ({ canvasElement }) => void (await seen(await ready(canvasElement, TAG), '.retry')),
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

const [sales] = pipelines;
const full = { ...sales!, stages: sales!.stages.map((stage) => ({ ...stage, wip_limit: 3 })) };

/** Those who decide for others may put one more into it. */
export const FullStage: Story = {
  args: {
    contact: contacts[0]!,
    client: saving({ ...tables, pipelines: [full] }, () =>
      refusal('CONFLICT', {
        issues: [{ path: 'stage_id', code: 'too_many', params: { maximum: 3 }, message: 'It takes no more.' }],
      }),
    ),
  },
  play: async ({ canvasElement }) => {
    const form = await ready(canvasElement, TAG);
    await seen(form, '#stage_id option:checked:not([value=""])');
    await form.save();
    await seen(form, '.banner-actions');
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

/** Without a client the page saves; the form waits for it and shows what becomes of it. */
export const SavedByThePage: Story = stories.savedByThePage;

/** Within a form of the page it is an input like others: it gives its values, and saves nothing. */
export const InAFormOfThePage: Story = stories.inAFormOfThePage;
