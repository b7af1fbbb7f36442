import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import '../src/components/capture/capture.define.ts';
import type { MillCapture } from '../src/components/capture/capture.ts';
import type { FormDefinition } from '../src/contract/form-definition.ts';
import { visit } from './support/play.ts';
import { FORMS_API, publish } from './support/visitors.ts';

interface Args {
  form: string;
  'data-theme'?: 'light' | 'dark' | 'system';
  'data-hidden'?: string;
}

/** What the form is told where the toolbar says so; a brand follows the system. */
const THEMES: Record<string, Args['data-theme']> = { light: 'light', dark: 'dark', system: 'system', brand: 'system' };

const meta: Meta<Args> = {
  title: 'Components/Capture',
  component: 'mill-capture',
  render: (args, { globals: { theme, locale } }) => html`
    <mill-capture
      form=${args.form}
      data-api=${FORMS_API}
      data-lang=${locale ?? 'en'}
      data-theme=${args['data-theme'] ?? THEMES[String(theme)]}
      data-hidden=${ifDefined(args['data-hidden'])}
    ></mill-capture>
  `,
};
export default meta;
type Story = StoryObj<Args>;

const you: FormDefinition['steps'][number] = {
  id: 'you',
  fields: [
    { id: 'name', type: 'text', label: 'Your name', required: true, maps_to: 'contact.name', width: 'half' },
    { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email', width: 'half' },
    { id: 'phone', type: 'tel', label: 'Phone', help: 'We call between nine and five.', maps_to: 'contact.phone_number' },
    { id: 'privacy', type: 'consent', label: 'You may keep my details to answer me.', required: true, version: '2026-01' },
  ],
};

const wish: FormDefinition['steps'][number] = {
  id: 'wish',
  title: 'Your roof',
  fields: [
    {
      id: 'what',
      type: 'select',
      label: 'What do you think of?',
      placeholder: 'Choose one',
      options: options('Solar', 'Heat pump'),
    },
    {
      id: 'roof',
      type: 'radio',
      label: 'What is on it now?',
      options: options('Tiles', 'Slate', 'Metal', 'Nothing, it is flat'),
    },
    { id: 'extras', type: 'multi_select', label: 'And also', options: options('Storage', 'A wall box', 'Heating') },
    { id: 'start', type: 'date', label: 'When shall we begin?', width: 'half' },
    { id: 'budget', type: 'number', label: 'Budget in euros', min: 1_000, width: 'half' },
    { id: 'sure', type: 'rating', label: 'How sure are you?' },
    { id: 'message', type: 'textarea', label: 'Anything else?' },
  ],
};

const TEXTS = {
  de: {
    title: 'Was würde es auf Ihrem Dach kosten?',
    'name.label': 'Ihr Name',
    'email.label': 'E-Mail',
    'phone.label': 'Telefon',
    'phone.help': 'Wir rufen zwischen neun und fünf an.',
    'privacy.label': 'Sie dürfen meine Angaben speichern, um mir zu antworten.',
  },
  ar: {
    title: 'كم ستكون التكلفة على سطحكم؟',
    'name.label': 'الاسم',
    'email.label': 'البريد الإلكتروني',
    'phone.label': 'الهاتف',
    'phone.help': 'نتصل بين التاسعة والخامسة.',
    'privacy.label': 'يمكنكم حفظ بياناتي للرد علي.',
  },
};

const formOf = (more: Partial<FormDefinition> = {}): FormDefinition => ({
  title: 'What would it cost on your roof?',
  locale: 'en',
  steps: [you],
  display: { mode: 'inline' },
  texts: TEXTS,
  ...more,
});

export const Inline: Story = { args: { form: publish(formOf()) } };
export const EveryField: Story = { args: { form: publish(formOf({ steps: [wish] })) } };
export const Steps: Story = { args: { form: publish(formOf({ steps: [wish, you] })) } };

export const InTheAuthorsColours: Story = {
  args: {
    form: publish(
      formOf({
        theme: { brand_color: '#6d28d9', background: '#faf5ff', text_color: '#2e1065', radius: 'large', density: 'compact' },
      }),
    ),
  },
};

export const Answered: Story = {
  args: { form: publish(formOf()) },
  play: ({ canvasElement }) => visit(captureIn(canvasElement), { name: 'Ada Lovelace', email: 'ada@mail.test', privacy: true }),
};

export const Incomplete: Story = {
  args: { form: publish(formOf()) },
  play: ({ canvasElement }) => visit(captureIn(canvasElement), { email: 'ada' }),
};

export const RefusedByTheServer: Story = {
  args: { form: publish(formOf(), 'refused') },
  play: ({ canvasElement }) => visit(captureIn(canvasElement), { name: 'Ada Lovelace', email: 'ada@mail.test', privacy: true }),
};

/** What cannot be sent waits on the device, and the visitor is told so. */
export const WithoutANetwork: Story = {
  args: { form: publish(formOf(), 'offline') },
  play: ({ canvasElement }) => visit(captureIn(canvasElement), { name: 'Ada Lovelace', email: 'ada@mail.test', privacy: true }),
};

/** A form that is not there leaves the page as it was; `mill-form-failed` tells of it. */
export const NotThere: Story = { args: { form: publish(formOf(), 'received', false) } };

export const Popup: Story = { args: { form: publish(opening('popup')) }, play: open };
export const SlideIn: Story = { args: { form: publish(opening('slide_in')) }, play: open };
export const SideTab: Story = { args: { form: publish(opening('side_tab')) }, play: open };
export const Banner: Story = { args: { form: publish(opening('banner')) }, play: open };
export const FullScreen: Story = { args: { form: publish(opening('full_screen')) }, play: open };

function opening(mode: NonNullable<FormDefinition['display']>['mode']): FormDefinition {
  return formOf({ display: { mode, opener: 'Get a quote', triggers: [], frequency: { show: 'always' } } });
}

async function open({ canvasElement }: { canvasElement: HTMLElement }) {
  const capture = captureIn(canvasElement);
  const opened = new Promise((resolve) => capture.addEventListener('mill-form-opened', resolve, { once: true }));
  capture.open();
  await opened;
}

function captureIn(canvas: HTMLElement) {
  return canvas.querySelector<MillCapture>('mill-capture')!;
}

function options(...labels: string[]) {
  return labels.map((value) => ({ value }));
}
