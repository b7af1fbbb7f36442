import type { PublicForm } from '../../src/contract/capture.ts';
import { h } from '../capture/element.ts';
import { formIdOn, PLAIN_FORMS, said } from '../launcher/naming.ts';
import { ofDocument, root } from '../launcher/page-document.ts';
import type { Consent, FormPage, Launcher, Place, Showing, Shown } from '../parts.ts';
import { hostIn } from './form-host.ts';
import { Frequency } from './frequency.ts';
import { sort } from './given-values.ts';
import { endOf, type Kind, pageForms } from './page-forms.ts';
import { conceal, plainFormAt, reveal } from './plain-form.ts';
import { isMeant } from './targeting.ts';

/** What differs from the CDN to the package. */
export interface AllKinds extends Omit<Kind, 'hostFor'> {
  /** Whether an element is ours to show forms in. */
  minds(element: Element): boolean;
}

/** The forms of a page in every shape: those that stand in it, those that come or are opened, and those that stand in for plain ones. */
export function allForms(launcher: Launcher, { minds, ...kind }: AllKinds): FormPage {
  const { places, looks, script } = launcher;
  const { visit, calls, signal, shownAs, mount, start, ...forms } = pageForms(launcher, { ...kind, hostFor });
  const frequency = new Frequency(() => visit.allows('storage'), signal);

  /** The form of a place, unless someone else has defined its element meanwhile: then that minds its own business. */
  async function formOf(place: Place) {
    await place.form;
    return minds(place.element) ? forms.formOf(place) : undefined;
  }

  async function show(place?: Place, why: Showing = 'stand') {
    const form = place && (await formOf(place));
    if (!form) return;
    if (why !== 'open' && !isFor(form)) return;
    if (why === 'come' && !mayCome(form)) return;
    if (why === 'come' && shownAs().some(isOpen)) {
      // One after the other: what comes by itself waits until nothing else is open.
      const again = () => void show(place, why);
      root.addEventListener('mill-form-closed', again, { once: true, signal: endOf(place).signal });
      return;
    }
    // One form lies open once, however many open it.
    const open = why === 'open' && shownAs(place.id).find(isOpen);
    const { capture } = open || (place.shown ?? mount(place, form));
    if (why !== 'stand') capture.open(why === 'open');
  }

  /** Whether the form is meant for this page and this visitor. */
  const isFor = ({ display: { targeting } }: PublicForm) =>
    !targeting || (isMeant(targeting) && (!targeting.visitors || (targeting.visitors === 'returning') === frequency.isReturning));

  const mayCome = ({ id, display }: PublicForm) =>
    frequency.allows(id, display.frequency ?? { show: 'session' }, said(script, 'caps'));

  function placeOf(target: string | Element): Place {
    for (const place of places.values()) if (place.element === target || place.id === target) return place;
    const isElement = target instanceof Element;
    const element = isElement ? target : h('template');
    if (!isElement) {
      element.setAttribute('form', target);
      ofDocument('body').append(element);
    }
    const place: Place = { element, id: formIdOn(element)!, api: launcher.apiOf(element) };
    places.set(element, place);
    return place;
  }

  /** Takes the place of plain forms, unless their visitor is at work in them: they do what they are for by themselves. */
  function standIn() {
    if (ofDocument('readyState') === 'loading') return;
    for (const element of root.querySelectorAll<HTMLFormElement>(PLAIN_FORMS)) {
      const named = plainFormAt(element);
      if (!named || places.has(element) || !minds(element) || holdsFocus(element)) continue;
      const place: Place = { element, ...named };
      places.set(element, place);
      void formOf(place).then((form) => {
        if (!form) return;
        mount(place, form).capture.prefill(sort(form, new FormData(element)).answers);
        conceal(element);
        endOf(place).signal.addEventListener('abort', () => reveal(element));
      });
    }
  }

  const { consent } = calls;
  Object.assign(calls, {
    consent(signals: Consent) {
      consent!(signals);
      frequency.keep();
    },
    open: (target: string | Element) => void show(placeOf(target), 'open'),
    close(target?: string | Element) {
      for (const { capture } of shownAs(target)) capture.close();
    },
    toggle(target: string | Element) {
      const open = shownAs(target).find(isOpen);
      if (open) open.capture.close();
      else calls['open']!(target);
    },
  });
  looks.add(standIn);
  start();
  standIn();
  return { show };
}

/** Where a form is shown: in the page, or at its end where it lies above it. */
function hostFor(element: Element, { display }: PublicForm): HTMLElement {
  if (display.mode === 'inline' || element.localName === 'mill-capture') return hostIn(element);
  const host = h('div');
  ofDocument('body').append(host);
  return host;
}

const isOpen = ({ form, capture }: Shown) => form.display.mode !== 'inline' && capture.isOpen;
const holdsFocus = (element: Element) => Element.prototype.matches.call(element, ':focus-within');
