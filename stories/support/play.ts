import type { LitElement } from 'lit';

/** A table that has shown its first answer, whatever it was. */
export async function settled(canvas: HTMLElement, tag: string): Promise<LitElement> {
  const table = canvas.querySelector<LitElement>(tag)!;
  await shown(table, 'tbody a, .notice');
  return table;
}

/** Types into a table's search, and waits for what that comes to. */
export async function searchFor(canvas: HTMLElement, tag: string, words: string) {
  const table = await settled(canvas, tag);
  const input = table.renderRoot.querySelector<HTMLInputElement>('input[type=search]')!;
  input.value = words;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  input.form!.requestSubmit();
  await shown(table, '.notice');
}

const shown = (table: LitElement, selector: string) => until(table, () => table.renderRoot.querySelector(selector));

/** Waits for a fact of an element; not beyond its life, for a story may be left at any time. */
async function until(element: HTMLElement, fact: () => unknown) {
  while (element.isConnected && !fact()) await new Promise(requestAnimationFrame);
}

/** A form of a record, as far as stories use it. */
interface PlayedForm extends LitElement {
  save(): Promise<void>;
  close(): Promise<boolean>;
}

/** A form that has shown its fields, or why it has none. */
export async function ready(canvas: HTMLElement, tag: string): Promise<PlayedForm> {
  const form = canvas.querySelector<PlayedForm>(tag)!;
  await until(form, () => form.renderRoot.querySelector('input, .notice') && !form.renderRoot.querySelector('[aria-busy=true]'));
  return form;
}

/** Waits until the page itself has said something. */
export const told = (canvas: HTMLElement) => until(canvas, () => canvas.querySelector('output:not(:empty)'));

/** Waits for a part of an element to be there. */
export async function seen<Part extends HTMLElement>(element: LitElement, selector: string): Promise<Part> {
  await until(element, () => element.renderRoot.querySelector(selector));
  return element.renderRoot.querySelector<Part>(selector)!;
}

/** Types into a form's fields by their ids, one after the other. */
export async function fill(canvas: HTMLElement, tag: string, values: Record<string, string>): Promise<PlayedForm> {
  const form = await ready(canvas, tag);
  for (const [id, value] of Object.entries(values)) {
    const input = await seen<HTMLInputElement>(form, `[id="${id}"]`);
    input.value = value;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  return form;
}

/** Types into a form's fields and saves; resolves when it is known what became of that. */
export async function fillAndSave(canvas: HTMLElement, tag: string, values: Record<string, string>) {
  const form = await fill(canvas, tag, values);
  await form.save();
}

/** Answers a form's fields by their ids and sends it; resolves when the form has said what became of that. */
export async function visit(capture: HTMLElement, answers: Record<string, string | true>) {
  const field = (id: string) => capture.shadowRoot?.querySelector<HTMLInputElement>(`[name="f-${id}"]`);
  await until(capture, () => Object.keys(answers).every(field));
  for (const [id, answer] of Object.entries(answers)) {
    const input = field(id)!;
    if (answer === true) input.checked = true;
    else input.value = answer;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
  capture.shadowRoot!.querySelector('form')!.requestSubmit();
  await until(capture, () => capture.shadowRoot!.querySelector('.result, [aria-invalid], [role=alert]:not(:empty)'));
}
