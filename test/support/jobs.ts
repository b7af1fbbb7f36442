import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Db } from '../../server/db/db.ts';
import { System } from '../../server/db/system.ts';
import { inWorkspace, type WorkspaceUnit } from '../../server/db/tenant.ts';
import { newId } from '../../server/ids.ts';
import { JobWorker } from '../../server/jobs/job-worker.ts';
import { newDatabase, type TestDatabase } from './database.ts';

declare module '../../server/jobs/kinds.ts' {
  interface JobKinds {
    /** Kinds of the tests' own, which no product code serves. */
    'test-note': { text: string };
    'test-other': { text: string };
    'test-recurring': object;
  }
}

/** A job as it stands in the table, past every policy. */
export interface StoredJob {
  id: string;
  workspace_id: string | null;
  kind: string;
  payload: any;
  state: string;
  run_at: Date;
  attempts: number;
  claimed_until: Date | null;
  error: string | null;
  finished_at: Date | null;
}

/** A job table with workers of a test's own, all by one clock that stands still until it is moved. */
export interface JobRoom {
  database: TestDatabase;
  system: System;
  /** What the workers logged and counted. */
  logged: { facts: any; sentence: string }[];
  counted: [kind: string, outcome: string][];
  /** The clock of the workers, in milliseconds since 1970; the database's own goes on as it does. */
  now: number;
  workspaceId: string;
  newWorkspace(): Promise<string>;
  /** A worker like that of another process. */
  newWorker(db?: Db): JobWorker;
  /** Runs one transaction of a workspace. */
  write<T>(work: (unit: WorkspaceUnit) => Promise<T>, workspaceId?: string): Promise<T>;
  /** The jobs that there are, the oldest first. */
  jobs(): Promise<StoredJob[]>;
  /** The only job that there is. */
  job(): Promise<StoredJob>;
  empty(): Promise<void>;
}

/** Closed once the file's tests have ended, whichever of its hooks opened them. */
const opened: TestDatabase[] = [];
after(() => Promise.all(opened.map((database) => database.close())));

/** Opens a database for a file's tests about jobs, which ends with them. */
export async function newJobRoom(): Promise<JobRoom> {
  const database = await newDatabase();
  opened.push(database);
  const system = new System(database.db, 'test');
  const logged: JobRoom['logged'] = [];
  const counted: JobRoom['counted'] = [];
  const write = (facts: object, sentence: string) => void logged.push({ facts, sentence });
  const metrics = { job: (kind: string, outcome: string) => void counted.push([kind, outcome]) };
  const newWorkspace = async () => {
    const [owner, workspace] = [newId(), newId()];
    await system.transaction(async (tx) => {
      await tx.createUser({ id: owner, name: 'Owner', email: `${owner}@example.test`, passwordHash: 'none' });
      await tx.createWorkspace({ id: workspace, name: 'Jobs' }, owner);
    });
    return workspace;
  };
  const told = { events: () => {}, jobs: () => {} };
  const room: JobRoom = {
    database,
    system,
    logged,
    counted,
    // An hour on, so that whatever the database writes in its own time is due.
    now: Date.now() + 3_600_000,
    workspaceId: await newWorkspace(),
    newWorkspace,
    newWorker: (db = database.db) =>
      new JobWorker({ db, clock: () => room.now, log: { info: write, error: write }, metrics }, new System(db), told),
    write: (work, workspaceId = room.workspaceId) =>
      inWorkspace(database.db, { role: 'app', workspaceId, requestId: 'test' }, told, work),
    jobs: () => database.asOwner('select * from jobs order by created_at, id') as Promise<StoredJob[]>,
    job: async () => {
      const jobs = await room.jobs();
      assert.equal(jobs.length, 1);
      return jobs[0]!;
    },
    empty: async () => {
      await database.asOwner('delete from jobs');
      await database.asOwner('delete from job_ticks');
      logged.length = 0;
      counted.length = 0;
    },
  };
  return room;
}

/** A promise with its handles. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
