import { said } from '../launcher/naming.ts';
import { timing } from '../launcher/timing.ts';
import { PageForms } from '../page/form-page.ts';
import { readForm } from '../page/read-form.ts';
import type { Launcher, Place } from '../parts.ts';

let launcher: Launcher | undefined;

/**
 * What the CDN's launcher is to its elements, for `mill-capture` of the package: it minds the elements that are added and
 * nothing else of the page. Nothing happens before the first call.
 */
export function packageLauncher(): Launcher {
  return (launcher ??= launch());
}

function launch(): Launcher {
  const script = document.createElement('script');
  // Where an element does not say where its API is, it is the page's own origin. An address would be refused by Trusted Types.
  script.dataset['api'] = location.origin;
  const ours: Launcher = {
    script,
    places: new Map(),
    looks: new Set(),
    waiting: [],
    observer: new MutationObserver(() => ours.look()),
    onClick: () => {},
    load: () => {},
    call: () => {},
    look: () => {
      for (const look of ours.looks) look();
    },
    show: (place, why = 'stand') => void forms.show(place, why),
    add(element) {
      if (ours.places.has(element)) return;
      const id = element.getAttribute('form')!;
      const place: Place = { element, id, api: said(element, 'api') ?? location.origin };
      ours.places.set(element, place);
      place.form = readForm(place, id);
      consider(place);
    },
  };
  const consider = timing(ours);
  const forms = new PageForms(ours, ({ localName }) => localName === 'mill-capture');
  return ours;
}
