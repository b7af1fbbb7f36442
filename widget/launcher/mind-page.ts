import type { Launcher } from '../parts.ts';
import { OPENERS, PLAIN_FORMS } from './naming.ts';
import { root } from './page-document.ts';

/** Opens forms where the page's own elements are clicked for it, and loads what stands in for plain forms where there are any. */
export function mindPage({ looks, show }: Launcher, signal: AbortSignal) {
  looks.add(() => root.querySelector(PLAIN_FORMS) && show());
  root.addEventListener(
    'click',
    (event) => {
      const opener = (event.target as Element).closest(OPENERS);
      if (!opener) return;
      event.preventDefault();
      (window as unknown as { millrace: (...call: unknown[]) => void }).millrace('open', opener);
    },
    { signal },
  );
}
