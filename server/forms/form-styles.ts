import type { PublicForm } from '../../src/contract/capture.ts';

/**
 * How a form looks that the widget shows: as its author likes it, beneath what the page sets, and in the page as high as it has
 * reserved; of the rules those alone that the form has a use for. Sizes are in pixels and lines have fixed heights, so that
 * `src/core/form-heights.ts` can say beforehand how high a form will be; a change here is one there too. Released widgets stay
 * in use for ever: what one makes keeps its classes.
 */
export function formStyles({ steps, theme, heights }: Omit<PublicForm, 'styles'>): string {
  const fields = steps.flatMap(({ fields }) => fields);
  const chosen = Object.entries(theme).map(([name, value]) => `--_${name}:${value};`);
  const reserved = heights.map(
    ([width, height]) => `@container (min-width:${width}px){.inline>.body{min-block-size:${height}px}}`,
  );
  return [
    BASE,
    steps.length > 1 ? STEPS : '',
    fields.some(({ width }) => width === 'half') ? COLUMNS : '',
    fields.some(({ type }) => CHOSEN.has(type)) ? CHOICES : '',
    fields.some(({ type }) => type === 'rating') ? RATING : '',
    `.root{${chosen.join('')}}`,
    ...reserved,
  ].join('');
}

const CHOSEN = new Set(['radio', 'checkbox', 'multi_select', 'consent', 'rating']);

/** A style sheet without what only its readers need. */
const packed = (styles: string) =>
  styles
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();

/** `--_far` is black or white, whichever is farther from the colour that it is used from: the words are those of a relative colour. */
const BASE = packed(`
.root {
  all: initial;
  --_text: var(--mill-text, var(--_text_color, light-dark(#161b24, #edf0f4)));
  --_surface: var(--mill-surface, var(--_background, light-dark(#fff, #161b24)));
  --_border-control: var(--mill-border-control, color-mix(in oklab, var(--_text) 52%, var(--_surface)));
  --_accent: var(--mill-accent, var(--_brand_color, light-dark(#0f6cad, #82c3f2)));
  --_far: clamp(0, (0.179 - 0.2126 * r - 0.7152 * g - 0.0722 * b) * 999, 1);
  --_bad: var(--mill-bad, light-dark(#a8261b, #ffa9a1));
  --_control-radius: var(--mill-control-radius, var(--_radius, 8px));
  display: block;
  container-type: inline-size;
  color-scheme: var(--_color_scheme, inherit);
  visibility: inherit;
  color: var(--_text);
  accent-color: var(--_accent);
  font-family: var(--mill-font, var(--_font_family, inherit));
  font-size: 16px;
  line-height: 24px;
}

:host {
  display: block;
}

* {
  box-sizing: border-box;
  min-inline-size: 0;
  margin: 0;
  overflow-wrap: anywhere;
}

[hidden] {
  display: none !important;
}

[inert] {
  visibility: hidden;
}

.body,
form,
.step,
.fields,
.options,
.progress,
.result {
  display: grid;
  gap: 20px;
}

.fields {
  gap: var(--_space, 16px);
}

fieldset,
legend {
  padding: 0;
  border: 0;
}

h2 {
  font-size: 21px;
  line-height: 28px;
}

.label {
  display: block;
  margin-block-end: 6px;
  font-weight: 600;
}

.label,
.problem,
.summary,
.option {
  font-size: 14px;
  line-height: 20px;
}

.muted,
::placeholder {
  color: var(--mill-text-muted, color-mix(in oklab, var(--_text) 72%, var(--_surface)));
}

.muted {
  font-size: 13px;
  font-weight: 400;
  line-height: 18px;
}

.field > p {
  margin-block-start: 6px;
}

.problem {
  color: var(--_bad);
}

.body,
.input,
button,
.option,
.summary {
  padding: 11px 12px;
  border: 1px solid var(--_border-control);
  border-radius: var(--_control-radius);
  background: var(--_surface);
  color: inherit;
}

.body,
.option {
  border-color: var(--mill-border, color-mix(in oklab, var(--_text) 14%, var(--_surface)));
}

.body {
  align-items: start;
  padding: 24px;
}

.input,
button {
  block-size: 44px;
  padding-block: 9px;
  font: inherit;
}

.input {
  display: block;
  inline-size: 100%;
}

textarea.input {
  block-size: 112px;
  resize: vertical;
}

:focus-visible,
.option:has(:focus-visible) {
  outline: 2px solid var(--mill-focus, var(--_text));
  outline-offset: 1px;
}

.step,
.result,
.option input {
  outline: 0;
}

[aria-invalid],
.option:has([aria-invalid]),
.summary {
  border-color: var(--_bad);
}

.trap {
  position: absolute;
  inline-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}

.progress,
.result {
  gap: 6px;
}

ul {
  padding-inline-start: 18px;
}

a {
  color: inherit;
}

.actions {
  display: flex;
  gap: 12px;
}

button {
  block-size: auto;
  font-weight: 600;
  cursor: pointer;
}

.main {
  flex: 1;
  border-color: transparent;
  background: var(--_accent);
  color: var(--mill-on-accent, color(from var(--_accent) srgb-linear var(--_far) var(--_far) var(--_far)));
}

button:hover {
  filter: brightness(0.95);
}

[aria-disabled] {
  opacity: 0.7;
}

.result {
  place-self: center;
  text-align: center;
}

.result p {
  white-space: pre-line;
}
`);

const STEPS = packed(`
.bar {
  appearance: none;
  inline-size: 100%;
  block-size: 6px;
  border: 0;
  border-radius: 3px;
  overflow: hidden;
}

.bar,
.bar::-webkit-progress-bar {
  background: var(--mill-border, color-mix(in oklab, var(--_text) 14%, var(--_surface)));
}

.bar::-webkit-progress-value {
  background: var(--_accent);
}

.bar::-moz-progress-bar {
  background: var(--_accent);
}
`);

const COLUMNS = packed(`
@container (min-width: 480px) {
  .fields {
    grid-template-columns: 1fr 1fr;
  }

  .field:not(.half) {
    grid-column: span 2;
  }
}
`);

const CHOICES = packed(`
.options {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr));
  gap: 8px;
}

.option {
  display: flex;
  gap: 10px;
  cursor: pointer;
}

.option:hover,
.option:has(:checked) {
  border-color: var(--_border-control);
}

.option input {
  flex: none;
  inline-size: 20px;
  block-size: 20px;
}
`);

const RATING = packed(`
.rating .options {
  display: flex;
  flex-wrap: wrap;
  gap: 0;
}

.rating .option {
  position: relative;
  inline-size: 44px;
  padding: 0;
  border: 0;
  color: var(--_border-control);
  font-size: 30px;
  line-height: 44px;
}

.rating .option::before {
  flex: 1;
  content: '★';
  text-align: center;
}

.rating .option:has(:checked),
.rating .option:has(~ * :checked) {
  color: light-dark(#b26a00, #f2c879);
  forced-color-adjust: none;
}

.rating input {
  position: absolute;
  inset: 0;
  inline-size: 100%;
  block-size: 100%;
  opacity: 0;
}

.rating .option span {
  position: absolute;
  inline-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
`);
