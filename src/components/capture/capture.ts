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
 */
export const MillCapture = captureElement(packageLauncher);
export type MillCapture = CaptureElement;
