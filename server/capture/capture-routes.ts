import { captureRoutes as routes } from '../../src/contract/capture.ts';
import type { Api, OpenCall } from '../http/api.ts';
import type { Answer } from '../http/answer.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { assertOpen, versionSeen, type CaptureService, type Sender } from './capture-service.ts';
import type { Challenges } from './challenges.ts';
import { assertMaySubmit, isPlainHttp } from './page-origins.ts';
import type { PlainPosts } from './plain-post.ts';
import { isFormPost } from './posted-form.ts';
import type { PublishedForm, PublishedForms } from './published-forms.ts';
import { closedSentence, MOST_BYTES, publishedFor } from './visited-form.ts';

/** How long a form may be shown as it was, and how long it may still be while it is asked for anew. */
const FORM_CACHE = 'public, max-age=60, stale-while-revalidate=86400';

/** Serves visitors: what a form is, a challenge for it, and their submissions. */
export function serveCapture(
  api: Api,
  {
    forms,
    challenges,
    capture,
    posts,
  }: { forms: PublishedForms; challenges: Challenges; capture: CaptureService; posts: PlainPosts },
) {
  api.serveOpen(routes.form, async (call) => {
    const published = await publishedFor(forms, call);
    const { form } = (await forms.find(published.id, call.query.lang, call.requestId))!;
    call.header('Cache-Control', FORM_CACHE);
    // Every page and every visitor is answered the same.
    call.header('Vary', 'Accept-Encoding');
    return call.answer(form);
  });

  api.serveOpen(routes.challenge, async (call) => {
    const { id } = await publishedFor(forms, call);
    call.header('Cache-Control', 'no-store');
    return call.answer(await challenges.make(id));
  });

  // A queue that is sent at once has a limit of its own, and what else its address asks for is not to use that up.
  api.serveOpen(
    routes.submit,
    async (call) => {
      if (isFormPost(call.request)) return posts.receive(call);
      const repeat = await repeatOfDeleted(call, { forms, capture });
      return repeat ?? submit(call, await publishedFor(forms, call), { forms, capture });
    },
    { apart: 'submissions' },
  );
}

type SubmitCall = OpenCall<typeof routes.submit>;

/** The first answer to what was sent before the form was deleted: its key is good for ever. */
async function repeatOfDeleted(
  call: SubmitCall,
  { forms, capture }: { forms: PublishedForms; capture: CaptureService },
): Promise<Answer | undefined> {
  const { params, requestId, key, address } = call;
  if (key === undefined || (await forms.lookUp(params.id, requestId))) return undefined;
  const deleted = await forms.lookUpDeleted(params.id, requestId);
  if (!deleted) return undefined;
  const { proof: _, is_partial: isPartial = false, ...said } = await call.json({ most: MOST_BYTES });
  const identified = await capture.identify(deleted.id, { ...said, isPartial }, key, address);
  const repeat = await capture.repeated(deleted, identified, requestId);
  return repeat && answerOf(call, repeat);
}

async function submit(
  call: SubmitCall,
  published: PublishedForm,
  { forms, capture }: { forms: PublishedForms; capture: CaptureService },
): Promise<Answer> {
  const { requestId, key, address, request, origin } = call;
  const { proof: sent, is_partial: isPartial = false, ...said } = await call.json({ most: MOST_BYTES });
  if (key === undefined)
    throw new ApiFailure('VALIDATION_ERROR', 'A submission needs a key of its own: send the header Idempotency-Key.');
  const identified = await capture.identify(published.id, { ...said, isPartial }, key, address);
  const sender: Sender = {
    requestId,
    address,
    userAgent: request.headers.get('user-agent') ?? undefined,
    isExcused: isPlainHttp(origin),
    hidesOrigin: false,
  };
  const isProved = sent !== undefined || published.definition.spam?.proof === false;
  let uncount = async () => {};
  const receive = async () => {
    uncount = await call.limit(isProved || !sender.isExcused ? 'captures' : 'plain-captures', `${published.id} ${address}`);
    assertMaySubmit(published, origin);
    const shown = await versionSeen(forms, published, said, requestId);
    assertOpen(shown, closedSentence);
    if (isPartial && !shown.form.partial) throw invalidField('is_partial', 'only_for', { what: 'forms that keep what is begun' });
    const answers = await capture.check(shown, said, requestId, !isPartial);
    const proof = await capture.proofOf(published, sent);
    const suspicions = capture.suspicions(shown, said, proof, sender);
    const content = capture.content(shown, said, answers, { isPartial, suspicions });
    return capture.receive(shown, content, identified, proof, sender);
  };
  // What came before is known where it would be kept again; it is looked for by itself only where something is refused first.
  const receipt = await receive().catch(async (error: unknown) => {
    const repeat = error instanceof ApiFailure ? await capture.repeated(published, identified, requestId) : undefined;
    if (!repeat) throw error;
    return repeat;
  });
  if (receipt.isRepeat) await uncount();
  return answerOf(call, receipt);
}

function answerOf(call: SubmitCall, { receipt, isRepeat, ...of }: Awaited<ReturnType<CaptureService['receive']>>): Answer {
  if (isRepeat) call.header('Idempotent-Replayed', 'true');
  return call.answer(receipt, of);
}
