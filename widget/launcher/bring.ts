import { ofDocument, root } from './page-document.ts';

/** Written in by the build: the directory of the release that this script belongs to, beside its own. */
declare const VERSION: string;

/** Brings a module of the release; rejects where it does not come, or is not the one that was released. */
export type Bring = <Module>(file: string, integrity: string) => Promise<Module>;

/** Brings modules as scripts whose hash the browser checks (an `import()` alone is not checked), and gives what they export. */
export function bringer({ src, nonce }: HTMLScriptElement): Bring {
  let policy: Policy | undefined;
  let again = '';
  return (file, integrity) =>
    new Promise((resolve, reject) => {
      // A browser remembers that a module did not come, so that another attempt needs another address.
      const url = new URL(`../${VERSION}/${file}${again}`, src).href;
      const load = () => resolve(import(url));
      // It was checked when it came.
      if (root.querySelector(`script[src="${url}"]`)) return load();
      try {
        policy ??= trustedTypes.createPolicy('millrace', { createScriptURL: (url) => url });
      } catch {
        // A browser without Trusted Types, or a page that does not know the policy: it says so itself.
      }
      const script = Object.assign(ofDocument('createElement').call(document, 'script'), {
        type: 'module',
        integrity,
        crossOrigin: 'anonymous',
        nonce,
        src: policy ? policy.createScriptURL(url) : url,
        // The module is there by now: importing it again fetches nothing.
        onload: load,
        onerror() {
          again += '?again';
          script.remove();
          reject();
        },
      });
      root.querySelector('head')!.append(script);
    });
}

interface Policy {
  createScriptURL(url: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
