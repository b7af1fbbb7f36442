import type { FormValue } from '../../src/contract/form-definition.ts';
import { holdForm } from '../page/form-host.ts';
import type { Launcher } from '../parts.ts';

/** What `mill-capture` can be told by a script. */
export interface CaptureElement extends HTMLElement {
  /** Opens a form that isn't part of the page's text. */
  open(): void;
  /** Closes it; what was filled in stays. */
  close(): void;
  /** Opens or closes it. */
  toggle(): void;
  /** Fills in what the page knows already, by the ids of the fields. */
  prefill(values: Readonly<Record<string, FormValue>>): void;
  /** Forgets the answers and shows the form anew. */
  reset(): void;
}

/** Only a page has elements; elsewhere the class can be made, and no more. */
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

/** The class of `mill-capture`: the form that its `form` names, wherever the element comes to stand, shadow trees included. */
export function captureElement(launcherOf: () => Pick<Launcher, 'add' | 'call' | 'look'>): new () => CaptureElement {
  return class extends Base {
    static readonly observedAttributes = ['form'];

    connectedCallback() {
      if (holdForm(this)) standAsBlock(this.shadowRoot!);
      if (this.getAttribute('form')) launcherOf().add(this);
    }

    attributeChangedCallback() {
      if (!this.isConnected) return;
      launcherOf().look();
      this.connectedCallback();
    }

    open() {
      launcherOf().call('open', this);
    }

    close() {
      launcherOf().call('close', this);
    }

    toggle() {
      launcherOf().call('toggle', this);
    }

    prefill(values: Readonly<Record<string, FormValue>>) {
      launcherOf().call('prefill', this, values);
    }

    reset() {
      launcherOf().call('reset', this);
    }
  };
}

/** Until the form comes, what the page has put there shows, in a block as tall as the page reserves. */
function standAsBlock(root: ShadowRoot) {
  if (root.adoptedStyleSheets[0]) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':host{display:block}');
  root.adoptedStyleSheets = [sheet];
}
