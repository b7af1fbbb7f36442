import type { NewSubmission, PublicForm, SubmissionReceipt } from '../src/contract/capture.ts';
import type { FormValue } from '../src/contract/form-definition.ts';
import type { Problem } from '../src/core/form-answers.ts';
import type { Bring } from './launcher/bring.ts';

/** What the launcher and the form hand to each other: the launcher knows the page, the form knows the visitor's answers. */

/** What is known of the visit when something is sent, never before. */
export interface Visit {
  /** What goes along with answers: where the visitor is at this moment, how they came, as far as consent permits, and what the page said of them. */
  about(): Pick<NewSubmission, 'page' | 'referrer' | 'attribution' | 'traits'>;
  /** Whether things about the visitor may be stored before they send them, and counted. */
  allows(purpose: 'storage' | 'analytics'): boolean;
  /** Counts an event of a form, in memory until the visitor acts or consent is given. */
  track(
    event: 'view' | 'start' | 'step' | 'submit' | 'error' | 'close',
    form: PublicForm,
    facts?: { step?: string; field?: string },
  ): void;
}

/** How one form is to be shown. */
export interface CaptureOptions {
  form: PublicForm;
  /** Where the API is, without a slash at its end. */
  api: string;
  visit: Visit;
  /** Values from the page: its address, attributes and calls. Visible ones stand in their fields, hidden ones go along. */
  prefill?: Readonly<Record<string, FormValue>>;
  /** Leaves out the steps whose every field is prefilled and right (`skip_prefilled=true`). */
  skipsPrefilled?: boolean;
  /** Whether events carry the answers. */
  sharesAnswers?: boolean;
  /** Whether events are pushed to `dataLayer` too. */
  pushesDataLayer?: boolean;
  /** Shows the form that follows another one's submission in its place. */
  follow(formId: string): void;
}

/** A form on a page; `widget/capture/capture.ts` exports `showForm(host, options): Capture`. */
export interface Capture {
  readonly isOpen: boolean;
  /** One that comes by itself takes the focus only where it covers the page; one that the visitor asked for takes it always. */
  open(byVisitor?: boolean): void;
  close(): void;
  prefill(values: Readonly<Record<string, FormValue>>): void;
  /** Forgets the answers and shows the form anew. */
  reset(): void;
  /** Takes everything away that showing it has put on the page. */
  destroy(): void;
}

/** A submission as it lies in the queue: all that sending it takes, but for the proof of work, which is made anew each time. */
export interface Queued {
  /** Its Idempotency-Key, and its place in the queue. */
  key: string;
  api: string;
  formId: string;
  formTitle: string;
  /** Whether the form asks for a proof. */
  needsProof: boolean;
  body: Omit<NewSubmission, 'proof'>;
  /** The partial submission that it completes, where its receipt had come. */
  completes?: { id: string; token: string; sequence: number };
  /** When the visitor sent it, in milliseconds since 1970. */
  at: number;
  attempts: number;
  /** Not before this moment. */
  notBefore: number;
  /** The server's sentence where it refused this after the visitor had been told that it is sent later: it waits for them. */
  refusal?: string;
}

/** What became of a submission while the visitor looks on. */
export type Outcome =
  | { kind: 'received'; receipt: SubmissionReceipt }
  /** It lies on the device and is sent later; `isKept` is false where it is only in memory, and is lost with the tab. */
  | { kind: 'queued'; isKept: boolean; reason: 'offline' | 'server' | 'busy' }
  /** The server refused the answers: nothing stays queued. */
  | { kind: 'refused'; problems: Problem[]; message: string };

/** The queue; `widget/sending/sending.ts` exports `openSending(parts): Sending`, one a page. */
export interface Sending {
  /** Stores first, then sends; resolves when it is known what to tell the visitor. */
  submit(entry: Omit<Queued, 'key' | 'at' | 'attempts' | 'notBefore'>): Promise<Outcome & { key: string }>;
  /** Saves a partial submission as well as can be; what fails is not kept. */
  savePartial(
    entry: Pick<Queued, 'api' | 'formId' | 'needsProof' | 'body'>,
    held?: Queued['completes'],
  ): Promise<Queued['completes'] | undefined>;
  /** What earlier visits left, if they left anything. */
  readonly left: Promise<Leftovers | undefined>;
  /** Takes a submission out of the queue. */
  drop(key: string): Promise<void>;
  /** Hears of queued submissions that were received or refused, by this tab or another. */
  onSettled(hear: (entry: Queued, outcome: Outcome) => void): () => void;
  close(): void;
}

/** A form beside which there is room to tell something. */
export interface NoticePlace {
  readonly root: ShadowRoot;
  readonly form: PublicForm;
  /** A text of the form, in its language. */
  text(name: string, params?: Record<string, string | number>): string;
}

/** What could not be sent at once, for the visitor to look after. */
export interface Leftovers {
  /** What could not be sent within thirty days, or was refused later on, for the visitor to see, send again or drop. */
  overdue(): Promise<Queued[]>;
  retry(key: string): Promise<Outcome>;
  drop(key: string): Promise<void>;
  /** Shows it beside a form, unless another form of the page shows it. */
  notice(shown: NoticePlace): Promise<void>;
}

/** What is shown in a place. */
export interface Shown {
  form: PublicForm;
  host: HTMLElement;
  capture: Capture;
  /** What the element says of hidden values, as it was last read. */
  hidden: string | null;
}

/** A form's place on a page, and what has become of it there. */
export interface Place {
  /** What names the form: a script, an opener, a plain form, `mill-capture`, or an element of ours that a call made. */
  readonly element: Element;
  readonly id: string;
  readonly api: string;
  /** None where it could not be read. */
  form?: Promise<PublicForm | undefined>;
  /** Ends what was begun for the place, once it is left. */
  end?: AbortController;
  /** What is shown in it. */
  shown?: Shown;
}

/** Why a form is shown: it is on the page, its moment has come, or the visitor or the page opens it. */
export type Showing = 'stand' | 'come' | 'open';

/** What the launcher does for the form chunk. */
export interface Launcher {
  /** The launcher's own script: it holds what is said for the whole page. */
  readonly script: HTMLScriptElement;
  readonly places: Map<Element, Place>;
  /** What happens each time that the page is looked at anew. */
  readonly looks: Set<() => void>;
  /** What the page has called so far; once the form chunk is there, it takes what is called. */
  readonly waiting: [method: string, ...given: unknown[]][];
  call(method: string, ...given: unknown[]): void;
  /** Reads the form of a place, or another one in its language; none where it does not come. */
  read(place: Place, id: string): Promise<PublicForm | undefined>;
  /** Where the API of an element is. */
  apiOf(element: Element): string;
  /** Looks at the page, soon and each time that it changes. */
  readonly observer: MutationObserver;
  look(): void;
  /** Makes a place of an element that names a form, once. */
  add(element: Element): void;
  /** Shows a form; without a place it makes ready what shows forms, before it is known whether that will be needed. */
  show(place?: Place, why?: Showing): void;
  /** Hears and does nothing any more, and leaves the page its name. */
  end(): void;
}

/** What a site's consent manager has said: nothing until then. */
export interface Consent {
  storage?: boolean;
  analytics?: boolean;
}

/** The forms of a page; asked to show nothing, it takes what the page has called. */
export interface FormPage {
  show(place?: Place, why?: Showing): void;
}

/** What the form chunk exports. */
export interface FormChunk {
  connect(launcher: Launcher, bring: Bring): FormPage;
}
