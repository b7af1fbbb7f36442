import type { captureRoutes, PublicForm } from '../../src/contract/capture.ts';
import { say } from '../../src/core/form-texts.ts';
import type { OpenCall } from '../http/api.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import type { PublishedForm, PublishedForms } from './published-forms.ts';

/** The largest body that a visitor's browser may send. */
export const MOST_BYTES = 65_536;

/** What visitors read of a form that takes no submissions. */
export const closedSentence = ({ texts, locale }: PublicForm) => say(texts, 'closed', locale);

/** The form that is asked for, if whoever asks may know of it; a publishable key is of its workspace, and no other key is for pages. */
export async function publishedFor(
  forms: PublishedForms,
  call: Pick<OpenCall<typeof captureRoutes.form>, 'params' | 'requestId' | 'request' | 'caller'>,
): Promise<PublishedForm> {
  const published = await forms.lookUp(call.params.id, call.requestId);
  if (/^Bearer [sp]k_live_/i.test(call.request.headers.get('authorization') ?? '')) {
    const { credential, workspace } = await call.caller();
    if (credential !== 'publishable-key')
      throw new ApiFailure('FORBIDDEN', 'A secret key has no place in a page: send a publishable key, or none.');
    if (workspace.id !== published?.workspace.id) throw notFound('form');
  }
  if (!published) throw notFound('form');
  return published;
}
