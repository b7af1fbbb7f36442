import type { PublicForm, SuccessAction } from '../../src/contract/capture.ts';
import type { Answers, Problem } from '../../src/core/form-answers.ts';
import { naming, say } from '../../src/core/form-texts.ts';
import { newSecret } from '../secret-tokens.ts';
import { fieldAnchor, problemSentence, stepMarkup } from './form-page-fields.ts';
import { formPageStyles } from './form-page.styles.ts';
import { themeRules } from './form-theme.ts';
import { attributes, html, Html } from './html.ts';

/** What a hosted form is shown with. */
export interface FormPageState {
  /** Where it is sent: the address of its submissions. */
  action: string;
  /** What makes a second press of the button the same submission. */
  key: string;
  /** When the visitor was given the form, as `StartedMarks` has it. */
  started?: string;
  /** The address that the visitor came to. */
  page?: string;
  answers: Answers;
  problems: readonly Problem[];
  /** A sentence about the whole of it, above the form. */
  notice?: string;
  /** The origins whose pages may show it in a frame; any, where none are named. */
  framedBy: readonly string[];
  /** The address of the script that the form is upgraded by; without one it stays as it is. */
  script?: string | undefined;
}

/** A page and the headers that it must go out with: they hold the policy that its style and script are allowed by. */
export interface HostedPage {
  html: string;
  headers: Record<string, string>;
}

/** A published form as a page that needs no script: all its steps below each other, checked by the server alone. */
export function formPage(form: PublicForm, state: FormPageState): HostedPage {
  const { locale, texts } = form;
  const text = (name: string) => say(texts, name, locale);
  const internal = { _key: state.key, _version: form.version, _lang: locale, _started: state.started, _page: state.page };
  const hidden = Object.entries(internal).map(
    ([name, value]) => value !== undefined && html`<input${attributes({ type: 'hidden', name, value, autocomplete: 'off' })}>`,
  );
  const trap =
    form.trap !== undefined &&
    html`<div class="away" aria-hidden="true"><label>${form.trap}<input${attributes({ type: 'text', name: form.trap, tabindex: -1, autocomplete: 'off' })}></label></div>`;
  const body = html`${form.title !== undefined && html`<h1>${form.title}</h1>`}
${state.notice !== undefined && html`<p class="notice" role="alert">${state.notice}</p>`}${problemList(form, state.problems)}
<form${attributes({ method: 'post', action: state.action, 'accept-charset': 'utf-8', novalidate: true })}>${hidden}${trap}
${form.steps.map((step) => stepMarkup(step, { form, ...state }))}
<button type="submit">${text('submit')}</button></form>`;
  const titled = form.title ?? text('submit');
  const wrong = say(texts, 'summary', locale, { count: state.problems.length }).replace(/\s*[:：]$/, '');
  return page(form, state, state.problems.length > 0 ? `${wrong} – ${titled}` : titled, body);
}

/** What a visitor sees of a form that takes no submissions any more, or has taken theirs. */
export function messagePage(
  form: PublicForm,
  said: SuccessAction & { kind: 'message' },
  framedBy: readonly string[],
): HostedPage {
  const title = said.title ?? say(form.texts, 'received_title', form.locale);
  const body = html`<div class="done">${TICK}<h1>${title}</h1>${paragraphs(said.message)}</div>`;
  return page(form, { framedBy }, title, body);
}

/** A page with a sentence and nothing else. */
export function noticePage(
  form: Pick<PublicForm, 'locale' | 'dir' | 'theme'>,
  { title, sentence }: { title: string; sentence?: string },
  framedBy: readonly string[],
): HostedPage {
  return page(
    form,
    { framedBy },
    title,
    html`<div class="done"><h1>${title}</h1>${sentence !== undefined && html`<p>${sentence}</p>`}</div>`,
  );
}

const TICK = html`<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22"/><path d="m15 25 6.5 6.5L34 18"/></svg>`;

const paragraphs = (text: string) => text.split(/\n{2,}/).map((each) => html`<p>${each}</p>`);

/** What is wrong, all of it, where whoever cannot see the page hears it first. */
function problemList(form: PublicForm, problems: readonly Problem[]): Html | undefined {
  if (problems.length === 0) return undefined;
  const fields = form.steps.flatMap(({ fields }) => fields);
  const entries = problems.map((problem) => {
    const field = fields.find(({ id }) => id === problem.field);
    const sentence = problemSentence(form, problem);
    return html`<li><a href="#${fieldAnchor(problem.field)}">${field ? naming(field, sentence) : sentence}</a></li>`;
  });
  return html`<div class="problems" role="alert" tabindex="-1" autofocus><p>${say(form.texts, 'summary', form.locale, { count: problems.length })}</p><ul>${entries}</ul></div>`;
}

function page(
  { locale, dir, theme, success }: Pick<PublicForm, 'locale' | 'dir' | 'theme'> & Partial<Pick<PublicForm, 'success'>>,
  { framedBy, script }: Pick<FormPageState, 'framedBy' | 'script'>,
  title: string,
  body: Html,
): HostedPage {
  const nonce = newSecret();
  const markup = html`<!doctype html>
<html${attributes({ lang: locale, dir })}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style nonce="${nonce}">${new Html(formPageStyles + themeRules(theme))}</style>
${script !== undefined && html`<script${attributes({ async: true, src: script, nonce })}></script>`}</head>
<body><main>${body}</main></body></html>
`;
  return { html: String(markup), headers: headersOf(nonce, framedBy, success) };
}

function headersOf(nonce: string, framedBy: readonly string[], success: SuccessAction | undefined): Record<string, string> {
  // A form's target is held against the policy once more where the answer sends the visitor on.
  const goesTo = success?.kind === 'redirect' ? [new URL(success.url).origin].filter(isSource) : [];
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    ['form-action', "'self'", ...goesTo].join(' '),
    "base-uri 'none'",
    ['frame-ancestors', ...(framedBy.length > 0 ? ["'self'", ...framedBy.filter(isSource)] : ['*'])].join(' '),
    "require-trusted-types-for 'script'",
    'trusted-types millrace',
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    // A page that was left and is come back to would carry a key that is spent.
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // Without a referrer a browser calls the origin of a form's post "null".
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    Vary: 'Accept-Language',
  };
}

/** Whether an origin can stand in a policy: a host may hold signs that would end it there. */
const isSource = (origin: string) => /^https?:\/\/[\w.:[\]-]+$/.test(origin);
