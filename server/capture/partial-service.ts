import { sql } from 'kysely';
import type { SubmissionReceipt, SuccessAction } from '../../src/contract/capture.ts';
import { notFound } from '../http/failure.ts';
import { updating, type SubmissionAcceptanceService, type SubmissionContent } from '../submissions/acceptance-service.ts';
import { acceptableOf, proofRefused, spend, type CaptureService } from './capture-service.ts';
import type { Proof } from './challenges.ts';
import type { ShownForm } from './published-forms.ts';

/** A submission that was begun, or has ended since. */
interface Begun {
  state: string;
  sequence: number;
  success: string;
  created_at: Date;
}

/** What goes on with a submission: its content as of now, and where in the order of its updates that stands. */
export interface Step {
  content: SubmissionContent;
  sequence: number;
  isLast: boolean;
  proof: Proof | undefined;
}

/** How visitors go on with what they have begun, and bring it to an end. */
export class PartialService {
  readonly #capture: CaptureService;
  readonly #acceptance: SubmissionAcceptanceService;

  constructor(capture: CaptureService, acceptance: SubmissionAcceptanceService) {
    this.#capture = capture;
    this.#acceptance = acceptance;
  }

  /** The receipt of a submission that has ended: whoever ends it again gets the same, whatever they send. */
  async ended(shown: ShownForm, id: string, requestId: string): Promise<SubmissionReceipt | undefined> {
    const begun = await this.#capture.inTransaction(shown, requestId, async ({ db }) => {
      const { rows } = await sql<Pick<Begun, 'state' | 'success'>>`
        select state, success from submissions where id = ${id} and form_id = ${shown.id}`.execute(db);
      return rows[0];
    });
    if (!begun) throw notFound('submission');
    return begun.state === 'partial' ? undefined : receiptOf(id, begun);
  }

  /** Writes the next answers, or the last ones, which make it a submission like any other; what has ended stays so. */
  async goOn(shown: ShownForm, id: string, step: Step, requestId: string): Promise<SubmissionReceipt> {
    const { content, sequence, isLast, proof } = step;
    const success = JSON.stringify(shown.form.success);
    return this.#capture.inTransaction(shown, requestId, async (tenant) => {
      const { rows } = await sql<Begun>`
        select state, sequence, success, created_at from submissions where id = ${id} and form_id = ${shown.id} for update`.execute(
        tenant.db,
      );
      const begun = rows[0];
      if (!begun) throw notFound('submission');
      if (begun.state !== 'partial') return receiptOf(id, begun);
      if (!isLast) {
        if (sequence > begun.sequence) await updating(id, { ...content, sequence })().execute(tenant.db);
        return receiptOf(id, begun);
      }
      const save = updating(id, { ...content, sequence, success });
      if (content.state === 'accepted') {
        const prepared = this.#acceptance.prepare(tenant, acceptableOf(shown, id, content, begun.created_at));
        const [, isSpent, known] = await Promise.all([
          this.#acceptance.begin(tenant, prepared),
          proof && spend(tenant.db, proof),
          this.#acceptance.look(tenant, prepared),
        ]);
        if (isSpent) throw proofRefused('spent');
        for (const statement of await this.#acceptance.write(tenant, prepared, known, save)) tenant.leave(statement);
      } else {
        if (proof && (await spend(tenant.db, proof))) throw proofRefused('spent');
        tenant.leave(save());
      }
      return receiptOf(id, { state: content.state, success });
    });
  }
}

const receiptOf = (id: string, { state, success }: Pick<Begun, 'state' | 'success'>): SubmissionReceipt => ({
  id,
  state: state === 'partial' ? 'partial' : 'received',
  success: JSON.parse(success) as SuccessAction,
});
