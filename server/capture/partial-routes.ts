import { captureRoutes as routes } from '../../src/contract/capture.ts';
import type { Api } from '../http/api.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import { assertOpen, versionSeen, type CaptureService, type Sender } from './capture-service.ts';
import { assertMaySubmit, isPlainHttp } from './page-origins.ts';
import type { PartialService } from './partial-service.ts';
import type { PartialTokens } from './partial-tokens.ts';
import type { PublishedForms } from './published-forms.ts';
import { closedSentence, MOST_BYTES } from './visited-form.ts';

interface Parts {
  forms: PublishedForms;
  tokens: PartialTokens;
  capture: CaptureService;
  partials: PartialService;
}

/** Serves what visitors do with a submission that they have begun. */
export function servePartials(api: Api, { forms, tokens, capture, partials }: Parts) {
  api.serveOpen(
    routes.update,
    async (call) => {
      const { params, requestId, address, request, origin } = call;
      const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      if (token === undefined)
        throw new ApiFailure('UNAUTHORIZED', "Send the token of the submission's receipt in the header Authorization: Bearer ….");
      const formId = await tokens.formOf(token, params.id);
      if (formId === undefined) throw notFound('submission');
      const present = await forms.lookUp(formId, requestId);
      // What was ended before its form was deleted is answered as it was.
      const published = present ?? (await forms.lookUpDeleted(formId, requestId));
      if (!published) throw notFound('submission');
      const { proof: sent, complete: isLast = false, sequence, ...said } = await call.json({ most: MOST_BYTES });
      assertMaySubmit(published, origin);
      const shown = await versionSeen(forms, published, said, requestId);
      const ended = await partials.ended(shown, params.id, requestId);
      if (ended) return call.answer(ended);
      if (!present) throw notFound('submission');

      assertOpen(shown, closedSentence);
      const sender: Sender = {
        requestId,
        address,
        userAgent: request.headers.get('user-agent') ?? undefined,
        isExcused: isPlainHttp(origin),
        hidesOrigin: false,
      };
      if (isLast)
        await call.limit(sender.isExcused && sent === undefined ? 'plain-captures' : 'captures', `${published.id} ${address}`);
      const answers = await capture.check(shown, said, requestId, isLast);
      const proof = isLast ? await capture.proofOf(published, sent) : undefined;
      const suspicions = isLast ? capture.suspicions(shown, said, proof, sender) : [];
      const content = capture.content(shown, said, answers, { isPartial: !isLast, suspicions });
      return call.answer(await partials.goOn(shown, params.id, { content, sequence, isLast, proof }, requestId));
    },
    { apart: 'submissions' },
  );
}
