import { Hono } from 'hono';
import { gatherCustomFilters, takesCustomFilters } from '../../src/contract/custom-query.ts';
import { issuesOf } from '../../src/contract/issues.ts';
import type { AnswerOf, BodyOf, PathParams, QueryOf, Route } from '../../src/contract/route.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import type { AppParts } from '../app-parts.ts';
import { readingTenant, writingTenant, type Tenant, type Told } from '../db/tenant.ts';
import { newId } from '../ids.ts';
import { assertMayCall, assertOriginAllowed, type CallerOf } from './access.ts';
import { clientAddress, networkOf } from './address.ts';
import { Answer, envelope, failureEnvelope, namesEtag, readIfMatch, type Expected } from './answer.ts';
import type { Caller } from './caller.ts';
import type { Credentials } from './credential.ts';
import { failureOf, traceOf } from './errors.ts';
import { ApiFailure, invalid, notFound } from './failure.ts';
import { fingerprintOf, forgetKey, once, readKey } from './idempotency.ts';
import type { Json, MovedTo, Page, Queued } from './json.ts';
import { limitHeaders, tooMany, type LimitName } from './limits.ts';
import { corsHeaders, openPreflightHeaders, originRefused, preflightHeaders, type Origins } from './origins.ts';
import { isStorable, readJson, readQuery } from './request.ts';

/** What the host hands in with a request. */
export interface Connection {
  /** The address at the other end of the socket. */
  address: string;
}

/** What a handler of any route is given. */
export interface Call<R extends Route> {
  params: Record<PathParams<R['path']>[number], string>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  /** The version that the change was made from, as If-Match says. */
  expected: Expected;
  requestId: string;
  /** The caller's address, for limits; never stored as it is. */
  address: string;
  request: Request;
  /** Adds a header to the answer. */
  header(name: string, value: string): void;
}

export interface CallerCall<R extends Route> extends Call<R> {
  caller: CallerOf<R>;
  /** Runs one transaction in the caller's workspace. */
  write<T>(work: (tenant: Tenant) => Promise<T>): Promise<T>;
}

export interface TenantCall<R extends Route> extends Call<R> {
  tenant: Tenant;
  /** Runs once the transaction is committed, before the answer goes out. If it fails, so does the call, which may then be repeated. */
  committed(then: () => void | Promise<void>): void;
}

/** What the handler of a route that every page may call is given; reading the body is its own matter. */
export interface OpenCall<R extends Route> extends Omit<Call<R>, 'body' | 'expected'> {
  /** The page's origin where that is not the server's own; `null` is that of a page without one. */
  origin: string | undefined;
  /** The Idempotency-Key, where one was sent. */
  key: string | undefined;
  /** Counts the call against a limit; refuses one too many. What it answers takes the call off the count again. */
  limit(name: LimitName, by: string): Promise<() => Promise<void>>;
  /** Who calls, where a credential was sent. */
  caller(): Promise<Caller>;
  /** Reads a JSON body, also one that says it is one of these media types, and holds it against the contract. */
  json(options: { most: number; also?: readonly string[] }): Promise<BodyOf<R>>;
  /** Makes the answer to a success, as of a moment and a request: its own unless said. */
  answer(data: AnswerOf<R> | Json<AnswerOf<R>>, of?: { requestId: string; at: number }): Answer;
}

/** What a handler may answer: the route's data, as a value or as the database's JSON. */
type Result<R extends Route> =
  | AnswerOf<R>
  | Json<AnswerOf<R>>
  | (AnswerOf<R> extends (infer Row)[] ? Page<Row> : never)
  | (R extends { mayQueue: true } ? Queued<AnswerOf<R>> : never)
  | (R extends { mayMove: true } ? MovedTo : never);
type Handler<R extends Route, C> = (call: C) => Promise<Result<R>> | Result<R>;

/** Everything of a request that is known before its route's own work begins. */
interface Context {
  request: Request;
  url: URL;
  requestId: string;
  address: string;
  /** The very address, for keys that are bound to some. */
  clientAddress: string;
  foreignOrigin: string | undefined;
  headers: Record<string, string>;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Serves the contract's routes. Each request passes the same gates in the same order, whatever its route: origin,
 * credential, limit, permission, ids, query, body, If-Match and Idempotency-Key, then one transaction for all its work.
 */
export class Api {
  readonly #parts: AppParts;
  readonly #credentials: Credentials;
  readonly #origins: Origins;
  readonly #router = new Hono<{ Bindings: Connection }>({ strict: true });
  readonly #served: Route[] = [];

  readonly #told: Told;

  /** `told` hears of every commit with events or jobs in it. */
  constructor(parts: AppParts, credentials: Credentials, origins: Origins, told: Told) {
    this.#told = told;
    this.#parts = parts;
    this.#credentials = credentials;
    this.#origins = origins;
    this.#router.notFound((c) => this.#withoutRoute(c.req.raw, c.env));
  }

  readonly fetch = (request: Request, connection: Connection): Response | Promise<Response> => {
    if (request.method === 'OPTIONS') return this.#answer(request, connection, 'OPTIONS', (context) => this.#preflight(context));
    return this.#router.fetch(request, connection);
  };

  /** The routes that are served; all of the contract's must be. */
  get served(): readonly Route[] {
    return this.#served;
  }

  /** Serves a route whose work is one transaction (or reads) in the caller's workspace. */
  serve<const R extends Route>(route: R, handler: Handler<R, TenantCall<R>>) {
    this.#register(route, async (context, params) => {
      const { db, clock, digest } = this.#parts;
      const { caller, call } = await this.#admitAndRead(route, context, params);
      let afterwards: (() => void | Promise<void>)[] = [];
      const committed = (then: () => void | Promise<void>) => void afterwards.push(then);
      const finish = async (tenant: Tenant) => {
        afterwards = [];
        return envelope(route, await handler({ ...call, tenant, committed }), context.requestId, clock(), digest);
      };

      if (route.method === 'GET') return finish(readingTenant(db, caller, context.requestId));
      const key = route.method === 'POST' && route.repeat !== 'harmless' ? call.key : undefined;
      const fingerprint =
        key === undefined ? '' : await fingerprintOf(caller, route.method, context.url.pathname + context.url.search, call.text);
      const write = this.#writing(caller, context.requestId);
      const answer = await write((tenant) =>
        key === undefined
          ? finish(tenant)
          : once(tenant, { key, fingerprint, keepsAnswer: route.repeat !== 'secret' }, () => finish(tenant)),
      );
      try {
        for (const then of afterwards) await then();
      } catch (error) {
        if (key !== undefined) await write((tenant) => forgetKey(tenant, key));
        throw error;
      }
      return answer;
    });
  }

  /** Serves a route for a caller whose work is not, or not only, inside their workspace. */
  serveCaller<const R extends Route>(route: R, handler: Handler<R, CallerCall<R>>) {
    this.#register(route, async (context, params) => {
      const { clock, digest } = this.#parts;
      const { caller, call } = await this.#admitAndRead(route, context, params);
      const write = this.#writing(caller, context.requestId);
      return envelope(route, await handler({ ...call, caller, write }), context.requestId, clock(), digest);
    });
  }

  /** Serves a route whose answer is a stream of server-sent events. */
  serveStream<const R extends Route>(
    route: R,
    open: (call: Call<R> & { caller: CallerOf<R>; authorise: () => Promise<Caller> }) => Promise<ReadableStream<Uint8Array>>,
  ) {
    this.#register(route, async (context, params) => {
      const { caller, call } = await this.#admitAndRead(route, context, params);
      if (context.request.method === 'HEAD') return new Answer(200, '', undefined, STREAM_HEADERS);
      const body = await open({ ...call, caller, authorise: () => this.#authorise(route, context) });
      return new Answer(200, body, undefined, STREAM_HEADERS);
    });
  }

  /** Serves a route that needs no credential. */
  servePublic<const R extends Route>(route: R, handler: Handler<R, Call<R>>) {
    this.#register(route, async (context, params) => {
      if (context.foreignOrigin && !(await this.#origins.isKnown(context.foreignOrigin)))
        throw originRefused(context.foreignOrigin);
      await this.#limit('public', context.address, context);
      const call = await this.#read(route, context, params);
      return envelope(route, await handler(call), context.requestId, this.#parts.clock(), this.#parts.digest);
    });
  }

  /**
   * Serves a route that pages of every origin may call and read the answers of; whom it refuses is its own matter. Calls that are
   * counted apart use up nothing of what their address may call beside them.
   */
  serveOpen<const R extends Route>(
    route: R,
    handler: (call: OpenCall<R>) => Promise<Answer> | Answer,
    { apart }: { apart?: string } = {},
  ) {
    if (!isOpen(API_PREFIX + route.path)) throw new Error(`${route.path} is not below the addresses that every page may call.`);
    const { body: _, ...withoutBody } = route as Route;
    this.#register(route, async (context, params) => {
      const { clock, digest } = this.#parts;
      const { request, requestId, clientAddress } = context;
      await this.#limit('public', apart === undefined ? context.address : `${apart} ${context.address}`, context);
      const call = (await this.#read(withoutBody as R, context, params)) as Call<R> & { key: string | undefined };
      return handler({
        ...call,
        origin: this.#origins.foreign(request),
        limit: (name, by) => this.#limit(name, by, context),
        caller: () => this.#credentials.caller(request.headers.get('authorization') ?? undefined, clientAddress),
        json: async (options) => checkedBody(route, await readJson(request, options)),
        answer: (data, of = { requestId, at: clock() }) => envelope(route, data, of.requestId, of.at, digest),
      });
    });
  }

  #writing(caller: Caller, requestId: string) {
    return <T>(work: (tenant: Tenant) => Promise<T>) => writingTenant(this.#parts.db, caller, requestId, work, this.#told);
  }

  #register(route: Route, work: (context: Context, params: Record<string, string>) => Promise<Answer>) {
    this.#served.push(route);
    // PUT is taken for PATCH.
    const methods = route.method === 'PATCH' ? ['PATCH', 'PUT'] : [route.method];
    const [, last = '', ending = ''] = /:(\w+)(\.\w+)$/.exec(route.path) ?? [];
    const address = route.path.slice(0, route.path.length - ending.length) + (ending && `{[^/]+\\${ending}}`);
    this.#router.on(methods, API_PREFIX + address, (c) => {
      const params: Record<string, string> = c.req.param();
      // The router takes the whole segment for the parameter.
      if (ending) params[last] = params[last]!.slice(0, -ending.length);
      return this.#answer(c.req.raw, c.env, route.path, (context) => work(context, params));
    });
  }

  /** Credential, origin, limit, permission, then what was sent; and the caller once more, for a body may take its time. */
  async #admitAndRead<R extends Route>(route: R, context: Context, params: Record<string, string>) {
    const { counted } = await this.#callerOf(context);
    await this.#limit(counted.limit, counted.by, context, counted.quota);
    await this.#authorise(route, context);
    const call = await this.#read(route, context, params);
    return { call, caller: await this.#authorise(route, context) };
  }

  /** The caller as of now, if they may call this route from where they do. */
  async #authorise<R extends Route>(route: R, context: Context): Promise<CallerOf<R>> {
    const caller = await this.#callerOf(context);
    assertMayCall(route, caller);
    return caller as CallerOf<R>;
  }

  /** The caller as of now, if they may call from where they do. */
  async #callerOf({ request, clientAddress, foreignOrigin }: Context): Promise<Caller> {
    const caller = await this.#credentials.caller(request.headers.get('authorization') ?? undefined, clientAddress);
    assertOriginAllowed(caller, request, foreignOrigin);
    return caller;
  }

  async #limit(name: LimitName, caller: string, context: Context, quota = this.#parts.limits[name].quota) {
    const limit = { ...this.#parts.limits[name], quota };
    const standing = await this.#parts.limitStore.take(limit, caller);
    Object.assign(context.headers, limitHeaders(limit, standing));
    if (standing.allowed) return () => this.#parts.limitStore.giveBack(limit, caller);
    this.#parts.metrics.limited(name);
    throw tooMany(limit, standing);
  }

  /** Checks ids, query and body against the contract. */
  async #read<R extends Route>(
    route: R,
    context: Context,
    params: Record<string, string>,
  ): Promise<Call<R> & { text: string; key: string | undefined }> {
    const { request, url, requestId, address, headers } = context;
    for (const [name, value] of Object.entries(params)) {
      if (name === 'token') continue;
      if (!UUID.test(value)) throw notFound('record');
      params[name] = value.toLowerCase();
    }
    const sent = readQuery(url.searchParams);
    const given = takesCustomFilters(route.query) ? gatherCustomFilters(sent) : sent;
    let query: unknown = {};
    if (route.query) {
      const checked = route.query.safeParse(given);
      if (!checked.success) throw invalid(issuesOf(checked.error, given));
      query = checked.data;
      if (![...url.searchParams].flat().every(isStorable))
        throw new ApiFailure('VALIDATION_ERROR', "The address holds a character that can't be stored.");
    }
    let body: unknown;
    let text = '';
    if (route.body) {
      const json = await readJson(request);
      body = checkedBody(route, json);
      text = json.text;
    }
    const header = (name: string, value: string) => {
      headers[name] = value;
    };
    const expected = readIfMatch(request.headers.get('if-match'));
    const key = readKey(request.headers.get('idempotency-key'));
    return { params, query, body, text, key, expected, requestId, address, request, header } as Call<R> & {
      text: string;
      key: string | undefined;
    };
  }

  /** Runs a request's work and makes a response of what comes, answer or failure. */
  async #answer(
    request: Request,
    connection: Connection,
    route: string,
    work: (context: Context) => Promise<Answer>,
  ): Promise<Response> {
    const { clock, log, metrics, trustedProxies } = this.#parts;
    const began = clock();
    const given = request.headers.get('x-request-id');
    const requestId = given !== null && /^[\w-]{8,64}$/.test(given) ? given : newId(began);
    const from = clientAddress(connection.address, request.headers.get('x-forwarded-for'), trustedProxies);
    const address = networkOf(from);
    const headers: Record<string, string> = {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'private, no-cache',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
      Vary: 'Origin, Authorization, Cookie',
    };
    let answer: Answer;
    try {
      const url = new URL(request.url);
      const foreignOrigin = isOpen(url.pathname) ? undefined : this.#origins.foreign(request);
      if (isOpen(url.pathname)) Object.assign(headers, corsHeaders('*'));
      const context = { request, url, requestId, address, clientAddress: from, foreignOrigin, headers };
      if (foreignOrigin) {
        // Looking an origin up costs a query, which nobody is to have for nothing.
        if (!this.#origins.isRemembered(foreignOrigin)) await this.#limit('public', address, context);
        if (await this.#origins.isKnown(foreignOrigin)) Object.assign(headers, corsHeaders(foreignOrigin));
      }
      answer = await work(context);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.status >= 500) log.error({ request_id: requestId, route, ...traceOf(error) }, failure.code);
      answer = failureEnvelope(failure, requestId, clock());
    }
    Object.assign(headers, answer.headers);
    let { status } = answer;
    if (answer.etag !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
      if (namesEtag(request.headers.get('if-none-match'), answer.etag)) status = 304;
    }
    if (answer.etag !== undefined) headers['ETag'] = answer.etag;
    const hasBody = status !== 204 && status !== 304;
    if (!hasBody) delete headers['Content-Type'];
    const ms = clock() - began;
    metrics.request(route, request.method, status, ms / 1000);
    log.info({ request_id: requestId, method: request.method, route, status, ms }, 'request');
    return new Response(hasBody ? answer.body : null, { status, headers });
  }

  async #preflight({ url, foreignOrigin, headers }: Context): Promise<Answer> {
    if (isOpen(url.pathname)) return new Answer(204, '', undefined, openPreflightHeaders);
    if (!foreignOrigin) return new Answer(204, '');
    if (!(await this.#origins.isKnown(foreignOrigin))) throw originRefused(foreignOrigin);
    Object.assign(headers, preflightHeaders);
    return new Answer(204, '');
  }

  /** An address of the contract with a method that it does not have is 405; any other is 404. */
  #withoutRoute(request: Request, connection: Connection) {
    return this.#answer(request, connection, 'none', async ({ url }) => {
      const methods = this.#served
        .filter(({ path }) => pattern(path).test(url.pathname))
        .flatMap(({ method }) => (method === 'PATCH' ? ['PATCH', 'PUT'] : [method]));
      if (methods.length === 0) throw new ApiFailure('NOT_FOUND', 'There is nothing at this address: see /api/v2/docs.');
      throw new ApiFailure('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`, {
        headers: { Allow: methods.join(', ') },
      });
    });
  }
}

/** Whether pages of every origin may call an address, and read what it answers. */
const isOpen = (pathname: string) => pathname.startsWith(`${API_PREFIX}/public/`);

function checkedBody<R extends Route>(route: R, { value }: { value: unknown }): BodyOf<R> {
  const checked = route.body!.safeParse(value);
  if (!checked.success) throw invalid(issuesOf(checked.error, value));
  return checked.data as BodyOf<R>;
}

/** Nothing on the way may keep, gather or pack what is told as it happens. */
const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

const pattern = (path: string) => new RegExp(`^${API_PREFIX}${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/.]+')}$`);
