import type { PublicForm } from '../../src/contract/capture.ts';
import { showForm } from '../capture/capture.ts';
import { formIdOn, PLAIN_FORMS, said, WORDS } from '../launcher/naming.ts';
import { ofDocument, root } from '../launcher/page-document.ts';
import type { Capture, Consent, FormPage, Launcher, Place, Sending, Showing } from '../parts.ts';
import { openSending } from '../sending/sending.ts';
import { asAskedFor, hostFor, newElement } from './form-host.ts';
import { Frequency } from './frequency.ts';
import { givenValues, hiddenOn, sort, type Values } from './given-values.ts';
import { PageVisit } from './page-visit.ts';
import { conceal, plainFormAt, reveal } from './plain-form.ts';
import { readForm } from './read-form.ts';

/** The attributes whose change is heard: which form an element names, and its hidden values. */
const TELLING = ['form', 'action', 'data-form', 'data-hidden', ...[...WORDS, 'hidden'].map((word) => `data-mill-${word}`)];

interface Shown {
  form: PublicForm;
  host: HTMLElement;
  capture: Capture;
  /** What the element says of hidden values, as it was last read. */
  hidden: string | null;
}

/** The forms that are shown on a page, and what the page asks of them. */
export class PageForms implements FormPage {
  readonly #launcher: Launcher;
  readonly #minds: (element: Element) => boolean;
  readonly #end = new AbortController();
  readonly #visit: PageVisit;
  readonly #frequency: Frequency;
  readonly #sending: Sending;
  readonly #shown = new Map<Place, Shown>();
  /** Elements of ours for forms that the page has called by their ids. */
  readonly #asked = new Set<Element>();
  /** Values that came by a call, for all forms, by form and by place, also for those that are still to be shown. */
  readonly #called = new Map<string | Element | undefined, Values>();

  /** `minds` says which elements are ours to show forms in. */
  constructor(launcher: Launcher, minds: (element: Element) => boolean) {
    this.#minds = minds;
    const { signal } = this.#end;
    this.#launcher = launcher;
    this.#visit = new PageVisit(signal);
    this.#frequency = new Frequency(() => this.#visit.consent.storage === true, signal);
    this.#sending = openSending();
    // What is said of a form may change while it is shown.
    launcher.observer.observe(root, { childList: true, subtree: true, attributeFilter: TELLING });
    launcher.looks.add(this.#look);
    launcher.call = (method, ...given) => this.#call(method, given);
    for (const [method, ...given] of launcher.waiting) this.#call(method, given);
    this.#look();
  }

  async show(place: Place, why: Showing) {
    const { element, id } = place;
    const form = (await place.form) ?? (await (place.form = readForm(place, id)));
    if (this.#launcher.places.get(element) !== place || place.end?.signal.aborted) return;
    // An element that someone else has defined meanwhile minds its own business.
    if (!this.#minds(element)) return;
    if (!form) {
      element.dispatchEvent(new CustomEvent('mill-form-failed', { bubbles: true, composed: true, detail: { formId: id } }));
      return;
    }
    if (why !== 'open' && !this.#isFor(form)) return;
    if (why === 'come' && !this.#mayCome(form)) return;
    if (why === 'come' && this.#isOneOpen()) {
      // One after the other: what comes by itself waits until nothing else is open.
      const again = () => void this.show(place, why);
      root.addEventListener('mill-form-closed', again, { once: true, signal: place.end!.signal });
      return;
    }
    // One form lies open once, however many open it.
    const open =
      why === 'open' && this.#shownAs(id).find(([, { form, capture }]) => form.display.mode !== 'inline' && capture.isOpen);
    const { capture } = open ? open[1] : (this.#shown.get(place) ?? this.#mount(place, form));
    if (why !== 'stand') capture.open(why === 'open');
  }

  /** Whether the form is meant for this visitor, as far as that takes to know them. */
  #isFor({ display: { targeting } }: PublicForm) {
    return !targeting?.visitors || (targeting.visitors === 'returning') === this.#frequency.isReturning;
  }

  #mayCome({ id, display: { frequency } }: PublicForm) {
    return this.#frequency.allows(id, frequency ?? { show: 'always' }, said(this.#launcher.script, 'caps'));
  }

  #isOneOpen() {
    return [...this.#shown.values()].some(({ form, capture }) => form.display.mode !== 'inline' && capture.isOpen);
  }

  #mount(place: Place, given: PublicForm): Shown {
    const { element, api } = place;
    const form = asAskedFor(element, given);
    const host = hostFor(element, form);
    const visit = this.#visit.of(api);
    const { answers, others } = givenValues(element, form, visit.attribution());
    const plain = plainFormAt(element) && (element as HTMLFormElement);
    const typed = plain && sort(form, new FormData(plain)).answers;
    const capture = showForm(host, {
      form,
      api,
      visit: { ...visit, traits: () => (Object.keys(others).length > 0 ? { ...others, ...visit.traits() } : visit.traits()) },
      prefill: {
        ...answers,
        ...typed,
        ...this.#called.get(undefined),
        ...this.#called.get(form.id),
        ...this.#called.get(element),
      },
      skipsPrefilled: new URL(location.href).searchParams.get('skip_prefilled') === 'true',
      sharesAnswers: said(element, 'share-answers') !== null,
      pushesDataLayer: said(element, 'datalayer') !== null,
      nonce: this.#launcher.script.nonce,
      sending: this.#sending,
      follow: (id) => void this.#follow(place, id),
    });
    const shown: Shown = { form, host, capture, hidden: said(element, 'hidden') };
    this.#shown.set(place, shown);
    if (plain) conceal(plain);
    place.stays = () => form.display.mode === 'inline' || capture.isOpen;
    place.end ??= new AbortController();
    place.end.signal.addEventListener('abort', () => this.#unmount(place));
    return shown;
  }

  #unmount(place: Place) {
    const shown = this.#shown.get(place);
    this.#shown.delete(place);
    shown?.capture.destroy();
    if (shown && shown.host !== place.element) shown.host.remove();
    if (plainFormAt(place.element)) reveal(place.element);
  }

  async #follow(place: Place, id: string) {
    const form = await readForm(place, id);
    if (!form || !this.#shown.has(place)) return;
    const mode = this.#shown.get(place)!.form.display.mode;
    this.#unmount(place);
    this.#mount(place, { ...form, display: { ...form.display, mode } }).capture.open(true);
  }

  /** Leaves what has gone from the page or names another form by now, and finds plain forms to stand in for. */
  readonly #look = () => {
    const { places } = this.#launcher;
    let isOneLeft = false;
    for (const place of places.values()) {
      const { element, id } = place;
      const shown = this.#shown.get(place);
      const isSame =
        element.localName === 'form' ? plainFormAt(element)?.id === id : this.#asked.has(element) || formIdOn(element) === id;
      if (element.isConnected && isSame && (!shown || shown.host.isConnected)) {
        if (shown && shown.hidden !== (shown.hidden = said(element, 'hidden'))) {
          shown.capture.prefill(sort(shown.form, new URLSearchParams(hiddenOn(element))).answers);
        }
        continue;
      }
      (place.end ??= new AbortController()).abort();
      places.delete(element);
      isOneLeft = true;
    }
    for (const element of root.querySelectorAll<HTMLFormElement>(PLAIN_FORMS)) this.#standIn(element);
    if (isOneLeft) setTimeout(this.#launcher.look);
  };

  /** Takes the place of a plain form, unless its visitor is at work in it: it does what it is for by itself. */
  #standIn(element: HTMLFormElement) {
    const { places } = this.#launcher;
    const named = plainFormAt(element);
    if (!named || places.has(element) || !this.#minds(element) || ofDocument('readyState') === 'loading' || holdsFocus(element))
      return;
    const place: Place = { element, ...named };
    places.set(element, place);
    void this.show(place, 'stand');
  }

  #call(method: string, given: unknown[]) {
    const [target] = given;
    const [event, hear] = given as [string, EventListener];
    switch (method) {
      case 'on':
        root.addEventListener(`mill-form-${event}`, hear, { signal: this.#end.signal });
        break;
      case 'off':
        root.removeEventListener(`mill-form-${event}`, hear);
        break;
      case 'consent':
        this.#visit.hear(target as Consent);
        this.#frequency.keep();
        break;
      case 'identify':
        this.#visit.identify(target as Record<string, unknown>);
        break;
      case 'track':
        this.#track(target as string, given[1] as { form?: string; surface?: string } | undefined);
        break;
      case 'prefill':
        if (target instanceof Element || typeof target === 'string') this.#prefill(target, given[1] as Values);
        else this.#prefill(undefined, target as Values);
        break;
      case 'open':
        void this.show(this.#placeOf(target as string | Element), 'open');
        break;
      case 'toggle': {
        const open = this.#shownAs(target).find(([, { capture }]) => capture.isOpen);
        if (open) open[1].capture.close();
        else this.#call('open', given);
        break;
      }
      case 'close':
        for (const [, { capture }] of this.#shownAs(target)) capture.close();
        break;
      case 'reset':
        for (const [, { capture }] of this.#shownAs(target)) capture.reset();
        break;
      case 'destroy':
        this.#destroy(target as string | undefined);
    }
  }

  /** What is shown of a form or in a place; everything where nothing is named. */
  #shownAs(target: unknown) {
    return [...this.#shown].filter(([{ element, id }]) => target === undefined || target === id || target === element);
  }

  #placeOf(target: string | Element): Place {
    const { places, script } = this.#launcher;
    for (const place of places.values()) if (place.element === target || place.id === target) return place;
    const isElement = target instanceof Element;
    const element = isElement ? target : newElement('template');
    const api = said(element, 'api') ?? said(script, 'api') ?? new URL(script.src).origin;
    const place: Place = { element, id: isElement ? formIdOn(target)! : target, api };
    if (!isElement) {
      this.#asked.add(element);
      ofDocument('body').append(element);
    }
    places.set(element, place);
    return place;
  }

  #prefill(target: string | Element | undefined, values: Values) {
    this.#called.set(target, { ...this.#called.get(target), ...values });
    for (const [, { capture }] of this.#shownAs(target)) capture.prefill(values);
  }

  #track(name: string, { form, surface }: { form?: string; surface?: string } = {}) {
    for (const { id, api } of this.#launcher.places.values()) {
      if (form !== undefined && form !== id) continue;
      this.#visit.counter.count(api, { form_id: id, event: 'cta', name, ...(surface !== undefined && { surface }) });
      return;
    }
  }

  /** Takes one form away for as long as its element stays, or everything and for good. */
  #destroy(id: string | undefined) {
    const { places, looks, observer, onClick } = this.#launcher;
    for (const place of places.values()) if (!id || place.id === id) (place.end ??= new AbortController()).abort();
    if (id) return;
    places.clear();
    observer.disconnect();
    for (const look of looks) {
      (window as { navigation?: EventTarget }).navigation?.removeEventListener?.('currententrychange', look);
    }
    root.removeEventListener('click', onClick);
    this.#launcher.call = () => {};
    this.#visit.counter.send();
    this.#sending.close();
    this.#end.abort();
    delete (window as { millrace?: unknown }).millrace;
  }
}

const holdsFocus = (element: Element) => Element.prototype.matches.call(element, ':focus-within');
