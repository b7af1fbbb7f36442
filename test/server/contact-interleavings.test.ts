import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const ROUNDS = 6;

describe('while the leads of a contact are worked on', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const lastEventOf = async (leadId: string): Promise<string> => {
    const [last] = await server.database.asOwner('select name from events where record_id = $1 order by seq desc limit 1', [
      leadId,
    ]);
    return last.name;
  };

  test('it is renamed, and none of them wait for each other in a circle', async () => {
    const { leads, contacts } = ours.client;
    const contact = await contacts.create({ firstname: 'Called' });
    const made = await Promise.all(Array.from({ length: 4 }, () => leads.create({ contact_id: contact.id })));
    for (let round = 0; round < ROUNDS; round++) {
      const names = ['one', 'two', 'three'].map((name) => contacts.update(contact.id, { lastname: `${name} ${round}` }));
      const notes = made.map(({ id }) => leads.addActivity(id, { activity_type: 'note', subject: 'Worked on' }));
      const titles = made.map(({ id }) => leads.update(id, { title: `Round ${round}` }));
      await Promise.all([...names, ...notes, ...titles]);
    }
    const [{ deadlocks }] = await server.database.asOwner(
      'select deadlocks::integer from pg_stat_database where datname = current_database()',
    );
    assert.equal(deadlocks, 0);
    const { name } = await contacts.get(contact.id);
    for (const { id } of made) assert.equal((await leads.get(id)).contact.name, name);
  });

  test('it is deleted and takes them along, and nothing is told of them afterwards', async () => {
    const { leads, contacts } = ours.client;
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    for (let round = 0; round < ROUNDS; round++) {
      const contact = await contacts.create({ firstname: `Gone ${round}` });
      const made = await Promise.all(stages.slice(0, 3).map(({ id }) => leads.create({ contact_id: contact.id, stage_id: id })));
      const work = made.flatMap(({ id }, index) => [
        leads.move(id, { stage_id: stages[(index + 1) % 3]!.id }),
        leads.update(id, { title: 'Worked on', score_value: 50 }),
        leads.addActivity(id, { activity_type: 'note', subject: 'Worked on' }),
      ]);
      const ended = await Promise.allSettled([...work, contacts.remove(contact.id)]);
      const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      assert.ok(
        refused.every((code) => code === 'NOT_FOUND'),
        `refused by ${refused}`,
      );
      for (const { id } of made) assert.equal(await lastEventOf(id), 'lead.deleted');
    }
  });
});
