import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { MERGED_FIELDS } from '../../src/contract/merge.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const CONTACTS = 7;
const LEADS = 14;
const MERGES = 5;
const SEEDS = [1, 2, 3, 4];

/** What tells of changes rather than being what they changed, and the merges themselves. */
const ASIDE = [
  'audit_log',
  'events',
  'jobs',
  'job_ticks',
  'idempotency_keys',
  'contact_merges',
  'contact_merge_moves',
  'contact_merge_changes',
];

type Chance = ReturnType<typeof seededRandom>;

describe('contacts that are merged in whatever order, and whose merges are undone', () => {
  let server: TestServer;

  before(async () => {
    server = await newServer();
  });

  /** Every row of every table, without how often and when it was changed. */
  async function everything(): Promise<Record<string, string[]>> {
    const tables = await server.database.asOwner(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    );
    const all: Record<string, string[]> = {};
    for (const { name } of tables) {
      if (ASIDE.includes(name)) continue;
      const rows = await server.database.asOwner(
        `select (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text as row from ${name} t order by 1`,
      );
      all[name] = rows.map(({ row }) => row);
    }
    return all;
  }

  /** People with a history, some of whom have nothing and some of everything. */
  async function people(ours: TestWorkspace, { below, oneOf, next }: Chance): Promise<string[]> {
    const { contacts, leads, activities, customFields } = ours.client;
    for (const name of ['size', 'wishes', 'retired']) {
      const configuration = name === 'wishes' ? { options: ['a', 'b', 'c'].map((value) => ({ value, label: value })) } : {};
      const field_type = name === 'wishes' ? 'multi_select' : 'text';
      await customFields.create({ context: 'contact', name, label: name, field_type, configuration } as any);
    }
    const maybe = <T>(value: T) => (next() < 0.5 ? value : undefined);
    const members = [ours.member, ours.manager, ours.viewer, ours.admin].map(({ userId }) => userId);
    const ids: string[] = [];
    for (let index = 0; index < CONTACTS; index++) {
      const { id } = await contacts.create({
        firstname: `Person ${index}`,
        lastname: maybe('Schmidt'),
        email: maybe(`person${index}@example.test`),
        phone_number: maybe(`+49 30 12345${index}0`),
        company: maybe(oneOf(['Acme', 'Globex'])),
        city: maybe('Bonn'),
        address_1: maybe(`Street ${index}`),
        type: oneOf(['lead', 'client', 'partner'] as const),
        status: oneOf(['active', 'bounced'] as const),
        priority: maybe('high' as const),
        is_favorite: next() < 0.3,
        is_archived: next() < 0.2,
        tags: ['one', 'two', 'three', 'four'].filter(() => next() < 0.4),
        notes: maybe(`Notes ${index}. ${'x'.repeat(below(4_000))}`),
        metadata: Object.fromEntries(['k', 'l', 'm'].filter(() => next() < 0.5).map((key) => [key, `${key} ${index}`])),
        custom_fields: {
          size: maybe(`S${index}`) ?? null,
          wishes: ['a', 'b'].filter(() => next() < 0.5),
          retired: maybe('old') ?? null,
        },
      });
      ids.push(id);
      for (const user_id of members) if (next() < 0.3) await contacts.assign(id, { user_id });
      for (let note = below(3); note > 0; note--) {
        const written = await contacts.addActivity(id, { activity_type: oneOf(['note', 'call'] as const), subject: 'Written' });
        if (next() < 0.3) await activities.remove(written.id);
      }
    }
    const { stages } = (await ours.client.pipelines.list()).data[0]!;
    for (let index = 0; index < LEADS; index++) {
      const lead = await leads.create({
        contact_id: oneOf(ids),
        title: `Lead ${index}`,
        stage_id: oneOf(stages).id,
        score_value: below(101),
        owner_id: oneOf([null, ...members]),
        tags: maybe(['lead']),
        is_archived: next() < 0.2,
      });
      for (let note = below(3); note > 0; note--) await leads.addActivity(lead.id, { activity_type: 'call', subject: 'Called' });
      if (next() < 0.5) await leads.addDeal(lead.id, { value: below(1_000), state: oneOf(['open', 'won'] as const) });
      if (next() < 0.5) await leads.addAppointment(lead.id, { appointment_date: `2030-01-${10 + index}T10:00:00Z` });
      if (next() < 0.3) await leads.remove(lead.id);
    }
    const retired = (await customFields.list({ context: 'contact' })).data.find(({ name }) => name === 'retired')!;
    await customFields.update(retired.id, { is_active: false });
    if (next() < 0.5) {
      const [company] = (await ours.client.companies.list({})).data;
      if (company) await ours.client.companies.remove(company.id);
    }
    return ids;
  }

  for (const seed of SEEDS) {
    test(`are what they were before (seed ${seed})`, async () => {
      const chance = seededRandom(seed);
      const { below, oneOf, next } = chance;
      const ours = await server.newWorkspace();
      const living = await people(ours, chance);
      const { contacts } = ours.client;

      const done: { survivor: string; merge: string; before: Record<string, string[]> }[] = [];
      for (let step = 0; step < MERGES; step++) {
        const survivor = oneOf(living);
        const other = oneOf(living.filter((id) => id !== survivor));
        const before = await everything();
        const fields = Object.fromEntries(
          MERGED_FIELDS.filter(() => next() < 0.3).map((name) => [name, oneOf(['survivor', 'other'] as const)]),
        );
        // Somebody is always left who can be named.
        const choices = { ...fields, firstname: fields['firstname'] ?? 'survivor' } as const;
        const { merge } = await contacts.merge(survivor, {
          contact_id: other,
          fields: choices,
          ...(next() < 0.3 && { custom_fields: { size: 'other' } }),
        });
        living.splice(living.indexOf(other), 1);
        done.push({ survivor, merge: merge.id!, before });
        assert.notDeepEqual(await everything(), before);
        if (below(3) === 0) {
          const last = done.pop()!;
          await contacts.undoMerge(last.survivor, last.merge);
          living.push(other);
          assert.deepEqual(await everything(), last.before);
        }
      }
      for (const { survivor, merge, before } of done.reverse()) {
        await contacts.undoMerge(survivor, merge);
        assert.deepEqual(await everything(), before);
      }
    });
  }
});
