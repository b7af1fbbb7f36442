import type { FormValue } from '../../contract/form-definition.ts';
import { captureElement, type CaptureElement } from '../../../widget/capture/capture-element.ts';
import { packageLauncher } from '../../../widget/capture/package-launcher.ts';

export type * from './capture.events.ts';

/** What `millrace` does for every form of the page. */
export interface PageCalls {
  consent: [signals: { storage?: boolean; analytics?: boolean }];
  identify: [traits: Record<string, unknown>];
  track: [name: string, place?: { form?: string; surface?: string }];
  prefill: [values: Readonly<Record<string, FormValue>>];
}

/** Tells all elements of the page what a consent manager says, who the visitor is, what was clicked, or values for each form. */
export function millrace<Method extends keyof PageCalls>(method: Method, ...given: PageCalls[Method]) {
  packageLauncher().call(method, ...given);
}

/**
 * A capture form on the page: `form` names it, `data-api` says where the API is, and every `data-mill-…` of the script works
 * here as well.
 *
 * @tag mill-capture
 * @attr {string} form - The id of a published form.
 * @attr {string} data-api - Where the API is, like `https://crm.example.com`.
 * @attr {string} data-lang - The language of the form; the page's own unless said.
 * @attr {'light' | 'dark' | 'system'} data-theme - The colours; as the visitor's system has them unless said.
 * @attr {string} data-hidden - Values for fields, hidden ones too: `plan=pro,ref=7`.
 * @attr {string} data-params - The query parameters of the page that go into the fields of the same names.
 * @attr {boolean} data-share-answers - Whether events carry the answers.
 * @fires {FormEvent<'mill-form-ready'>} mill-form-ready - The form is on the page.
 * @fires {FormEvent<'mill-form-viewed'>} mill-form-viewed - A visitor can see it.
 * @fires {FormEvent<'mill-form-opened'>} mill-form-opened - It opened.
 * @fires {FormEvent<'mill-form-closed'>} mill-form-closed - It closed.
 * @fires {FormEvent<'mill-form-started'>} mill-form-started - The visitor gave the first answer.
 * @fires {FormEvent<'mill-form-stepped'>} mill-form-stepped - Another step is shown.
 * @fires {FormEvent<'mill-form-changed'>} mill-form-changed - An answer changed.
 * @fires {FormEvent<'mill-form-submit'>} mill-form-submit - The answers are right and about to leave. Cancelable.
 * @fires {FormEvent<'mill-form-submitted'>} mill-form-submitted - The server has it.
 * @fires {FormEvent<'mill-form-queued'>} mill-form-queued - It lies on the device and is sent later.
 * @fires {FormEvent<'mill-form-failed'>} mill-form-failed - It was refused, and nothing was sent or kept in the queue.
 */
export const MillCapture = captureElement(packageLauncher);
export type MillCapture = CaptureElement;
