import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('contacts', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const contact = await ours.client.contacts.create({ email: 'inside@example.test' });

    assert.deepEqual((await theirs.client.contacts.list()).data, []);
    await assert.rejects(theirs.client.contacts.get(contact.id), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.contacts.update(contact.id, { firstname: 'Eve' }), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.contacts.remove(contact.id), { code: 'NOT_FOUND' });
  });

  test('are kept as they were sent', async () => {
    const given = {
      firstname: 'Zoë',
      lastname: "O'Neil-Größ",
      email: 'Zoe.ONeil@Example.test',
      phone_number: '+49 30 1234567',
      address_1: 'Hauptstraße 1',
      address_2: '2. Hof',
      city: 'Berlin',
      state: 'BE',
      zip_code: '10115',
      country: 'DE',
      status: 'unsubscribed',
      type: 'partner',
      priority: 'high',
      is_favorite: true,
      tags: ['VIP', 'roof survey'],
      notes: 'Zeile eins\nZeile zwei 🌞',
      metadata: { plan: 'pro', seats: 3, nested: { a: [1, null] } },
    } as const;
    const made = await ours.client.contacts.create({ ...given, tags: [...given.tags] });
    const read = await ours.client.contacts.get(made.id);

    assert.deepEqual(read, made);
    assert.partialDeepStrictEqual(read, {
      ...given,
      phone_number: '+49301234567',
      name: "Zoë O'Neil-Größ",
      tags: ['VIP', 'roof survey'],
      version: 1,
      score: null,
      company: null,
      workspace_id: ours.id,
      created_by: ours.owner.userId,
      assignments: [],
    });
  });

  test('take a name in one piece and split it at the last word', async () => {
    const made = await ours.client.contacts.create({ name: '  Anna Maria   von Stein ' });
    assert.partialDeepStrictEqual(made, { firstname: 'Anna Maria von', lastname: 'Stein', name: 'Anna Maria von Stein' });
    assert.partialDeepStrictEqual(await ours.client.contacts.create({ name: 'Plato' }), { firstname: 'Plato', lastname: null });
    await assert.rejects(ours.client.contacts.create({ name: 'A B', firstname: 'A' }), { code: 'VALIDATION_ERROR' });
  });

  test('keep what was sent beside an empty name or company', async () => {
    const company = await ours.client.companies.create({ name: 'Beside' });
    const made = await ours.client.contacts.create({ name: '', firstname: 'Ada', company: '', company_id: company.id } as any);
    assert.partialDeepStrictEqual(made, { firstname: 'Ada', company: 'Beside' });
    assert.partialDeepStrictEqual(await ours.client.contacts.update(made.id, { company: null }), {
      company_id: null,
      company: null,
    });
  });

  test('need a name, an e-mail or a phone number, also after a change', async () => {
    await assert.rejects(ours.client.contacts.create({ city: 'Berlin' }), (error: any) => {
      assert.equal(error.details.email, 'At least one of firstname, lastname, email or phone_number is required.');
      return true;
    });
    const made = await ours.client.contacts.create({ email: 'only@example.test' });
    await assert.rejects(ours.client.contacts.update(made.id, { email: null }), { code: 'VALIDATION_ERROR' });
    assert.equal((await ours.client.contacts.update(made.id, { email: null, lastname: 'Kept' })).email, null);
  });

  test('are refused with the name of every bad field', async () => {
    await assert.rejects(
      ours.client.contacts.create({
        email: 'nonsense',
        phone_number: 'abc',
        country: 'XX',
        priority: 'urgent',
        surname: 'x',
        metadata: { a: 'x'.repeat(17_000) },
      } as any),
      (error: any) => {
        assert.deepEqual(Object.keys(error.details).sort(), [
          'country',
          'email',
          'metadata',
          'phone_number',
          'priority',
          'surname',
        ]);
        assert.equal(error.details.surname, 'There is no field called surname.');
        assert.equal(error.details.priority, 'Priority must be low, medium or high.');
        return true;
      },
    );
  });

  test('refuse what only the system may set', async () => {
    for (const field of ['id', 'workspace_id', 'created_by', 'updated_by', 'version', 'score', 'created_at', 'deleted_at']) {
      await assert.rejects(
        ours.client.contacts.create({ email: 'x@example.test', [field]: null } as any),
        { code: 'VALIDATION_ERROR' },
        field,
      );
    }
  });

  test('clear a field by null and by an empty string alike', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Ada', notes: 'x', city: 'Paris' });
    const changed = await ours.client.contacts.update(made.id, { notes: null, city: '' } as any);
    assert.partialDeepStrictEqual(changed, { notes: null, city: null, firstname: 'Ada', version: 2 });
  });

  test('have a version that each change raises, and that no change leaves', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Ada', tags: ['a'] });
    const same = await ours.client.contacts.update(made.id, { firstname: 'Ada', tags: ['a'] });
    assert.deepEqual(same, made);
    const changed = await ours.member.client.contacts.update(made.id, { tags: ['a', 'b'] });
    assert.partialDeepStrictEqual(changed, { version: 2, updated_by: ours.member.userId, created_by: ours.owner.userId });
  });

  test('have an e-mail and a phone number that no other has', async () => {
    const first = await ours.client.contacts.create({ email: 'Once@example.test', phone_number: '+4930555111' });
    const taken = { code: 'DUPLICATE', existingId: first.id, details: { email: 'Email is already taken.' } };
    await assert.rejects(ours.client.contacts.create({ email: 'oNCE@EXAMPLE.test' }), taken);
    await assert.rejects(ours.client.contacts.create({ firstname: 'B', phone_number: '030 555111' }), {
      code: 'DUPLICATE',
      existingId: first.id,
    });
    const second = await ours.client.contacts.create({ email: 'twice@example.test' });
    await assert.rejects(ours.client.contacts.update(second.id, { email: 'once@example.test' }), {
      code: 'DUPLICATE',
      existingId: first.id,
    });
    assert.equal((await ours.client.contacts.update(first.id, { email: 'ONCE@example.test' })).email, 'ONCE@example.test');
  });

  test('made at the same moment with one e-mail are one contact', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 10 }, () => ours.client.contacts.create({ email: 'race@example.test' })),
    );
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of made)
      if (one.status === 'rejected') assert.equal(`${one.reason.code} ${Object.keys(one.reason.details)}`, 'DUPLICATE email');
  });

  test('find their company by its name or make it', async () => {
    const [one, other] = await Promise.all([
      ours.client.contacts.create({ firstname: 'A', company: 'Acme Größe' }),
      ours.client.contacts.create({ firstname: 'B', company: 'ACME GRÖSSE' }),
    ]);
    const again = await ours.client.contacts.create({ firstname: 'C', company: 'acme größe' });
    assert.equal(again.company_id, one.company_id);
    assert.equal(again.company, 'Acme Größe');
    assert.notEqual(other.company_id, one.company_id);
    await assert.rejects(ours.client.contacts.create({ firstname: 'D', company: 'X', company_id: one.company_id! }), {
      code: 'VALIDATION_ERROR',
    });
  });

  test('go by their id in capitals too', async () => {
    const made = await ours.client.contacts.create({ email: 'capitals@example.test' });
    const id = made.id.toUpperCase();
    assert.equal((await ours.client.contacts.update(id, { email: 'Capitals@example.test' })).id, made.id);
    assert.equal((await ours.client.contacts.restore(id)).id, made.id);
  });

  test('never name a company that was deleted or renamed at the same moment', async () => {
    for (let round = 0; round < 15; round++) {
      const company = await ours.client.companies.create({ name: `Racing ${round}` });
      const change =
        round % 2
          ? ours.client.companies.remove(company.id)
          : ours.client.companies.update(company.id, { name: `Renamed ${round}` });
      await Promise.allSettled([
        ours.client.contacts.create({ firstname: 'Racer', company: `Racing ${round}` }),
        change,
        ours.client.contacts.create({ firstname: 'Racer', company_id: company.id }),
      ]);
    }
    const untrue = await server.database.asOwner(`
      select c.id from contacts c join companies k on k.workspace_id = c.workspace_id and k.id = c.company_id
      where c.company is distinct from case when k.deleted_at is null then k.name end`);
    assert.deepEqual(untrue, []);
  });

  test('and their company can be changed at the same moment by many, without one giving up', async () => {
    const company = await ours.client.companies.create({ name: 'Busy 0' });
    const contacts = await Promise.all(
      Array.from({ length: 6 }, () => ours.client.contacts.create({ firstname: 'Busy', company_id: company.id })),
    );
    const changes = contacts.flatMap(({ id }, number) => [
      ours.client.companies.update(company.id, { name: `Busy ${number + 1}` }),
      ours.client.contacts.update(id, { company: `Busy other ${number % 2}` }),
    ]);
    await Promise.all(changes);
  });

  test('refuse a company of another workspace', async () => {
    const theirs = await server.newWorkspace();
    const company = await theirs.client.companies.create({ name: 'Theirs' });
    await assert.rejects(ours.client.contacts.create({ firstname: 'A', company_id: company.id }), {
      details: { company_id: 'Company id names a record that does not exist.' },
    });
  });

  test('are gone from every answer when deleted, and back when restored', async () => {
    const made = await ours.client.contacts.create({ email: 'gone@example.test', firstname: 'Gone' });
    await ours.client.contacts.remove(made.id);

    await assert.rejects(ours.client.contacts.get(made.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.contacts.update(made.id, { firstname: 'X' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.contacts.remove(made.id), { code: 'NOT_FOUND' });
    assert.equal((await ours.client.contacts.list({ search: 'gone@example' })).pagination.total, 0);

    const back = await ours.client.contacts.restore(made.id);
    assert.partialDeepStrictEqual(back, { id: made.id, email: 'gone@example.test', version: 3 });
    assert.deepEqual(await ours.client.contacts.restore(made.id), back);
  });

  test('are not restored after thirty days, nor from another version than the present', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Old' });
    await ours.client.contacts.remove(made.id);
    await assert.rejects(ours.client.contacts.restore(made.id, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    await server.database.asOwner(`update contacts set deleted_at = now() - interval '31 days' where id = $1`, [made.id]);
    await assert.rejects(ours.client.contacts.restore(made.id), { code: 'NOT_FOUND' });
  });

  test('leave their e-mail free when deleted, and are not restored over who took it', async () => {
    const made = await ours.client.contacts.create({ email: 'free@example.test' });
    await ours.client.contacts.remove(made.id);
    const next = await ours.client.contacts.create({ email: 'free@example.test' });
    await assert.rejects(ours.client.contacts.restore(made.id), { code: 'DUPLICATE', existingId: next.id });
  });

  test('are assigned to members, once each', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Assigned' });
    await ours.client.contacts.assign(made.id, { user_id: ours.member.userId });
    const twice = await ours.client.contacts.assign(made.id, { user_id: ours.member.userId });
    assert.deepEqual(
      twice.assignments.map(({ user_id, email }) => ({ user_id, email })),
      [{ user_id: ours.member.userId, email: ours.member.email }],
    );

    assert.deepEqual(
      (await ours.member.client.contacts.list({ owner: 'me' })).data.map(({ id }) => id),
      [made.id],
    );
    assert.deepEqual(
      (await ours.client.contacts.list({ owner: ours.member.userId })).data.map(({ id }) => id),
      [made.id],
    );
    assert.ok(!(await ours.client.contacts.list({ owner: 'none', page_size: 100 })).data.some(({ id }) => id === made.id));

    await ours.client.contacts.unassign(made.id, ours.member.userId);
    assert.deepEqual((await ours.client.contacts.get(made.id)).assignments, []);
    await assert.rejects(ours.client.contacts.assign(made.id, { user_id: (await server.newWorkspace()).member.userId }), {
      code: 'VALIDATION_ERROR',
    });
  });

  test('count a tag once, whatever its case, and are found by it', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Tagged', tags: ['Größe', 'GRÖSSE', 'größe'] });
    assert.deepEqual(made.tags, ['Größe', 'GRÖSSE']);
    assert.deepEqual(
      (await ours.client.contacts.list({ tags: ['grösse', 'nothing'] })).data.map(({ id }) => id),
      [made.id],
    );
    await ours.client.contacts.update(made.id, { tags: [] });
    assert.equal((await ours.client.contacts.list({ tags: ['größe'] })).pagination.total, 0);
  });

  test('come with their leads but archived ones, the newest first, and fifty of each at most', async () => {
    const { id } = await ours.client.contacts.create({ email: 'detailed@example.test' });
    const first = await ours.client.leads.create({
      contact_id: id,
      title: 'First',
      lead_value: 12.5,
      owner_id: ours.member.userId,
    });
    const second = await ours.client.leads.create({ contact_id: id, title: 'Second' });
    await ours.client.leads.update((await ours.client.leads.create({ contact_id: id })).id, { is_archived: true });
    await ours.client.leads.remove((await ours.client.leads.create({ contact_id: id })).id);

    const { leads } = await ours.client.contacts.get(id);
    assert.deepEqual(
      leads.map((lead) => lead.id),
      [second.id, first.id],
    );
    const { stage } = await ours.client.leads.get(first.id);
    assert.partialDeepStrictEqual(leads[1], {
      title: 'First',
      status: 'new',
      stage: stage.name,
      stage_id: stage.id,
      lead_value: 12.5,
      currency: 'EUR',
      owner: { id: ours.member.userId, name: 'Test member' },
      is_active: true,
    });
    for (let number = 0; number < 51; number++) {
      await ours.client.leads.create({ contact_id: id });
      await ours.client.contacts.addActivity(id, { activity_type: 'note', subject: 'x' });
    }
    const full = await ours.client.contacts.get(id);
    assert.deepEqual([full.leads.length, full.activities.length], [50, 50]);
    const key = await keyed(server, ours, ['crm:contacts:view']);
    assert.partialDeepStrictEqual(await key.contacts.get(id), { leads: [], activities: [] });
  });

  test('tell on their timeline who made, changed and assigned them', async () => {
    const { id } = await ours.client.contacts.create({ firstname: 'Told' });
    await ours.member.client.contacts.update(id, { firstname: 'Told', city: 'Rome', tags: ['a'] });
    await ours.member.client.contacts.update(id, { city: 'Rome' });
    const user_id = ours.viewer.userId;
    await ours.client.contacts.assign(id, { user_id });
    await ours.client.contacts.assign(id, { user_id });
    await ours.client.contacts.unassign(id, user_id);
    const { data } = await ours.client.contacts.activities(id, { sort_by: 'created_at', sort_order: 'asc' });
    assert.deepEqual(
      data.map(({ activity_type, metadata, author }) => ({ activity_type, metadata, author: author!.id })),
      [
        { activity_type: 'system', metadata: { event: 'contact.created' }, author: ours.owner.userId },
        { activity_type: 'system', metadata: { event: 'contact.updated', fields: ['city', 'tags'] }, author: ours.member.userId },
        { activity_type: 'assignment', metadata: { event: 'contact.assigned', user_id }, author: ours.owner.userId },
        { activity_type: 'assignment', metadata: { event: 'contact.unassigned', user_id }, author: ours.owner.userId },
      ],
    );
  });
});

describe('contacts under a token with an owner scope', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const eventsOf = (recordId: string) =>
    server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by seq', [recordId]);

  test("are the owner's from the beginning, with a company that they bring along", async () => {
    const owner = ours.member.userId;
    const scoped = await embedded(server, ours, { owner_scope: owner });
    const made = await scoped.contacts.create({ email: 'scoped@example.test', company: 'Brought along', tags: ['a'] });
    assert.deepEqual(
      made.assignments.map(({ user_id }) => user_id),
      [owner],
    );
    assert.equal(made.company, 'Brought along');
    assert.equal((await scoped.companies.get(made.company_id!)).name, 'Brought along');
    assert.deepEqual(
      (await eventsOf(made.company_id!)).map(({ name, seen_by }) => [name, seen_by]),
      [['company.created', [owner]]],
    );
    assert.deepEqual(
      (await eventsOf(made.id)).map(({ name, seen_by }) => [name, seen_by]),
      [['contact.created', [owner]]],
    );
    const second = await scoped.contacts.create({ firstname: 'Second', company: 'BROUGHT ALONG' });
    assert.equal(second.company_id, made.company_id);
    assert.equal((await scoped.contacts.update(second.id, { company: 'Another' })).company, 'Another');
    assert.equal((await scoped.contacts.update(second.id, { company_id: made.company_id })).company, 'Brought along');
  });

  test('reach no company of others, by its name or its id, and make none without a contact', async () => {
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const unseen = await ours.client.companies.create({ name: 'Unseen', notes: 'secret' });
    const email = `${newId()}@example.test`;
    await assert.rejects(scoped.contacts.create({ email, company: 'unseen' }), {
      code: 'DUPLICATE',
      message: /^There is a company of this name that this credential does not see/,
    });
    await assert.rejects(scoped.contacts.create({ email, company_id: unseen.id }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(scoped.companies.create({ name: 'Alone' }), { code: 'FORBIDDEN', message: /name the company when/ });
    assert.equal((await ours.client.contacts.list({ search: email })).pagination.total, 0);
    assert.equal((await ours.client.companies.list({ search: 'Alone' })).pagination.total, 0);
  });
});
