import type { FormChunk } from '../parts.ts';
import { ofDocument, root } from './page-document.ts';

/**
 * Loads the form as a module script whose hash the browser checks (an `import()` alone is not checked), and gives what it
 * exports. Rejects where the file does not come, or is not the one that was released.
 */
export function formChunkAt(url: string, integrity: string, nonce: string): () => Promise<FormChunk> {
  let src = url;
  try {
    // Trusted Types let this one address pass and no other.
    src = trustedTypes.createPolicy('millrace', { createScriptURL: () => url }).createScriptURL(url);
  } catch {
    // A browser without them, or a page that does not know the policy: it says so itself.
  }
  return () =>
    new Promise((resolve, reject) => {
      const script = Object.assign(ofDocument('createElement').call(document, 'script'), {
        type: 'module',
        integrity,
        crossOrigin: 'anonymous',
        nonce,
        src,
        // The module is there by now: importing it again fetches nothing.
        onload: () => resolve(import(url)),
        onerror: reject,
      });
      root.querySelector('head')!.append(script);
    });
}

declare const trustedTypes: {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): string };
};
