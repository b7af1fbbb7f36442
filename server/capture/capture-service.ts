import { sql } from 'kysely';
import type { NewSubmission, SubmissionReceipt } from '../../src/contract/capture.ts';
import { issue } from '../../src/contract/issues.ts';
import type { Answers, Problem } from '../../src/core/form-answers.ts';
import type { AppParts } from '../app-parts.ts';
import { DatabaseError } from '../db/db.ts';
import type { Query } from '../db/query.ts';
import { readingUnit, type Tenant, type Told } from '../db/tenant.ts';
import { ApiFailure, invalid, invalidField } from '../http/failure.ts';
import { newId } from '../ids.ts';
import { signed } from '../secret-tokens.ts';
import {
  inserting,
  type Acceptable,
  type SpamReason,
  type SubmissionAcceptanceService,
  type SubmissionContent,
  type SubmissionRow,
} from '../submissions/acceptance-service.ts';
import { asVisitor } from './capture-caller.ts';
import type { Challenges, Proof } from './challenges.ts';
import { assertKnown, checkAnswers, consentsOf, refusalOf, type CheckedAnswers } from './checked-answers.ts';
import type { PartialTokens } from './partial-tokens.ts';
import type { PublishedForm, PublishedForms, ShownForm } from './published-forms.ts';
import { assertSame, fingerprintOf, heldKey, receiptOf, receivedAlike, receivedUnder, type Received } from './submission-keys.ts';
import { suspicionsOf } from './suspicion.ts';

/** Where a submission comes from, as far as its request tells. */
export interface Sender {
  requestId: string;
  address: string;
  userAgent: string | undefined;
  /** Whether it need bring no proof, for its page can make none. */
  isExcused: boolean;
  /** Whether the browser kept from us whose page it is. */
  hidesOrigin: boolean;
}

/** What is answered, and as the answer of which request: a repeat gets the first one's. */
export interface Receipt {
  receipt: SubmissionReceipt;
  requestId: string;
  at: number;
  isRepeat: boolean;
}

/** A submission that can be told from every other one by what it says, or by its key. */
export interface Identified {
  key: string | undefined;
  fingerprint: string;
}

/** What a submission says of itself, whether it is new or goes on. */
export type Said = Omit<NewSubmission, 'proof' | 'is_partial'>;

type Parts = Pick<AppParts, 'db' | 'clock' | 'secrets'> & {
  forms: PublishedForms;
  challenges: Challenges;
  tokens: PartialTokens;
  acceptance: SubmissionAcceptanceService;
  told: Told;
};

/** Another came first with what only one can have: this one looks again. */
const OVERTAKEN = new Set(['23505', '23503']);
const MOST_TRIES = 4;

/** A submission may lie on a device that long before it is sent. */
const OLDEST_MS = 45 * 86_400_000;

/** What comes of visitors' submissions, from what they say to what is answered. */
export class CaptureService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Marks a submission; one without a key is known by its place as well. */
  async identify(formId: string, said: object, key: string | undefined, address: string): Promise<Identified> {
    const place = key === undefined ? [formId, await this.#hashOf(address)] : [formId];
    return { key, fingerprint: await fingerprintOf([place, said]) };
  }

  /** The answer that a submission got already. Refuses its key for another one. */
  async repeated(
    { id, workspace }: Pick<PublishedForm, 'id' | 'workspace'>,
    { key, fingerprint }: Identified,
    requestId: string,
  ): Promise<Receipt | undefined> {
    const { db } = readingUnit(this.#parts.db, { role: 'app', workspaceId: workspace.id, requestId });
    return this.#again(id, await receivedBefore(db, id, { key, fingerprint }), fingerprint);
  }

  /** Holds what a visitor says against the form's rules, and refuses it with each problem in their language. */
  async check(shown: ShownForm, said: Said, requestId: string, isComplete: boolean): Promise<CheckedAnswers['answers']> {
    assertKnown(shown.form, said.answers);
    const { answers, problems } = await this.#checked(shown, said.answers, requestId, isComplete);
    if (problems.length > 0) throw refusalOf(shown.form, problems);
    return answers;
  }

  /** What is wrong with answers, as the form's page tells it. */
  async problems(shown: ShownForm, answers: Answers, requestId: string): Promise<readonly Problem[]> {
    return (await this.#checked(shown, answers, requestId, true)).problems;
  }

  #checked({ form, workspace }: ShownForm, answers: Answers, requestId: string, isComplete: boolean): Promise<CheckedAnswers> {
    const { db } = readingUnit(this.#parts.db, { role: 'app', workspaceId: workspace.id, requestId });
    return checkAnswers(form, answers, db, isComplete);
  }

  /** The proof that was sent, if one is asked for and was; refuses one that is good for nothing. */
  async proofOf({ id, definition }: PublishedForm, proof: string | undefined): Promise<Proof | undefined> {
    if (proof === undefined || definition.spam?.proof === false) return undefined;
    const checked = await this.#parts.challenges.check(id, proof);
    if (typeof checked === 'string') throw proofRefused(checked);
    return checked;
  }

  /** What a submission holds once it is checked. */
  content(
    shown: ShownForm,
    said: Said,
    answers: CheckedAnswers['answers'],
    state: { isPartial: boolean; suspicions: readonly SpamReason[] },
  ): SubmissionContent {
    const { form } = shown;
    const sentAt = this.#sentAt(said.submitted_at);
    return {
      form_version: form.version,
      state: state.isPartial ? 'partial' : state.suspicions.length > 0 ? 'quarantined' : 'accepted',
      spam_reasons: state.isPartial ? [] : state.suspicions,
      answers,
      consents: consentsOf(form, answers, { at: sentAt, page: said.page }),
      attribution: said.attribution ?? {},
      traits: said.traits ?? {},
      page: said.page,
      referrer: said.referrer,
      locale: form.locale,
      submitted_at: sentAt,
    };
  }

  /** Why a submission is suspected. */
  suspicions({ definition }: PublishedForm, said: Said, proof: Proof | undefined, sender: Sender): SpamReason[] {
    return suspicionsOf(definition, {
      trap: said.trap,
      elapsedMs: said.elapsed_ms,
      lacksProof: definition.spam?.proof !== false && !proof && !sender.isExcused,
      hidesOrigin: sender.hidesOrigin,
    });
  }

  /** Keeps a new submission, and makes it a lead unless it is partial or suspected; once for its key, however often it comes. */
  async receive(
    shown: ShownForm,
    content: SubmissionContent,
    identified: Identified,
    proof: Proof | undefined,
    sender: Sender,
  ): Promise<Receipt> {
    const now = new Date(this.#parts.clock());
    const row: SubmissionRow = {
      ...content,
      ...identified,
      id: newId(now.getTime()),
      form_id: shown.id,
      user_agent: sender.userAgent?.slice(0, 500),
      address_hash: await this.#hashOf(sender.address),
      began_partial: content.state === 'partial',
      success: JSON.stringify(shown.form.success),
      answered_at: now,
      request_id: sender.requestId,
    };
    const save = inserting(row);
    const before = await this.inTransaction(shown, sender.requestId, async (tenant) => {
      const acceptable = acceptableOf(shown, row.id, content, now);
      const prepared = row.state === 'accepted' ? this.#parts.acceptance.prepare(tenant, acceptable) : undefined;
      const held = heldKey(tenant.workspaceId, row.key ?? row.fingerprint);
      // All at once: each waits for the ones before it on the database's side.
      const [, isSpent, received, known] = await Promise.all([
        prepared ? this.#parts.acceptance.begin(tenant, prepared, [held]) : sql`select ${held}`.execute(tenant.db),
        proof && spend(tenant.db, proof),
        receivedBefore(tenant.db, shown.id, identified),
        prepared && this.#parts.acceptance.look(tenant, prepared),
      ]);
      if (received) throw new Repeated(received);
      if (isSpent) throw proofRefused('spent');
      const statements = prepared ? await this.#parts.acceptance.write(tenant, prepared, known, save) : [save()];
      for (const statement of statements) tenant.leave(statement);
      return undefined;
    }).catch((error: unknown) => {
      if (error instanceof Repeated) return error.received;
      throw error;
    });
    const repeat = await this.#again(shown.id, before, identified.fingerprint);
    if (repeat) return repeat;
    return { ...(await this.#receipt(shown.id, { ...row, answered_ms: now.getTime() })), isRepeat: false };
  }

  /** Runs a visitor's work as one transaction, anew where another came first with what only one can have. */
  async inTransaction<T>({ workspace }: PublishedForm, requestId: string, work: (tenant: Tenant) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await asVisitor(this.#parts.db, workspace, requestId, this.#parts.told, work);
      } catch (error) {
        if (!(error instanceof DatabaseError && OVERTAKEN.has(error.code)) || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** When a visitor sent something, by their clock as far as that can be. */
  #sentAt(said: string | undefined): Date {
    const now = this.#parts.clock();
    const sent = said === undefined ? now : Date.parse(said);
    return new Date(sent <= now && sent >= now - OLDEST_MS ? sent : now);
  }

  async #again(formId: string, received: Received | undefined, fingerprint: string): Promise<Receipt | undefined> {
    if (!received) return undefined;
    assertSame(received, fingerprint);
    return { ...(await this.#receipt(formId, received)), isRepeat: true };
  }

  async #receipt(formId: string, received: Received): Promise<Omit<Receipt, 'isRepeat'>> {
    const token = received.began_partial ? await this.#parts.tokens.make(formId, received.id) : undefined;
    return { receipt: receiptOf(received, token), requestId: received.request_id, at: received.answered_ms };
  }

  #hashOf(address: string): Promise<string> {
    return signed(this.#parts.secrets[0], `address ${address}`);
  }
}

/** A submission as it becomes a lead. */
export const acceptableOf = (
  { id: formId, name, definition }: PublishedForm,
  id: string,
  { answers, attribution, page, submitted_at }: SubmissionContent,
  arrivedAt: Date,
): Acceptable => ({
  id,
  form: { id: formId, name, definition },
  answers,
  attribution,
  page,
  submittedAt: submitted_at,
  arrivedAt,
});

/** Spends a proof; answers whether somebody had done so before. */
export async function spend(query: Query, { signature, expiresAt }: Proof): Promise<boolean> {
  const { numAffectedRows } =
    await sql`insert into spent_proofs (signature, expires_at) values (${signature}, ${expiresAt}) on conflict do nothing`.execute(
      query,
    );
  return Number(numAffectedRows ?? 0) === 0;
}

/** The refusal of a proof that the page answers with another one. */
export const proofRefused = (why: 'wrong' | 'expired' | 'spent'): ApiFailure =>
  invalid([issue('proof', 'not_proof', { reason: why })]);

const receivedBefore = (query: Query, formId: string, { key, fingerprint }: Identified): Promise<Received | undefined> =>
  key === undefined ? receivedAlike(query, formId, fingerprint) : receivedUnder(query, key);

/** Ends a transaction in which the submission turned out to be there already. */
class Repeated extends Error {
  readonly received: Received;

  constructor(received: Received) {
    super('The submission was received already.');
    this.received = received;
  }
}

/** Refuses a form that takes no submissions; the page knows the sentence by its own texts. */
export function assertOpen({ form, isActive }: ShownForm, say: (form: ShownForm['form']) => string) {
  if (!isActive) throw new ApiFailure('CONFLICT', say(form));
}

/** The version that a visitor saw; refuses one that never was. */
export async function versionSeen(
  forms: PublishedForms,
  published: PublishedForm,
  said: Said,
  requestId: string,
): Promise<ShownForm> {
  const shown = await forms.findVersion(published, said.version, said.locale, requestId);
  if (!shown) throw invalidField('version', 'not_found');
  return shown;
}
