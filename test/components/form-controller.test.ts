import { sendKeys, sendMouse } from '@web/test-runner-commands';
import { html, LitElement } from 'lit';
import { live } from 'lit/directives/live.js';
import { ApiError, ConnectionError } from '../../src/client/errors.ts';
import type { ErrorBody } from '../../src/contract/envelope.ts';
import { FormController, type FormSource, type Send } from '../../src/controllers/form-controller.ts';
import type { FieldProblem } from '../../src/core/form-state.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from './browser-test.ts';

interface Row {
  id: string;
  version: number;
  email: string;
  name: string;
}
type Values = { email: string; name: string };

/** What was asked of a server that the test plays. */
interface Asked {
  values: Values;
  changed: readonly string[];
  version: number | undefined;
  key: string;
  answer(row: Row | undefined): void;
  refuse(error: unknown): void;
}

class TestForm extends LitElement {
  asked: Asked[] = [];
  saved: [Row, Row | undefined][] = [];
  refusals = 0;
  reported: unknown[] = [];
  isTakenElsewhere = false;
  #keys = 0;

  readonly form = new FormController<Values, Row>(
    this,
    {
      valuesOf: (row) => ({ email: row?.email ?? '', name: row?.name ?? '' }),
      check: ({ email }): FieldProblem[] => (email.includes('@') ? [] : [{ path: 'email', code: 'not_email', params: {} }]),
      begin: ({ values, changed }) => (this.isTakenElsewhere ? undefined : this.#send(values, changed)),
      saved: (row, before) => this.saved.push([row, before]),
      refused: () => this.refusals++,
      report: (error) => this.reported.push(error),
    } satisfies FormSource<Values, Row>,
    () => `key ${++this.#keys}`,
  );

  #send =
    (values: Values, changed: readonly string[]): Send<Row> =>
    ({ record, idempotencyKey }) =>
      new Promise((answer, refuse) =>
        this.asked.push({ values, changed, version: record?.version, key: idempotencyKey, answer, refuse }),
      );

  protected override render() {
    const { state, status } = this.form;
    return html`
      <form @submit=${this.#submit}>
        ${(['email', 'name'] as const).map(
          (name) => html`<input
            name=${name}
            .value=${live(state.values[name])}
            @input=${(event: InputEvent) => this.form.change(name, (event.target as HTMLInputElement).value)}
            @blur=${() => this.form.leave(name)}
          />`,
        )}
        <button>Save</button>
      </form>
      <p>${status} ${state.problems.map(({ code }) => code)}</p>
    `;
  }

  #submit = (event: SubmitEvent) => {
    event.preventDefault();
    void this.form.submit();
  };
}
customElements.define('test-form', TestForm);

const row = (version: number, fields: Partial<Row> = {}): Row => ({
  id: 'one',
  version,
  email: 'ada@example.com',
  name: 'Ada',
  ...fields,
});
const refusal = (status: number, code: ErrorBody['code'], more: Partial<ErrorBody> = {}) =>
  new ApiError(status, {
    success: false,
    error: 'No.',
    code,
    metadata: { timestamp: '2026-01-01T00:00:00Z', request_id: 'req_1' },
    ...more,
  });
const offline = () => new ConnectionError('The server could not be reached.', { cause: new TypeError('Failed to fetch') });

let form: TestForm;
const input = (name: string) => form.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)!;
const text = () => form.renderRoot.querySelector('p')!.textContent!.trim();
const values = () => form.form.state.values;

async function type(name: string, letters: string) {
  await form.updateComplete;
  input(name).focus();
  input(name).select();
  await sendKeys({ type: letters });
}

async function clickSave(clickCount = 1) {
  const { x, y, width, height } = form.renderRoot.querySelector('button')!.getBoundingClientRect();
  for (let click = 0; click < clickCount; click++)
    await sendMouse({ type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
}

const asked = (count: number) => until(`${count} saves were asked for`, () => form.asked.length >= count);
const status = (name: string) => until(`the form is ${name}`, () => form.form.status === name);
/** Whether leaving the page would be held up. */
const isGuarded = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));

beforeEach(async () => {
  form = document.createElement('test-form') as TestForm;
  document.body.append(form);
  await form.updateComplete;
});
afterEach(() => form.remove());

describe('A form saves', () => {
  it('what was typed, once, however often save is pressed meanwhile', async () => {
    await type('email', 'eve@example.com');
    await clickSave(3);
    await asked(1);
    equal(form.asked.length, 1);
    equal(form.asked[0]!.values, { email: 'eve@example.com', name: '' });
    form.asked[0]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await status('editing');
    equal(
      form.saved.map(([{ version }, before]) => [version, before]),
      [[1, undefined]],
    );
    equal(form.form.isDirty, false);
  });

  it('nothing while something is wrong, and says what', async () => {
    await type('email', 'eve');
    await sendKeys({ press: 'Enter' });
    await until('the problem is told', () => text() === 'editing not_email');
    equal([form.asked.length, form.refusals], [0, 1]);
  });

  it('what was typed while it was being saved with the next save', async () => {
    form.form.show(row(1));
    await type('name', 'Ada L');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    await type('email', 'later@example.com');
    form.asked[0]!.answer(row(2, { name: 'Ada L' }));
    await status('editing');
    equal(values(), { email: 'later@example.com', name: 'Ada L' });
    await sendKeys({ press: 'Enter' });
    await asked(2);
    equal([form.asked[1]!.changed, form.asked[1]!.version, form.asked[1]!.key], [['email'], 2, 'key 2']);
  });

  it('nothing by itself where someone else takes it', async () => {
    form.isTakenElsewhere = true;
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    equal([form.asked.length, form.form.status, form.form.isDirty], [0, 'editing', true]);
  });
});

describe('Without a connection a form', () => {
  it('keeps everything, and sends the same once the connection is back', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(offline());
    await status('waiting');
    equal([values().email, form.reported.length, form.refusals], ['eve@example.com', 1, 1]);

    dispatchEvent(new Event('online'));
    await asked(2);
    equal([form.asked[1]!.key, form.asked[1]!.values.email], ['key 1', 'eve@example.com']);
    form.asked[1]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await status('editing');
    equal(form.saved.length, 1);
  });

  it('sends what may have arrived before what was typed since, and loses neither', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(offline());
    await status('waiting');
    await type('name', 'Eve');
    await sendKeys({ press: 'Enter' });
    await asked(2);
    equal([form.asked[1]!.key, form.asked[1]!.values.name], ['key 1', '']);
    form.asked[1]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await asked(3);
    equal([form.asked[2]!.key, form.asked[2]!.changed, form.asked[2]!.version], ['key 2', ['name'], 1]);
  });

  it('takes an answer without sense for a failure, and insists on nothing', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(new ConnectionError('The server answered 502, but not as the API does.'));
    await status('failed');
    await sendKeys({ press: 'Enter' });
    await asked(2);
    equal(form.asked[1]!.key, 'key 1');
    form.asked[1]!.refuse(refusal(500, 'INTERNAL'));
    await status('failed');
    await type('name', 'Eve');
    await sendKeys({ press: 'Enter' });
    await asked(3);
    equal([form.asked[2]!.key, form.asked[2]!.values.name], ['key 2', 'Eve']);
  });
});

describe('What could not be sent for certain', () => {
  it('and may have added a record goes first, under its key, whatever was typed since', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(new ConnectionError('The server answered 504, but not as the API does.'));
    await status('failed');
    await type('name', 'Eve');
    await sendKeys({ press: 'Enter' });
    await asked(2);
    equal([form.asked[1]!.key, form.asked[1]!.values.name], ['key 1', '']);
    form.asked[1]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await asked(3);
    equal([form.asked[2]!.changed, form.asked[2]!.version], [['name'], 1]);
  });

  for (const [why, failure] of [
    ['waits for the connection', offline()],
    ['failed', new ConnectionError('The server answered 502, but not as the API does.')],
  ] as const)
    it(`and ${why} is not written over what someone else has saved of the same field meanwhile`, async () => {
      form.form.show(row(1));
      await type('name', 'Mine');
      await sendKeys({ press: 'Enter' });
      await asked(1);
      form.asked[0]!.refuse(failure);
      await until('it is told', () => form.reported.length === 1);
      form.form.follow(row(2, { name: 'Theirs' }));
      dispatchEvent(new Event('online'));
      await clickSave();
      equal([form.asked.length, form.form.state.conflicts.length], [1, 1]);
      form.form.settle('name', 'theirs');
      await form.updateComplete;
      equal([values().name, form.form.status, form.form.isDirty], ['Theirs', 'editing', false]);
    });

  it('is sent even where its form has left the page, which is held up until then', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(offline());
    await status('waiting');
    form.remove();
    ok(isGuarded(), 'Leaving the page is held up.');
    dispatchEvent(new Event('online'));
    await asked(2);
    form.asked[1]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await status('editing');
    ok(!isGuarded(), 'It is no more.');
  });
});

describe('A refusal', () => {
  it('is told at its fields until they change', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    const issues = [{ path: 'email', code: 'taken', params: {}, message: 'Taken.' }];
    form.asked[0]!.refuse(refusal(409, 'DUPLICATE', { issues }));
    await until('it is told', () => text() === 'failed taken');
    equal([values().email, form.refusals], ['eve@example.com', 1]);
    await type('email', 'eva@example.com');
    await until('it is gone', () => text() === 'editing');
  });

  it('for another version sends again what does not collide', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(refusal(412, 'VERSION_MISMATCH', { current: row(4, { email: 'new@example.com' }) }));
    await asked(2);
    equal([form.asked[1]!.version, form.asked[1]!.changed], [4, ['name']]);
    form.asked[1]!.answer(row(5, { email: 'new@example.com', name: 'Mine' }));
    await status('editing');
    equal([values(), form.form.isDirty], [{ email: 'new@example.com', name: 'Mine' }, false]);
  });

  it('for another version asks which of two values counts', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(refusal(412, 'VERSION_MISMATCH', { current: row(4, { name: 'Theirs' }) }));
    await until('there is a conflict', () => form.form.state.conflicts.length === 1);
    equal([values().name, form.refusals], ['Mine', 1]);
    await clickSave();
    equal(form.asked.length, 1);
    form.form.settle('name', 'mine');
    await clickSave();
    await asked(2);
    equal([form.asked[1]!.version, form.asked[1]!.values.name], [4, 'Mine']);
  });

  it('for the version that an earlier attempt made is a success', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(offline());
    await status('waiting');
    dispatchEvent(new Event('online'));
    await asked(2);
    form.asked[1]!.refuse(refusal(412, 'VERSION_MISMATCH', { current: row(2, { name: 'Mine' }) }));
    await until('it is saved', () => form.saved.length === 1);
    equal([form.form.status, form.form.isDirty, form.asked.length], ['editing', false, 2]);
  });

  it('since the record is gone ends the saving, not the reading', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.asked[0]!.refuse(refusal(404, 'NOT_FOUND'));
    await status('gone');
    equal(input('name').value, 'Mine');
    await clickSave();
    equal(form.asked.length, 1);
  });
});

describe('While others change the record, a form', () => {
  it('follows in fields that were not changed here', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    form.form.follow(row(2, { email: 'new@example.com', name: 'Ada' }));
    await until('the e-mail has followed', () => input('email').value === 'new@example.com');
    equal([values().name, form.form.state.conflicts.length], ['Mine', 0]);
    form.form.follow(row(1, { email: 'old@example.com' }));
    equal(values().email, 'new@example.com');
  });

  it('does not take its own save for theirs', async () => {
    form.form.show(row(1));
    await type('name', '  Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.form.follow(row(2, { name: 'Mine' }));
    equal(form.form.state.conflicts.length, 0);
    form.asked[0]!.answer(row(2, { name: 'Mine' }));
    await status('editing');
    equal([values().name, form.form.state.conflicts.length, form.form.isDirty], ['Mine', 0, false]);
  });
});

describe('Leaving the page', () => {
  it('is held up while something is not saved, and only then', async () => {
    equal(isGuarded(), false);
    await type('email', 'eve@example.com');
    await form.updateComplete;
    equal(isGuarded(), true);
    form.remove();
    equal(isGuarded(), false);
    document.body.append(form);
    equal(isGuarded(), true);
    form.form.reset();
    await form.updateComplete;
    equal([isGuarded(), values().email], [false, '']);
  });

  it('is not held up where the form is told not to', async () => {
    form.form.isGuarding = false;
    await type('email', 'eve@example.com');
    await form.updateComplete;
    equal(isGuarded(), false);
  });
});

describe('A form that goes and comes', () => {
  it('keeps what was typed, and what was on its way arrives', async () => {
    await type('email', 'eve@example.com');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.remove();
    form.asked[0]!.answer(row(1, { email: 'eve@example.com', name: '' }));
    await until('it is saved', () => form.saved.length === 1);
    document.body.append(form);
    await form.updateComplete;
    ok(input('email').value === 'eve@example.com', 'The value is there.');
  });

  it('does not take an answer for a record that it shows no more', async () => {
    form.form.show(row(1));
    await type('name', 'Mine');
    await sendKeys({ press: 'Enter' });
    await asked(1);
    form.form.show(row(7, { id: 'two', name: 'Other' }));
    form.asked[0]!.answer(row(2, { name: 'Mine' }));
    await form.updateComplete;
    equal([form.form.record!.id, values().name, form.saved.length], ['two', 'Other', 0]);
  });
});
