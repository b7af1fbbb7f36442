import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { CustomField, FieldContext, NewCustomField } from '../../src/contract/custom-field.ts';
import { PERMISSIONS } from '../../src/contract/permissions.ts';
import { DatabaseError } from '../../server/db/db.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { engine } from '../support/database.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const OPTIONS = { options: [{ value: 'slate' }, { value: 'tiles' }, { value: 'metal' }] };

describe('values of custom fields', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  let count = 0;
  /** A field of its own name; a lead's text unless said. */
  const newField = (given: Partial<NewCustomField> = {}, at = ours) => {
    const name = `value_${++count}`;
    return at.client.customFields.create({ context: 'lead', name, label: name, field_type: 'text', ...given });
  };
  const retire = (field: CustomField, is_active = false, at = ours) => at.client.customFields.update(field.id, { is_active });
  const newLead = (custom_fields: Record<string, unknown> = {}, at = ours) =>
    at.client.leads.create({ contact: { email: `${newId()}@example.test` }, custom_fields });
  const newContact = (custom_fields: Record<string, unknown> = {}, at = ours) =>
    at.client.contacts.create({ email: `${newId()}@example.test`, custom_fields });
  /** Runs SQL as a request of a workspace does. */
  const asRequest = async (sql: string, parameters: unknown[], at = ours) =>
    (
      await server.database.db.unit({ role: 'app', workspaceId: at.id, actorId: at.owner.userId, requestId: 'test' }, [
        { sql, parameters },
      ])
    )[0]!.rows;
  /** The issues that a call, or the database by itself, gives as the reason of its refusal. */
  const refusalOf = async (call: Promise<unknown>) => {
    const error: any = await call.then(
      () => assert.fail('It was not refused.'),
      (error: unknown) => error,
    );
    if (!(error instanceof DatabaseError)) return error.issues.map(({ path, code, params }: any) => ({ path, code, params }));
    assert.equal(error.code, 'MV001', error.message);
    return JSON.parse(error.message);
  };

  const TYPES: Record<string, { field: Partial<NewCustomField>; right: unknown[]; wrong: [unknown, code: string][] }> = {
    text: {
      field: { field_type: 'text' },
      right: ['a', ' two\nlines', 'x'.repeat(5_000), '😀'.repeat(5_000), '2026-01-31'],
      wrong: [
        [1, 'wrong_type'],
        [true, 'wrong_type'],
        [['a'], 'wrong_type'],
        [{ a: 1 }, 'wrong_type'],
        ['x'.repeat(5_001), 'too_long'],
      ],
    },
    'text within bounds': {
      field: { field_type: 'text', configuration: { min_length: 2, max_length: 4, pattern: '[a-zé]+' } },
      right: ['ab', 'abcd', 'éé', ' abcd '],
      wrong: [
        ['a', 'too_short'],
        ['abcde', 'too_long'],
        ['AB', 'not_format'],
        ['abC', 'not_format'],
        ['a\nb', 'not_format'],
      ],
    },
    number: {
      field: { field_type: 'number' },
      right: [0, -1.5, 1e300, 5e-324, 0.1, 12_345_678_901_234],
      wrong: [
        ['1', 'wrong_type'],
        [false, 'wrong_type'],
        [[1], 'wrong_type'],
      ],
    },
    'number within bounds': {
      field: { field_type: 'number', configuration: { min: -1, max: 2.5 } },
      right: [-1, 2.5],
      wrong: [
        [-1.01, 'too_small'],
        [2.51, 'too_large'],
      ],
    },
    date: {
      field: { field_type: 'date' },
      right: ['2024-02-29', '0001-01-01', '9999-12-31'],
      wrong: [
        ['2023-02-29', 'not_date'],
        ['2023-13-01', 'not_date'],
        ['2023-04-31', 'not_date'],
        ['0000-01-01', 'not_date'],
        ['2024-2-9', 'not_date'],
        ['2024-02-29T00:00:00Z', 'not_date'],
        ['today', 'not_date'],
        [20240229, 'not_date'],
      ],
    },
    'date within bounds': {
      field: { field_type: 'date', configuration: { min: '2026-01-31', max: '2026-02-28' } },
      right: ['2026-01-31', '2026-02-28'],
      wrong: [
        ['2026-01-30', 'too_small'],
        ['2026-03-01', 'too_large'],
      ],
    },
    boolean: {
      field: { field_type: 'boolean' },
      right: [true, false],
      wrong: [
        ['true', 'wrong_type'],
        [1, 'wrong_type'],
      ],
    },
    select: {
      field: { field_type: 'select', configuration: OPTIONS },
      right: ['slate'],
      wrong: [
        ['Slate', 'not_option'],
        [' slate', 'not_option'],
        [['slate'], 'not_option'],
        [1, 'not_option'],
      ],
    },
    'several choices': {
      field: { field_type: 'multi_select', configuration: OPTIONS },
      right: [['tiles', 'slate'], ['metal']],
      wrong: [
        ['slate', 'wrong_type'],
        [['slate', 'wood'], 'not_option'],
        [[1], 'not_option'],
        [[['slate']], 'not_option'],
        [{ slate: true }, 'wrong_type'],
      ],
    },
  };

  for (const [what, { field, right, wrong }] of Object.entries(TYPES)) {
    test(`as ${what} are kept where they are right, and refused alike by the API and the database`, async () => {
      const { name } = await newField(field);
      for (const value of right) {
        const kept = typeof value === 'string' ? value.trim() : value;
        const made = await newLead({ [name]: value });
        assert.deepEqual(made.custom_fields, { [name]: kept });
        assert.deepEqual((await ours.client.leads.get(made.id)).custom_fields, { [name]: kept });
      }
      const lead = await newLead();
      for (const [value, code] of wrong) {
        const given = { [name]: value };
        const said = await refusalOf(ours.client.leads.update(lead.id, { custom_fields: given }));
        assert.deepEqual([said.length, said[0].path, said[0].code], [1, `custom_fields.${name}`, code], JSON.stringify(value));
        assert.deepEqual(await refusalOf(newLead(given)), said);
        const write = asRequest('update leads set custom_fields = $1 where id = $2', [JSON.stringify(given), lead.id]);
        assert.deepEqual(await refusalOf(write), said);
        const insert = asRequest(
          `insert into leads (contact_id, title, pipeline_id, stage_id, status, currency, position, custom_fields)
           select contact_id, title, pipeline_id, stage_id, status, currency, position, $1 from leads where id = $2`,
          [JSON.stringify(given), lead.id],
        );
        assert.deepEqual(await refusalOf(insert), said);
      }
      assert.deepEqual((await ours.client.leads.get(lead.id)).custom_fields, {});
    });
  }

  test('of contacts are checked by the fields of contacts, in the database as well', async () => {
    const field = await newField({ context: 'contact', field_type: 'number' });
    const ofLeads = await newField();
    const contact = await newContact({ [field.name]: 5 });
    assert.deepEqual(contact.custom_fields, { [field.name]: 5 });
    for (const [given, code] of [
      [{ [field.name]: '5' }, 'wrong_type'],
      [{ [ofLeads.name]: 'x' }, 'unknown'],
      [{ nothing: 'x' }, 'unknown'],
      [JSON.parse('{"constructor": "x"}'), 'unknown'],
    ] as const) {
      const said = await refusalOf(ours.client.contacts.update(contact.id, { custom_fields: given }));
      assert.equal(said[0].code, code);
      assert.deepEqual(await refusalOf(newContact(given)), said);
      const write = asRequest('update contacts set custom_fields = custom_fields || $1 where id = $2', [
        JSON.stringify(given),
        contact.id,
      ]);
      assert.deepEqual(await refusalOf(write), said);
    }
    await assert.rejects(asRequest(`update contacts set custom_fields = '[]' where id = $1`, [contact.id]), { code: /^2/ });
  });

  test('beyond what a number can be are refused by the database', async () => {
    const { name } = await newField({ field_type: 'number' });
    const { id } = await newLead();
    for (const [value, code] of [
      ['1e400', 'too_large'],
      ['-1e400', 'too_large'],
      ['1e-400', 'not_format'],
    ]) {
      const write = asRequest('update leads set custom_fields = $1 where id = $2', [`{"${name}": ${value}}`, id]);
      assert.equal((await refusalOf(write))[0].code, code);
    }
    await asRequest('update leads set custom_fields = $1 where id = $2', [`{"${name}": 0.12345678901234567890123}`, id]);
    assert.equal((await ours.client.leads.get(id)).custom_fields[name], 0.12345678901234568);
  });

  test('name everything that is wrong at once', async () => {
    const [text, number] = [await newField({ is_required: true }), await newField({ field_type: 'number' })];
    const said = await refusalOf(newLead({ [number.name]: 'x', nothing: 1 }));
    assert.deepEqual(
      said.map(({ path, code }: any) => [path, code]),
      [
        [`custom_fields.${number.name}`, 'wrong_type'],
        ['custom_fields.nothing', 'unknown'],
        [`custom_fields.${text.name}`, 'required'],
      ],
    );
    await assert.rejects(newLead({ [number.name]: 'x', [text.name]: 'y' }), {
      message: `Custom fields ${number.name.replaceAll('_', ' ')} must be a number.`,
    });
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`nothing_${index}`, 1]));
    await assert.rejects(newLead(many), { code: 'VALIDATION_ERROR', message: /at most 200/ });
    await retire(text);
  });

  test('that are sent change and the others stay; null, an empty text and an empty list take one away', async () => {
    const [text, many] = [await newField(), await newField({ field_type: 'multi_select', configuration: OPTIONS })];
    const lead = await newLead({ [text.name]: 'One', [many.name]: ['tiles', 'slate', 'tiles'] });
    assert.deepEqual(lead.custom_fields, { [text.name]: 'One', [many.name]: ['tiles', 'slate'] });
    const update = async (given: Record<string, unknown>) =>
      (await ours.client.leads.update(lead.id, { custom_fields: given })).custom_fields;
    assert.deepEqual(await update({ [text.name]: 'Two' }), { [text.name]: 'Two', [many.name]: ['tiles', 'slate'] });
    assert.deepEqual(await update({ [many.name]: [] }), { [text.name]: 'Two' });
    assert.deepEqual(await update({}), { [text.name]: 'Two' });
    assert.deepEqual(await update({ [text.name]: ' ' }), {});
    assert.deepEqual(await update({ [text.name]: 'Three' }), { [text.name]: 'Three' });
    assert.deepEqual(await update({ [text.name]: null, [many.name]: null }), {});
    assert.deepEqual((await newLead({ [text.name]: '', [many.name]: null })).custom_fields, {});
  });

  test('change as part of the record: its version, its audit, its timeline, its events', async () => {
    const field = await newField({ field_type: 'number' });
    const lead = await newLead({ [field.name]: 1 });
    const changed = await ours.client.leads.update(lead.id, { custom_fields: { [field.name]: 2 } }, { ifMatch: lead.version });
    assert.equal(changed.version, lead.version + 1);
    assert.equal((await ours.client.leads.update(lead.id, { custom_fields: { [field.name]: 2 } })).version, changed.version);
    await assert.rejects(ours.client.leads.update(lead.id, { custom_fields: { [field.name]: 3 } }, { ifMatch: lead.version }), {
      code: 'VERSION_MISMATCH',
    });
    const { data } = await ours.client.audit.list({ record_id: lead.id, action: 'lead.updated' });
    assert.deepEqual(
      data.map(({ before, after }) => [before, after]),
      [[{ custom_fields: { [field.name]: 1 } }, { custom_fields: { [field.name]: 2 } }]],
    );
    const events = await server.database.asOwner(`select name, data from events where record_id = $1 order by seq`, [lead.id]);
    assert.deepEqual(
      events.map(({ name, data }) => [name, data.custom_fields]),
      [
        ['lead.created', { [field.name]: 1 }],
        ['lead.updated', { [field.name]: 2 }],
      ],
    );
    const [latest] = (await ours.client.leads.get(lead.id)).activities;
    assert.deepEqual(latest!.metadata, { event: 'lead.updated', fields: ['custom_fields'] });
  });

  test('stand in lists, details, on the board and beside a contact that a lead brings along', async () => {
    const at = await server.newWorkspace();
    await newField({ name: 'roof' }, at);
    await newField({ name: 'size', context: 'contact', field_type: 'number' }, at);
    const contact = { email: 'one@example.test', custom_fields: { size: 3 } };
    const lead = await at.client.leads.create({ contact, custom_fields: { roof: 'Flat' } });
    assert.deepEqual(lead.custom_fields, { roof: 'Flat' });
    assert.deepEqual((await at.client.leads.list()).data[0]!.custom_fields, { roof: 'Flat' });
    assert.deepEqual((await at.client.leads.board({})).stages[0]!.cards[0]!.custom_fields, { roof: 'Flat' });
    assert.deepEqual((await at.client.contacts.list()).data[0]!.custom_fields, { size: 3 });
    // One who is known keeps what they have, and gets what they lack.
    await newField({ name: 'floor', context: 'contact' }, at);
    const again = { email: 'one@example.test', custom_fields: { size: 4, floor: 'First' } };
    await at.client.leads.create({ contact: again });
    assert.deepEqual((await at.client.contacts.get(lead.contact_id)).custom_fields, { size: 3, floor: 'First' });
    const said = await refusalOf(
      at.client.leads.create({ contact: { email: 'two@example.test', custom_fields: { size: 'x' } } }),
    );
    assert.deepEqual(said, [{ path: 'contact.custom_fields.size', code: 'wrong_type', params: { expected: 'number' } }]);
  });

  test('are set one at a time by the id of their field', async () => {
    const field = await newField({ field_type: 'date' });
    const ofContacts = await newField({ context: 'contact' });
    const lead = await newLead();
    const { setCustomField } = ours.client.leads;
    assert.deepEqual((await setCustomField(lead.id, field.id, { value: '2026-05-06' })).custom_fields, {
      [field.name]: '2026-05-06',
    });
    await assert.rejects(setCustomField(lead.id, field.id, { value: 'x' }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(setCustomField(lead.id, field.id, {} as any), {
      code: 'VALIDATION_ERROR',
      details: { value: 'Value is required.' },
    });
    await assert.rejects(setCustomField(lead.id, field.id, { value: null }, { ifMatch: lead.version }), {
      code: 'VERSION_MISMATCH',
    });
    assert.deepEqual((await setCustomField(lead.id, field.id, { value: null })).custom_fields, {});
    await assert.rejects(setCustomField(lead.id, ofContacts.id, { value: 'x' }), { code: 'NOT_FOUND' });
    await assert.rejects(setCustomField(newId(), field.id, { value: '2026-05-06' }), { code: 'NOT_FOUND' });
    const contact = await newContact();
    const changed = await ours.client.contacts.setCustomField(contact.id, ofContacts.id, { value: 'Set' });
    assert.deepEqual(changed.custom_fields, { [ofContacts.name]: 'Set' });
    await assert.rejects(ours.client.contacts.setCustomField(contact.id, field.id, { value: '2026-05-06' }), {
      code: 'NOT_FOUND',
    });
    await retire(field);
    await assert.rejects(setCustomField(lead.id, field.id, { value: '2026-05-06' }), { code: 'NOT_FOUND' });
  });

  test('are set by members on their own leads and on nobody’s, and not by viewers', async () => {
    const field = await newField();
    const others = await ours.client.leads.create({
      contact: { email: `${newId()}@example.test` },
      owner_id: ours.manager.userId,
    });
    const { leads } = ours.member.client;
    const refused = { code: 'FORBIDDEN' };
    await assert.rejects(leads.update(others.id, { custom_fields: { [field.name]: 'x' } }), refused);
    await assert.rejects(leads.setCustomField(others.id, field.id, { value: 'x' }), refused);
    const nobodys = await newLead();
    assert.deepEqual((await leads.setCustomField(nobodys.id, field.id, { value: 'x' })).custom_fields, { [field.name]: 'x' });
    await assert.rejects(ours.viewer.client.leads.setCustomField(nobodys.id, field.id, { value: 'y' }), refused);
  });

  test('that are required come with every new record, and are not taken away', async () => {
    const at = await server.newWorkspace();
    for (const context of ['lead', 'contact'] as FieldContext[]) {
      const before = context === 'lead' ? await newLead({}, at) : await newContact({}, at);
      const field = await newField({ name: 'needed', context, is_required: true }, at);
      const said = [{ path: 'custom_fields.needed', code: 'required', params: {} }];
      const make = context === 'lead' ? newLead : newContact;
      for (const given of [{}, { needed: null }, { needed: ' ' }]) assert.deepEqual(await refusalOf(make(given, at)), said);
      const insert =
        context === 'lead'
          ? asRequest(
              `insert into leads (contact_id, title, pipeline_id, stage_id, status, currency, position)
               select contact_id, title, pipeline_id, stage_id, status, currency, position from leads where id = $1`,
              [before.id],
              at,
            )
          : asRequest(
              'insert into contacts (firstname) select firstname from contacts where id <> $1 limit 0',
              [before.id],
              at,
            ).then(() => asRequest(`insert into contacts (firstname) values ('X')`, [], at));
      assert.deepEqual(await refusalOf(insert), said);

      const { id } = await make({ needed: 'There' }, at);
      const service = at.client[context === 'lead' ? 'leads' : 'contacts'];
      const update = (record: string, needed: unknown) => service.update(record, { custom_fields: { needed } } as any);
      assert.deepEqual(await refusalOf(update(id, null)), said);
      const table = context === 'lead' ? 'leads' : 'contacts';
      assert.deepEqual(await refusalOf(asRequest(`update ${table} set custom_fields = '{}' where id = $1`, [id], at)), said);
      // One that is older than the rule may go without, as long as nobody fills it in.
      assert.ok(await service.update(before.id, { tags: ['changed'] } as any));
      assert.ok(await update(before.id, null));
      assert.deepEqual((await update(before.id, 'Filled')).custom_fields, { needed: 'Filled' });
      await assert.rejects(update(before.id, null), { code: 'VALIDATION_ERROR' });
      await at.client.customFields.update(field.id, { is_active: false });
      assert.ok(await make({}, at));
    }
    const isThere = await newField({ name: 'is_there', field_type: 'boolean', is_required: true }, at);
    assert.deepEqual((await newLead({ is_there: false }, at)).custom_fields, { is_there: false });
    await retire(isThere, false, at);
  });

  test('have the default where a new record is sent without, also where they are required', async () => {
    const field = await newField({
      field_type: 'select',
      configuration: { ...OPTIONS, default: 'tiles' },
      is_required: true,
    });
    const lead = await newLead();
    assert.deepEqual(lead.custom_fields, { [field.name]: 'tiles' });
    assert.deepEqual((await newLead({ [field.name]: 'metal' })).custom_fields, { [field.name]: 'metal' });
    await assert.rejects(newLead({ [field.name]: null }), { code: 'VALIDATION_ERROR' });
    await ours.client.customFields.update(field.id, { is_required: false });
    assert.deepEqual((await newLead({ [field.name]: null })).custom_fields, {});
    await retire(field);
    assert.deepEqual((await newLead()).custom_fields, {});
  });

  test('of a retired field are kept without being shown, and are there again with it', async () => {
    const [field, other] = [await newField({ field_type: 'number' }), await newField()];
    const lead = await newLead({ [field.name]: 5, [other.name]: 'Stays' });
    await retire(field);
    const shown = async () => [
      (await ours.client.leads.get(lead.id)).custom_fields,
      (await ours.client.leads.list({ contact_id: lead.contact_id })).data[0]!.custom_fields,
    ];
    assert.deepEqual(await shown(), [{ [other.name]: 'Stays' }, { [other.name]: 'Stays' }]);
    for (const value of [6, 5, null]) {
      const said = await refusalOf(ours.client.leads.update(lead.id, { custom_fields: { [field.name]: value } }));
      assert.deepEqual(said, [{ path: `custom_fields.${field.name}`, code: 'unknown', params: { name: field.name } }]);
    }
    await ours.client.leads.update(lead.id, { custom_fields: { [other.name]: 'Changed' } });
    await retire(field, true);
    assert.deepEqual((await shown())[0], { [field.name]: 5, [other.name]: 'Changed' });
  });

  test('of searchable fields are part of search, as long as they are', async () => {
    const at = await server.newWorkspace();
    for (const context of ['lead', 'contact'] as FieldContext[]) {
      const service = at.client[context === 'lead' ? 'leads' : 'contacts'];
      const make = context === 'lead' ? newLead : newContact;
      const field = await newField({ name: 'note', context }, at);
      const secret = await newField({ name: 'secret', context }, at);
      const { id } = await make({ note: 'Größe Ängström', secret: 'Verborgen' }, at);
      const found = async (search: string) => (await service.list({ search })).data.map(({ id }) => id);
      const update = (change: object) => at.client.customFields.update(field.id, change);
      assert.deepEqual(await found('ngstro'), []);
      await update({ is_searchable: true });
      assert.deepEqual(await found('ngstro'), [id]);
      assert.deepEqual(await found('verborgen'), []);
      await service.update(id, { custom_fields: { note: 'Nebelhorn' } } as any);
      assert.deepEqual([await found('angstrom'), await found('nebelh')], [[], [id]]);
      const second = await make({ note: 'Nebelhorn' }, at);
      assert.deepEqual((await found('nebelh')).sort(), [id, second.id].sort());
      await update({ is_active: false });
      assert.deepEqual(await found('nebelh'), []);
      await service.update(id, { tags: ['changed'] } as any);
      await update({ is_active: true });
      assert.deepEqual((await found('nebelh')).sort(), [id, second.id].sort());
      await update({ is_searchable: false });
      assert.deepEqual(await found('nebelh'), []);
      assert.equal((await service.get(second.id)).version, 1);
      await at.client.customFields.update(secret.id, { is_active: false });
    }
  });

  test('of very many records come into search by a job', async () => {
    const at = await server.newWorkspace();
    const field = await newField({ context: 'contact', name: 'note' }, at);
    await asRequest(
      `insert into contacts (firstname, custom_fields) select 'Many', '{"note": "Nebelhorn"}' from generate_series(1, 1010)`,
      [],
      at,
    );
    const found = async () => (await at.client.contacts.list({ search: 'nebelhorn', page_size: 1 })).pagination.total;
    await at.client.customFields.update(field.id, { is_searchable: true });
    assert.equal(await found(), 500);
    await server.app.worker.runDue();
    assert.equal(await found(), 1010);
  });

  test('are kept once more as rows, with their beginning as text or as a number', async () => {
    const at = await server.newWorkspace();
    const types = {
      words: { field_type: 'text' },
      amount: { field_type: 'number' },
      day: { field_type: 'date' },
      flag: { field_type: 'boolean' },
      one: { field_type: 'select', configuration: OPTIONS },
      some: { field_type: 'multi_select', configuration: OPTIONS },
    } as const;
    for (const [name, field] of Object.entries(types)) await newField({ name, ...(field as object) }, at);
    const values = { words: 'x'.repeat(300), amount: 1.5, day: '2026-01-31', flag: true, one: 'slate', some: ['tiles', 'slate'] };
    const lead = await newLead(values, at);
    const rows = async () =>
      (
        await server.database.asOwner(
          `select name, ordinal, text_key, number_key from lead_values v
           join custom_fields f on f.workspace_id = v.workspace_id and f.id = v.field_id where lead_id = $1 order by name, ordinal`,
          [lead.id],
        )
      ).map(({ name, ordinal, text_key, number_key }) => [name, ordinal, text_key ?? number_key]);
    const kept = [
      ['amount', 0, 1.5],
      ['day', 0, '2026-01-31'],
      ['flag', 0, 1],
      ['one', 0, 'slate'],
      ['some', 0, 'tiles'],
      ['some', 1, 'slate'],
      ['words', 0, 'x'.repeat(200)],
    ];
    assert.deepEqual(await rows(), kept);
    await at.client.leads.update(lead.id, { custom_fields: { some: ['metal'], flag: false, words: null } });
    assert.deepEqual(await rows(), [
      ['amount', 0, 1.5],
      ['day', 0, '2026-01-31'],
      ['flag', 0, 0],
      ['one', 0, 'slate'],
      ['some', 0, 'metal'],
    ]);
    for (const statement of [
      'delete from lead_values',
      `update lead_values set text_key = 'x'`,
      'insert into lead_values select * from lead_values',
    ]) {
      await assert.rejects(asRequest(statement, [], at), { code: '42501' }, statement);
    }
  });

  test('of two workspaces with fields of the same name stay apart', async () => {
    const [one, other] = [await server.newWorkspace(), await server.newWorkspace()];
    const ones = await newField({ name: 'size', field_type: 'number' }, one);
    const others = await newField({ name: 'size' }, other);
    assert.deepEqual((await newLead({ size: 5 }, one)).custom_fields, { size: 5 });
    const lead = await newLead({ size: 'Large' }, other);
    await assert.rejects(newLead({ size: 5 }, other), { code: 'VALIDATION_ERROR' });
    await assert.rejects(other.client.leads.setCustomField(lead.id, ones.id, { value: 5 }), { code: 'NOT_FOUND' });
    await one.client.customFields.delete(ones.id, { values: 'delete' });
    await one.client.customFields.create({
      context: 'lead',
      name: 'small',
      label: 'Small',
      field_type: 'text',
      is_active: false,
    });
    assert.deepEqual((await other.client.leads.get(lead.id)).custom_fields, { size: 'Large' });
    assert.equal((await other.client.customFields.get(others.id)).version, 1);
  });

  test('are set in an owner’s scope on what is in it', async () => {
    const at = await server.newWorkspace();
    const field = await newField({ name: 'roof', field_type: 'select', configuration: OPTIONS }, at);
    const { key } = await newKey(at);
    const token = await newEmbedToken(server, key, {
      owner_scope: at.member.userId,
      permissions: PERMISSIONS.filter((one) => !one.startsWith('workspace:')),
    });
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await server.fetch(
        `/api/v2${path}`,
        body === undefined ? { method, headers: bearing(token) } : json(method, body, bearing(token)),
      );
      return { status: response.status, ...(await response.json()) } as any;
    };
    const made = await call('POST', '/leads', { contact: { email: 'scoped@example.test' }, custom_fields: { roof: 'slate' } });
    assert.deepEqual([made.status, made.data.custom_fields], [201, { roof: 'slate' }]);
    const changed = await call('PUT', `/leads/${made.data.id}/custom-fields/${field.id}`, { value: 'tiles' });
    assert.deepEqual(changed.data.custom_fields, { roof: 'tiles' });
    const contactField = await newField({ name: 'size', context: 'contact', field_type: 'number' }, at);
    const contact = await call('PUT', `/contacts/${made.data.contact_id}/custom-fields/${contactField.id}`, { value: 2 });
    assert.deepEqual(contact.data.custom_fields, { size: 2 });
    const foreign = await newLead({ roof: 'metal' }, at);
    assert.equal((await call('PUT', `/leads/${foreign.id}/custom-fields/${field.id}`, { value: 'tiles' })).status, 404);
    assert.equal((await call('GET', '/custom-fields')).data.length, 2);
    assert.equal((await call('PATCH', `/custom-fields/${field.id}`, { label: 'X' })).status, 403);
    const [seen] = await server.database.db.unit(
      { role: 'app', workspaceId: at.id, actorId: at.member.userId, ownerScope: at.member.userId, requestId: 'test' },
      [{ sql: 'select text_key from lead_values', parameters: [] }],
    );
    assert.deepEqual(seen!.rows, [{ text_key: 'tiles' }]);
  });

  test('go with their record or their workspace when that is purged, and with nothing else', async () => {
    const field = await newField();
    const [gone, kept] = [await newLead({ [field.name]: 'Gone' }), await newLead({ [field.name]: 'Kept' })];
    await ours.client.leads.remove(gone.id);
    await server.database.asOwner(`update leads set deleted_at = now() - interval '31 days' where id = $1`, [gone.id]);
    while ((await server.app.purge()) > 0);
    const rows = await server.database.asOwner('select lead_id from lead_values where field_id = $1', [field.id]);
    assert.deepEqual(rows, [{ lead_id: kept.id }]);

    const at = await server.newWorkspace();
    await newField({ name: 'roof' }, at);
    await newLead({ roof: 'Flat' }, at);
    await server.database.asOwner(`update workspaces set deleted_at = now() - interval '31 days' where id = $1`, [at.id]);
    while ((await server.app.purge()) > 0);
    for (const table of ['workspaces', 'custom_fields', 'lead_values'])
      assert.deepEqual(
        await server.database.asOwner(`select 1 from ${table} where ${table === 'workspaces' ? 'id' : 'workspace_id'} = $1`, [
          at.id,
        ]),
        [],
        table,
      );
  });

  test('that come in while their field changes its type are values of the new type, or keep the old one', async () => {
    const rounds = engine === 'postgres' ? 20 : 3;
    for (let round = 0; round < rounds; round++) {
      const field = await newField();
      const [lead, ...writes] = [await newLead(), ...Array.from({ length: 4 }, (_, n) => n)];
      const contactId = lead.contact_id;
      const outcomes = await Promise.allSettled([
        ...writes
          .slice(0, 2)
          .map((n) => ours.client.leads.create({ contact_id: contactId, custom_fields: { [field.name]: `text ${n}` } })),
        ours.client.customFields.update(field.id, { field_type: 'number' }),
        ours.client.leads.update(lead.id, { custom_fields: { [field.name]: 'text' } }),
        ...writes.slice(2).map((n) => ours.client.leads.create({ contact_id: contactId, custom_fields: { [field.name]: n } })),
      ]);
      const { field_type } = await ours.client.customFields.get(field.id);
      const { data } = await ours.client.leads.list({ contact_id: contactId });
      const kinds = new Set(data.flatMap(({ custom_fields }) => Object.values(custom_fields).map((value) => typeof value)));
      kinds.delete(field_type === 'number' ? 'number' : 'string');
      assert.deepEqual([...kinds], [], `${field_type}: ${JSON.stringify(outcomes)}`);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.match(outcome.reason.code, /^(?:CONFLICT|VALIDATION_ERROR)$/);
      await retire(field);
    }
  });

  test('that come in while their field is deleted go with it', async () => {
    const rounds = engine === 'postgres' ? 20 : 3;
    for (let round = 0; round < rounds; round++) {
      const field = await newField();
      const lead = await newLead({ [field.name]: 'First' });
      await Promise.allSettled([
        newLead({ [field.name]: 'Second' }),
        ours.client.leads.update(lead.id, { custom_fields: { [field.name]: 'Changed' } }),
        ours.client.customFields.delete(field.id, { values: 'delete' }),
        newLead({ [field.name]: 'Third' }),
      ]);
      await server.app.worker.runDue();
      const left = await server.database.asOwner('select id from leads where custom_fields ? $1', [field.name]);
      assert.deepEqual(left, []);
      assert.deepEqual(await server.database.asOwner('select id from custom_fields where id = $1', [field.id]), []);
    }
  });
});
