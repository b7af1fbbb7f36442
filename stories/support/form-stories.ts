import type { StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { Client } from '../../src/client/index.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { CustomField } from '../../src/contract/custom-field.ts';
import type { Lead } from '../../src/contract/lead.ts';
import type { Permission } from '../../src/contract/permissions.ts';
import { answering, neverAnswering, offline, refusing, refusingFor, saving } from './clients.ts';
import { drawn } from './drawn.ts';
import { MemoryApi, refusal } from './memory-api.ts';
import type { Row } from './memory-tables.ts';
import { fill, fillAndSave, ready, seen } from './play.ts';

/** What stories set of the forms. */
export interface FormArgs {
  client?: Client;
  contact?: Contact;
  contactId?: string;
  lead?: Lead;
  leadId?: string;
  dialog?: boolean;
  open?: boolean;
  disabled?: boolean;
  emailOptional?: boolean;
}

interface FormStories {
  kind: 'contact' | 'lead';
  known: Row;
  tables: Record<string, readonly Row[]>;
  customFields: readonly CustomField[];
  /** What is typed over what is known, and what somebody else makes of it meanwhile. */
  mine: Record<string, string>;
  theirs: Record<string, string>;
}

/** Not beside the other stories, which its open dialog would cover. */
const ALONE = ['!autodocs'];

type Story = StoryObj<FormArgs>;

/** The stories that the forms of all kinds of records have, about a record of this kind. */
export function formStories({ kind, known, tables, customFields, mine, theirs }: FormStories) {
  const tag = `mill-${kind}-form`;
  const isThere: FormArgs = { [kind]: known };
  const isLoaded: FormArgs = { [`${kind}Id`]: known.id };
  const viewer: readonly Permission[] = ['crm:access', `crm:${kind}s:view`];
  const watched = new MemoryApi({ tables });
  const withFields = { ...tables, 'custom-fields': customFields };
  const changed = (client: Client): Story => ({
    args: { ...isThere, client },
    play: ({ canvasElement }) => fillAndSave(canvasElement, tag, mine),
  });
  /** A change that the API answers so. */
  const answered = (outcome: () => Response | Promise<Response>) => changed(saving(tables, outcome));

  return {
    known: { args: { ...isThere, client: answering(tables) } },
    loadedById: { args: { ...isLoaded, client: answering(tables) } },
    everyCustomField: { args: { client: answering(withFields) } },
    disabled: { args: { ...isThere, client: answering(tables), disabled: true } },
    inADialog: { args: { client: answering(tables), dialog: true, open: true }, tags: ALONE },

    openedByAButton: {
      args: { client: answering(tables) },
      render: (args) => html`
        <button
          @click=${({ target }: Event) => ((target as HTMLElement).nextElementSibling as HTMLElement & { show(): void }).show()}
        >Add ${kind}</button>
        ${drawn(tag, { client: args.client, dialog: true })}
      `,
      play: async () => {},
    },

    loading: { args: { ...isLoaded, client: neverAnswering() }, play: async () => {} },
    notThere: { args: { ...isLoaded, client: answering({}) } },
    failed: { args: { ...isLoaded, client: refusing('INTERNAL') } },
    offline: { args: { ...isLoaded, client: offline() } },
    signedOut: { args: { ...isLoaded, client: refusing('UNAUTHORIZED') } },
    mayNotAdd: { args: { client: new MemoryApi({ permissions: viewer }).client } },
    mayNotChange: { args: { ...isThere, client: new MemoryApi({ tables, permissions: viewer }).client } },

    customFieldsFailed: {
      args: { ...isThere, client: refusingFor(['custom-fields'], withFields) },
      play: async ({ canvasElement }) => void (await seen(await ready(canvasElement, tag), '.banner-box')),
    },

    saving: {
      args: { ...isThere, client: saving(tables, () => new Promise<never>(() => {})) },
      play: async ({ canvasElement }) => {
        const form = await fill(canvasElement, tag, mine);
        void form.save();
        await seen(form, '[part=save][aria-busy=true]');
      },
    },

    saved: changed(answering(tables)),
    somebodyElseWasFaster: answered(() => refusal('VERSION_MISMATCH', { current: { ...known, ...theirs, version: 2 } })),
    withoutANetwork: answered(() => Promise.reject(new TypeError('There is no network.'))),
    refusedAsAWhole: answered(() => refusal('INTERNAL')),

    deletedMeanwhile: {
      args: { ...isThere, client: watched.client },
      play: async ({ canvasElement }) => {
        const form = await fill(canvasElement, tag, mine);
        await watched.stream.opened;
        watched.remove(`${kind}s`, known.id);
        await seen(form, '.banner-box.bad');
      },
    },

    askedBeforeItIsLost: {
      args: { ...isThere, client: answering(tables), dialog: true, open: true },
      tags: ALONE,
      play: async ({ canvasElement }) => {
        const form = await fill(canvasElement, tag, mine);
        void form.close();
        await seen(form, '#question[open]');
      },
    },

    savedByThePage: {
      args: {},
      render: () => {
        const save = (event: SaveEvent) => event.saveBy(async () => ({ ...known, ...event.detail.given }));
        return html`<div @mill-contact-save=${save} @mill-lead-save=${save}>${drawn(tag)}</div>`;
      },
    },

    inAFormOfThePage: {
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
          ${drawn(tag)}
          <button>Send all of it</button>
          <output></output>
        </form>
      `,
    },
  } satisfies Record<string, Story>;
}

interface SaveEvent extends Event {
  detail: { given: object };
  saveBy(save: () => Promise<Row>): void;
}
