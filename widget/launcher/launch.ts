import type { FormPage, Launcher, Place, Showing } from '../parts.ts';
import { formChunkAt } from './form-chunk.ts';
import { formIdOn, OPENERS, PLACES, PLAIN_FORMS, said } from './naming.ts';
import { ofDocument, root } from './page-document.ts';

/** Written in by the build: where the form lies beside this script, and what it hashes to. */
declare const FORM_PATH: string;
declare const FORM_INTEGRITY: string;
declare const VERSION: string;

type Call = [method: string, ...given: unknown[]];
interface Millrace {
  (...call: Call): void;
  version?: string;
  /** What was called before there was anything to hear it. */
  q?: Call[];
}

/** Decides what becomes of a form that need not be shown at once. */
export type Consider = (place: Place) => void;

/**
 * Puts Millrace to work on this page: its forms, and the one global `millrace`. A page that has it already, whatever its
 * version, keeps what it has. What comes after a form is shown is the form chunk's matter.
 */
export function launch(timing?: (launcher: Launcher) => Consider) {
  const page = window as { millrace?: Millrace };
  const stub = typeof page.millrace === 'function' ? page.millrace : undefined;
  if (stub?.version) return;

  const script = ofDocument('currentScript') as HTMLScriptElement;
  const loadChunk = formChunkAt(new URL(FORM_PATH, script.src).href, FORM_INTEGRITY, script.nonce);
  const places = new Map<Element, Place>();
  let loading: Promise<FormPage> | undefined;
  let timer: unknown;

  const load = (then = (_: FormPage) => {}, element: Element = root) => {
    (loading ??= loadChunk().then(({ connect }) => connect(launcher))).then(then, () =>
      element.dispatchEvent(
        new CustomEvent('mill-form-failed', { bubbles: true, composed: true, detail: { formId: places.get(element)?.id } }),
      ),
    );
  };

  const show = (place: Place, why: Showing = 'stand') => load((page) => page.show(place, why), place.element);

  const read = async ({ element, api, id }: Place) => {
    const lang = said(element, 'lang') || root.lang || navigator.language;
    const response = await fetch(`${api}/api/v2/public/forms/${id}?lang=${lang}`);
    return (await response.json()).data;
  };

  const add = (element: Element) => {
    if (places.has(element)) return;
    const place: Place = {
      element,
      id: formIdOn(element)!,
      api: said(element, 'api') ?? said(script, 'api') ?? new URL(script.src).origin,
    };
    places.set(element, place);
    place.form = read(place).catch(() => {});
    consider(place);
  };

  const look = () => {
    timer = 0;
    root.querySelectorAll(PLACES).forEach(add);
    if (root.querySelector(PLAIN_FORMS)) load();
    launcher.looks.forEach((look) => look());
  };

  // A page that changes much is looked at a few times a second, not at each change.
  const observer = new MutationObserver(() => (timer ||= setTimeout(look, 50)));
  const launcher: Launcher = {
    observer,
    script,
    places,
    waiting: [],
    looks: new Set(),
    add,
    show,
    look,
    load,
    onClick(event) {
      const opener = (event.target as Element).closest(OPENERS);
      if (!opener) return;
      event.preventDefault();
      millrace('open', opener);
    },
    call(...call) {
      launcher.waiting.push(call);
      // Only to open a form is worth a hurry.
      setTimeout(load, /open|toggle/.test(call[0]) ? 0 : 500);
    },
  };
  const consider = timing?.(launcher) ?? show;

  const millrace: any = (page.millrace = (...call) => launcher.call(...call));
  for (const method of 'open close toggle prefill identify track on off consent reset destroy'.split(' ')) {
    millrace[method] = millrace.bind(null, method);
  }
  millrace.version = VERSION;
  stub?.q?.forEach((call) => millrace(...call));

  observer.observe(root, { childList: true, subtree: true });
  root.addEventListener('click', launcher.onClick);
  look();
  try {
    if (localStorage['millrace.queue']) setTimeout(load, 500);
  } catch {
    // Where nothing may be stored nothing waits.
  }
}
