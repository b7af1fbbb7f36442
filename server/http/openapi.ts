import * as z from 'zod/mini';
import { envelopeOf, ERROR_STATUS, ErrorBody, isList, Moved, type ErrorCode } from '../../src/contract/envelope.ts';
import type { Route } from '../../src/contract/route.ts';
import { API_PREFIX, routes } from '../../src/contract/routes.ts';

type JsonSchema = Record<string, any>;

/** One endpoint of the contract, by the names that the client knows it under. */
export interface Endpoint {
  group: string;
  verb: string;
  route: Route;
}

/** Every endpoint, in the contract's order. */
export const endpoints: Endpoint[] = Object.entries(routes).flatMap(([group, verbs]) =>
  Object.entries(verbs as Record<string, Route>).map(([verb, route]) => ({ group, verb, route })),
);

const schemaOf = (schema: z.ZodMiniType): JsonSchema => {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  return plain;
};

const RETRYABLE = ['UNAVAILABLE', 'INTERNAL'] as const;

/** Which refusals an endpoint may give, by their codes. */
function refusals({ method, path, permission, body, query, repeat, refuses = [] }: Route) {
  const codes = new Set<ErrorCode>(['RATE_LIMITED', 'ORIGIN_NOT_ALLOWED', ...RETRYABLE, ...refuses]);
  if (body || query) codes.add('VALIDATION_ERROR');
  if (body) for (const code of ['BAD_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) codes.add(code);
  if (permission !== 'public') for (const code of ['UNAUTHORIZED', 'TOKEN_EXPIRED', 'FORBIDDEN'] as const) codes.add(code);
  if (path.includes(':')) codes.add('NOT_FOUND');
  if (method !== 'GET') for (const code of ['CONFLICT', 'DUPLICATE'] as const) codes.add(code);
  if (method === 'POST' && repeat === undefined && permission !== 'public') codes.add('IDEMPOTENCY_MISMATCH');
  if (method === 'PATCH' || method === 'DELETE')
    for (const code of ['VERSION_MISMATCH', 'VERSION_REQUIRED'] as const) codes.add(code);
  return codes;
}

/** Which filters there are by custom fields the workspace says: so the parameter's name stands for theirs. */
const CUSTOM_FILTER = {
  name: 'cf.<name>',
  in: 'query',
  required: false,
  description:
    "A value of a custom field, by the field's name. Of numbers and dates also `cf.<name>.gte` and `cf.<name>.lte`, and of all `cf.<name>.in`, which may be repeated. Several must all hold.",
  schema: { type: 'string' },
};

function parametersOf({ method, path, query, stream }: Route): JsonSchema[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'token' ? { type: 'string' } : { type: 'string', format: 'uuid' },
  }));
  const { properties = {}, required = [] } = query ? schemaOf(query) : {};
  const inQuery = Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) =>
    name === 'cf'
      ? CUSTOM_FILTER
      : {
          name,
          in: 'query',
          required: (required as string[]).includes(name),
          schema,
          ...(schema['type'] === 'array' && { style: 'form', explode: true }),
        },
  );
  const header = (name: string, description: string) => ({ name, in: 'header', description, schema: { type: 'string' } });
  return [
    ...inPath,
    ...inQuery,
    ...(method === 'POST' ? [header('Idempotency-Key', 'Repeats of a call with the same key take effect once.')] : []),
    ...(method === 'PATCH' || method === 'DELETE' ? [header('If-Match', 'The version that the change was made from.')] : []),
    ...(stream
      ? [header('Last-Event-ID', 'The id of the last message that was received: what came after it is sent first.')]
      : []),
    ...(method === 'GET' && !stream ? [header('If-None-Match', 'The ETag of an answer that is still at hand.')] : []),
  ];
}

function operationOf({ group, verb, route }: Endpoint): JsonSchema {
  const statuses = Map.groupBy(refusals(route), (code) => ERROR_STATUS[code]);
  const success = String(route.status ?? 200);
  return {
    operationId: `${group}.${verb}`,
    tags: [group],
    summary: route.summary,
    description: accessSentence(route),
    ...(route.permission === 'public' && { security: [] }),
    parameters: parametersOf(route),
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } } }),
    responses: {
      [success]: successOf(route),
      ...(route.mayQueue && { '202': { ...successOf(route), description: 'Queued: a job does it.' } }),
      ...(route.mayMove && {
        '301': {
          description: 'The record lives on in another, which is at the address of the header Location.',
          headers: { Location: { required: true, schema: { type: 'string' } } },
          content: { 'application/json': { schema: schemaOf(envelopeOf(Moved)) } },
        },
      }),
      ...(route.method === 'GET' &&
        !route.stream && {
          '304': { description: 'The answer named by If-None-Match is still right; there is no body.' },
        }),
      ...Object.fromEntries(
        [...statuses].map(([status, codes]) => [
          String(status),
          {
            description: [...codes].sort().join(', '),
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        ]),
      ),
    },
  };
}

function successOf({ stream, produces, response }: Route): JsonSchema {
  if (stream) {
    return {
      description: 'Server-sent events, until the credential ends or the connection does.',
      content: { 'text/event-stream': { schema: { ...schemaOf(response!), description: 'The data of each message.' } } },
    };
  }
  const headers = { ETag: { schema: { type: 'string' } } };
  if (produces) {
    return {
      description: 'The text as it stands, outside of the envelope.',
      headers,
      content: { [produces]: { schema: { type: 'string' } } },
    };
  }
  if (!response) return { description: 'Done; there is no body.' };
  return {
    description: isList(response) ? 'One page.' : 'Done.',
    headers,
    content: { 'application/json': { schema: schemaOf(envelopeOf(response)) } },
  };
}

/** Who may call an endpoint, as a sentence. */
export function accessSentence({ permission }: Route): string {
  if (permission === 'public') return 'Needs no credential.';
  if (permission === 'any-credential') return 'For every credential but a publishable key.';
  if (permission === 'signed-in') return 'For anyone signed in.';
  if (permission === 'secret-key') return 'For a secret key.';
  if (permission === 'owner') return "For the workspace's owner.";
  return `Needs the permission ${permission}.`;
}

/** The contract as an OpenAPI 3.1 document. */
export function openApi(): JsonSchema {
  const paths: Record<string, JsonSchema> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.route.path.replace(/:(\w+)/g, '{$1}');
    const operation = operationOf(endpoint);
    (paths[path] ??= {})[endpoint.route.method.toLowerCase()] = operation;
    if (endpoint.route.method === 'PATCH')
      paths[path]!['put'] = {
        ...operation,
        operationId: `${operation['operationId']}.put`,
        summary: `The same as PATCH. ${endpoint.route.summary}`,
      };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: '2',
      summary: 'The lead CRM behind the Millrace components and the capture widget.',
      description:
        'Every answer stands in one envelope; every list is walked by page or by cursor; every POST of someone signed in takes an Idempotency-Key.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ bearer: [] }],
    tags: Object.keys(routes).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token of a session, a secret key, or an embed token.' },
      },
      schemas: { Error: schemaOf(ErrorBody) },
    },
  };
}
