import type { PublicForm } from '../../src/contract/capture.ts';
import type { ShowOptions } from '../capture/shown-form.ts';
import { said } from '../launcher/naming.ts';
import { root } from '../launcher/page-document.ts';
import { tellOfFailure } from '../launcher/read-form.ts';
import type { Capture, Consent, Launcher, Place } from '../parts.ts';
import type { LoadLater } from '../sending/leftovers.ts';
import { openSending } from '../sending/sending.ts';
import { hostFor } from './form-host.ts';
import { givenValues, hiddenOn, sort, type Values } from './given-values.ts';
import { type PageVisit, pageVisit } from './page-visit.ts';

/** What differs from one build of the widget to the other. */
export interface Kind {
  /** Whether an element is ours to show forms in. */
  minds(element: Element): boolean;
  /** The attributes whose change is heard: which form an element names, and its hidden values. */
  telling: string[];
  /** The id of the form that an element names by now. */
  idOn(element: Element): string | null | undefined;
  /** The form as its element asks for it. */
  asAskedFor(element: Element, form: PublicForm): PublicForm;
  showForm(host: HTMLElement, options: ShowOptions): Capture;
  loadLater: LoadLater;
}

/** A form that is shown. */
export interface Shown {
  place: Place;
  form: PublicForm;
  host: HTMLElement;
  capture: Capture;
  /** What the element says of hidden values, as it was last read. */
  hidden: string | null;
}

/** The forms that are shown on a page, and what the page asks of them. */
export interface PageForms {
  readonly visit: PageVisit;
  /** Ends with everything. */
  readonly signal: AbortSignal;
  /** What the page can call, by its name. */
  readonly calls: Record<string, (...given: any[]) => void>;
  readonly shown: ReadonlyMap<Place, Shown>;
  /** What is shown of a form or in a place; everything where nothing is named. */
  shownAs(target?: string | Element): Shown[];
  /** The form of a place that is still there to be shown; the page is told where it cannot be read. */
  formOf(place: Place): Promise<PublicForm | undefined>;
  mount(place: Place, form: PublicForm): Shown;
  /** Hears the page's calls, those first that came before; and looks after its forms. */
  start(): void;
}

/** Shows forms in their places, gives them what the page says, and takes them away with their elements. */
export function pageForms(launcher: Launcher, { minds, idOn, telling, asAskedFor, showForm, loadLater }: Kind): PageForms {
  const { places, observer } = launcher;
  const end = new AbortController();
  const { signal } = end;
  const visit = pageVisit(signal);
  const sending = openSending({ loadLater });
  const shown = new Map<Place, Shown>();
  /** Values that came by a call, for all forms, by form and by place, also for those that are still to be shown. */
  const called = new Map<string | Element | undefined, Values>();

  const shownAs: PageForms['shownAs'] = (target) =>
    [...shown.values()].filter(({ place: { element, id } }) => target === undefined || target === id || target === element);

  async function formOf(place: Place) {
    const { element } = place;
    const form = (await place.form) ?? (await (place.form = launcher.read(place, place.id)));
    // An element that someone else has defined meanwhile minds its own business.
    if (places.get(element) !== place || place.end?.signal.aborted || !minds(element)) return;
    if (!form) tellOfFailure(element, place.id);
    return form;
  }

  function mount(place: Place, given: PublicForm): Shown {
    const { element, api } = place;
    const form = asAskedFor(element, given);
    const host = hostFor(element, form);
    const { answers, others } = givenValues(element, form, visit.attribution());
    const capture = showForm(host, {
      form,
      api,
      visit: visit.of(api, others),
      prefill: { ...answers, ...called.get(undefined), ...called.get(form.id), ...called.get(element) },
      skipsPrefilled: new URL(location.href).searchParams.get('skip_prefilled') === 'true',
      sharesAnswers: said(element, 'share-answers') !== null,
      pushesDataLayer: said(element, 'datalayer') !== null,
      sending,
      async follow(id) {
        const next = await launcher.read(place, id);
        if (!next || !shown.has(place)) return;
        unmount(place);
        mount(place, { ...next, display: { ...next.display, mode: form.display.mode } }).capture.open(true);
      },
    });
    const one: Shown = { place, form, host, capture, hidden: said(element, 'hidden') };
    shown.set(place, one);
    place.stays = () => form.display.mode === 'inline' || capture.isOpen;
    endOf(place).signal.addEventListener('abort', () => unmount(place));
    return one;
  }

  function unmount(place: Place) {
    const one = shown.get(place);
    shown.delete(place);
    one?.capture.destroy();
    if (one && one.host !== place.element) one.host.remove();
  }

  /** Leaves what has gone from the page or names another form by now, and hears new hidden values. */
  function look() {
    let isOneLeft = false;
    for (const place of places.values()) {
      const { element, id } = place;
      const one = shown.get(place);
      if (element.isConnected && idOn(element) === id && (!one || one.host.isConnected)) {
        if (one && one.hidden !== (one.hidden = said(element, 'hidden')))
          one.capture.prefill(sort(one.form, new URLSearchParams(hiddenOn(element))).answers);
        continue;
      }
      leave(place);
      isOneLeft = true;
    }
    if (isOneLeft) setTimeout(() => signal.aborted || launcher.look());
  }

  function leave(place: Place) {
    endOf(place).abort();
    places.delete(place.element);
  }

  const calls: PageForms['calls'] = {
    __proto__: null as never,
    consent: (consent: Consent) => visit.hear(consent),
    identify: (traits: Record<string, unknown>) => visit.identify(traits),
    track(name: string, { form, surface }: { form?: string; surface?: string } = {}) {
      const place = [...places.values()].find(({ id }) => !form || form === id);
      if (place) visit.count(place.api, { form_id: place.id, event: 'cta', name, ...(surface !== undefined && { surface }) });
    },
    prefill(...given: [Values] | [string | Element, Values]) {
      const [target, values] = given.length > 1 ? (given as [string | Element, Values]) : [undefined, given[0] as Values];
      called.set(target, { ...called.get(target), ...values });
      for (const { capture } of shownAs(target)) capture.prefill(values);
    },
    reset(target?: string | Element) {
      for (const { capture } of shownAs(target)) capture.reset();
    },
    /** Takes one form away for as long as its element stays, or everything and for good. */
    destroy(id?: string) {
      for (const place of places.values()) if (!id || place.id === id) endOf(place).abort();
      if (id) return;
      places.clear();
      launcher.end();
      visit.send();
      sending.close();
      end.abort();
    },
  };

  return {
    visit,
    signal,
    calls,
    shown,
    shownAs,
    formOf,
    mount,
    start() {
      // What is said of a form may change while it is shown.
      observer.observe(root, { childList: true, subtree: true, attributeFilter: telling });
      launcher.looks.add(look);
      launcher.call = (method, ...given) => calls[method]?.(...given);
      for (const call of launcher.waiting) launcher.call(...call);
      look();
    },
  };
}

/** What ends with a place. */
export const endOf = (place: Place) => (place.end ??= new AbortController());
