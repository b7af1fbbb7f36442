import type { FormValue } from '../../src/contract/form-definition.ts';
import type { Problem } from '../../src/core/form-answers.ts';

/** What every event of a form says: never more of the visitor than the page asked for. */
export interface FormEventDetail {
  formId: string;
  /** Only where the page asked that events share them. */
  answers?: Record<string, FormValue>;
}

/** What the events of a form are called, and what each says. */
export interface FormEvents {
  /** The form is on the page. */
  'mill-form-ready': FormEventDetail;
  /** A visitor can see it. */
  'mill-form-viewed': FormEventDetail;
  'mill-form-opened': FormEventDetail;
  'mill-form-closed': FormEventDetail;
  /** The visitor gave the first answer. */
  'mill-form-started': FormEventDetail;
  /** Another step is shown. */
  'mill-form-stepped': FormEventDetail & { step: string };
  'mill-form-changed': FormEventDetail & { field: string };
  /**
   * The answers are right and about to leave: cancel to keep them here. Changes of `answers` go along; without sharing
   * it holds the hidden values alone.
   */
  'mill-form-submit': FormEventDetail & { answers: Record<string, FormValue> };
  /** The server has it. */
  'mill-form-submitted': FormEventDetail & { submissionId: string };
  /** It lies on the device and is sent later. */
  'mill-form-queued': FormEventDetail & { key: string };
  /** It was refused, and nothing was sent or kept in the queue. */
  'mill-form-failed': FormEventDetail & { problems: Problem[]; message: string };
}

/** An event of a form, on its element and up to the document, out of every shadow tree. */
export type FormEvent<Name extends keyof FormEvents> = CustomEvent<FormEvents[Name]>;

type TypedEvents = { [Name in keyof FormEvents]: FormEvent<Name> };

declare global {
  interface HTMLElementEventMap extends TypedEvents {}
  interface DocumentEventMap extends TypedEvents {}
}
