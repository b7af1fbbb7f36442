import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormSnippet } from '../../src/contract/form.ts';
import type { Display } from '../../src/contract/form-definition.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { say } from '../../src/core/form-texts.ts';
import type { CdnFiles } from '../cdn/cdn-files.ts';
import { stepMarkup } from '../hosted/form-page-fields.ts';
import { attributes, html, Html } from '../hosted/html.ts';

/** Where pages get a form from. */
export interface SnippetPlace {
  /** The address of this server, without a slash at its end. */
  publicUrl: string;
  /** The widget's files; where there are none, no version can be pinned. */
  cdn?: Pick<CdnFiles, 'version' | 'integrity'> | undefined;
}

/** The script that knows all forms, and the smaller one for those that stand in the page. */
const WHOLE = 'millrace.js';
const INLINE = 'millrace-inline.js';

/** What each shape's own opener is called in a page. */
const OPENERS: Partial<Record<Display['mode'], string>> = {
  popup: 'data-mill-popup',
  slide_in: 'data-mill-slide',
  side_tab: 'data-mill-tab',
  banner: 'data-mill-banner',
  full_screen: 'data-mill-full',
};

/** What a page needs to show a form, in each way there is; whatever people wrote is escaped. */
export function formSnippet(form: PublicForm, { publicUrl, cdn }: SnippetPlace): FormSnippet {
  const link = `${publicUrl}/f/${form.id}`;
  const script = isInline(form) ? INLINE : WHOLE;
  const address = `${publicUrl}/cdn/v1/${script}`;
  const integrity = cdn?.integrity[script];
  const pinned = cdn && integrity !== undefined;
  return {
    script: scriptSnippet(form, { src: address }),
    pinned: pinned
      ? scriptSnippet(form, { src: `${publicUrl}/cdn/${cdn.version}/${script}`, integrity, crossorigin: 'anonymous' })
      : scriptSnippet(form, { src: address }),
    element: lines([
      reserved(form, 'mill-capture'),
      around(form, html`<mill-capture${attributes({ form: form.id })}></mill-capture>`),
      html`<script${attributes({ async: true, src: `${publicUrl}/cdn/v1/${WHOLE}` })}></script>`,
    ]),
    npm: lines([
      'npm install millrace',
      "import 'millrace/components/capture/define';",
      reserved(form, 'mill-capture'),
      around(form, html`<mill-capture${attributes({ form: form.id, 'data-api': publicUrl })}></mill-capture>`),
    ]),
    iframe: lines([
      html`<iframe${attributes({
        src: link,
        title: form.title ?? say(form.texts, 'submit', form.locale),
        width: '100%',
        height: tallestOf(form) + PAGE_MARGIN,
        frameborder: 0,
        loading: 'lazy',
      })}></iframe>`,
    ]),
    html: plainForm(form, publicUrl),
    link,
  };
}

/** What the hosted page has around the form. */
const PAGE_MARGIN = 96;

const lines = (parts: readonly (Html | string | undefined)[]) => parts.filter((part) => part !== undefined).join('\n');

function scriptSnippet(form: PublicForm, source: Record<string, string>): string {
  const script = html`<script${attributes({ async: true, ...source, 'data-form': form.id })}></script>`;
  return lines([reserved(form, 'div'), around(form, script, 'div'), openerOf(form)]);
}

const isInline = ({ display }: PublicForm) => display.mode === 'inline';

/** A class of the form's own: the same in every way of showing it. */
const classOf = ({ id }: PublicForm) => `millrace-${id.slice(-12)}`;

/** The room that the form will take, by the width that it has there: nothing moves when it comes. */
function reserved(form: PublicForm, child: 'div' | 'mill-capture'): Html | undefined {
  if (!isInline(form)) return undefined;
  const box = `.${classOf(form)}`;
  const [narrow, ...wider] = form.heights.map(([width, height]) => ({ width, rule: `${box}>${child}{min-height:${height}px}` }));
  const rules = [
    `${box}{container-type:inline-size}`,
    ...(child === 'mill-capture' ? ['mill-capture:not(:defined){display:block}'] : []),
    ...(narrow ? [narrow.rule] : []),
    ...wider.map(({ width, rule }) => `@container (min-width:${width}px){${rule}}`),
  ];
  return html`<style>${new Html(`\n${rules.join('\n')}\n`)}</style>`;
}

function around(form: PublicForm, inner: Html, child?: 'div'): Html {
  if (!isInline(form)) return inner;
  return html`<div class="${classOf(form)}">${child ? html`<div>${inner}</div>` : inner}</div>`;
}

/** A form that opens neither by itself nor by a button of its own gets one in the page. */
function openerOf({ id, display, title, texts, locale }: PublicForm): Html | undefined {
  const attribute = OPENERS[display.mode];
  const opens = display.opener !== undefined || display.triggers?.some(({ on }) => on !== 'call');
  if (attribute === undefined || opens) return undefined;
  return html`<button${attributes({ type: 'button', [attribute]: id })}>${title ?? say(texts, 'submit', locale)}</button>`;
}

const tallestOf = ({ heights }: PublicForm) => Math.max(0, ...heights.map(([, height]) => height));

/** A form that works without any script; the widget upgrades it where it is there. */
function plainForm(form: PublicForm, publicUrl: string): string {
  const { id, version, locale, dir, title, trap, texts } = form;
  const away = `${classOf(form)}-away`;
  const action = `${publicUrl}${API_PREFIX}/public/forms/${id}/submissions`;
  return lines([
    trap === undefined
      ? undefined
      : html`<style>.${away}{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}</style>`,
    html`<form${attributes({ method: 'post', action, 'accept-charset': 'utf-8', lang: locale, dir })}>`,
    html`<input${attributes({ type: 'hidden', name: '_version', value: version })}>`,
    html`<input${attributes({ type: 'hidden', name: '_lang', value: locale })}>`,
    title === undefined ? undefined : html`<h2>${title}</h2>`,
    trap === undefined
      ? undefined
      : html`<div class="${away}" aria-hidden="true"><label>${trap} <input${attributes({ name: trap, tabindex: -1, autocomplete: 'off' })}></label></div>`,
    ...form.steps.map((step) => stepMarkup(step, { form, answers: {}, problems: [], prefix: classOf(form) })),
    html`<button type="submit">${say(texts, 'submit', locale)}</button>`,
    html`</form>`,
  ]);
}
