import type { PublicForm } from '../../src/contract/capture.ts';
import type { ShowOptions } from '../capture/shown-form.ts';
import { said } from '../launcher/naming.ts';
import { root } from '../launcher/page-document.ts';
import { tellOfFailure } from '../launcher/read-form.ts';
import type { Capture, Launcher, Place, Shown } from '../parts.ts';
import type { LoadLater } from '../sending/leftovers.ts';
import { openSending } from '../sending/sending.ts';
import { givenValues, hiddenOn, sort, type Values } from './given-values.ts';
import { type PageVisit, pageVisit } from './page-visit.ts';

/** What differs from one build of the widget to the other. */
export interface Kind {
  /** The attributes whose change is heard: which form an element names, and its hidden values. */
  telling: string[];
  /** The id of the form that an element names by now. */
  idOn(element: Element): string | null | undefined;
  /** The form as its element asks for it. */
  asAskedFor(element: Element, form: PublicForm): PublicForm;
  /** Where it is shown. */
  hostFor(element: Element, form: PublicForm): HTMLElement;
  showForm(host: HTMLElement, options: ShowOptions): Capture;
  loadLater: LoadLater;
}

/** The forms that are shown on a page, and what the page asks of them. */
export interface PageForms {
  readonly visit: PageVisit;
  /** Ends with everything. */
  readonly signal: AbortSignal;
  /** What the page can call, by its name. */
  readonly calls: Record<string, (...given: any[]) => void>;
  /** What is shown of a form or in a place; everything where nothing is named. */
  shownAs(target?: string | Element): Shown[];
  /** The form of a place that is still there to be shown; the page is told where it cannot be read. */
  formOf(place: Place): Promise<PublicForm | undefined>;
  mount(place: Place, form: PublicForm): Shown;
  /** Hears the page's calls, those first that came before; and looks after its forms. */
  start(): void;
}

/** Shows forms in their places, gives them what the page says, and takes them away with their elements. */
export function pageForms(launcher: Launcher, { telling, idOn, asAskedFor, hostFor, showForm, loadLater }: Kind): PageForms {
  const { places, observer } = launcher;
  const end = new AbortController();
  const { signal } = end;
  const visit = pageVisit(signal);
  const sending = openSending({ loadLater });
  /** Values that came by a call, for all forms, by form and by place, also for those that are still to be shown. */
  const called = new Map<string | Element | undefined, Values>();

  const shownAs: PageForms['shownAs'] = (target) =>
    [...places.values()].flatMap(({ element, id, shown }) =>
      shown && (target === undefined || target === id || target === element) ? shown : [],
    );

  async function formOf(place: Place) {
    const form = (await place.form) ?? (await (place.form = launcher.read(place, place.id)));
    if (places.get(place.element) !== place || place.end?.signal.aborted) return;
    if (form) return form;
    console.warn(`Millrace: form ${place.id} cannot be read. Is it published?`);
    tellOfFailure(place.element, place.id);
    return;
  }

  function mount(place: Place, given: PublicForm): Shown {
    const { element, api } = place;
    const form = asAskedFor(element, given);
    const host = hostFor(element, form);
    const address = new URLSearchParams(location.search);
    const { answers, others } = givenValues(element, form, address, visit.touches);
    const capture = showForm(host, {
      form,
      api,
      visit: visit.of(api, others),
      prefill: { ...answers, ...called.get(undefined), ...called.get(form.id), ...called.get(element) },
      skipsPrefilled: address.get('skip_prefilled') === 'true',
      sharesAnswers: said(element, 'share-answers') !== null,
      pushesDataLayer: said(element, 'datalayer') !== null,
      sending,
      async follow(id) {
        const next = await launcher.read(place, id);
        if (!next || !place.shown) return;
        unmount(place);
        mount(place, { ...next, display: { ...next.display, mode: form.display.mode } }).capture.open(true);
      },
    });
    endOf(place).signal.addEventListener('abort', () => unmount(place));
    return (place.shown = { form, host, capture, hidden: said(element, 'hidden') });
  }

  function unmount(place: Place) {
    const { element, shown } = place;
    delete place.shown;
    shown?.capture.destroy();
    if (shown && shown.host !== element) shown.host.remove();
  }

  /** Leaves what has gone from the page or names another form by now, and hears new hidden values. */
  function look() {
    for (const { element, id, shown } of places.values()) {
      if (!element.isConnected || idOn(element) !== id || (shown && !shown.host.isConnected)) {
        leave(element);
        setTimeout(() => signal.aborted || launcher.look());
      } else if (shown && shown.hidden !== (shown.hidden = said(element, 'hidden')))
        shown.capture.prefill(sort(shown.form, new URLSearchParams(hiddenOn(element))).answers);
    }
  }

  function leave(element: Element) {
    endOf(places.get(element)!).abort();
    places.delete(element);
  }

  const calls: PageForms['calls'] = {
    __proto__: null as never,
    consent: visit.consent,
    identify: visit.identify,
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
