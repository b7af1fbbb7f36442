import { describe, equal, it, ok, until } from '../components/browser-test.ts';
import {
  CONSENT,
  EMAIL,
  FakeSending,
  formOf,
  NAME,
  onPage,
  place,
  RECEIVED,
  settled,
  Shown,
  STARS,
  twoSteps,
} from './form-on-page.ts';

onPage();

const ALL = formOf(
  [
    {
      id: 'one',
      fields: [
        { id: 'head', type: 'heading', label: 'A heading' },
        NAME,
        EMAIL,
        { id: 'phone', type: 'tel', label: 'Phone', help: 'With its code' },
        { id: 'site', type: 'url', label: 'Website' },
        { id: 'size', type: 'number', label: 'Size', min: 0, max: 10 },
        { id: 'message', type: 'textarea', label: 'Message', max_length: 20 },
        {
          id: 'kind',
          type: 'select',
          label: 'Kind',
          options: [
            { value: 'new', label: 'A new roof' },
            { value: 'old', label: 'A repair' },
          ],
        },
        {
          id: 'when',
          type: 'radio',
          label: 'When',
          options: [
            { value: 'now', label: 'Now' },
            { value: 'later', label: 'Later' },
          ],
        },
        { id: 'news', type: 'checkbox', label: 'News' },
        {
          id: 'also',
          type: 'multi_select',
          label: 'Also',
          options: [
            { value: 'solar', label: 'Solar' },
            { value: 'battery', label: 'Battery' },
          ],
        },
        { id: 'day', type: 'date', label: 'Day' },
        STARS,
        { id: 'campaign', type: 'hidden', default: 'spring' },
        CONSENT,
      ],
    },
  ],
  { title: 'All kinds' },
);

const send = async (shown: Shown) => {
  shown.button('Send').click();
  await settled();
};

describe('A form', () => {
  it('asks by native inputs that are named by their labels, and sends what they hold', async () => {
    const shown = new Shown(ALL);
    for (const [id, value] of Object.entries({
      name: ' Ada ',
      email: 'ada@example.com',
      phone: '+49 30 1234567',
      site: 'example.com',
      size: '5.5',
      message: 'Hello',
      kind: 'old',
      when: 'later',
      news: true,
      day: '2027-01-31',
      stars: '4',
      consent: true,
    }))
      shown.fill(id, value);
    for (const box of shown.findAll('[name=f-also]')) box.click();
    equal(shown.input('email').labels![0]!.firstChild!.textContent, 'E-mail');
    equal(shown.input('email').autocomplete, 'email');
    equal(shown.input('name').autocomplete, 'name');
    equal(shown.findAll('[name=f-campaign]').length, 0);
    await send(shown);
    const [sent] = shown.sending.sent;
    equal(sent!.body.answers, {
      name: 'Ada',
      email: 'ada@example.com',
      phone: '+49 30 1234567',
      site: 'https://example.com',
      size: 5.5,
      message: 'Hello',
      kind: 'old',
      when: 'later',
      news: true,
      also: ['solar', 'battery'],
      day: '2027-01-31',
      stars: 4,
      campaign: 'spring',
      consent: true,
    });
    equal([sent!.body.version, sent!.body.locale, sent!.body.page, sent!.needsProof], [3, 'en', location.href, true]);
    ok(sent!.body.elapsed_ms! >= 0, 'It says how long the visitor had the form.');
    equal(shown.result, 'Thank you!We call you tomorrow.');
    equal(shown.focused, shown.find('.result'));
  });

  it('says what is wrong beside each field and above them, with links, and keeps every answer', async () => {
    const shown = new Shown(ALL);
    shown.fill('email', 'ada@');
    equal(shown.problems, ['Please enter an e-mail address like name@example.com.']);
    shown.fill('message', 'x'.repeat(21));
    await send(shown);
    equal(shown.sending.sent.length, 0);
    equal(shown.problems, [
      'Please fill this in.',
      'Please enter an e-mail address like name@example.com.',
      'Please enter at most 20 characters.',
      'Please agree to this to go on.',
    ]);
    const summary = shown.find('.summary');
    equal([summary.role ?? summary.getAttribute('role'), shown.focused === summary], ['alert', true]);
    equal(
      shown.findAll('.summary a').map(({ textContent }) => textContent),
      [
        'Name: Please fill this in.',
        'E-mail: Please enter an e-mail address like name@example.com.',
        'Message: Please enter at most 20 characters.',
        'Please agree to this to go on.',
      ],
    );
    const before = location.href;
    shown.findAll('.summary a')[1]!.click();
    equal([shown.focused === shown.input('email'), location.href], [true, before]);
    equal([shown.input('email').ariaInvalid, shown.input('email').value], ['true', 'ada@']);
    ok(shown.input('email').getAttribute('aria-describedby')!.includes('f-email-problem'), 'The problem describes the input.');
    equal(
      shown.counted.filter(([event]) => event === 'error').map(([, facts]) => (facts as { field: string }).field),
      ['name', 'email', 'message', 'consent'],
    );
  });

  it('judges when a field is left, and from then on while it is mended', () => {
    const shown = new Shown(ALL);
    const email = shown.input('email');
    email.value = 'a';
    email.dispatchEvent(new Event('input', { bubbles: true }));
    equal(shown.problems, []);
    email.dispatchEvent(new Event('change', { bubbles: true }));
    equal(shown.problems.length, 1);
    email.value = 'a@example.com';
    email.dispatchEvent(new Event('input', { bubbles: true }));
    equal([shown.problems.length, email.hasAttribute('aria-invalid')], [0, false]);
  });

  it('says each problem behind the label, whatever sign that ends with, until all are mended', async () => {
    const labels = ['Name', 'Your name:', 'Who are you?', 'الاسم؟'];
    const shown = new Shown(
      formOf([{ id: 'one', fields: labels.map((label, at) => ({ id: `f${at}`, type: 'text', label, required: true })) }]),
    );
    await send(shown);
    equal(
      shown.findAll('.summary a').map(({ textContent }) => textContent),
      [
        'Name: Please fill this in.',
        'Your name: Please fill this in.',
        'Who are you? Please fill this in.',
        'الاسم؟ Please fill this in.',
      ],
    );
    const top = shown.input('f0').getBoundingClientRect().top;
    const isShown = () => shown.find('.summary').checkVisibility({ visibilityProperty: true });
    for (const id of ['f0', 'f1', 'f2']) shown.fill(id, 'Ada');
    equal(isShown(), true);
    shown.fill('f3', 'Ada');
    equal([isShown(), shown.input('f0').getBoundingClientRect().top], [false, top]);
  });

  it('counts in the digits of its language', async () => {
    const shown = new Shown(twoSteps({ locale: 'ar', dir: 'rtl' }));
    equal(shown.find('.progress p').textContent, 'الخطوة ١ من ٢');
    equal(new Shown(twoSteps({ locale: 'de' })).find('.progress p').textContent, 'Schritt 1 von 2');
  });

  it('takes what the server refuses back to its fields', async () => {
    const shown = new Shown(twoSteps());
    shown.sending.answer = () => ({
      kind: 'refused',
      message: 'Some answers are wrong.',
      problems: [{ field: 'email', code: 'email', params: {} }],
    });
    shown.fill('name', 'Ada');
    shown.fill('email', 'ada@example.com');
    shown.button('Next').click();
    shown.fill('consent', true);
    await send(shown);
    equal([shown.labels[0], shown.input('email').value], ['About you', 'ada@example.com']);
    equal(shown.problems, ['Please enter an e-mail address like name@example.com.']);
    equal(shown.told.at(-1)![0], 'mill-form-failed');
    shown.button('Next').click();
    equal(shown.input('consent').checked, true);
  });

  it('says why it was refused where no field is to blame', async () => {
    const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }]));
    shown.sending.answer = () => ({ kind: 'refused', message: 'This form is closed.', problems: [] });
    shown.fill('name', 'Ada');
    await send(shown);
    equal([shown.find('.summary').textContent, shown.input('name').value], ['This form is closed.', 'Ada']);
  });

  it('is sent once, however often it is asked to, while it is on its way', async () => {
    const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }]));
    let land!: () => void;
    shown.sending.answer = () => new Promise((resolve) => (land = () => resolve(RECEIVED('one'))));
    shown.fill('name', 'Ada');
    const button = shown.button('Send');
    button.focus();
    for (let click = 0; click < 3; click++) button.click();
    equal([shown.sending.sent.length, button.ariaDisabled, button.textContent], [1, 'true', 'Sending …']);
    equal(shown.focused, button);
    land();
    await settled();
    equal([shown.sending.sent.length, shown.names().filter((name) => name === 'submitted').length], [1, 1]);
  });

  it('takes two different answers as two', async () => {
    const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }]));
    for (const name of ['Ada', 'Grace']) {
      shown.fill('name', name);
      await send(shown);
      shown.capture.reset();
      equal(shown.input('name').value, '');
    }
    equal(
      shown.sending.sent.map(({ body }) => body.answers['name']),
      ['Ada', 'Grace'],
    );
  });

  it('asks for what the answers before make it ask for, and keeps focus and text meanwhile', async () => {
    const shown = new Shown(
      formOf([
        {
          id: 'one',
          fields: [
            NAME,
            {
              id: 'nick',
              type: 'text',
              label: 'Nickname',
              required: true,
              show_if: { all: [{ field: 'name', operator: 'equals', value: 'Ada' }] },
            },
          ],
        },
        {
          id: 'two',
          show_if: { any: [{ field: 'nick', operator: 'filled' }] },
          fields: [{ id: 'age', type: 'number', label: 'Age' }],
        },
      ]),
    );
    const name = shown.input('name');
    name.focus();
    equal([shown.labels, shown.findAll('button.main')[0]!.textContent], [['Name'], 'Send']);
    shown.fill('name', 'Ada');
    equal(shown.labels, ['Name', 'Nickname']);
    equal([shown.focused === name, shown.input('name') === name], [true, true]);
    shown.fill('nick', 'A');
    equal(shown.button('Next').textContent, 'Next');
    shown.fill('name', 'Grace');
    await send(shown);
    equal(shown.sending.sent[0]!.body.answers, { name: 'Grace' });
  });

  it('refuses what the browser itself cannot read, instead of leaving it out', async () => {
    const shown = new Shown(formOf([{ id: 'one', fields: [{ id: 'size', type: 'number', label: 'Size' }] }]));
    const size = shown.input('size');
    Object.defineProperty(size, 'validity', { value: { badInput: true } });
    shown.fill('size', '');
    await send(shown);
    equal([shown.problems, shown.sending.sent.length], [['Please enter a number.'], 0]);
  });

  it('names days as the visitor writes them', async () => {
    const shown = new Shown(
      formOf([{ id: 'one', fields: [{ id: 'day', type: 'date', label: 'Day', min: '2026-03-09' }] }], { locale: 'de' }),
    );
    shown.fill('day', '2026-03-08');
    equal(shown.problems.length, 1);
    ok(shown.problems[0]!.includes('9.3.2026'), shown.problems[0]!);
  });

  it('links addresses in a consent, and nothing else', () => {
    const shown = new Shown(
      formOf([{ id: 'one', fields: [{ ...CONSENT, label: 'See https://example.com/privacy. <b>Not</b> javascript:alert(1)' }] }]),
    );
    const links = shown.findAll('.option a') as HTMLAnchorElement[];
    equal(
      links.map(({ href, rel }) => [href, rel]),
      [['https://example.com/privacy', 'noopener']],
    );
    equal(shown.findAll('b').length, 0);
  });
});

describe('A form of several steps', () => {
  it('goes on, back and on again, says where it is, and moves the focus to each step', async () => {
    const shown = new Shown(twoSteps());
    equal([shown.focused, document.activeElement === document.body], [null, true]);
    equal(shown.find('.progress p').textContent, 'Step 1 of 2');
    shown.button('Next').click();
    equal([shown.problems.length, shown.counted.at(-1)![0]], [2, 'error']);
    shown.fill('name', 'Ada');
    shown.fill('email', 'ada@example.com');
    shown.find<HTMLFormElement>('form').requestSubmit();
    equal([shown.find('.progress p').textContent, shown.find('.step h3').textContent], ['Step 2 of 2', 'Your project']);
    equal([shown.focused, shown.find('.step').ariaLabel], [shown.find('.step'), 'Step 2 of 2']);
    shown.fill('message', 'Hello');
    shown.button('Back').click();
    equal(shown.input('name').value, 'Ada');
    shown.button('Next').click();
    equal(shown.input('message').value, 'Hello');
    equal(shown.names().filter((name) => name === 'stepped').length, 3);
    equal(shown.counted.filter(([event]) => event === 'step').at(-1), ['step', { step: 'more' }]);
  });

  it('leaves out the steps whose every field is prefilled and right, and sends their answers', async () => {
    const prefill = { name: 'Ada', email: 'ada@example.com', consent: true };
    const shown = new Shown(twoSteps(), { prefill, skipsPrefilled: true });
    equal([shown.labels[0], shown.input('consent').checked], ['Your project', false]);
    shown.fill('consent', true);
    await send(shown);
    equal(shown.sending.sent[0]!.body.answers, { name: 'Ada', email: 'ada@example.com', consent: true });

    sessionStorage.clear();
    equal(new Shown(twoSteps(), { prefill: { name: 'Ada', email: 'ada' }, skipsPrefilled: true }).labels[0], 'About you');
    equal(new Shown(twoSteps(), { prefill }).input('email').value, 'ada@example.com');
  });

  it('saves what is answered at each step, where the form and consent allow, and completes it', async () => {
    const partial = twoSteps({ partial: true });
    const optional = { ...partial, steps: [partial.steps[0]!, { ...partial.steps[1]!, fields: [partial.steps[1]!.fields[0]!] }] };
    const shown = new Shown(optional, { allows: true });
    shown.fill('name', 'Ada');
    shown.fill('email', 'ada@example.com');
    shown.button('Next').click();
    await settled();
    equal(shown.sending.partial.length, 1);
    equal(
      [shown.sending.partial[0]![0].body.answers, shown.sending.partial[0]![1]],
      [{ name: 'Ada', email: 'ada@example.com' }, undefined],
    );
    shown.button('Back').click();
    await settled();
    equal(shown.sending.partial[1]![1], { id: 'partial', token: 'token', sequence: 1 });
    shown.button('Next').click();
    await settled();
    await send(shown);
    equal(shown.sending.sent[0]!.completes, { id: 'partial', token: 'token', sequence: 3 });

    for (const [form, allows] of [
      [optional, false],
      [partial, true],
      [{ ...optional, partial: false }, true],
    ] as const) {
      sessionStorage.clear();
      const silent = new Shown(form, { allows, prefill: { name: 'Ada', email: 'ada@example.com' } });
      silent.button('Next').click();
      await settled();
      equal(silent.sending.partial.length, 0);
    }
  });
});

describe('Answers', () => {
  it('survive a reload in the same tab, with their step, and are forgotten once they are received', async () => {
    const first = new Shown(twoSteps());
    equal(sessionStorage.length, 0);
    first.fill('name', 'Ada');
    first.fill('email', 'ada@example.com');
    first.button('Next').click();
    first.fill('message', 'Hello');
    first.capture.destroy();

    const again = new Shown(twoSteps(), { prefill: { name: 'Grace' } });
    equal([again.input('message').value, again.find('.progress p').textContent], ['Hello', 'Step 2 of 2']);
    again.fill('consent', true);
    await send(again);
    equal(again.sending.sent[0]!.body.answers['name'], 'Ada');
    equal(sessionStorage.length, 0);
    equal(new Shown(twoSteps()).input('name').value, '');
  });

  it('of another version of the form are left alone', () => {
    new Shown(twoSteps()).fill('name', 'Ada');
    equal(new Shown(twoSteps({ version: 4 })).input('name').value, '');
  });

  it('are asked for as ever where the browser keeps nothing', async () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }]));
      shown.fill('name', 'Ada');
      await send(shown);
      equal(shown.sending.sent.length, 1);
    } finally {
      Storage.prototype.setItem = setItem;
    }
  });
});

describe('What became of a submission', () => {
  const one = () => {
    const shown = new Shown(formOf([{ id: 'one', fields: [NAME] }]));
    shown.fill('name', 'Ada');
    return shown;
  };

  it('is told truthfully while it is queued, and when it has arrived', async () => {
    for (const [reason, words] of [
      ['offline', 'You are offline.'],
      ['server', 'We can’t be reached right now.'],
      ['busy', 'A lot is going on right now.'],
    ] as const) {
      const shown = one();
      shown.sending.answer = () => ({ kind: 'queued', isKept: true, reason });
      await send(shown);
      ok(shown.result!.includes(words), shown.result!);
      equal(
        [shown.told.at(-1), sessionStorage.length],
        [['mill-form-queued', { formId: shown.told[0]![1].formId, key: 'key-1' }], 0],
      );
      for (const hear of shown.sending.heard) hear({ key: 'another' } as never, RECEIVED('other'));
      ok(shown.result!.includes(words), 'What happens to others says nothing of this one.');
      for (const hear of shown.sending.heard) hear({ key: 'key-1' } as never, RECEIVED('late'));
      equal([shown.result, shown.sending.heard.size], ['Thank you!We call you tomorrow.', 0]);
      equal(shown.told.at(-1)![0], 'mill-form-submitted');
    }
  });

  it('says that it is in memory alone, and keeps the answers in the tab', async () => {
    const shown = one();
    shown.sending.answer = () => ({ kind: 'queued', isKept: false, reason: 'offline' });
    await send(shown);
    ok(shown.result!.includes('please leave this page open'), shown.result!);
    equal(sessionStorage.length, 1);
  });

  it('brings the answers back where the server refuses them later', async () => {
    const shown = one();
    shown.sending.answer = () => ({ kind: 'queued', isKept: true, reason: 'offline' });
    await send(shown);
    const problems = [{ field: 'name', code: 'too_long' as const, params: { maximum: 2 } }];
    for (const hear of shown.sending.heard) hear({ key: 'key-1' } as never, { kind: 'refused', problems, message: 'No.' });
    equal([shown.input('name').value, shown.problems], ['Ada', ['Please enter at most 2 characters.']]);
    // It is in the form again, so neither is it told of at the next visit nor lost by a reload.
    equal([shown.sending.dropped, sessionStorage.length], [['key-1'], 1]);
  });

  it('can be another form, or another page of the web', async () => {
    const shown = one();
    shown.sending.answer = () => RECEIVED('one', { kind: 'form', form_id: 'next' });
    await send(shown);
    equal(shown.followed, ['next']);

    const before = location.href;
    for (const [url, hash] of [
      ['javascript:location.hash="hurt"', ''],
      [`${location.href.split('#')[0]}#done`, '#done'],
    ] as const) {
      const other = one();
      other.sending.answer = () => RECEIVED('two', { kind: 'redirect', url });
      await send(other);
      equal(location.hash, hash);
    }
    history.replaceState(null, '', before);
  });

  it('that cannot even be queued can be sent again, with every answer', async () => {
    const shown = one();
    shown.sending.answer = () => Promise.reject(new Error('broken'));
    await send(shown);
    ok(shown.find('.summary').textContent!.startsWith('Your answers could not be sent.'), 'It says so.');
    shown.sending.answer = () => RECEIVED('again');
    await send(shown);
    equal([shown.sending.sent.length, shown.result], [2, 'Thank you!We call you tomorrow.']);
  });

  it('is shown where it could not be sent for long, to send it again or to delete it', async () => {
    const sending = new FakeSending();
    sending.late = ['one', 'two'].map((key) => ({ key, formTitle: 'Estimate', at: Date.UTC(2026, 0, 5, 12) }) as never);
    const shown = new Shown(twoSteps(), { sending });
    const other = new Shown(twoSteps(), { sending });
    await until('it is shown', () => shown.findAll('.overdue .body').length === 2);
    equal(other.findAll('.overdue .body').length, 0);
    equal(shown.find('.overdue p').textContent, 'What you entered in “Estimate” on 1/5/2026 could not be sent yet.');
    shown.button('Try again').click();
    await settled();
    equal(shown.find('.overdue p').textContent, 'Your message has arrived.');
    shown.button('Delete').click();
    await settled();
    equal([sending.dropped, shown.findAll('.overdue .body').length], [['two'], 1]);
    ok(place.contains(shown.host), 'It stands on the page.');
  });
});
