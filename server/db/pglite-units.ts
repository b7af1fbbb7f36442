import { begin, toWire, type Answer, type Db, type Leave, type Run, type Scope, type Statement, type UnitOptions } from './db.ts';
import type { Task } from './pglite-messages.ts';

/** The embedded database, wherever its engine runs. It has one connection: units and transactions take turns on it, in the order they came. */
export abstract class PgliteUnits implements Db {
  readonly engine = 'pglite';
  #line: Promise<unknown> = Promise.resolve();

  /** Has the engine carry out a task. */
  protected abstract ask<T>(task: Task): Promise<T>;

  async unit(scope: Scope, statements: readonly Statement[], options?: UnitOptions): Promise<Answer[]> {
    const opening = begin(scope, options);
    const wired = statements.map(wire);
    return this.inLine(() => this.ask({ kind: 'unit', opening, statements: wired }));
  }

  async transaction<T>(scope: Scope, work: (run: Run, leave: Leave) => Promise<T>): Promise<T> {
    const opening = begin(scope);
    return this.inLine(async () => {
      await this.ask({ kind: 'script', sql: opening });
      let over = false;
      const run: Run = async (statement) => {
        if (over) throw new Error('A statement came after the end of its transaction.');
        return this.ask<Answer>({ kind: 'statement', statement: wire(statement) });
      };
      try {
        const left: Statement[] = [];
        const result = await work(run, (statement) => void left.push(wire(statement)));
        over = true;
        for (const statement of left) await this.ask({ kind: 'statement', statement });
        await this.ask({ kind: 'commit' });
        return result;
      } catch (error) {
        over = true;
        await this.ask({ kind: 'script', sql: 'rollback' });
        throw error;
      }
    });
  }

  /** Runs a script as the database's owner, outside any tenant: for migrations only. */
  script(sql: string): Promise<void> {
    return this.inLine(() => this.ask({ kind: 'script', sql }));
  }

  /** Reads as the database's owner: for migrations only. */
  read(statement: Statement): Promise<Answer> {
    return this.inLine(() => this.ask({ kind: 'statement', statement: wire(statement) }));
  }

  /** The data directory, packed: what `snapshot` takes. */
  pack(): Promise<Uint8Array> {
    return this.inLine(() => this.ask({ kind: 'pack' }));
  }

  async close(): Promise<void> {
    await this.inLine(() => this.ask({ kind: 'close' }));
  }

  /** Lets nothing else reach the engine until `work` is done. */
  protected inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work, work);
    this.#line = turn.catch(() => {});
    return turn;
  }
}

const wire = ({ sql, parameters }: Statement): Statement => ({ sql, parameters: parameters.map(toWire) });
