import type { ClaimedJob, JobTable } from './job-table.ts';

interface Waiting {
  job: ClaimedJob;
  resolve(isOurs: boolean): void;
  reject(error: unknown): void;
}

/** Writes completions, those that come while one is being written together: a commit each would be most of a short job's cost. */
export class Completions {
  readonly #table: JobTable;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(table: JobTable) {
    this.#table = table;
  }

  /** Resolves when the completion is committed; false where the claim was lost, and another completes the job. */
  finish(job: ClaimedJob): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write() {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const finished = await this.#table.finish(batch.map(({ job }) => job));
        for (const { job, resolve } of batch) resolve(finished.has(job.id));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
