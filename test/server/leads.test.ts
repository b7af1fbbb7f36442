import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Client } from '../../src/client/index.ts';
import { LEAD_STATUSES } from '../../src/contract/lead.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

let people = 0;
const newContact = (client: Client = ours.client) => client.contacts.create({ name: `Person ${++people}` });
const newLead = async (given: object = {}, client: Client = ours.client) =>
  client.leads.create({ contact_id: (await newContact()).id, ...given });

/** The events of a record, in their order. */
const eventsOf = (id: string) => owned('select name, data, seen_by, left_by from events where record_id = $1 order by seq', id);
const eventNames = async (id: string) => (await eventsOf(id)).map(({ name }) => name);
/** What the system wrote on a lead's timeline, in its order. */
const entriesOf = async (id: string) =>
  (await owned('select activity_type, metadata from activities where lead_id = $1 order by occurred_at, id', id)).map(
    ({ activity_type, metadata }) => [activity_type, metadata],
  );
const stageNamed = async (name: string, workspace = ours) => {
  const [pipeline] = (await workspace.client.pipelines.list()).data;
  return pipeline!.stages.find((stage) => stage.name === name)!;
};

describe('a new lead', () => {
  test('is kept as it was sent', async () => {
    const contact = await newContact();
    const given = {
      title: 'Roof survey',
      product_interest: 'A new roof',
      score: 'warm',
      score_value: 90,
      lead_value: 12_500.5,
      currency: 'CHF',
      budget: 0.01,
      timeline: 'this quarter',
      disposition: 'friendly',
      notes: 'Zeile eins\nZeile zwei 🌞',
      tags: ['VIP', 'roof'],
      owner_id: ours.member.userId,
      expected_close_date: '2026-02-28',
      is_qualified: true,
      attribution: { first: { utm_source: 'news', gclid: 'x' }, last: { page: '/roof' } },
    } as const;
    const made = await ours.client.leads.create({ ...given, tags: [...given.tags], contact_id: contact.id });
    assert.partialDeepStrictEqual(made, {
      ...given,
      tags: ['VIP', 'roof'],
      version: 1,
      workspace_id: ours.id,
      created_by: ours.owner.userId,
      contact: { id: contact.id, name: contact.name, email: null, phone_number: null, company_id: null, company: null },
      owner: { id: ours.member.userId, name: 'Test member', email: ours.member.email, avatar_url: null },
      is_archived: false,
      form_id: null,
      converted_at: null,
      last_contact_at: null,
    });
    const { source, stage, pipeline, stage_history, activities, appointments, deals, jobs, ...read } =
      await ours.client.leads.get(made.id);
    assert.deepEqual(read, made);
    assert.partialDeepStrictEqual(
      { source, stage, pipeline },
      { source: { name: 'Website' }, stage: { name: 'New lead' }, pipeline: { name: 'Sales' } },
    );
    assert.deepEqual(
      stage_history.map(({ from_stage, to_stage, person, seconds_in_stage }) => [
        from_stage,
        to_stage,
        person!.id,
        seconds_in_stage,
      ]),
      [[null, 'New lead', ours.owner.userId, null]],
    );
    assert.deepEqual(
      activities.map(({ activity_type, metadata, author }) => [activity_type, metadata, author!.id]),
      [['system', { event: 'lead.created' }, ours.owner.userId]],
    );
    assert.deepEqual([appointments, deals, jobs], [[], [], []]);
    assert.equal(made.last_activity_at, activities[0]!.occurred_at);
  });

  test('has what nobody said from the workspace, its contact and the default pipeline', async () => {
    const contact = await newContact();
    const made = await ours.client.leads.create({ contact_id: contact.id });
    const stage = await stageNamed('New lead');
    assert.partialDeepStrictEqual(made, {
      title: contact.name,
      currency: 'EUR',
      status: 'new',
      score: 'cold',
      score_value: 0,
      stage_id: stage.id,
      pipeline_id: stage.pipeline_id,
      owner: null,
      owner_id: null,
      is_active: true,
      is_qualified: false,
      is_closed_won: false,
      is_closed_lost: false,
      tags: [],
      attribution: {},
    });
  });

  test('is called after its product, its contact, or neither', async () => {
    assert.equal((await newLead({ product_interest: '🌞'.repeat(120) })).title, '🌞'.repeat(100));
    assert.equal((await newLead({ title: '', product_interest: 'Solar' })).title, 'Solar');
    const nameless = await ours.client.contacts.create({ email: `${newId()}@example.test` });
    assert.equal((await ours.client.leads.create({ contact_id: nameless.id })).title, 'Lead');
  });

  test('stands on top of its stage, which may be given by its id or by a status', async () => {
    const stage = await stageNamed('Contacted');
    const first = await newLead({ stage_id: stage.id });
    const second = await newLead({ status: 'contacted' });
    assert.equal(second.stage_id, stage.id);
    assert.ok(second.position < first.position);
    const qualified = await newLead({ stage_id: (await stageNamed('Proposal sent')).id });
    assert.partialDeepStrictEqual(qualified, { status: 'qualified', is_qualified: true, is_active: true });
    const lost = await newLead({ status: 'lost' });
    assert.partialDeepStrictEqual(lost, { status: 'lost', is_closed_lost: true, is_active: false });
  });

  test('has the band of its number, unless a band is sent', async () => {
    for (const [given, score, score_value] of [
      [{ score_value: 70 }, 'hot', 70],
      [{ score_value: 69 }, 'warm', 69],
      [{ score_value: 35 }, 'warm', 35],
      [{ score_value: 34 }, 'cold', 34],
      [{ score: 'hot' }, 'hot', 0],
      [{ score: 'cold', score_value: 99 }, 'cold', 99],
    ] as const)
      assert.partialDeepStrictEqual(await newLead(given), { score, score_value });
  });

  test('names its source by id, by name, or not at all; a new name makes a source', async () => {
    const referral = (await ours.client.leadSources.list()).data.find(({ name }) => name === 'Referral')!;
    assert.equal((await newLead({ source_id: referral.id })).source_id, referral.id);
    assert.equal((await newLead({ source: 'rEFERRAL' })).source_id, referral.id);
    assert.equal((await newLead({ source_id: null })).source_id, null);
    const made = await newLead({ source: 'Trade fair' });
    assert.equal((await ours.client.leadSources.get(made.source_id!)).name, 'Trade fair');
    await assert.rejects(newLead({ source_id: newId() }), {
      code: 'VALIDATION_ERROR',
      details: { source_id: 'Source id names a record that does not exist.' },
    });
    assert.equal((await newLead({ source: 'trade FAIR' }, ours.member.client)).source_id, made.source_id);
    await assert.rejects(newLead({ source: 'Unheard of' }, ours.member.client), {
      code: 'FORBIDDEN',
      message: /workspace:pipelines/,
    });
  });

  test('has the website as its source only where there is one', async () => {
    const workspace = await server.newWorkspace();
    for (const source of (await workspace.client.leadSources.list()).data) await workspace.client.leadSources.remove(source.id);
    const contact = await newContact(workspace.client);
    assert.equal((await workspace.client.leads.create({ contact_id: contact.id })).source_id, null);
  });

  test('needs a contact that is there', async () => {
    const notFound = { code: 'VALIDATION_ERROR', details: { contact_id: 'Contact id names a record that does not exist.' } };
    await assert.rejects(ours.client.leads.create({ contact_id: newId() }), notFound);
    const contact = await newContact();
    await ours.client.contacts.remove(contact.id);
    await assert.rejects(ours.client.leads.create({ contact_id: contact.id }), notFound);
    await assert.rejects(ours.client.leads.create({}), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ours.client.leads.create({ contact_id: contact.id, contact: { name: 'Ada' } }), {
      code: 'VALIDATION_ERROR',
    });
  });

  test('is told of once, and once more to whom it is given', async () => {
    const made = await newLead({ owner_id: ours.member.userId });
    const events = await eventsOf(made.id);
    assert.deepEqual(
      events.map(({ name, data, seen_by, left_by }) => [name, data, seen_by, left_by]),
      [
        ['lead.created', made, [ours.member.userId], []],
        ['lead.assigned', made, [ours.member.userId], []],
      ],
    );
    assert.deepEqual(await eventNames((await newLead()).id), ['lead.created']);
  });

  test('refuses what only the system may set', async () => {
    for (const field of [
      'id',
      'workspace_id',
      'version',
      'created_by',
      'position',
      'converted_at',
      'last_activity_at',
      'is_closed_won',
      'form_id',
      'stage_entered_at',
    ])
      await assert.rejects(newLead({ [field]: null }), { code: 'VALIDATION_ERROR' }, field);
  });

  test('is counted in the totals and in its contact’s score', async () => {
    const workspace = await server.newWorkspace();
    const contact = await newContact(workspace.client);
    await workspace.client.leads.create({ contact_id: contact.id, score_value: 40 });
    await workspace.client.leads.create({ contact_id: contact.id, score_value: 80 });
    assert.equal((await workspace.client.contacts.get(contact.id)).score, 80);
    assert.deepEqual(await workspace.client.leads.stats(), { total: 2, new: 2, qualified: 0, hot: 1, warm: 1, cold: 0 });
  });
});

describe('a lead of a contact that is described', () => {
  const address = () => `${newId()}@example.test`;
  const create = (contact: object, client: Client = ours.client) => client.leads.create({ contact } as any);

  test('finds it by its e-mail, and by its phone number where it has none', async () => {
    const email = address();
    const byMail = await ours.client.contacts.create({ email, phone_number: '+49 30 7654321' });
    assert.equal((await create({ email: email.toUpperCase(), phone_number: '+49 30 1111111' })).contact_id, byMail.id);
    assert.equal((await create({ phone_number: '030 7654321' })).contact_id, byMail.id);
    assert.notEqual((await create({ email: address() })).contact_id, byMail.id);
  });

  test('creates it where there is none, and tells of it', async () => {
    const email = address();
    const made = await create({ name: 'Ada Lovelace', email, company: 'Engines' });
    assert.partialDeepStrictEqual(made.contact, { name: 'Ada Lovelace', email, company: 'Engines' });
    // Its first lead gives it a score.
    assert.deepEqual(await eventNames(made.contact_id), ['contact.created', 'contact.updated']);
    assert.equal(made.title, 'Ada Lovelace');
  });

  test('fills what it lacks, and leaves what it has', async () => {
    const email = address();
    const known = await ours.client.contacts.create({ email, firstname: 'Ada', city: 'Paris', tags: ['kept'] });
    const described = {
      email,
      firstname: 'Eve',
      lastname: 'Other',
      city: 'Rome',
      notes: 'new',
      tags: ['other'],
      company: 'Filled in',
    };
    await create(described);
    assert.partialDeepStrictEqual(await ours.client.contacts.get(known.id), {
      firstname: 'Ada',
      lastname: 'Other',
      city: 'Paris',
      notes: 'new',
      tags: ['kept'],
      company: 'Filled in',
      version: 2,
    });
    assert.deepEqual(await eventNames(known.id), ['contact.created', 'contact.updated', 'contact.updated']);
    await create({ ...described, company: 'Another' });
    assert.equal((await ours.client.contacts.get(known.id)).version, 2);
  });

  test('leaves a phone number that another contact has', async () => {
    const phone_number = '+49 30 9999001';
    await ours.client.contacts.create({ phone_number });
    const known = await ours.client.contacts.create({ email: address() });
    const made = await create({ email: known.email, phone_number });
    assert.partialDeepStrictEqual(made.contact, { id: known.id, phone_number: null });
    await assert.rejects(create({ email: address(), phone_number }), {
      code: 'DUPLICATE',
      details: { 'contact.phone_number': 'Contact phone number is already taken.' },
    });
  });

  test('creates one contact for many at once, also in several stages', async () => {
    const email = address();
    const made = await Promise.all(LEAD_STATUSES.map((status) => ours.client.leads.create({ contact: { email }, status })));
    assert.equal(new Set(made.map(({ contact_id }) => contact_id)).size, 1);
  });

  test('needs the permission to create it, or to fill it', async () => {
    const known = await ours.client.contacts.create({ email: address() });
    const client = await keyed(server, ours, ['crm:leads:create', 'crm:leads:view']);
    assert.equal((await create({ email: known.email, firstname: 'Ada' }, client)).contact_id, known.id);
    assert.equal((await ours.client.contacts.get(known.id)).firstname, null);
    await assert.rejects(create({ email: address() }, client), { code: 'FORBIDDEN', message: /crm:contacts:create/ });
  });

  test('says of a wrong one where it is wrong', async () => {
    await assert.rejects(create({ email: 'nonsense' }), {
      details: { 'contact.email': 'Contact email must be an e-mail address like name@example.com.' },
    });
    await assert.rejects(create({ name: 'Ada', company_id: newId() }), {
      code: 'VALIDATION_ERROR',
      details: { 'contact.company_id': 'Contact company id names a record that does not exist.' },
    });
  });
});

describe('changing a lead', () => {
  test('changes what is sent and clears by null and by an empty string alike', async () => {
    const made = await newLead({
      title: 'Old',
      product_interest: 'Solar',
      notes: 'x',
      budget: 5,
      lead_value: 7,
      expected_close_date: '2026-05-01',
    });
    const changed = await ours.client.leads.update(made.id, {
      notes: null,
      budget: '',
      expected_close_date: null,
      lead_value: 0,
    } as any);
    assert.deepEqual(
      { ...changed, updated_at: '', last_activity_at: '' },
      {
        ...made,
        notes: null,
        budget: null,
        expected_close_date: null,
        lead_value: 0,
        version: 2,
        updated_at: '',
        last_activity_at: '',
      },
    );
    assert.equal((await ours.client.leads.update(made.id, { title: null })).title, 'Solar');
  });

  test('is told with the fields that changed', async () => {
    const made = await newLead({ tags: ['a'], lead_value: 10 });
    const changed = await ours.client.leads.update(made.id, { tags: ['a', 'b'], lead_value: 11, title: made.title });
    const events = await eventsOf(made.id);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['lead.created', 'lead.updated'],
    );
    assert.deepEqual(events[1].data, changed);
    const [, entry] = await entriesOf(made.id);
    assert.equal(entry![0], 'system');
    assert.deepEqual(
      { ...entry![1], fields: entry![1].fields.toSorted() },
      { event: 'lead.updated', fields: ['lead_value', 'tags'] },
    );
  });

  test('to what it is already changes and tells nothing', async () => {
    const made = await newLead({
      tags: ['a'],
      lead_value: 10.25,
      expected_close_date: '2026-05-01',
      attribution: { first: { page: '/' } },
    });
    const same = {
      tags: ['a'],
      lead_value: 10.25,
      expected_close_date: '2026-05-01',
      attribution: { first: { page: '/' } },
      status: 'new',
      owner_id: null,
    };
    assert.deepEqual(await ours.client.leads.update(made.id, same as any), made);
    assert.deepEqual(await eventNames(made.id), ['lead.created']);
    assert.equal((await entriesOf(made.id)).length, 1);
  });

  test('scores by a number, a band, or both', async () => {
    const made = await newLead();
    const { setScore } = ours.client.leads;
    assert.partialDeepStrictEqual(await setScore(made.id, { score_value: 71 }), { score: 'hot', score_value: 71 });
    assert.partialDeepStrictEqual(await setScore(made.id, { score: 'cold' }), { score: 'cold', score_value: 71 });
    assert.partialDeepStrictEqual(await setScore(made.id, { score: 'warm', score_value: 5 }), { score: 'warm', score_value: 5 });
    assert.equal((await ours.client.contacts.get(made.contact_id)).score, 5);
    await assert.rejects(setScore(made.id, {}), { code: 'VALIDATION_ERROR' });
  });

  test('to another stage or status moves it, with the other fields in one version', async () => {
    const made = await newLead();
    const stage = await stageNamed('Proposal sent');
    const moved = await ours.client.leads.update(made.id, { stage_id: stage.id, notes: 'sent', is_qualified: false });
    assert.partialDeepStrictEqual(moved, {
      stage_id: stage.id,
      status: 'qualified',
      notes: 'sent',
      is_qualified: false,
      version: 2,
    });
    assert.deepEqual(await eventNames(made.id), ['lead.created', 'lead.moved_to_stage', 'lead.updated']);
    const lost = await ours.client.leads.update(made.id, { status: 'lost' });
    assert.partialDeepStrictEqual(lost, { status: 'lost', is_closed_lost: true, is_active: false });
    assert.deepEqual(
      (await ours.client.leads.get(made.id)).stage_history.map(({ to_stage }) => to_stage),
      ['Lost', 'Proposal sent', 'New lead'],
    );
    await assert.rejects(ours.client.leads.update(made.id, { is_active: true }), { code: 'CONFLICT' });
    assert.equal((await ours.client.leads.update(made.id, { is_active: true, status: 'new' })).is_active, true);
  });

  test('to another contact takes its activities and score along', async () => {
    const made = await newLead({ score_value: 60 });
    const other = await newContact();
    const changed = await ours.client.leads.update(made.id, { contact_id: other.id });
    assert.deepEqual([changed.contact.name, changed.contact_id], [other.name, other.id]);
    assert.equal((await ours.client.contacts.get(other.id)).score, 60);
    assert.equal((await ours.client.contacts.get(made.contact_id)).score, null);
    assert.deepEqual(await owned('select distinct contact_id from activities where lead_id = $1', made.id), [
      { contact_id: other.id },
    ]);
    await assert.rejects(ours.client.leads.update(made.id, { contact_id: newId() }), {
      details: { contact_id: 'Contact id names a record that does not exist.' },
    });
  });

  test('archives it out of lists and totals, and back', async () => {
    const workspace = await server.newWorkspace();
    const { leads } = workspace.client;
    const made = await leads.create({ contact: { name: 'Ada' }, score_value: 50 });
    await leads.update(made.id, { is_archived: true });
    assert.deepEqual((await leads.list()).data, []);
    assert.equal((await leads.list()).pagination.total, 0);
    assert.equal((await leads.list({ is_archived: true })).data[0]!.id, made.id);
    assert.equal((await leads.stats()).total, 0);
    assert.equal((await leads.stats({ is_archived: true })).total, 1);
    await leads.update(made.id, { is_archived: false });
    assert.equal((await leads.list()).pagination.total, 1);
  });

  test('from another version than the present is refused', async () => {
    const made = await newLead();
    await ours.client.leads.update(made.id, { notes: 'newer' });
    const stale = await server.fetch(
      `/api/v2/leads/${made.id}`,
      json('PATCH', { notes: 'stale' }, { ...bearing(ours.owner.token), 'If-Match': '"1"' }),
    );
    assert.equal(stale.status, 412);
    assert.partialDeepStrictEqual(await stale.json(), { code: 'VERSION_MISMATCH', current: { notes: 'newer', version: 2 } });
    await ours.client.workspace.update({ policies: { require_if_match: true } });
    try {
      for (const call of [() => ours.client.leads.update(made.id, { notes: 'x' }), () => ours.client.leads.remove(made.id)])
        await assert.rejects(call(), { code: 'VERSION_REQUIRED' });
    } finally {
      const { version } = await ours.client.workspace.get();
      await owned(`update workspaces set policies = '{}' where id = $1 and version = $2`, ours.id, version);
      server.later(6_000);
    }
  });
});

describe('the owner of a lead', () => {
  test('is a member, and whoever was it before is told apart', async () => {
    const made = await newLead({ owner_id: ours.member.userId });
    const given = await ours.client.leads.update(made.id, { owner_id: ours.manager.userId });
    assert.equal(given.owner!.id, ours.manager.userId);
    const events = await eventsOf(made.id);
    assert.deepEqual(
      events.slice(2).map(({ name, seen_by, left_by }) => [name, seen_by, left_by]),
      [['lead.assigned', [ours.manager.userId], [ours.member.userId]]],
    );
    assert.deepEqual((await entriesOf(made.id)).at(-1), [
      'assignment',
      { event: 'lead.assigned', from: ours.member.userId, to: ours.manager.userId },
    ]);
    assert.equal((await ours.client.leads.update(made.id, { owner_id: null })).owner, null);
    const nobody = { code: 'VALIDATION_ERROR', details: { owner_id: 'Owner id names a record that does not exist.' } };
    await assert.rejects(ours.client.leads.update(made.id, { owner_id: newId() }), nobody);
    await assert.rejects(newLead({ owner_id: newId() }), nobody);
  });

  test('alone changes it, where they are a member; nobody’s lead may be claimed', async () => {
    const { leads } = ours.member.client;
    const others = await newLead({ owner_id: ours.manager.userId });
    const refused = { code: 'FORBIDDEN', message: /belongs to somebody else/ };
    await assert.rejects(leads.update(others.id, { notes: 'x' }), refused);
    await assert.rejects(leads.setScore(others.id, { score: 'hot' }), refused);
    await assert.rejects(leads.update(others.id, { status: 'lost' }), refused);
    await assert.rejects(leads.update(newId(), { notes: 'x' }), { code: 'NOT_FOUND' });
    assert.equal((await leads.get(others.id)).notes, null);

    const nobodys = await newLead();
    assert.equal((await leads.update(nobodys.id, { notes: 'x' })).notes, 'x');
    await assert.rejects(leads.update(nobodys.id, { owner_id: ours.viewer.userId }), {
      code: 'FORBIDDEN',
      message: /for themselves only/,
    });
    assert.equal((await leads.update(nobodys.id, { owner_id: ours.member.userId })).owner_id, ours.member.userId);
    await assert.rejects(leads.update(nobodys.id, { owner_id: null }), { code: 'FORBIDDEN' });
    await assert.rejects(newLead({ owner_id: ours.manager.userId }, ours.member.client), { code: 'FORBIDDEN' });
    assert.equal((await newLead({ owner_id: ours.member.userId }, ours.member.client)).owner_id, ours.member.userId);
  });

  test('is given by those who may assign', async () => {
    const client = await keyed(server, ours, ['crm:leads:view', 'crm:leads:create', 'crm:leads:edit']);
    await assert.rejects(newLead({ owner_id: ours.member.userId }, client), { code: 'FORBIDDEN', message: /crm:leads:assign/ });
    const made = await newLead({}, client);
    await assert.rejects(client.leads.update(made.id, { owner_id: ours.member.userId }), {
      code: 'FORBIDDEN',
      message: /crm:leads:assign/,
    });
  });

  test('is the one whose leads a token sees, and stays so', async () => {
    const scope = ours.member.userId;
    const permissions = [
      'crm:leads:view',
      'crm:leads:create',
      'crm:leads:edit',
      'crm:leads:assign',
      'crm:contacts:create',
      'crm:contacts:view',
    ] as const;
    const { leads } = await embedded(server, ours, { owner_scope: scope, permissions: [...permissions] });
    const others = await newLead({ owner_id: ours.manager.userId });
    await assert.rejects(leads.get(others.id), { code: 'NOT_FOUND' });
    await assert.rejects(leads.create({ contact_id: others.contact_id }), {
      details: { contact_id: 'Contact id names a record that does not exist.' },
    });
    const made = await leads.create({ contact: { name: 'In scope' }, score_value: 30 });
    assert.partialDeepStrictEqual(made, { owner_id: scope, title: 'In scope', contact: { name: 'In scope' } });
    for (const owner_id of [null, ours.manager.userId])
      await assert.rejects(leads.update(made.id, { owner_id }), { code: 'FORBIDDEN', message: /one owner's leads only/ });
    const { data, pagination } = await leads.list();
    assert.ok(data.every(({ owner_id }) => owner_id === scope));
    assert.equal(pagination.total, data.length);
    assert.equal((await leads.stats()).total, data.length);
  });
});

describe('a deleted lead', () => {
  test('is gone from everywhere, with its activities, and comes back on top', async () => {
    const workspace = await server.newWorkspace();
    const { leads } = workspace.client;
    const first = await leads.create({ contact: { name: 'Ada' }, score_value: 80, owner_id: workspace.member.userId });
    await leads.remove(first.id);
    await assert.rejects(leads.get(first.id), { code: 'NOT_FOUND' });
    await assert.rejects(leads.update(first.id, { notes: 'x' }), { code: 'NOT_FOUND' });
    assert.equal((await leads.list()).pagination.total, 0);
    assert.equal((await workspace.client.contacts.get(first.contact_id)).score, null);
    assert.ok((await workspace.client.activities.list()).data.every(({ lead_id }) => lead_id === null));
    const gone = (await eventsOf(first.id)).at(-1);
    assert.deepEqual([gone.name, gone.data, gone.seen_by], ['lead.deleted', { id: first.id }, [workspace.member.userId]]);

    const second = await leads.create({ contact_id: first.contact_id });
    const back = await leads.restore(first.id);
    assert.ok(back.position < second.position);
    assert.equal(back.version, 3);
    assert.deepEqual(
      (await leads.get(first.id)).activities.map(({ metadata }) => metadata),
      [{ event: 'lead.restored' }, { event: 'lead.created' }],
    );
    assert.equal((await workspace.client.contacts.get(first.contact_id)).score, 80);
    assert.deepEqual(await eventNames(first.id), ['lead.created', 'lead.assigned', 'lead.deleted', 'lead.updated']);
    assert.deepEqual({ ...(await leads.restore(first.id)) }, back);
  });

  test('comes back for thirty days, and not without its contact', async () => {
    const made = await newLead();
    await ours.client.leads.remove(made.id);
    await ours.client.contacts.remove(made.contact_id);
    await assert.rejects(ours.client.leads.restore(made.id), { code: 'CONFLICT', message: /restore the contact first/ });
    await ours.client.contacts.restore(made.contact_id);
    await assert.rejects(ours.client.leads.get(made.id), { code: 'NOT_FOUND' });
    await owned(`update leads set deleted_at = now() - interval '31 days' where id = $1`, made.id);
    await assert.rejects(ours.client.leads.restore(made.id), { code: 'NOT_FOUND' });
  });

  test('goes with its contact and comes back with it, and is told both times', async () => {
    const made = await newLead({ owner_id: ours.member.userId });
    const before = await newLead({ contact_id: made.contact_id });
    await ours.client.leads.remove(before.id);
    await ours.client.contacts.remove(made.contact_id);
    await assert.rejects(ours.client.leads.get(made.id), { code: 'NOT_FOUND' });
    await ours.client.contacts.restore(made.contact_id);
    assert.equal((await ours.client.leads.get(made.id)).title, made.title);
    await assert.rejects(ours.client.leads.get(before.id), { code: 'NOT_FOUND' });
    assert.deepEqual(await eventNames(made.id), ['lead.created', 'lead.assigned', 'lead.deleted', 'lead.updated']);
    assert.deepEqual(await eventNames(before.id), ['lead.created', 'lead.deleted']);
  });

  test('comes back into a full stage', async () => {
    const workspace = await server.newWorkspace();
    const stage = await stageNamed('Contacted', workspace);
    await workspace.client.pipelines.updateStage(stage.pipeline_id, stage.id, { wip_limit: 1 });
    const made = await workspace.client.leads.create({ contact: { name: 'Ada' }, stage_id: stage.id });
    await workspace.client.leads.remove(made.id);
    await workspace.client.leads.create({ contact: { name: 'Bob' }, stage_id: stage.id });
    await assert.rejects(workspace.client.leads.create({ contact: { name: 'Cid' }, stage_id: stage.id }), { code: 'CONFLICT' });
    assert.equal(
      (await workspace.client.leads.create({ contact: { name: 'Cid' }, stage_id: stage.id, force: true })).stage_id,
      stage.id,
    );
    assert.equal((await workspace.client.leads.restore(made.id)).stage_id, stage.id);
  });
});

test('reading a lead shows no activities to those who may not see any', async () => {
  const made = await newLead();
  const client = await keyed(server, ours, ['crm:leads:view']);
  assert.deepEqual((await client.leads.get(made.id)).activities, []);
});
