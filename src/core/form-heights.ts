import type { PublicField, PublicForm } from '../contract/capture.ts';
import type { FormValue } from '../contract/form-definition.ts';
import { askedFor } from './form-answers.ts';

/** Widths of a form, in pixels, at which its height is said; below the first one nothing is reserved exactly. */
const WIDTHS = [0, 320, 360, 400, 440, 480, 560, 640, 768, 960];
const NARROWEST = 280;

/** The measures of `server/forms/form-styles.ts`. */
const EDGES = 2 * (24 + 1);
const TWO_COLUMNS = 480;
const GAP = 20;
const CONTROL = 44;
const TEXT_AREA = 112;
const OPTION_WIDTH = 200;
const OPTION_GAP = 8;
const PROGRESS = 18 + 6 + 6;
/** Bold letters are wider. */
const BOLD = 1.1;
const STEP_TITLE = 18.72 * BOLD;

/**
 * How high an inline form is from each width of it on: at least what a browser will make of it, so that a page which
 * reserves this much does not move when the form appears. Of several steps the highest counts.
 */
export function formHeights(form: Omit<PublicForm, 'heights' | 'styles'>): [number, number][] {
  const heights: [number, number][] = [];
  for (const width of WIDTHS) {
    const height = heightAt(form, Math.max(width, NARROWEST));
    if (heights.at(-1)?.[1] !== height) heights.push([width, height]);
  }
  return heights;
}

function heightAt(form: Omit<PublicForm, 'heights' | 'styles'>, width: number) {
  const inner = width - EDGES;
  const space = Number.parseInt(form.theme.space ?? '16');
  const steps = askedFor(form.steps, defaultsOf(form)).filter(({ fields }) => fields.some(({ type }) => type !== 'hidden'));
  const highest = steps.map(({ title, fields }) => {
    const heading = title === undefined ? 0 : linesOf(title, STEP_TITLE, inner) * 24 + GAP;
    return heading + fieldsHeight(form, fields, inner, width >= TWO_COLUMNS, space);
  });
  const title = form.title === undefined ? 0 : linesOf(form.title, 21 * BOLD, inner) * 28 + GAP;
  const progress = steps.length > 1 ? PROGRESS + GAP : 0;
  return Math.ceil(EDGES + title + progress + Math.max(0, ...highest) + GAP + CONTROL);
}

function fieldsHeight(
  form: Omit<PublicForm, 'heights' | 'styles'>,
  fields: readonly PublicField[],
  inner: number,
  hasColumns: boolean,
  space: number,
) {
  const rows: number[] = [];
  let isHalfFilled = false;
  for (const field of fields) {
    if (field.type === 'hidden') continue;
    const isHalf = hasColumns && field.width === 'half';
    const height = fieldHeight(form, field, isHalf ? (inner - space) / 2 : inner);
    if (isHalf && isHalfFilled) rows.push(Math.max(rows.pop()!, height));
    else rows.push(height);
    isHalfFilled = isHalf && !isHalfFilled;
  }
  return rows.reduce((sum, row) => sum + row, 0) + space * Math.max(rows.length - 1, 0);
}

function fieldHeight({ texts }: Omit<PublicForm, 'heights' | 'styles'>, field: PublicField, width: number) {
  const { type, label = '', help, options = [], max, required } = field;
  const mark = texts[required ? 'required_mark' : 'optional'];
  const words = `${label} ${typeof mark === 'string' ? mark : ''}`;
  const helpHeight = help === undefined ? 0 : 6 + linesOf(help, 13, width) * 18;
  const named = linesOf(words, 14 * BOLD, width) * 20 + 6 + helpHeight;
  const choice = (text: string, room: number) => 24 + linesOf(text, 14, room - 56) * 20;
  switch (type) {
    case 'heading':
      return linesOf(label, STEP_TITLE, width) * 24 + helpHeight;
    case 'checkbox':
    case 'consent':
      return choice(words, width) + helpHeight;
    case 'radio':
    case 'multi_select': {
      const columns = Math.max(1, Math.floor((width + OPTION_GAP) / (OPTION_WIDTH + OPTION_GAP)));
      const room = (width - (columns - 1) * OPTION_GAP) / columns;
      const heights = options.map((option) => choice(option.label, room));
      const rows = Array.from({ length: Math.ceil(heights.length / columns) }, (_, row) =>
        Math.max(...heights.slice(row * columns, (row + 1) * columns)),
      );
      return named + rows.reduce((sum, row) => sum + row + OPTION_GAP, -OPTION_GAP);
    }
    case 'rating':
      return named + Math.ceil((Number(max ?? 5) * CONTROL) / width) * CONTROL;
    case 'textarea':
      return named + TEXT_AREA;
    default:
      return named + CONTROL;
  }
}

const defaultsOf = ({ steps }: Omit<PublicForm, 'heights' | 'styles'>): Record<string, FormValue> =>
  Object.fromEntries(
    steps.flatMap(({ fields }) => fields.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value]]))),
  );

/** How many lines a text takes, in letters as wide as those of the widest usual fonts: Verdana, DejaVu Sans. */
function linesOf(text: string, fontSize: number, width: number) {
  const room = width / fontSize;
  let lines = 1;
  let used = 0;
  for (const word of text.split(/\s+/)) {
    const length = [...word].reduce((sum, letter) => sum + letterWidth(letter), 0);
    if (used > 0 && used + SPACE + length > room) {
      lines += 1;
      used = 0;
    } else if (used > 0) used += SPACE;
    used += length;
    // A word that is longer than a line is broken.
    while (used > room) {
      lines += 1;
      used -= room;
    }
  }
  return lines;
}

const SPACE = 0.32;

function letterWidth(letter: string) {
  if (/[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/u.test(letter)) return 1;
  if (/[iljtfrI.,:;'|!()[\]/-]/.test(letter)) return 0.38;
  if (/[mwMWGOQ@%]/.test(letter)) return 0.98;
  return letter !== letter.toLowerCase() ? 0.72 : 0.62;
}
