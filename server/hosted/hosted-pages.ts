import type { Context, Hono } from 'hono';
import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { readAnswer } from '../../src/core/form-answers.ts';
import type { AppParts } from '../app-parts.ts';
import { BUNDLES, chosenLocale, directionOf } from '../forms/form-language.ts';
import { clientAddress, networkOf } from '../http/address.ts';
import type { Connection } from '../http/api.ts';
import { failureOf, traceOf } from '../http/errors.ts';
import { tooMany } from '../http/limits.ts';
import { newId } from '../ids.ts';
import { formPage, messagePage, noticePage, type HostedPage } from './form-page.ts';
import { StartedMarks } from './started-mark.ts';

/** A form that visitors may meet. */
export interface HostedForm {
  form: PublicForm;
  isClosed: boolean;
  /** The origins whose pages may show it; any, where none are named. */
  framedBy: readonly string[];
}

/** Finds a published form in the best of its languages for a tag, or a list like that of Accept-Language. */
export type FindForm = (id: string, lang: string | undefined, requestId: string) => Promise<HostedForm | undefined>;

type Parts = Pick<
  AppParts,
  'cdn' | 'clock' | 'limits' | 'limitStore' | 'log' | 'metrics' | 'publicUrl' | 'secrets' | 'trustedProxies'
>;
type Asked = Context<{ Bindings: Connection }>;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SCRIPT = '/cdn/v1/millrace.js';
const LONGEST_PAGE = 2_000;

/** Serves every published form as a page of its own, and the page that follows its submission. */
export function serveHostedPages(router: Hono, parts: Parts, find: FindForm) {
  const pages = new HostedPages(parts, find);
  router.get('/f/:id', (c) => pages.answer(c as unknown as Asked, (found, asked) => pages.form(found, asked)));
  router.get('/f/:id/done', (c) => pages.answer(c as unknown as Asked, (found) => pages.done(found)));
}

class HostedPages {
  readonly #parts: Parts;
  readonly #find: FindForm;
  readonly #marks: StartedMarks;

  constructor(parts: Parts, find: FindForm) {
    this.#parts = parts;
    this.#find = find;
    this.#marks = new StartedMarks(parts.secrets, parts.clock);
  }

  /** Answers with what `show` makes of the form; without one, or too often, with a page that says so. */
  async answer(c: Asked, show: (found: HostedForm, url: URL) => Promise<Response> | Response): Promise<Response> {
    const { clock, log, metrics } = this.#parts;
    const began = clock();
    const requestId = newId(began);
    const url = new URL(c.req.url);
    const lang = url.searchParams.get('lang') ?? c.req.header('accept-language');
    let response: Response;
    try {
      await this.#limit(c);
      const id = c.req.param('id') ?? '';
      const found = UUID.test(id) ? await this.#find(id.toLowerCase(), lang?.slice(0, 100), requestId) : undefined;
      response = found ? await show(found, url) : missing(lang);
    } catch (error) {
      const { status, code, message, extras } = failureOf(error);
      if (status >= 500) log.error({ request_id: requestId, route: '/f/:id', ...traceOf(error) }, code);
      const page = noticePage({ locale: 'en', dir: 'ltr', theme: {} }, { title: message }, []);
      response = new Response(page.html, { status, headers: { ...page.headers, ...extras.headers } });
    }
    response.headers.set('X-Request-Id', requestId);
    const ms = clock() - began;
    metrics.request('/f/:id', c.req.method, response.status, ms / 1000);
    log.info({ request_id: requestId, method: c.req.method, route: '/f/:id', status: response.status, ms }, 'request');
    return response;
  }

  /** The form itself, with what the address says of its answers. */
  async form({ form, isClosed, framedBy }: HostedForm, url: URL): Promise<Response> {
    const { clock, publicUrl, cdn } = this.#parts;
    if (isClosed) return sent(noticePage(form, { title: form.texts['closed'] as string }, framedBy));
    const page = publicUrl + url.pathname + url.search;
    return sent(
      formPage(form, {
        action: `${API_PREFIX}/public/forms/${form.id}/submissions`,
        key: newId(clock()),
        started: await this.#marks.make(form.id),
        page: page.length > LONGEST_PAGE ? publicUrl + url.pathname : page,
        answers: prefilled(form, url.searchParams),
        problems: [],
        framedBy,
        script: cdn?.files.has(SCRIPT) ? SCRIPT : undefined,
      }),
    );
  }

  /** What the form says to whoever has sent it, or where it sends them. */
  done({ form, framedBy }: HostedForm): Response {
    const { success, locale } = form;
    if (success.kind === 'message') return sent(messagePage(form, success, framedBy));
    const next = success.kind === 'redirect' ? success.url : `/f/${success.form_id}?lang=${encodeURIComponent(locale)}`;
    return new Response(null, { status: 303, headers: { Location: next, 'Cache-Control': 'no-store' } });
  }

  async #limit(c: Asked) {
    const { limits, limitStore, metrics, trustedProxies } = this.#parts;
    const from = clientAddress(c.env.address, c.req.header('x-forwarded-for') ?? null, trustedProxies);
    const standing = await limitStore.take(limits.public, networkOf(from));
    if (standing.allowed) return;
    metrics.limited(limits.public.name);
    throw tooMany(limits.public, standing);
  }
}

const sent = ({ html, headers }: HostedPage, status = 200) => new Response(html, { status, headers });

function missing(lang: string | undefined): Response {
  const known = Object.fromEntries(Object.keys(BUNDLES).map((locale) => [locale, {}]));
  const locale = chosenLocale({ texts: known }, 'en', lang);
  return sent(
    noticePage({ locale, dir: directionOf(locale), theme: {} }, { title: BUNDLES[locale]!.missing as string }, []),
    404,
  );
}

/** The answers that the address brings along. Nobody agrees to anything by following a link. */
function prefilled({ steps }: PublicForm, given: URLSearchParams): Record<string, FormValue> {
  const answers: Record<string, FormValue> = {};
  for (const field of steps.flatMap(({ fields }) => fields)) {
    if (!given.has(field.id) || field.type === 'consent' || field.type === 'heading') continue;
    const answer = readAnswer(field, given.getAll(field.id));
    if (answer !== undefined) answers[field.id] = answer;
  }
  return answers;
}
