import type { Hono } from 'hono';
import { ERROR_STATUS, isList } from '../../src/contract/envelope.ts';
import { ROLE_PERMISSIONS, ROLES } from '../../src/contract/permissions.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { docsStyles } from './docs.styles.ts';
import { accessSentence, endpoints, openApi, type Endpoint } from './openapi.ts';

type JsonSchema = Record<string, any>;

/** Serves the contract twice: for programs and for people. Both are made once, at the first request. */
export function serveDocs(router: Hono) {
  let document: JsonSchema | undefined;
  let page: Promise<{ html: string; csp: string }> | undefined;
  const read = () => (document ??= openApi());
  router.get(`${API_PREFIX}/openapi.json`, (c) =>
    c.json(read(), 200, { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' }),
  );
  router.get(`${API_PREFIX}/docs`, async (c) => {
    const { html, csp } = await (page ??= makePage(read()));
    return c.html(html, 200, {
      'Content-Security-Policy': csp,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
  });
}

async function makePage(document: JsonSchema) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(docsStyles));
  const csp = `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html: pageOf(document), csp };
}

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function pageOf(document: JsonSchema): string {
  const groups = Map.groupBy(endpoints, ({ group }) => group);
  const nav = [...groups].map(
    ([group, list]) =>
      `<li><a href="#${group}">${title(group)}</a><ul>${list
        .map(
          ({ verb, route }) =>
            `<li><a href="#${group}.${verb}"><b class="${route.method}">${route.method}</b> ${escape(route.path)}</a></li>`,
        )
        .join('')}</ul></li>`,
  );
  const sections = [...groups].map(
    ([group, list]) =>
      `<section id="${group}"><h2>${title(group)}</h2>${list.map((endpoint) => endpointOf(endpoint, document)).join('')}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Millrace API</title><style>${docsStyles}</style></head><body>
<a class="skip" href="#main">Skip to the endpoints</a>
<nav aria-label="Endpoints"><p class="brand">Millrace API <span>v2</span></p><ul><li><a href="#rules">Rules for every call</a></li>${nav.join('')}</ul></nav>
<main id="main"><h1>Millrace API</h1>
<p>Everything is under <code>${API_PREFIX}</code>, JSON in and out. For programs, the same as <a href="${API_PREFIX}/openapi.json">OpenAPI 3.1</a>.</p>
${RULES}${errorsTable()}${rolesTable()}${sections.join('')}</main></body></html>`;
}

const title = (group: string) =>
  group[0]!.toUpperCase() + group.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const RULES = `<section id="rules"><h2>Rules for every call</h2><dl>
<dt>Credential</dt><dd>Send <code>Authorization: Bearer …</code> with one of three. The access token of a sign-in is a person's and lives ten minutes; <code>TOKEN_EXPIRED</code> asks for a refresh. A secret key, <code>sk_live_…</code>, is a program's, and stays on its server. An embed token, made with such a key, is for a page of another application. The workspace is the credential's: it is never sent.</dd>
<dt>Answers</dt><dd>Success is <code>{"success":true,"data":…,"metadata":{…}}</code>, lists add <code>pagination</code> and <code>filters</code>. A refusal is <code>{"success":false,"error":"A sentence.","code":"…"}</code>; validation errors add <code>details</code> by field, and <code>issues</code> for programs.</dd>
<dt>Lists</dt><dd>Walk them by <code>page</code> and <code>page_size</code> up to row 10,000, or by <code>cursor</code> without an end. <code>count=exact|estimated|none</code> says what the total may cost; an exact one is estimated beyond 10,000. A parameter with several values is repeated: <code>status=active&amp;status=bounced</code>. Custom fields of leads and contacts filter as <code>cf.size=20</code>, <code>cf.size.gte=20</code>, <code>cf.size.lte=40</code> or <code>cf.region.in=north&amp;cf.region.in=south</code>, and sort as <code>sort_by=cf.size</code>.</dd>
<dt>Custom fields</dt><dd>Their values stand in <code>custom_fields</code> by name. Lists of contacts and leads take <code>cf.size=20</code> and <code>cf.size.in=20&amp;cf.size.in=30</code> for fields of every type, <code>cf.size.gte=20</code> and <code>cf.size.lte=30</code> for numbers and dates, and <code>sort_by=cf.size</code>. In a body a filter has them together: <code>{"cf":{"size.gte":20}}</code>.</dd>
<dt>Values</dt><dd>An <code>id</code> is a UUID, a <code>date</code> is like <code>2026-01-31</code>, a <code>date-time</code> like <code>2026-01-31T09:30:00.000Z</code>. <code>created_from</code> and its like take either.</dd>
<dt>Changes</dt><dd><code>PATCH</code> changes what is sent, <code>PUT</code> is taken as the same. Send <code>If-Match</code> with a record's ETag, or its version in quotes, and a change made from another version is refused with 412 and the record as it is.</dd>
<dt>Repeats</dt><dd>Every <code>POST</code> of someone signed in takes an <code>Idempotency-Key</code>: within 24 hours, a repeat gets the first answer byte for byte with <code>Idempotent-Replayed: true</code>.</dd>
<dt>Origins</dt><dd>Pages of another origin may call once the workspace lists it in <code>allowed_origins</code>; else they get <code>ORIGIN_NOT_ALLOWED</code>.</dd>
<dt>Versions</dt><dd>Where the workspace's policy <code>require_if_match</code> is set, a change without <code>If-Match</code> is refused with 428.</dd>
<dt>Limits</dt><dd>Answers carry <code>RateLimit</code> and <code>RateLimit-Policy</code>; a 429 says in <code>Retry-After</code> when to come again.</dd>
</dl></section>`;

function errorsTable() {
  const rows = Object.entries(ERROR_STATUS).map(([code, status]) => `<tr><td>${status}</td><td><code>${code}</code></td></tr>`);
  return `<details><summary>Error codes</summary><table><thead><tr><th>Status</th><th>Code</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}

function rolesTable() {
  const roles = ROLES.toReversed();
  const rows = [...ROLE_PERMISSIONS.owner]
    .sort()
    .map(
      (permission) =>
        `<tr><td><code>${permission}</code></td>${roles.map((role) => `<td>${ROLE_PERMISSIONS[role].has(permission) ? 'yes' : '–'}</td>`).join('')}</tr>`,
    );
  return `<details><summary>Roles and permissions</summary><table><thead><tr><th>Permission</th>${roles.map((role) => `<th>${role}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}

function endpointOf({ group, verb, route }: Endpoint, document: JsonSchema): string {
  const operation = document['paths'][route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
  const parameters = (operation.parameters as JsonSchema[]).filter((parameter) => parameter['in'] !== 'header');
  const body: JsonSchema | undefined = operation.requestBody?.content['application/json'].schema;
  const content: JsonSchema | undefined = operation.responses[String(route.status ?? 200)].content;
  const data: JsonSchema | undefined =
    content?.['text/event-stream']?.schema ?? content?.['application/json']?.schema.properties.data;
  const form = route.stream ? 'a stream of' : isList(route.response) ? 'a page of' : '';
  const answer = route.produces ? `as <code>${route.produces}</code>, outside of the envelope` : 'without a body';
  const errors = Object.entries(operation.responses as Record<string, JsonSchema>).filter(([status]) => Number(status) >= 400);
  return `<article id="${group}.${verb}"><h3><b class="${route.method}">${route.method}</b> <code>${escape(route.path)}</code></h3>
<p>${escape(route.summary)} <small>${escape(accessSentence(route))} In the client: <code>client.${group}.${verb}()</code>.</small></p>
${
  parameters.length > 0
    ? fieldsTable(
        'Parameters',
        parameters.map((one) => ({ name: one['name'], schema: one['schema'], needed: one['required'], where: one['in'] })),
      )
    : ''
}
${body ? (body['oneOf'] ?? [body]).map((shape: JsonSchema) => fieldsTable(bodyCaption(shape), withParts(fieldsOf(shape)))).join('') : ''}
${data ? `<details><summary>Answers ${route.status ?? 200}${form && `: ${form}`}</summary>${fieldsTable('', fieldsOf(data['items'] ?? data))}</details>` : `<p>Answers ${route.status ?? 200} ${answer}.</p>`}
<p class="errors">${errors.map(([status, { description }]) => `${status} ${escape(description)}`).join(' · ')}</p></article>`;
}

interface Field {
  name: string;
  schema: JsonSchema;
  needed: boolean;
  where?: string;
}

const fieldsOf = ({ properties = {}, required = [] }: JsonSchema): Field[] =>
  Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => ({
    name,
    schema,
    needed: (required as string[]).includes(name),
  }));

/** An object of more fields than this is a list's filters, which stand with the list. */
const MOST_PARTS = 20;

/** Fields, and behind each that holds objects what is in those. */
const withParts = (fields: Field[]): Field[] =>
  fields.flatMap((field) => [
    field,
    ...partsOf(field.schema).flatMap(({ suffix, schema }) => {
      const parts = fieldsOf(schema);
      if (parts.length > MOST_PARTS) return [];
      return withParts(parts.map((part) => ({ ...part, name: `${field.name}${suffix}.${part.name}` })));
    }),
  ]);

/** The objects that a value may be, or may be a list of. */
function partsOf(schema: JsonSchema): { suffix: string; schema: JsonSchema }[] {
  if (schema['properties']) return [{ suffix: '', schema }];
  if (schema['items']) return partsOf(schema['items']).map((part) => ({ ...part, suffix: `[]${part.suffix}` }));
  const kinds: JsonSchema[] | undefined = schema['oneOf'];
  if (kinds) return [{ suffix: '', schema: atOnce(kinds) }];
  return (schema['anyOf'] ?? []).flatMap(partsOf);
}

/** Several kinds of an object as one that has the fields of all. */
function atOnce(kinds: JsonSchema[]): JsonSchema {
  const fields = Map.groupBy(kinds.flatMap(fieldsOf), ({ name }) => name);
  const needed = [...fields].filter(([, same]) => same.filter((field) => field.needed).length === kinds.length);
  return {
    properties: Object.fromEntries([...fields].map(([name, same]) => [name, { anyOf: same.map(({ schema }) => schema) }])),
    required: needed.map(([name]) => name),
  };
}

/** What tells a shape of a body from others: the word that stands in it. */
function bodyCaption({ properties = {} }: JsonSchema): string {
  const [kind] = Object.entries(properties as Record<string, JsonSchema>).filter(([, schema]) => 'const' in schema);
  return kind ? `Body with ${kind[0]} ${kind[1]['const']}` : 'Body';
}

function fieldsTable(caption: string, fields: Field[]): string {
  const rows = fields.map(
    ({ name, schema, needed, where }) =>
      `<tr><td><code>${escape(name)}</code>${needed ? '' : ' <small>optional</small>'}</td><td>${escape(typeOf(schema))}</td><td>${escape([where === 'path' ? 'in the path' : '', boundsOf(schema)].filter(Boolean).join(', '))}</td></tr>`,
  );
  return `<table>${caption ? `<caption>${caption}</caption>` : ''}<thead><tr><th>Name</th><th>Type</th><th>Rule</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function typeOf(schema: JsonSchema): string {
  if (schema['enum']) return schema['enum'].map((value: unknown) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  const kinds = schema['anyOf'] ?? schema['oneOf'];
  if (kinds) return [...new Set(kinds.map(typeOf))].join(' | ');
  if (schema['properties']) return `object with ${Object.keys(schema['properties']).join(', ')}`;
  if (schema['prefixItems']) return `list of ${schema['prefixItems'].map(typeOf).join(' and ')}`;
  if (schema['type'] === 'array') return `list of ${typeOf(schema['items'] ?? {})}`;
  if (schema['format'] === 'uuid') return 'id';
  if (schema['format']) return schema['format'];
  return [schema['type'] ?? 'any'].flat().join(' | ');
}

function boundsOf(schema: JsonSchema): string {
  if (schema['anyOf']) return [...new Set(schema['anyOf'].map(boundsOf))].filter(Boolean).join('; ');
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minItems, maxItems, pattern, format } =
    schema;
  const span = (low: number | undefined, high: number | undefined, unit: string) =>
    low === undefined && high === undefined
      ? ''
      : `${low ?? 'up to'}${low !== undefined && high !== undefined ? '–' : ''}${high ?? ' or more'}${unit}`;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  return [
    span(minLength, maxLength, ' characters'),
    span(low, high, ''),
    exclusiveMinimum === undefined ? '' : `more than ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? '' : `less than ${exclusiveMaximum}`,
    span(minItems, maxItems, ' entries'),
    pattern === undefined || format !== undefined ? '' : `like ${pattern}`,
  ]
    .filter(Boolean)
    .join(', ')
    .replace('up to', 'up to ');
}
