import type { captureRoutes, PublicForm } from '../../src/contract/capture.ts';
import { Locale } from '../../src/contract/fields.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import type { Answers, Problem } from '../../src/core/form-answers.ts';
import { say } from '../../src/core/form-texts.ts';
import { formPage, noticePage, type HostedPage } from '../hosted/form-page.ts';
import type { StartedMarks } from '../hosted/started-mark.ts';
import { Answer } from '../http/answer.ts';
import type { OpenCall } from '../http/api.ts';
import { failureOf } from '../http/errors.ts';
import { type ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { readKey } from '../http/idempotency.ts';
import { newId } from '../ids.ts';
import { assertOpen, type CaptureService, type Identified, type Receipt, type Said, type Sender } from './capture-service.ts';
import { attributionOf } from './page-attribution.ts';
import { assertMaySubmit, originsOf } from './page-origins.ts';
import { answersIn, readPost, type Posted } from './posted-form.ts';
import type { PublishedForms, ShownForm } from './published-forms.ts';
import { closedSentence, MOST_BYTES, publishedFor } from './visited-form.ts';

type SubmitCall = OpenCall<typeof captureRoutes.submit>;

interface Sent {
  said: Said;
  identified: Identified;
}

interface Parts {
  forms: PublishedForms;
  capture: CaptureService;
  marks: StartedMarks;
  /** Where the hosted pages are. */
  publicUrl: string;
}

/** What a browser sends by itself, without any script: answered by a page, or by the way to one. */
export class PlainPosts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes a submission, and sends the visitor on; what is refused is shown again with everything that they wrote. */
  async receive(call: SubmitCall): Promise<Answer> {
    const { forms } = this.#parts;
    let shown: ShownForm | undefined;
    let posted: Posted = new Map();
    let isDeleted = false;
    try {
      const deleted = (await forms.lookUp(call.params.id, call.requestId))
        ? undefined
        : await forms.lookUpDeleted(call.params.id, call.requestId);
      isDeleted = deleted !== undefined;
      const published = deleted ?? (await publishedFor(forms, call));
      posted = await readPost(call.request, MOST_BYTES);
      const version = Number(one(posted, '_version') ?? published.version);
      const lang = Locale.safeParse(one(posted, '_lang')).data;
      shown = Number.isInteger(version) ? await forms.findVersion(published, version, lang, call.requestId) : undefined;
      if (!shown) throw deleted ? notFound('form') : invalidField('_version', 'not_found');
      const sent = await this.#sent(call, shown, posted);
      const repeat = await this.#parts.capture.repeated(shown, sent.identified, call.requestId);
      if (deleted && !repeat) throw notFound('form');
      return this.#onwards(shown, repeat ?? (await this.#submit(call, shown, posted, sent)));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.status >= 500) throw error;
      const page =
        shown && !isDeleted
          ? await this.#again(call, shown, posted, failure)
          : noticePage(NO_FORM, { title: failure.message }, []);
      return new Answer(failure.status, page.html, undefined, { ...page.headers, ...failure.extras.headers });
    }
  }

  /** What a post says, and by what it is known. */
  async #sent({ request, key, address }: SubmitCall, shown: ShownForm, posted: Posted): Promise<Sent> {
    const said: Said = {
      version: shown.form.version,
      answers: answersIn(shown.form, posted),
      locale: shown.form.locale,
      page: one(posted, '_page')?.slice(0, 2_000) ?? request.headers.get('referer')?.slice(0, 2_000),
      trap: shown.form.trap === undefined ? undefined : one(posted, shown.form.trap),
    };
    const { page: _, ...same } = said;
    const identified = await this.#parts.capture.identify(shown.id, same, key ?? readKey(one(posted, '_key') ?? null), address);
    return { said, identified };
  }

  async #submit(call: SubmitCall, shown: ShownForm, posted: Posted, { said, identified }: Sent): Promise<Receipt> {
    const { requestId, address, origin, request } = call;
    const { capture, marks } = this.#parts;
    await call.limit('plain-captures', `${shown.id} ${address}`);
    // A page that keeps its address to itself has no name here: what it sends is kept, and looked at by a person.
    const hidesOrigin = origin === 'null';
    if (!hidesOrigin) assertMaySubmit(shown, origin);
    assertOpen(shown, closedSentence);
    const started = one(posted, '_started');
    // Who makes a mark of their own had the form no time that we know of.
    if (started !== undefined) said.elapsed_ms = (await marks.elapsed(shown.id, started)) ?? 0;
    said.attribution = attributionOf(said.page);
    const answers = await capture.check(shown, said, requestId, true);
    const sender: Sender = {
      requestId,
      address,
      userAgent: request.headers.get('user-agent') ?? undefined,
      isExcused: true,
      hidesOrigin,
    };
    const suspicions = capture.suspicions(shown, said, undefined, sender);
    const content = capture.content(shown, said, answers, { isPartial: false, suspicions });
    return capture.receive(shown, content, identified, undefined, sender);
  }

  #onwards({ id, form }: ShownForm, { receipt: { success } }: Receipt): Answer {
    const to =
      success.kind === 'redirect' ? success.url : `${this.#parts.publicUrl}/f/${id}/done?lang=${encodeURIComponent(form.locale)}`;
    return new Answer(303, '', undefined, { Location: to, 'Cache-Control': 'no-store' });
  }

  /** The form once more, with the answers and what is wrong with them. */
  async #again(call: SubmitCall, shown: ShownForm, posted: Posted, failure: ApiFailure): Promise<HostedPage> {
    const { form } = shown;
    const framedBy = originsOf(shown);
    if (failure.code === 'CONFLICT' || failure.code === 'ORIGIN_NOT_ALLOWED')
      return noticePage(form, { title: failure.message }, framedBy);
    const answers = answersIn(form, posted);
    const problems = await this.#problems(shown, answers, failure, call.requestId);
    const key = failure.code === 'IDEMPOTENCY_MISMATCH' ? undefined : one(posted, '_key');
    const [started, page] = [one(posted, '_started'), one(posted, '_page')];
    return formPage(form, {
      action: `${API_PREFIX}/public/forms/${shown.id}/submissions`,
      key: key ?? newId(),
      ...(started !== undefined && { started }),
      ...(page !== undefined && { page }),
      answers,
      problems,
      ...(problems.length === 0 && { notice: say(form.texts, 'failed', form.locale) }),
      framedBy,
    });
  }

  /** What is wrong with the answers, where that is what was refused. */
  async #problems(shown: ShownForm, answers: Answers, failure: ApiFailure, requestId: string): Promise<readonly Problem[]> {
    if (!failure.extras.issues?.some(({ path }) => path.startsWith('answers.'))) return [];
    return this.#parts.capture.problems(shown, answers, requestId);
  }
}

const one = (posted: Posted, name: string): string | undefined => posted.get(name)?.[0] || undefined;

const NO_FORM: Pick<PublicForm, 'locale' | 'dir' | 'theme'> = { locale: 'en', dir: 'ltr', theme: {} };
