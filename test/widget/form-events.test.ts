import { describe, equal, it, ok, until } from '../components/browser-test.ts';
import { formOf, NAME, onPage, place, settled, Shown, twoSteps } from './form-on-page.ts';

onPage();

const HIDDEN = { id: 'plan', type: 'hidden' as const, default: 'basic' };
const form = () => formOf([{ id: 'one', fields: [NAME, HIDDEN] }]);
const formId = form().id;

async function submit(shown: Shown) {
  shown.fill('name', 'Ada');
  shown.button('Send').click();
  await settled();
}

describe('The events of a form', () => {
  it('tell the page what happens, up to the document and out of every shadow tree, without a word of the answers', async () => {
    const outer = document.createElement('div');
    place.append(outer);
    const host = document.createElement('div');
    outer.attachShadow({ mode: 'open' }).append(host);
    const heard: string[] = [];
    const hear = ({ type }: Event) => heard.push(type);
    document.addEventListener('mill-form-submitted', hear);
    const shown = new Shown(form(), { host });
    await submit(shown);
    document.removeEventListener('mill-form-submitted', hear);
    equal(heard, ['mill-form-submitted']);
    equal(shown.told, [
      ['mill-form-ready', { formId }],
      ['mill-form-started', { formId }],
      ['mill-form-changed', { formId, field: 'name' }],
      ['mill-form-submit', { formId, answers: { plan: 'basic' } }],
      ['mill-form-submitted', { formId, submissionId: 'submission-1' }],
    ]);
    equal(
      shown.counted.filter(([event]) => event !== 'view'),
      [['start'], ['submit']],
    );
  });

  it('say once that the form is seen', async () => {
    const shown = new Shown(form());
    await until('it is seen', () => shown.views === 1);
    equal(
      shown.counted.filter(([event]) => event === 'view'),
      [['view']],
    );
  });

  it('carry the answers where the page asks for them, and go to its data layer on request', async () => {
    const page = globalThis as { dataLayer?: unknown };
    page.dataLayer = undefined;
    const shown = new Shown(form(), { sharesAnswers: true, pushesDataLayer: true });
    await submit(shown);
    equal(shown.told.at(-1), [
      'mill-form-submitted',
      { formId, answers: { name: 'Ada', plan: 'basic' }, submissionId: 'submission-1' },
    ]);
    const pushed = page.dataLayer as { event: string }[];
    equal(pushed[0], { event: 'mill-form-ready', formId });
    ok(
      pushed.some(({ event }) => event === 'mill-form-submitted'),
      'The submission is among them.',
    );
    delete page.dataLayer;
  });

  it('let the page keep the answers here, and change what goes along', async () => {
    const shown = new Shown(form());
    shown.host.addEventListener('mill-form-submit', (event) => event.preventDefault(), { once: true });
    await submit(shown);
    equal([shown.sending.sent.length, shown.input('name').value], [0, 'Ada']);

    shown.host.addEventListener('mill-form-submit', ({ detail }) => {
      detail.answers['plan'] = 'gold';
      detail.answers['unknown'] = 'x';
    });
    await submit(shown);
    equal(shown.sending.sent[0]!.body.answers, { name: 'Ada', plan: 'gold' });
  });

  it('come after values that the page gave by a call, until the submission leaves', async () => {
    const shown = new Shown(form());
    shown.fill('name', 'Ada');
    shown.capture.prefill({ plan: 'gold' });
    equal(shown.input('name').value, 'Ada');
    await submit(shown);
    equal(shown.sending.sent[0]!.body.answers, { name: 'Ada', plan: 'gold' });
  });
});

describe('A form and its page', () => {
  it('keep apart: hostile styles, names and configurations change nothing', async () => {
    const style = document.createElement('style');
    style.textContent = '* { display: inline !important; color: red !important; font-size: 3px !important; letter-spacing: 2em }';
    place.append(style);
    const host = document.createElement('div');
    const images = Array.from({ length: 5 }, () => document.createElement('img'));
    for (const name of ['createElement', 'activeElement', 'body', 'append', 'adoptedStyleSheets']) {
      const hostile = images.pop()!;
      hostile.name = name;
      place.append(hostile);
    }
    // Ids of fields that are names of what elements have.
    const fields = ['append', 'remove', 'children', 'submit', 'title', 'hidden', 'part', 'constructor'].map((id) => ({
      ...NAME,
      id,
      label: id,
      required: false,
    }));
    const prefill = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x", "append": "here"}') as Record<
      string,
      string
    >;
    const shown = new Shown(formOf([{ id: 'one', fields }]), { prefill, host });
    const label = shown.find('.label');
    equal(
      [getComputedStyle(label).fontSize, getComputedStyle(label).display, getComputedStyle(label).letterSpacing],
      ['14px', 'block', 'normal'],
    );
    ok(getComputedStyle(label).color !== 'rgb(255, 0, 0)', 'The page cannot colour it.');
    shown.fill('remove', 'gone');
    shown.button('Send').click();
    await settled();
    equal(shown.sending.sent[0]!.body.answers, { append: 'here', remove: 'gone', constructor: 'x' });
    equal(('polluted' in {}) as boolean, false);
  });

  it('keep apart: nothing of its style reaches the page, and no element has a style attribute', () => {
    const before = getComputedStyle(place.appendChild(document.createElement('button'))).fontWeight;
    const shown = new Shown(twoSteps());
    equal(getComputedStyle(place.querySelector('button')!).fontWeight, before);
    equal([shown.root.querySelectorAll('[style], style').length, shown.host.hasAttribute('style')], [0, false]);
  });

  it('live together with other forms, and with the same one again', async () => {
    const [one, two] = [new Shown(form()), new Shown(formOf([{ id: 'one', fields: [NAME] }], { id: 'other' }))];
    await submit(two);
    equal([one.sending.sent.length, two.sending.sent.length, one.input('name').value], [0, 1, '']);
  });

  it('part without a trace, a hundred times', async () => {
    const add = EventTarget.prototype.addEventListener;
    const held: unknown[] = [];
    EventTarget.prototype.addEventListener = function (this: EventTarget, type, ...rest) {
      if (this === document || this === window) held.push(type);
      return add.call(this, type, ...rest);
    };
    try {
      const host = document.createElement('div');
      const paragraph = document.createElement('p');
      host.append(paragraph);
      place.append(host);
      const before = document.querySelectorAll('*').length;
      for (let round = 0; round < 100; round++) {
        const shown = new Shown(form(), { host });
        shown.sending.answer = () => ({ kind: 'queued', isKept: true, reason: 'offline' });
        await submit(shown);
        shown.capture.destroy();
        equal([shown.sending.heard.size, host.shadowRoot!.adoptedStyleSheets.length], [0, 0]);
      }
      equal([document.querySelectorAll('*').length, held], [before, []]);
      ok(paragraph.checkVisibility(), 'What stood there shows again.');
    } finally {
      EventTarget.prototype.addEventListener = add;
    }
  });

  it('never lets it take the focus by itself', async () => {
    const input = document.createElement('input');
    place.append(input);
    input.focus();
    const shown = new Shown(twoSteps());
    await until('it is seen', () => shown.views > 0);
    equal(document.activeElement === input, true);
  });
});
