import type { Trigger } from '../../src/contract/form-definition.ts';
import type { Launcher, Place } from '../parts.ts';
import { OPENERS, said } from './naming.ts';
import { watch } from './triggers.ts';

/** Lets forms come by themselves, at their moment; where, to whom and how often is for the form chunk to say. */
export function timing({ places, looks, look, show }: Launcher, ended: AbortSignal) {
  let address = location.href;

  /** At another address everything is decided anew, but for what stands in the page or is open. */
  const moved = () => {
    const hasMoved = address !== (address = location.href);
    for (const { element, end, shown } of places.values()) {
      if (element.isConnected && (!hasMoved || shown?.capture.isOpen)) continue;
      end!.abort();
      places.delete(element);
    }
    if (hasMoved) look();
  };
  looks.add(moved);
  // Where the browser does not tell, a page that goes elsewhere is known by what it changes.
  (window as { navigation?: EventTarget }).navigation?.addEventListener?.('currententrychange', moved, { signal: ended });

  return async (place: Place) => {
    const { element } = place;
    const { signal } = (place.end = new AbortController());
    // Most forms stand in the page: what shows them comes at the same time.
    if (!element.matches(OPENERS) && !element.closest('head')) show();
    const { display } = (await place.form) ?? {};
    if (signal.aborted) return;
    if (!display || display.opener || /inline|side_tab/.test(display.mode) || element.matches('[data-mill-form]')) show(place);
    const on = said(element, 'open') as Trigger['on'];
    const triggers = on ? [{ on, value: said(element, 'open-value') ?? undefined }] : display?.triggers;
    for (const trigger of triggers ?? []) watch(trigger, element, (why = 'come') => show(place, why), signal, looks);
  };
}
