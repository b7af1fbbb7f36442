import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { Contact } from '../contract/contact.ts';

/** What is known of someone who may be there already. */
export interface Described {
  email: string;
  firstname: string;
  lastname: string;
  phone_number: string;
}

/** A contact that may be the one who is described, and why. */
export interface SimilarContact {
  contact: Contact;
  reason: 'email' | 'phone' | 'name';
}

const TYPING_PAUSE = 300;
const MOST = 3;
/** As many digits tell two lines apart, whatever prefix stands before them. */
const TELLING_DIGITS = 7;

/** Finds contacts that may be the one who is being typed, by e-mail, phone and name. */
export class SimilarContacts implements ReactiveController {
  found: readonly SimilarContact[] = [];

  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  #sought = '';
  #run: AbortController | undefined;
  #pausing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
  }

  hostDisconnected() {
    this.#cancel();
    this.#sought = '';
  }

  /** Looks for whoever is described by now, or for nobody any more. */
  seek(described: Described | undefined) {
    const searches = described ? searchesFor(described) : [];
    const sought = JSON.stringify(searches);
    if (sought === this.#sought) return;
    this.#sought = sought;
    this.#cancel();
    if (!described || searches.length === 0) this.#show([]);
    else this.#pausing = setTimeout(() => void this.#search(described, searches), TYPING_PAUSE);
  }

  async #search(described: Described, searches: readonly string[]) {
    const client = this.#client();
    if (!client) return;
    const { signal } = (this.#run = new AbortController());
    try {
      const query = { page_size: 8, count: 'none' } as const;
      const pages = await Promise.all(searches.map((search) => client.contacts.list({ ...query, search }, { signal })));
      if (signal.aborted) return;
      const contacts = new Map(pages.flatMap(({ data }) => data.map((contact) => [contact.id, contact] as const)));
      const found = [...contacts.values()].flatMap((contact) => {
        const reason = reasonOf(contact, described);
        return reason ? [{ contact, reason }] : [];
      });
      this.#show(found.toSorted((one, other) => ORDER.indexOf(one.reason) - ORDER.indexOf(other.reason)).slice(0, MOST));
    } catch {
      // They are a hint alone: the API finds duplicates by e-mail and phone itself.
      if (!signal.aborted) this.#show([]);
    }
  }

  #show(found: readonly SimilarContact[]) {
    if (found.length === 0 && this.found.length === 0) return;
    this.found = found;
    this.#host.requestUpdate();
  }

  #cancel() {
    clearTimeout(this.#pausing);
    this.#run?.abort();
  }
}

const ORDER: readonly SimilarContact['reason'][] = ['email', 'phone', 'name'];

/** What a search can find them by: none of it before enough is typed to tell people apart. */
function searchesFor({ email, firstname, lastname, phone_number }: Described): string[] {
  const mail = email.trim();
  const digits = digitsOf(phone_number);
  const name = `${firstname.trim()} ${lastname.trim()}`;
  return [
    ...(/^[^@\s]+@[^@\s]{2,}$/.test(mail) ? [mail] : []),
    ...(digits.length >= TELLING_DIGITS ? [digits.slice(-TELLING_DIGITS)] : []),
    ...(firstname.trim() !== '' && lastname.trim() !== '' ? [name] : []),
  ];
}

function reasonOf(
  contact: Contact,
  { email, firstname, lastname, phone_number }: Described,
): SimilarContact['reason'] | undefined {
  const mail = email.trim().toLowerCase();
  if (mail !== '' && contact.email?.toLowerCase() === mail) return 'email';
  const tail = digitsOf(phone_number).slice(-TELLING_DIGITS);
  if (tail.length === TELLING_DIGITS && digitsOf(contact.phone_number ?? '').endsWith(tail)) return 'phone';
  const name = folded(`${firstname} ${lastname}`);
  return name !== '' && folded(contact.name ?? '') === name ? 'name' : undefined;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');
const folded = (text: string) => text.trim().replace(/\s+/g, ' ').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
