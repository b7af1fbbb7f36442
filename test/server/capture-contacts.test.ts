import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FormDefinition, FormField } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { rankBetween } from '../../src/core/ranks.ts';
import { allowPage, proofFor, publish, submit } from '../support/capture-form.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
  await allowPage(workspace);
});

const field = (id: string, maps_to: string, more: Partial<FormField> = {}): FormField => ({
  id,
  type: 'text',
  label: id,
  maps_to,
  ...more,
});
const WHO = [
  field('first', 'contact.firstname'),
  field('last', 'contact.lastname'),
  field('email', 'contact.email', { type: 'email' }),
  field('phone', 'contact.phone_number', { type: 'tel' }),
  field('company', 'contact.company', { max_length: 300 }),
  field('city', 'contact.city'),
];
const formOf = (more: readonly FormField[] = [], rest: Partial<FormDefinition> = {}): Promise<string> =>
  publish(server.database, workspace, { ...rest, steps: [{ id: 'one', fields: [...WHO, ...more] }] });

const email = () => `${newId()}@example.test`;
let dialled = 1_000_000;
const phone = () => `+4930${++dialled}`;

/** Sends answers, and tells what became of them. */
async function captured(formId: string, answers: Record<string, any>) {
  const { status, body } = await submit(server, formId, { answers, proof: await proofFor(server, formId) });
  assert.equal(status, 201, JSON.stringify(body));
  const submission = await workspace.client.submissions.get(body.data.id);
  const contact = submission.contact_id === null ? undefined : await workspace.client.contacts.get(submission.contact_id);
  const lead = submission.lead_id === null ? undefined : await workspace.client.leads.get(submission.lead_id);
  return { submission, contact, lead };
}

describe('a visitor', () => {
  test('who is known by their e-mail keeps what is known, and gains what was missing', async () => {
    const formId = await formOf();
    const mail = email();
    const known = await workspace.client.contacts.create({ email: mail, firstname: 'Ada', company: 'Engines' });
    const number = phone();
    const { submission, contact, lead } = await captured(formId, {
      email: mail.toUpperCase(),
      first: 'Eve',
      last: 'Lovelace',
      company: 'Others',
      city: 'London',
      phone: number,
    });
    assert.equal(contact!.id, known.id);
    assert.partialDeepStrictEqual(contact!, {
      firstname: 'Ada',
      lastname: 'Lovelace',
      company: 'Engines',
      city: 'London',
      phone_number: number,
      email: mail,
    });
    assert.deepEqual(submission.not_mapped, { first: 'present', company: 'present' });
    assert.equal(lead!.contact_id, known.id);
    assert.equal(lead!.contact.name, 'Ada Lovelace');
  });

  test('who gives no e-mail is known by their phone number, however it is written', async () => {
    const number = phone();
    const known = await workspace.client.contacts.create({ phone_number: number });
    const { contact } = await captured(await formOf(), { phone: `0${number.slice(3)}`, last: 'Byron' });
    assert.equal(contact!.id, known.id);
    assert.equal(contact!.lastname, 'Byron');
  });

  test('is told by their e-mail where the phone number is somebody else’s, which then stays in the submission', async () => {
    const number = phone();
    const other = await workspace.client.contacts.create({ phone_number: number });
    const { submission, contact } = await captured(await formOf(), { email: email(), phone: number });
    assert.notEqual(contact!.id, other.id);
    assert.equal(contact!.phone_number, null);
    assert.deepEqual(submission.not_mapped, { phone: 'taken' });
    assert.equal(submission.answers['phone'], number);
  });

  test('who was deleted is a new contact, and one who was merged is the survivor', async () => {
    const formId = await formOf();
    const [gone, mine, theirs] = [email(), email(), email()];
    const deleted = await workspace.client.contacts.create({ email: gone });
    await workspace.client.contacts.remove(deleted.id);
    const survivor = await workspace.client.contacts.create({ email: mine });
    const other = await workspace.client.contacts.create({ email: theirs });
    const before = await captured(formId, { email: theirs });
    assert.equal(before.contact!.id, other.id);
    await workspace.client.contacts.merge(survivor.id, { contact_id: other.id });
    assert.notEqual((await captured(formId, { email: gone })).contact!.id, deleted.id);
    assert.equal((await captured(formId, { email: mine })).contact!.id, survivor.id);
    assert.equal((await workspace.client.submissions.get(before.submission.id)).contact_id, survivor.id);
  });

  test('who tells nobody from anybody leaves a submission and no lead', async () => {
    const { submission, contact } = await captured(await formOf(), { city: 'London' });
    assert.equal(submission.state, 'accepted');
    assert.equal(contact, undefined);
    assert.equal(submission.lead_id, null);
  });

  test('whose open lead is of the same form adds an entry to it, and a lead once it is closed or of another form', async () => {
    const [formId, other] = [await formOf(), await formOf()];
    const mail = email();
    const first = await captured(formId, { email: mail });
    const second = await captured(formId, { email: mail, city: 'Paris' });
    assert.equal(second.lead!.id, first.lead!.id);
    assert.deepEqual(
      second
        .lead!.activities.filter(({ activity_type }) => activity_type === 'form_submission')
        .map(({ metadata }) => metadata['submission_id'])
        .sort(),
      [first.submission.id, second.submission.id].sort(),
    );
    assert.notEqual((await captured(other, { email: mail })).lead!.id, first.lead!.id);
    await workspace.client.leads.setStatus(first.lead!.id, { status: 'lost' });
    assert.notEqual((await captured(formId, { email: mail })).lead!.id, first.lead!.id);
  });
});

describe('an answer', () => {
  test('that does not fit where it should go stays in the submission, with the reason, and loses nothing else', async () => {
    const formId = await formOf([
      field('budget', 'lead.budget', { type: 'number' }),
      field('when', 'lead.timeline', { max_length: 500 }),
      field('title', 'lead.title'),
    ]);
    const answers = { email: email(), company: 'x'.repeat(150), budget: -5, when: 'soon '.repeat(60).trim(), title: 'A title' };
    const { submission, contact, lead } = await captured(formId, answers);
    assert.deepEqual(submission.not_mapped, { company: 'too_long', budget: 'too_small', when: 'too_long' });
    assert.deepEqual(submission.answers, answers);
    assert.equal(contact!.company, null);
    assert.partialDeepStrictEqual(lead!, { title: 'A title', budget: null, timeline: null });
  });

  test('that a custom field does not take stays in the submission; what is required of records does not refuse a visitor', async () => {
    const make = (context: 'lead' | 'contact', name: string, more: object) =>
      workspace.client.customFields.create({ context, name, label: name, field_type: 'text', ...more } as any);
    await make('lead', 'size', { field_type: 'number', configuration: { max: 10 } });
    await make('contact', 'colour', { field_type: 'select', configuration: { options: [{ value: 'red', label: 'Red' }] } });
    await make('lead', 'channel', { configuration: { default: 'web' } });
    const required = [
      await make('lead', 'needed', { is_required: true }),
      await make('contact', 'wanted', { is_required: true }),
    ];
    const formId = await formOf([
      field('size', 'lead.custom.size', { type: 'number' }),
      field('colour', 'contact.custom.colour', { type: 'select', options: [{ value: 'red' }, { value: 'blue' }] }),
    ]);
    const right = await captured(formId, { email: email(), size: 7, colour: 'red' });
    assert.deepEqual(right.lead!.custom_fields, { size: 7, channel: 'web' });
    assert.deepEqual(right.contact!.custom_fields, { colour: 'red' });
    const mail = email();
    const wrong = await captured(formId, { email: mail, size: 12, colour: 'blue' });
    assert.deepEqual(wrong.submission.not_mapped, { size: 'too_large', colour: 'not_option' });
    assert.deepEqual(wrong.contact!.custom_fields, {});
    const filled = await captured(await formOf([field('colour', 'contact.custom.colour')]), { email: mail, colour: 'red' });
    assert.deepEqual(filled.contact!.custom_fields, { colour: 'red' });
    await assert.rejects(workspace.client.contacts.create({ email: email() }), { code: 'VALIDATION_ERROR' });
    for (const one of required) await workspace.client.customFields.delete(one.id);
  });
});

describe('a lead', () => {
  test('begins as its form says: source, stage, tags, owner', async () => {
    const source = await workspace.client.leadSources.create({ name: `Fair ${newId()}` });
    const pipeline = await workspace.client.pipelines.create({
      name: `Fairs ${newId()}`,
      stages: [
        { name: 'First', category: 'new' },
        { name: 'Second', category: 'contacted', wip_limit: 1 },
      ],
    });
    const lead = {
      source_id: source.id,
      pipeline_id: pipeline.id,
      stage_id: pipeline.stages[1]!.id,
      tags: ['fair'],
      owner: { kind: 'fixed' as const, user_id: workspace.member.userId },
    };
    const formId = await formOf([], { lead });
    // A full stage never refuses a visitor.
    for (const _ of [1, 2]) {
      const made = await captured(formId, { email: email() });
      assert.partialDeepStrictEqual(made.lead!, {
        source_id: source.id,
        stage_id: pipeline.stages[1]!.id,
        status: 'contacted',
        tags: ['fair'],
        owner_id: workspace.member.userId,
      });
    }
    await workspace.client.pipelines.removeStage(pipeline.id, pipeline.stages[1]!.id, { move_to: pipeline.stages[0]!.id } as any);
    await workspace.client.leadSources.remove(source.id);
    const later = await captured(formId, { email: email() });
    assert.equal(later.lead!.stage_id, pipeline.stages[0]!.id);
    assert.equal(later.lead!.source!.name, 'Website');
  });

  test('stands on top of its stage, by the rank that the board would give it', async () => {
    const formId = await formOf();
    const [first, second] = [await captured(formId, { email: email() }), await captured(formId, { email: email() })];
    assert.equal(second.lead!.position, rankBetween(undefined, first.lead!.position));
    const ranks = ['a1', 'a0V', 'Zz', 'Z1', 'Y01', 'Y10', 'YzzV', 'b01', 'b11', 'c0001', 'c001', 'Zz5', 'a2'];
    for (let rank = 'b12'; ranks.length < 4_200; rank = rankBetween(undefined, rank)) ranks.push(rank);
    const rows = await server.database.asOwner('select rank_below(rank) as below from unnest($1::text[]) rank', [ranks]);
    assert.deepEqual(
      rows.map(({ below }: { below: string }) => below),
      ranks.map((rank) => rankBetween(undefined, rank)),
    );
  });

  test('goes where leads are taken once all that its form names is gone, and waits as a submission where nothing is', async () => {
    const own = await server.newWorkspace();
    await allowPage(own);
    const pipeline = await own.client.pipelines.create({ name: 'Fairs', stages: [{ name: 'First', category: 'new' }] });
    const lead = { pipeline_id: pipeline.id, stage_id: pipeline.stages[0]!.id };
    const formId = await publish(server.database, own, { lead, steps: [{ id: 'one', fields: WHO }] });
    await own.client.pipelines.remove(pipeline.id);
    const send = async () => {
      const proof = await proofFor(server, formId);
      const { status, body } = await submit(server, formId, { answers: { email: email() }, proof });
      assert.equal(status, 201);
      return own.client.submissions.get(body.data.id);
    };
    const elsewhere = await own.client.leads.get((await send()).lead_id!);
    assert.notEqual(elsewhere.pipeline_id, pipeline.id);
    await server.database.asOwner('update stages set is_active = false where workspace_id = $1', [own.id]);
    const { state, contact_id, lead_id } = await send();
    assert.deepEqual([state, contact_id === null, lead_id], ['accepted', false, null]);
  });

  test('is owned by the workspace’s rule where the form has none, in turns', async () => {
    const [one, two] = [workspace.member.userId, workspace.manager.userId];
    await workspace.client.workspace.update({ policies: { owner_rule: { kind: 'round_robin', user_ids: [one, two] } } });
    server.later(6_000);
    const formId = await formOf();
    const made = await Promise.all(Array.from({ length: 20 }, () => captured(formId, { email: email() })));
    const owners = made.map(({ lead }) => lead!.owner_id);
    assert.deepEqual([owners.filter((id) => id === one).length, owners.filter((id) => id === two).length], [10, 10]);
    await workspace.client.workspace.update({ policies: { owner_rule: null } });
    server.later(6_000);
  });

  test('of a required custom field changes later like any other', async () => {
    const { lead } = await captured(await formOf(), { email: email(), last: 'Hopper' });
    const changed = await workspace.client.leads.update(lead!.id, { title: 'Changed' });
    assert.equal(changed.title, 'Changed');
  });
});
