import type { FormPage, Launcher, Place } from '../parts.ts';
import { type Bring, bringer } from './bring.ts';
import { mayWait } from './left-count.ts';
import { said } from './naming.ts';
import { ofDocument, root } from './page-document.ts';
import { readForm } from './read-form.ts';

/** Written in by the build. */
declare const VERSION: string;

type Call = [method: string, ...given: any[]];
export interface Millrace {
  (...call: Call): void;
  version?: string;
  /** Whether it knows only forms that stand in the page. */
  isInline?: boolean;
  /** What was called so far. */
  q?: Call[];
}

/** Decides what becomes of a form that need not be shown at once. */
export type Consider = (place: Place) => void;

/**
 * Puts Millrace to work on this page: its forms, and the one global `millrace`. A page that has it already, whatever its
 * version, keeps what it has. `marked` selects the elements that are places of forms, and `idOn` says of which; `connect`
 * gives what shows them, and is asked when there is something to do.
 */
export function launch(
  marked: string,
  idOn: (element: Element) => string | null | undefined,
  connect: (launcher: Launcher, bring: Bring) => FormPage,
  whole?: (launcher: Launcher, signal: AbortSignal) => Consider,
) {
  const page = window as { millrace?: Millrace };
  const stub = typeof page.millrace === 'function' ? page.millrace : null;
  if (stub?.version) return;

  const script = ofDocument('currentScript') as HTMLScriptElement;
  const bring = bringer(script);
  const places = new Map<Element, Place>();
  const waiting: Call[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  let forms: FormPage | undefined;
  let timer: unknown;

  const look = () => {
    timer = 0;
    root.querySelectorAll(marked).forEach(launcher.add);
    launcher.looks.forEach((look) => look());
  };

  // A page that changes much is looked at a few times a second, not at each change.
  const observer = new MutationObserver(() => (timer ||= setTimeout(look, 50)));
  const launcher: Launcher = {
    script,
    places,
    looks: new Set(),
    waiting,
    observer,
    look,
    read: readForm,
    apiOf(element) {
      const speaker = element.localName === 'script' ? (element as HTMLScriptElement) : script;
      return said(element, 'api') ?? said(speaker, 'api') ?? new URL(speaker.src).origin;
    },
    add(element) {
      if (places.has(element)) return;
      const place: Place = { element, id: idOn(element)!, api: launcher.apiOf(element) };
      places.set(element, place);
      place.form = readForm(place, place.id);
      consider(place);
    },
    show(place, why) {
      (forms ??= connect(launcher, bring)).show(place, why);
    },
    call: () => launcher.show(),
    end() {
      observer.disconnect();
      // What the page did just before is looked at no more, or its forms would be shown again.
      clearTimeout(timer as number);
      ending.abort();
      if (page.millrace === millrace) delete page.millrace;
    },
  };
  const consider = whole?.(launcher, signal) ?? launcher.show;

  const millrace: any = (...call: Call) => {
    waiting.push(call);
    const [method, event, hear] = call;
    // These are heard here, because that the form does not come is told from here too.
    if (method === 'on') root.addEventListener(`mill-form-${event}`, hear, { signal });
    else if (method === 'off') root.removeEventListener(`mill-form-${event}`, hear);
    else launcher.call(...call);
  };
  for (const method of 'open close toggle prefill identify track on off consent reset destroy'.split(' ')) {
    millrace[method] = millrace.bind(null, method);
  }
  page.millrace = Object.assign(millrace, { version: VERSION, q: waiting, isInline: !whole });
  stub?.q?.forEach((call) => millrace(...call));

  observer.observe(root, { childList: true, subtree: true });
  look();
  setTimeout(() => mayWait() && launcher.show(), 500);
}
