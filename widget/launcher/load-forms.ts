import type { FormChunk, FormPage, Launcher } from '../parts.ts';
import type { Bring } from './bring.ts';
import { root } from './page-document.ts';
import { tellOfFailure } from './read-form.ts';

/** Written in by the build: what the file that shows forms hashes to. */
declare const FORM_INTEGRITY: string;

/** The forms of a page by the file that knows every shape, which is loaded when it is first needed. */
export function loadForms(launcher: Launcher, bring: Bring): FormPage {
  let loading: Promise<FormPage> | undefined;
  return {
    show(place, why) {
      loading ??= bring<FormChunk>('form.js', FORM_INTEGRITY).then(({ connect }) => connect(launcher, bring));
      loading.then(
        (forms) => forms.show(place, why),
        () => {
          // The next that is to be shown may have more luck.
          loading = undefined;
          tellOfFailure(place?.element ?? root, place?.id);
        },
      );
    },
  };
}
