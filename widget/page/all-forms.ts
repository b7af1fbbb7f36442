import type { PublicForm } from '../../src/contract/capture.ts';
import { formIdOn, PLAIN_FORMS, said } from '../launcher/naming.ts';
import { ofDocument, root } from '../launcher/page-document.ts';
import type { Consent, FormPage, Launcher, Place, Showing } from '../parts.ts';
import { newElement } from './form-host.ts';
import { Frequency } from './frequency.ts';
import { sort } from './given-values.ts';
import { endOf, type Kind, pageForms, type Shown } from './page-forms.ts';
import { conceal, plainFormAt, reveal } from './plain-form.ts';
import { isMeant } from './targeting.ts';

/** The forms of a page in every shape: those that stand in it, those that come or are opened, and those that stand in for plain ones. */
export function allForms(launcher: Launcher, kind: Kind): FormPage {
  const { places, looks, script } = launcher;
  const { visit, calls, signal, shown, shownAs, formOf, mount, start } = pageForms(launcher, kind);
  const frequency = new Frequency(() => visit.allows('storage'), signal);

  async function show(place: Place, why: Showing = 'stand') {
    const form = await formOf(place);
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
    const { capture } = open || (shown.get(place) ?? mount(place, form));
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
    const element = isElement ? target : newElement('template');
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
      if (!named || places.has(element) || !kind.minds(element) || holdsFocus(element)) continue;
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

const isOpen = ({ form, capture }: Shown) => form.display.mode !== 'inline' && capture.isOpen;
const holdsFocus = (element: Element) => Element.prototype.matches.call(element, ':focus-within');
