import { ApiFailure } from '../http/failure.ts';
import type { PublishedForm } from './published-forms.ts';

/** The origins whose pages may send a form, beside the server's own: the form's, or where it names none the workspace's. */
export const originsOf = ({ definition, workspace }: PublishedForm): readonly string[] =>
  definition.allowed_origins?.length ? definition.allowed_origins : workspace.allowedOrigins;

/** Refuses what a page sends that may not; what comes from no page names none. */
export function assertMaySubmit(published: PublishedForm, origin: string | undefined) {
  if (origin === undefined || originsOf(published).includes(origin)) return;
  if (origin === 'null')
    throw new ApiFailure(
      'ORIGIN_NOT_ALLOWED',
      'A page without an origin, as in a sandboxed frame or from a file, may not send this form: give the frame allow-same-origin, or link to the hosted page.',
    );
  throw new ApiFailure(
    'ORIGIN_NOT_ALLOWED',
    `Pages of ${origin} may not send this form: add it to the form's or the workspace's allowed origins.`,
  );
}

/** Whether a page can't work for its submission: browsers give it no cryptography where it came unencrypted. */
export function isPlainHttp(origin: string | undefined): boolean {
  if (!origin?.startsWith('http://')) return false;
  const { hostname } = new URL(origin);
  return !(hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.'));
}
