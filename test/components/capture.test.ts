import '../../src/components/capture/capture.define.ts';
import type { MillCapture } from '../../src/components/capture/capture.ts';
import type { FormEvent } from '../../src/components/capture/capture.events.ts';
import type { PublicForm } from '../../src/contract/capture.ts';
import { EMAIL, formOf, NAME } from '../widget/form-on-page.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from './browser-test.ts';

const API = 'https://crm.example.test';
const OTHER = '01900000-0000-7000-8000-000000000002';

const INLINE = formOf([{ id: 'you', fields: [NAME, EMAIL] }], { proof: false });
const POPUP = formOf([{ id: 'you', fields: [NAME] }], {
  id: OTHER,
  title: 'Another form',
  proof: false,
  display: { mode: 'popup', triggers: [] },
});

const original = window.fetch;
let forms: PublicForm[];
let asked: { url: string; body: any; key: string | null }[];
const listening: [string, EventListener][] = [];

beforeEach(() => {
  sessionStorage.clear();
  forms = [INLINE, POPUP];
  asked = [];
  window.fetch = async (input, init = {}) => {
    const url = String(input instanceof Request ? input.url : input);
    const sent = new Headers(init.headers);
    asked.push({ url, body: init.body ? await new Response(init.body).json() : undefined, key: sent.get('idempotency-key') });
    if (init.method === 'POST') {
      const receipt = { id: '01900000-0000-7000-8000-00000000000a', state: 'received', success: INLINE.success };
      return Response.json({ success: true, data: receipt }, { status: 201 });
    }
    const form = forms.find(({ id }) => url.includes(id));
    return form ? Response.json({ success: true, data: form }) : Response.json({ success: false }, { status: 404 });
  };
});

afterEach(() => {
  for (const element of document.querySelectorAll('mill-capture')) element.remove();
  for (const [name, hear] of listening.splice(0)) document.removeEventListener(name, hear);
  window.fetch = original;
});

function mount(attributes: Record<string, string>, into: ParentNode = document.body): MillCapture {
  const element = document.createElement('mill-capture');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  into.append(element);
  return element;
}

const root = (element: Element) => element.shadowRoot!;
const input = (element: Element, name: string) => root(element).querySelector<HTMLInputElement>(`[name="f-${name}"]`);
function type(element: Element, name: string, text: string) {
  input(element, name)!.value = text;
  input(element, name)!.dispatchEvent(new Event('input', { bubbles: true }));
}
const isShown = (element: Element) => until('the form is there', () => element.shadowRoot && input(element, 'name'));
const button = (element: Element, text: string) =>
  [...root(element).querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === text);

function on<Name extends keyof DocumentEventMap>(name: Name): DocumentEventMap[Name][] {
  const heard: DocumentEventMap[Name][] = [];
  const hear = (event: Event) => heard.push(event as DocumentEventMap[Name]);
  document.addEventListener(name, hear);
  listening.push([name, hear]);
  return heard;
}

describe('mill-capture of the package', () => {
  it('shows the form that it names, from the API that it says', async () => {
    const element = mount({ form: INLINE.id, 'data-api': API });
    await isShown(element);
    ok(asked[0]!.url.startsWith(`${API}/api/v2/public/forms/${INLINE.id}?lang=`), asked[0]!.url);
    equal(getComputedStyle(element).display, 'block');
  });

  it('sends what was answered, with the values of its attributes, and tells of it', async () => {
    const submitted = on('mill-form-submitted');
    const element = mount({ form: INLINE.id, 'data-api': API, 'data-hidden': 'plan=pro\\,plus' });
    await isShown(element);
    type(element, 'name', 'Ada');
    type(element, 'email', 'ada@example.test');
    root(element).querySelector('form')!.requestSubmit();
    await until('it is submitted', () => submitted.length > 0);
    const { url, body, key } = asked.find((one) => one.body)!;
    equal(url, `${API}/api/v2/public/forms/${INLINE.id}/submissions`);
    equal(body.answers, { name: 'Ada', email: 'ada@example.test' });
    equal(body.traits, { plan: 'pro,plus' });
    ok(/^[\w-]{20,}$/.test(key!), String(key));
    const [event] = submitted as FormEvent<'mill-form-submitted'>[];
    equal(event!.target === element, true);
    equal(event!.detail, { formId: INLINE.id, submissionId: '01900000-0000-7000-8000-00000000000a' });
  });

  it('opens and closes a form that is not inline, by its methods', async () => {
    const opened = on('mill-form-opened');
    const element = mount({ form: OTHER, 'data-api': API });
    element.open();
    await until('it is open', () => opened.length > 0);
    const dialog = () => (element.shadowRoot ?? document).querySelector('dialog');
    await until('the dialog is there', () => dialog()?.open);
    element.close();
    await until('it is closed', () => !dialog()?.open);
  });

  it('takes values by its method', async () => {
    const element = mount({ form: INLINE.id, 'data-api': API });
    await isShown(element);
    element.prefill({ name: 'Grace' });
    await until('the value stands there', () => input(element, 'name')!.value === 'Grace');
  });

  it('shows another form when it is told to', async () => {
    forms = [INLINE, { ...POPUP, display: { mode: 'inline' } }];
    const element = mount({ form: INLINE.id, 'data-api': API });
    await until('the first form is there', () => element.shadowRoot && input(element, 'email'));
    element.setAttribute('form', OTHER);
    await until('the other is there', () => root(element).textContent?.includes('Another form') && !input(element, 'email'));
  });

  it('works in the shadow tree of another element, and after it was moved', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const element = mount({ form: INLINE.id, 'data-api': API }, host.attachShadow({ mode: 'open' }));
    await isShown(element);
    document.body.append(element);
    await isShown(element);
    host.remove();
  });

  it('leaves nothing behind after a hundred times on the page and off', async () => {
    for (let times = 0; times < 100; times++) mount({ form: INLINE.id, 'data-api': API }).remove();
    const element = mount({ form: INLINE.id, 'data-api': API });
    await isShown(element);
    equal(root(element).querySelectorAll('form').length, 1);
    equal(document.querySelectorAll('body > :is(template, mill-capture)').length, 1);
    ok(button(element, 'Submit') ?? button(element, 'Send'), 'It has its button.');
  });

  it('keeps what stands in it where the form does not come', async () => {
    const failed = on('mill-form-failed');
    forms = [];
    const element = mount({ form: INLINE.id, 'data-api': API });
    element.append('Write to us at hello@example.test.');
    await until('the page is told', () => failed.length > 0);
    equal((failed[0] as Event).target === element, true);
    ok(element.getBoundingClientRect().height > 0, 'The text is seen.');
  });
});
