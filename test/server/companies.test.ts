import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('companies', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const names = async (query: object, at = ours) =>
    (await at.client.companies.list({ sort_by: 'name', sort_order: 'asc', ...query })).data.map(({ name }) => name);

  test('are kept as they were sent', async () => {
    const given = {
      name: 'Größe & Söhne GmbH',
      industry: 'construction',
      website: 'https://groesse.example.test/start?a=1',
      employees: 120,
      phone_number: '+49 30 1234567',
      address_1: 'Hauptstraße 1',
      address_2: '2. Hof',
      city: 'Berlin',
      state: 'BE',
      zip_code: '10115',
      country: 'DE',
      tags: ['VIP', 'roof'],
      notes: 'Zeile eins\nZeile zwei 🌞',
    } as const;
    const made = await ours.client.companies.create({ ...given, tags: [...given.tags] });
    assert.deepEqual(await ours.client.companies.get(made.id), made);
    assert.partialDeepStrictEqual(made, {
      ...given,
      phone_number: '+49301234567',
      tags: ['VIP', 'roof'],
      version: 1,
      contacts_count: 0,
      open_lead_value: [],
      workspace_id: ours.id,
      created_by: ours.owner.userId,
      updated_by: ours.owner.userId,
    });
  });

  test('need a name and nothing else', async () => {
    const made = await ours.client.companies.create({ name: '  Plain  ' });
    assert.partialDeepStrictEqual(made, {
      name: 'Plain',
      industry: null,
      website: null,
      employees: null,
      phone_number: null,
      city: null,
      tags: [],
      notes: null,
    });
    for (const name of [undefined, null, '', '   ', 'x'.repeat(101), 7]) {
      await assert.rejects(
        ours.client.companies.create({ name } as any),
        (error: any) => error.code === 'VALIDATION_ERROR' && 'name' in error.details,
        String(name),
      );
    }
  });

  test('are refused with the name of every bad field', async () => {
    const wrong = {
      name: 'Wrong',
      industry: 'magic',
      website: 'javascript:alert(1)',
      employees: -1,
      phone_number: 'abc',
      country: 'XX',
      tags: [''],
      size: 'big',
    };
    await assert.rejects(ours.client.companies.create(wrong as any), (error: any) => {
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.deepEqual(Object.keys(error.details).sort(), [
        'country',
        'employees',
        'industry',
        'phone_number',
        'size',
        'tags.0',
        'website',
      ]);
      assert.equal(error.details.website, 'Website must be an address that starts with http:// or https://.');
      return true;
    });
    for (const website of [
      'data:text/html,x',
      'vbscript:x',
      'ftp://example.test',
      'example.test',
      '//example.test',
      ' java\tscript:x',
    ]) {
      await assert.rejects(ours.client.companies.create({ name: 'Wrong', website }), { code: 'VALIDATION_ERROR' }, website);
    }
    for (const employees of [1.5, '12', 2_147_483_648, Number.MAX_SAFE_INTEGER]) {
      await assert.rejects(
        ours.client.companies.create({ name: 'Wrong', employees } as any),
        { code: 'VALIDATION_ERROR' },
        String(employees),
      );
    }
    assert.deepEqual(await names({ search: 'Wrong' }), []);
  });

  test('refuse what only the system may set', async () => {
    for (const field of [
      'id',
      'workspace_id',
      'created_by',
      'updated_by',
      'version',
      'created_at',
      'deleted_at',
      'contacts_count',
      'search_text',
    ]) {
      await assert.rejects(
        ours.client.companies.create({ name: 'System', [field]: null } as any),
        { code: 'VALIDATION_ERROR' },
        field,
      );
    }
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const company = await ours.client.companies.create({ name: 'Inside' });
    assert.deepEqual(await names({}, theirs), []);
    assert.deepEqual(await names({ search: 'Inside' }, theirs), []);
    for (const call of [
      () => theirs.client.companies.get(company.id),
      () => theirs.client.companies.update(company.id, { name: 'Taken' }),
      () => theirs.client.companies.remove(company.id),
      () => theirs.client.companies.restore(company.id),
    ]) {
      await assert.rejects(call, { code: 'NOT_FOUND' }, String(call));
    }
    await theirs.client.companies.create({ name: 'Inside' });
    assert.equal((await ours.client.companies.get(company.id)).version, 1);
  });

  test('are seen by every member, written from member on, deleted from manager on', async () => {
    const company = await ours.member.client.companies.create({ name: 'Rights' });
    assert.equal((await ours.viewer.client.companies.get(company.id)).name, 'Rights');
    await assert.rejects(ours.viewer.client.companies.create({ name: 'No' }), {
      code: 'FORBIDDEN',
      message: /crm:companies:create/,
    });
    await assert.rejects(ours.viewer.client.companies.update(company.id, { city: 'Rom' }), {
      code: 'FORBIDDEN',
      message: /crm:companies:edit/,
    });
    assert.equal((await ours.member.client.companies.update(company.id, { city: 'Rom' })).city, 'Rom');
    await assert.rejects(ours.member.client.companies.remove(company.id), { code: 'FORBIDDEN', message: /crm:companies:delete/ });
    await ours.manager.client.companies.remove(company.id);
    await assert.rejects(ours.member.client.companies.restore(company.id), { code: 'FORBIDDEN' });
    assert.equal((await ours.manager.client.companies.restore(company.id)).name, 'Rights');
  });

  test('have a version that each change raises, and that no change leaves', async () => {
    const made = await ours.client.companies.create({ name: 'Versions', tags: ['a'], employees: 5 });
    assert.deepEqual(await ours.client.companies.update(made.id, { name: 'Versions', tags: ['a'], employees: 5 }), made);
    const changed = await ours.member.client.companies.update(made.id, { employees: null, notes: '', city: 'Wien' } as any);
    assert.partialDeepStrictEqual(changed, {
      version: 2,
      employees: null,
      notes: null,
      city: 'Wien',
      tags: ['a'],
      updated_by: ours.member.userId,
      created_by: ours.owner.userId,
    });
    await assert.rejects(ours.client.companies.update(made.id, { name: null } as any), { code: 'VALIDATION_ERROR' });
  });

  test('have a name that no other has, whatever its case', async () => {
    const first = await ours.client.companies.create({ name: 'Übermut AG' });
    const taken = { code: 'DUPLICATE', existingId: first.id, details: { name: 'Name is already taken.' } };
    await assert.rejects(ours.client.companies.create({ name: 'ÜBERMUT ag' }), taken);
    const second = await ours.client.companies.create({ name: 'Untermut AG' });
    await assert.rejects(ours.client.companies.update(second.id, { name: ' übermut AG ' }), taken);
    assert.equal((await ours.client.companies.update(first.id, { name: 'ÜBERMUT AG' })).name, 'ÜBERMUT AG');
  });

  test('made at the same moment with one name are one company', async () => {
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => ours.client.companies.create({ name: 'Race' })));
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of made)
      if (one.status === 'rejected') assert.equal(`${one.reason.code} ${Object.keys(one.reason.details)}`, 'DUPLICATE name');
  });

  test('named by contacts at the same moment are one company', async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, index) => ours.client.contacts.create({ firstname: `N${index}`, company: 'Named Once' })),
    );
    assert.equal(new Set(made.map(({ company_id }) => company_id)).size, 1);
    assert.equal((await ours.client.companies.get(made[0]!.company_id!)).contacts_count, 10);
  });

  test('count their contacts, without the deleted ones', async () => {
    const { id } = await ours.client.companies.create({ name: 'Counted' });
    const contact = await ours.client.contacts.create({ firstname: 'A', company_id: id });
    await ours.client.contacts.create({ firstname: 'B', company: 'counted', is_archived: true });
    assert.equal((await ours.client.companies.get(id)).contacts_count, 2);
    await ours.client.contacts.remove(contact.id);
    assert.equal((await ours.client.companies.get(id)).contacts_count, 1);
  });

  test('sum up what the active leads of their contacts are worth, by currency', async () => {
    const { id } = await ours.client.companies.create({ name: 'Worth Something' });
    const contact = await ours.client.contacts.create({ firstname: 'A', company_id: id });
    const worth = async () => (await ours.client.companies.get(id)).open_lead_value;
    const lead = (given: object) => ours.client.leads.create({ contact_id: contact.id, ...given });
    assert.deepEqual(await worth(), []);
    const [first] = [await lead({ lead_value: 10.1 }), await lead({ lead_value: 0.2 }), await lead({})];
    await lead({ lead_value: 3, currency: 'CHF' });
    await lead({ lead_value: 1000, status: 'lost' });
    await ours.client.leads.update((await lead({ lead_value: 1000 })).id, { is_archived: true });
    await ours.client.leads.remove((await lead({ lead_value: 1000 })).id);
    assert.deepEqual(await worth(), [
      { currency: 'CHF', value: 3 },
      { currency: 'EUR', value: 10.3 },
    ]);
    await ours.client.leads.update(first.id, { owner_id: ours.member.userId });
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    assert.deepEqual((await scoped.companies.get(id)).open_lead_value, [{ currency: 'EUR', value: 10.1 }]);
    const key = await keyed(server, ours, ['crm:companies:view']);
    assert.deepEqual((await key.companies.get(id)).open_lead_value, []);
    await ours.client.contacts.remove(contact.id);
    assert.deepEqual(await worth(), []);
  });

  test('show a new name on their contacts and in their search', async () => {
    const company = await ours.client.companies.create({ name: 'Oldname Works' });
    const contact = await ours.client.contacts.create({ firstname: 'Rena', company_id: company.id });
    await ours.client.companies.update(company.id, { name: 'Čerstvý Newname' });

    assert.partialDeepStrictEqual(await ours.client.contacts.get(contact.id), {
      company: 'Čerstvý Newname',
      company_id: company.id,
      version: 1,
    });
    const found = async (search: string) => (await ours.client.contacts.list({ search })).data.map(({ id }) => id);
    assert.deepEqual(await found('cerstvy newn'), [contact.id]);
    assert.deepEqual(await found('oldname'), []);
    assert.deepEqual(await names({ search: 'newname' }), ['Čerstvý Newname']);
    assert.deepEqual(await names({ search: 'oldname' }), []);
  });

  test('leave their contacts without one when deleted, and take them back when restored', async () => {
    const company = await ours.client.companies.create({ name: 'Comes Back', tags: ['backtag'] });
    const other = await ours.client.companies.create({ name: 'Elsewhere' });
    const [stays, moves, leaves] = await Promise.all(
      ['stays', 'moves', 'leaves'].map((firstname) => ours.client.contacts.create({ firstname, company_id: company.id })),
    );
    await ours.client.companies.remove(company.id);

    await assert.rejects(ours.client.companies.get(company.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.companies.update(company.id, { city: 'X' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.companies.remove(company.id), { code: 'NOT_FOUND' });
    assert.deepEqual(await names({ search: 'Comes Back' }), []);
    assert.deepEqual(await names({ tags: ['backtag'] }), []);
    assert.partialDeepStrictEqual(await ours.client.contacts.get(stays!.id), { company: null, company_id: null });
    assert.equal((await ours.client.contacts.list({ company_id: company.id })).pagination.total, 0);
    assert.equal((await ours.client.contacts.list({ search: 'comes back' })).pagination.total, 0);
    const unknown = { details: { company_id: 'Company id names a record that does not exist.' } };
    await assert.rejects(ours.client.contacts.create({ firstname: 'A', company_id: company.id }), unknown);
    await assert.rejects(ours.client.contacts.update(stays!.id, { company_id: company.id }), unknown);
    await ours.client.contacts.update(moves!.id, { company_id: other.id });
    await ours.client.contacts.update(leaves!.id, { company_id: null });

    const back = await ours.client.companies.restore(company.id);
    assert.partialDeepStrictEqual(back, { name: 'Comes Back', contacts_count: 1, version: 3, tags: ['backtag'] });
    assert.partialDeepStrictEqual(await ours.client.contacts.get(stays!.id), { company: 'Comes Back', company_id: company.id });
    assert.equal((await ours.client.contacts.get(moves!.id)).company_id, other.id);
    assert.equal((await ours.client.contacts.get(leaves!.id)).company_id, null);
    assert.deepEqual(
      (await ours.client.contacts.list({ search: 'comes back' })).data.map(({ id }) => id),
      [stays!.id],
    );
    assert.deepEqual(await names({ tags: ['BACKTAG'] }), ['Comes Back']);
    assert.deepEqual(await ours.client.companies.restore(company.id), back, 'a second time changes nothing');
  });

  test('of more than five hundred contacts bring a new name to the first at once, and to the others 500 at a time', async () => {
    const at = await server.newWorkspace();
    const company = await at.client.companies.create({ name: 'Big' });
    const { id: gone } = await at.client.contacts.create({ firstname: 'Gone', company_id: company.id });
    await at.client.contacts.remove(gone);
    await server.database.asOwner(
      `insert into contacts (workspace_id, firstname, company_id) select $1, 'Row ' || n, $2 from generate_series(1, 1100) n`,
      [at.id, company.id],
    );
    /** How many contacts show a name, those that are deleted included. */
    const shown = async (name: string | null) => {
      const [{ count }] = (await server.database.asOwner(
        'select count(*)::integer as count from contacts where workspace_id = $1 and company is not distinct from $2',
        [at.id, name],
      )) as [{ count: number }];
      return count;
    };
    const jobs = () => server.database.asOwner('select state, attempts from jobs where workspace_id = $1', [at.id]);
    assert.equal(await shown('Big'), 1101);
    await at.client.companies.update(company.id, { name: 'Bigger' });
    assert.equal(await shown('Bigger'), 500);
    assert.equal((await jobs()).length, 1);
    // Another change before the job begins adds none, and the last name is the one that stays.
    await at.client.companies.update(company.id, { name: 'Biggest' });
    assert.equal((await jobs()).length, 1);
    await server.app.worker.runDue();
    assert.equal(await shown('Biggest'), 1101);
    assert.equal((await at.client.contacts.list({ search: 'biggest', count: 'exact' })).pagination.total, 1100);
    assert.deepEqual(await jobs(), [{ state: 'done', attempts: 1 }]);

    await at.client.companies.remove(company.id);
    await at.client.companies.restore(company.id);
    await at.client.companies.remove(company.id);
    await server.app.worker.runDue();
    assert.equal(await shown(null), 1101);
    await at.client.companies.restore(company.id);
    await server.app.worker.runDue();
    assert.equal(await shown('Biggest'), 1101);
    assert.equal((await at.client.contacts.restore(gone)).company, 'Biggest');
    const [{ entries }] = (await server.database.asOwner(
      `select count(*)::integer as entries from audit_log where workspace_id = $1 and resource = 'contact'`,
      [at.id],
    )) as [{ entries: number }];
    assert.ok(entries < 1200, 'that a copy followed is no change of the contact');
  });

  test('leave their name free when deleted, and are not restored over who took it', async () => {
    const made = await ours.client.companies.create({ name: 'Free Again' });
    await ours.client.companies.remove(made.id);
    const next = await ours.client.companies.create({ name: 'free again' });
    await assert.rejects(ours.client.companies.restore(made.id), { code: 'DUPLICATE', existingId: next.id });
    const contact = await ours.client.contacts.create({ firstname: 'A', company: 'FREE AGAIN' });
    assert.equal(contact.company_id, next.id);
    await assert.rejects(ours.client.companies.restore(randomUUID()), { code: 'NOT_FOUND' });
  });

  test('are found by name and website, by what all words say', async () => {
    const at = await server.newWorkspace();
    await at.client.companies.create({ name: 'Ørsted Énergie', website: 'https://sun-power.example.test/de' });
    await at.client.companies.create({ name: 'Sunrise 100% Solar_Roof', website: 'https://rise.example.test' });
    await at.client.companies.create({ name: 'Groß & Klein', notes: 'sun' });
    const found = (search: string) => names({ search }, at);
    assert.deepEqual(await found('ENERGIE'), ['Ørsted Énergie']);
    assert.deepEqual(await found('sun'), ['Ørsted Énergie', 'Sunrise 100% Solar_Roof'].sort(new Intl.Collator().compare));
    assert.deepEqual(await found('sun solar'), ['Sunrise 100% Solar_Roof']);
    assert.deepEqual(await found('olar'), ['Sunrise 100% Solar_Roof'], 'three letters and more are found inside a word');
    assert.deepEqual(await found('kl'), ['Groß & Klein'], 'two letters are found where a word begins');
    assert.deepEqual(await found('le'), []);
    assert.deepEqual(await found('0%'), [], 'a sign of patterns is a sign like any other');
    assert.deepEqual(await found('100%'), ['Sunrise 100% Solar_Roof']);
    assert.deepEqual(await found('solar_roof'), ['Sunrise 100% Solar_Roof']);
    assert.deepEqual(await found('rise_100'), []);
    assert.equal((await found('')).length, 3);
  });

  test('are filtered by industry, tags and size', async () => {
    const at = await server.newWorkspace();
    const rows = [
      { name: 'A', industry: 'energy', employees: 1, tags: ['Solar'] },
      { name: 'B', industry: 'energy', employees: 10, tags: ['wind', 'VIP'] },
      { name: 'C', industry: 'retail', employees: 100, tags: [] },
      { name: 'D', employees: 0, tags: ['vip'] },
      { name: 'E', industry: 'legal' },
    ] as const;
    for (const { ...row } of rows) await at.client.companies.create(row as any);
    const found = (query: object) => names(query, at);
    assert.deepEqual(await found({ industry: ['energy'] }), ['A', 'B']);
    assert.deepEqual(await found({ industry: ['energy', 'legal'] }), ['A', 'B', 'E']);
    assert.deepEqual(await found({ tags: ['SOLAR'] }), ['A']);
    assert.deepEqual(await found({ tags: ['solar', 'vip'] }), ['A', 'B', 'D'], 'any of the tags');
    assert.deepEqual(await found({ tags: ['nothing'] }), []);
    assert.deepEqual(await found({ employees_min: 10 }), ['B', 'C'], 'bounds are inclusive');
    assert.deepEqual(await found({ employees_max: 10 }), ['A', 'B', 'D']);
    assert.deepEqual(await found({ employees_min: 1, employees_max: 99, industry: ['energy'], tags: ['vip'], search: 'b' }), [
      'B',
    ]);
    assert.deepEqual(
      (await at.client.companies.list({ sort_by: 'employees' })).data.map(({ name }) => name),
      ['C', 'B', 'A', 'D', 'E'],
      'those without come last',
    );
    assert.deepEqual(
      (await at.client.companies.list()).data.map(({ name }) => name),
      ['E', 'D', 'C', 'B', 'A'],
      'the newest first',
    );
    assert.deepEqual((await at.client.companies.list({ industry: ['energy'], employees_min: 2 })).filters, {
      industry: ['energy'],
      employees_min: 2,
    });
    for (const wrong of [{ industry: ['magic'] }, { employees_min: -1 }, { employees_max: 'many' }, { sort_by: 'notes' }]) {
      await assert.rejects(at.client.companies.list(wrong as any), { code: 'VALIDATION_ERROR' }, JSON.stringify(wrong));
    }
  });

  test("read a phone number as one of the workspace's country, unless it says another", async () => {
    const phone = async (phone_number: string) =>
      (await ours.client.companies.create({ name: `Phone ${phone_number}`, phone_number, country: 'AT' })).phone_number;
    assert.equal(await phone('030 1234567'), '+49301234567');
    assert.equal(await phone('+43 1 5123456'), '+4315123456');
    assert.equal(await phone('000-000'), '000-000', 'what is no number there is kept as it was typed');
    const made = await ours.client.companies.create({ name: 'Phone later' });
    assert.equal((await ours.client.companies.update(made.id, { phone_number: '(089) 123-4567' })).phone_number, '+49891234567');
  });
});
