import { sql } from 'kysely';
import type { AppParts, Metrics } from '../app-parts.ts';
import { DatabaseError } from '../db/db.ts';
import type { System } from '../db/system.ts';
import { inWorkspace, type Told, type WorkspaceUnit } from '../db/tenant.ts';
import { traceOf } from '../http/errors.ts';
import { Completions } from './completions.ts';
import type { ClaimedJob, JobTable } from './job-table.ts';
import type { JobKind, JobKinds } from './kinds.ts';
import { latestTick, type Recurrence } from './recurrence.ts';
import { pauseAfter } from './retry-schedule.ts';

/** One attempt at a job. */
export interface Job<Payload> {
  id: string;
  payload: Payload;
  /** None where it is the server's own. */
  workspaceId: string | undefined;
  /** From 1. */
  attempt: number;
  requestId: string;
}

/** Does a job, or a piece of it: what is answered as `remains` is the payload of the next piece, which commits by itself. */
type InTransaction<Payload> = (unit: WorkspaceUnit, job: Job<Payload>) => Promise<{ remains: Payload } | void>;
/** Does a job. The signal tells that the job was given to another, so that what is done from then on may be done twice. */
type Outside<Payload> = (job: Job<Payload>, signal: AbortSignal) => Promise<void>;

export interface WorkerParts extends Pick<AppParts, 'db' | 'clock' | 'log'> {
  metrics: Pick<Metrics, 'job'>;
}

type Handler = { limit: number } & ({ inTransaction: InTransaction<any> } | { outside: Outside<any> });

interface Running {
  job: ClaimedJob;
  given: AbortController;
  ended: Promise<void>;
}

const POLL_MS = 1_000;
/** How long a job stays with a process that is not heard of. */
const LEASE_MS = 30_000;
const BEAT_MS = 10_000;
const STOP_MS = 10_000;
/** The SQLSTATE by which the database refuses to end a job under a claim that was lost. */
const CLAIM_LOST = 'MJ001';

/**
 * Carries out jobs, each at once and then by the retry schedule, as many of a kind at a time as it was told. Several
 * processes share the table: a job is one's as long as it is heard of, and ends once.
 */
export class JobWorker {
  readonly #parts: WorkerParts;
  readonly #table: JobTable;
  readonly #told: Told;
  readonly #completions: Completions;
  readonly #handlers = new Map<string, Handler>();
  readonly #recurring = new Map<string, { recurrence: Recurrence; seen: number }>();
  readonly #running = new Set<Running>();
  /** The kinds of which the last claim took all it had places for: there may be more. */
  readonly #full = new Set<string>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #isStarted = false;
  #isWanted = false;
  #pulling: Promise<void> | undefined;
  #isAway = false;

  constructor(parts: WorkerParts, system: System, told: Told) {
    this.#parts = parts;
    this.#table = system.for('jobs').jobs;
    this.#told = told;
    this.#completions = new Completions(this.#table);
  }

  /** Carries out jobs of a kind in a transaction of their workspace: effect and completion commit together, so it takes effect once. */
  inTransaction<Kind extends JobKind>(kind: Kind, run: InTransaction<JobKinds[Kind]>, { limit = 2 } = {}) {
    this.#handlers.set(kind, { limit, inTransaction: run });
  }

  /** Carries out jobs of a kind without a transaction, for what happens outside the database: at least once. */
  outside<Kind extends JobKind>(kind: Kind, run: Outside<JobKinds[Kind]>, { limit = 16 } = {}) {
    this.#handlers.set(kind, { limit, outside: run });
  }

  /** Carries out a job of the server's own again and again; of all processes one does, and after a pause it does so once. */
  recurring<Kind extends JobKind>(kind: Kind, recurrence: Recurrence, run: Outside<JobKinds[Kind]>) {
    this.outside(kind, run, { limit: 1 });
    this.#recurring.set(kind, { recurrence, seen: 0 });
  }

  /** Begins to look for jobs, every second and whenever it is woken. */
  start() {
    this.#isStarted = true;
    this.#timers = [
      setInterval(() => void this.#poll(), POLL_MS),
      setInterval(() => void this.beat().catch((error: unknown) => this.#report(error)), BEAT_MS),
    ];
    void this.#begin();
  }

  /** Says that there are new jobs. */
  wake() {
    if (!this.#isStarted) return;
    this.#isWanted = true;
    this.#pulling ??= this.#pull();
  }

  /** Takes no more jobs, lets running ones end until `patience` (ms) is over, and hands back what is left. */
  async stop(patience = STOP_MS): Promise<void> {
    this.#isStarted = false;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#pulling;
    await this.#ended(patience);
    const left = [...this.#running];
    if (left.length === 0) return;
    for (const { given } of left) given.abort();
    await this.#table.handBack(left.map(({ job }) => job));
    this.#parts.log.info({ jobs: left.length }, 'JOBS_HANDED_BACK');
  }

  /** Carries out every job that is due and what follows from it; resolves when nothing is due any more. */
  async runDue(): Promise<void> {
    await this.#look();
    while ((await this.#claim()) > 0) await this.#ended();
  }

  /** Says that the running jobs are still being worked on, and lets go of those that were given to another. */
  async beat(): Promise<void> {
    const running = [...this.#running];
    if (running.length === 0) return;
    const held = await this.#table.extend(
      running.map(({ job }) => job),
      this.#inLease(),
    );
    for (const { job, given } of running) if (!held.has(job.id)) given.abort();
  }

  get #now() {
    return new Date(this.#parts.clock());
  }

  #inLease() {
    return new Date(this.#parts.clock() + LEASE_MS);
  }

  async #begin() {
    // The embedded database has one process: whoever held a claim there is gone.
    if (this.#parts.db.engine === 'pglite')
      await this.#table.expireClaims(this.#now).catch((error: unknown) => this.#report(error));
    await this.#poll();
  }

  async #poll() {
    try {
      await this.#look();
      this.#isAway = false;
    } catch (error) {
      this.#report(error);
    }
    this.wake();
  }

  /** What no wake tells of: recurring jobs that are due, and jobs whose process was not heard of. */
  async #look() {
    for (const [kind, recurring] of this.#recurring) {
      const tick = latestTick(recurring.recurrence, this.#parts.clock());
      if (tick <= recurring.seen) continue;
      await this.#table.tick(kind, new Date(tick), this.#now);
      recurring.seen = tick;
    }
    for (const { id, kind, attempts, state } of await this.#table.rescue(this.#now)) {
      this.#parts.metrics.job(kind, state === 'failed' ? 'failed' : 'lost', LEASE_MS / 1000);
      this.#parts.log.error({ job: id, kind, attempt: attempts, state }, 'JOB_RESCUED');
    }
  }

  async #pull() {
    try {
      while (this.#isWanted && this.#isStarted) {
        this.#isWanted = false;
        await this.#claim();
      }
    } catch (error) {
      this.#report(error);
    } finally {
      this.#pulling = undefined;
    }
  }

  /** Claims what is due for the free places and sets out with it; tells how many there were. */
  async #claim(): Promise<number> {
    const places = new Map<string, number>();
    for (const [kind, { limit }] of this.#handlers) places.set(kind, limit);
    for (const { job } of this.#running) places.set(job.kind, places.get(job.kind)! - 1);
    for (const [kind, free] of places) if (free <= 0) places.delete(kind);
    if (places.size === 0) return 0;
    const jobs = await this.#table.claim(places, this.#now, this.#inLease());
    for (const [kind, free] of places) {
      if (jobs.filter((job) => job.kind === kind).length === free) this.#full.add(kind);
      else this.#full.delete(kind);
    }
    for (const job of jobs) {
      const given = new AbortController();
      const ended = this.#carryOut(job, given.signal).then((goesOn) => {
        this.#running.delete(running);
        if (goesOn || this.#full.has(job.kind)) this.wake();
      });
      const running = { job, given, ended };
      this.#running.add(running);
    }
    return jobs.length;
  }

  /** One attempt and what comes of it; tells whether the job goes on with its next piece. */
  async #carryOut(claimed: ClaimedJob, signal: AbortSignal): Promise<boolean> {
    const { clock, log, metrics } = this.#parts;
    const { id, kind, attempts: attempt } = claimed;
    const began = clock();
    const facts = () => ({ job: id, kind, attempt, ms: clock() - began });
    try {
      const outcome = await this.#attempt(claimed, signal);
      metrics.job(kind, outcome, (clock() - began) / 1000);
      if (outcome === 'lost') log.error(facts(), 'JOB_LOST');
      else log.info({ ...facts(), outcome }, 'job');
      return outcome === 'continued';
    } catch (error) {
      const isLast = attempt >= claimed.most_attempts;
      metrics.job(kind, isLast ? 'failed' : 'retried', (clock() - began) / 1000);
      log.error({ ...facts(), ...traceOf(error) }, isLast ? 'JOB_FAILED' : 'JOB_RETRIED');
      const again = isLast ? undefined : new Date(clock() + pauseAfter(attempt));
      // Where even this can't be written the claim runs out, and the job is rescued.
      await this.#table.fail(claimed, traceOf(error).kind, again).catch((failure: unknown) => this.#report(failure));
      return false;
    }
  }

  async #attempt(claimed: ClaimedJob, signal: AbortSignal): Promise<'done' | 'continued' | 'lost'> {
    const handler = this.#handlers.get(claimed.kind)!;
    const job: Job<unknown> = {
      id: claimed.id,
      payload: claimed.payload,
      workspaceId: claimed.workspace_id ?? undefined,
      attempt: claimed.attempts,
      requestId: claimed.request_id ?? `job-${claimed.id}`,
    };
    if ('outside' in handler) {
      await handler.outside(job, signal);
      return (await this.#completions.finish(claimed)) ? 'done' : 'lost';
    }
    try {
      return await this.#effect(claimed, job, handler.inTransaction);
    } catch (error) {
      if (error instanceof DatabaseError && error.code === CLAIM_LOST) return 'lost';
      throw error;
    }
  }

  /** The effect of one attempt and the end of the job, or of this piece of it, in one transaction. */
  #effect({ id, claim, actor_id }: ClaimedJob, job: Job<unknown>, run: InTransaction<unknown>) {
    const { workspaceId, requestId } = job;
    if (workspaceId === undefined) throw new TypeError('A job without a workspace was given to a transaction of one.');
    const scope = { role: 'app', workspaceId, actorId: actor_id ?? undefined, requestId } as const;
    return inWorkspace(this.#parts.db, scope, this.#told, async (unit) => {
      const rest = await run(unit, job);
      await (
        rest
          ? sql`select continue_job(${id}, ${claim}, ${JSON.stringify(rest.remains)}, ${this.#now})`
          : sql`select finish_job(${id}, ${claim})`
      ).execute(unit.db);
      return rest ? 'continued' : 'done';
    });
  }

  /** Resolves when every running job has ended, or the time for that is over. */
  async #ended(patience?: number): Promise<void> {
    const all = Promise.all([...this.#running].map(({ ended }) => ended));
    if (patience === undefined) return void (await all);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([all, over]);
    clearTimeout(timer);
  }

  /** Once, until the table answers again. */
  #report(error: unknown) {
    if (!this.#isAway) this.#parts.log.error(traceOf(error), 'JOBS_NOT_READ');
    this.#isAway = true;
  }
}
