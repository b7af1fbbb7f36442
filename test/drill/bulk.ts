/**
 * Kills the real server again and again while it changes many leads and while it undoes that, on both databases: every lead
 * must be changed once, and stand at last as it stood before. `npm run drill:bulk`, with `-- --short` for a few kills.
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, type Client } from '../../src/client/index.ts';
import type { BulkJob } from '../../src/contract/bulk.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { ServerProcess, type StartedServer } from '../support/process.ts';
import { FAR, filledWith, halvesOf, notMoved, standing } from './bulk/leads.ts';
import { inDirectory, inPostgres, type Home } from './kill/homes.ts';

const isShort = process.argv.includes('--short');
const LEADS = isShort ? 600 : 6_000;
const KILLS = isShort ? 2 : 15;
const PERSON = { email: 'drill@example.test', password: 'a password for drills' };
/** Far more looks than the slowest machine needs. */
const MOST_LOOKS = 6_000;
const LOOK_PAUSE_MS = 20;

const whole = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1));

/** One server after another over the same data. */
class Killed {
  kills = 0;
  readonly faults: string[] = [];
  /** The leads as they stood before anything was done. */
  earlier = '';
  readonly #home: Home;
  #server: StartedServer;
  #client: Client | undefined;

  private constructor(home: Home, server: StartedServer) {
    this.#home = home;
    this.#server = server;
  }

  static async start(home: Home): Promise<Killed> {
    const killed = new Killed(home, await ServerProcess.start(home.settings));
    const { workspace, user } = await createClient({ baseUrl: killed.#server.url }).auth.signUp({
      name: 'Drill',
      workspace: 'Drill',
      ...PERSON,
    });
    await killed.#server.stop();
    await home.prepare(filledWith(LEADS, workspace.id, user!.id));
    killed.earlier = await standing(killed.look);
    killed.#server = await ServerProcess.start(home.settings);
    return killed;
  }

  async client(): Promise<Client> {
    if (this.#client) return this.#client;
    const { access_token: token } = await createClient({ baseUrl: this.#server.url }).auth.signIn(PERSON);
    return (this.#client = createClient({ baseUrl: this.#server.url, token }));
  }

  /** Waits for a bulk job to end, and kills the server on the way as often as told, each time at another place. */
  async ended(id: string, processedOf: (job: BulkJob) => number): Promise<BulkJob> {
    let next = whole(1, LEADS / (KILLS + 1));
    let kills = 0;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const job = await (await this.client()).bulkJobs.get(id);
      if (!['waiting', 'collecting', 'running', 'undoing'].includes(job.state)) {
        assert.equal(kills, KILLS, `Only ${kills} of ${KILLS} kills came before its end.`);
        return job;
      }
      if (kills < KILLS && processedOf(job) >= next) {
        await wait(whole(0, 30));
        await this.#killAndStart(id);
        kills += 1;
        next = processedOf(job) + whole(1, (LEADS - processedOf(job)) / (KILLS - kills + 2));
      } else {
        await wait(LOOK_PAUSE_MS);
      }
    }
    throw new Error('The bulk job has never ended.');
  }

  /** Reads what is there, while no server runs. */
  readonly look = async (sql: string) => {
    const left = await this.#home.leftBehind();
    try {
      return await left.look(sql);
    } finally {
      await left.close();
    }
  };

  async stop() {
    const { code, stderr } = await this.#server.stop();
    assert.equal(code, 0, stderr);
  }

  async #killAndStart(id: string) {
    this.kills += 1;
    const { signal, stderr } = await this.#server.kill();
    assert.equal(signal, 'SIGKILL', `The server had ended by itself: ${stderr}`);
    this.#client = undefined;
    const left = await this.#home.leftBehind();
    try {
      this.faults.push(...(await halvesOf(left.look, id)));
      // What the killed one had claimed would be free in half a minute: it is not that which is drilled.
      if (this.#home.engine === 'postgres') await left.look(`update jobs set claimed_until = now() where state = 'running'`);
    } finally {
      await left.close();
    }
    this.#server = await ServerProcess.start(this.#home.settings);
  }
}

async function drill(home: Home): Promise<string[]> {
  const killed = await Killed.start(home);
  const { stages } = (await (await killed.client()).pipelines.list()).data[0]!;
  const change = { filter: {}, action: 'move', stage_id: stages.find(({ name }) => name === FAR)!.id } as const;
  const { id } = await (await killed.client()).leads.bulk(change);
  const done = await killed.ended(id, ({ processed }) => processed);
  assert.partialDeepStrictEqual(done, { state: 'done', total: LEADS, done: LEADS, unchanged: 0, failed: 0 });

  await (await killed.client()).bulkJobs.undo(id);
  const undone = await killed.ended(id, ({ undo }) => undo!.processed);
  assert.partialDeepStrictEqual(undone, { state: 'undone', undo: { undone: LEADS, skipped: 0, failed: 0 } });
  await killed.stop();
  const faults = [...killed.faults, ...(await notMoved(killed.look, 2))];
  if ((await standing(killed.look)) !== killed.earlier) faults.push('leads that do not stand as they stood before');
  console.log(
    `${home.engine}: ${LEADS} leads moved by a filter and moved back, ${killed.kills} kills on the way: ` +
      `${faults.length === 0 ? 'each once, and all as before' : `${faults.length} faults`}.`,
  );
  return faults;
}

exitOnSignals();
const faults = [...(await inDirectory(drill)), ...(await inPostgres(drill))];
for (const fault of faults.slice(0, 20)) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
