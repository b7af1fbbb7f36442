import { said } from '../launcher/naming.ts';
import { readForm } from '../launcher/read-form.ts';
import { timing } from '../launcher/timing.ts';
import { allForms } from '../page/all-forms.ts';
import { shaped } from '../page/asked-shape.ts';
import { formIdNow, TELLING } from '../page/named-now.ts';
import type { Launcher, Place } from '../parts.ts';
import { showForm } from './capture.ts';

let launcher: Launcher | undefined;

/**
 * What the CDN's launcher is to its elements, for `mill-capture` of the package: it minds the elements that are added and
 * nothing else of the page. Nothing happens before the first call.
 */
export function packageLauncher(): Launcher {
  return (launcher ??= launch());
}

function launch(): Launcher {
  const ours: Launcher = {
    // Nobody has put it on the page: it says nothing for all forms.
    script: document.createElement('script'),
    places: new Map(),
    looks: new Set(),
    waiting: [],
    observer: new MutationObserver(() => ours.look()),
    call() {},
    end() {},
    // Where an element does not say where its API is, it is the page's own origin.
    apiOf: (element) => said(element, 'api') ?? location.origin,
    read: readForm,
    look() {
      for (const look of ours.looks) look();
    },
    show: (place, why) => place && forms.show(place, why),
    add(element) {
      if (ours.places.has(element)) return;
      const place: Place = { element, id: element.getAttribute('form')!, api: ours.apiOf(element) };
      ours.places.set(element, place);
      place.form = readForm(place, place.id);
      consider(place);
    },
  };
  const consider = timing(ours, new AbortController().signal);
  const forms = allForms(ours, {
    minds: ({ localName }) => localName === 'mill-capture',
    telling: TELLING,
    idOn: formIdNow,
    asAskedFor: shaped,
    showForm,
    loadLater: () => import('../later.ts'),
  });
  return ours;
}
