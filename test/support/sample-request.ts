import { newId } from '../../server/ids.ts';
import { openApi, type Endpoint } from '../../server/http/openapi.ts';

type JsonSchema = Record<string, any>;

/** What an id of the API can name. */
export type Kind =
  | 'contact'
  | 'company'
  | 'member'
  | 'user'
  | 'workspace'
  | 'api_key'
  | 'lead'
  | 'activity'
  | 'deal'
  | 'job'
  | 'pipeline'
  | 'stage'
  | 'source';

/** One id of every kind, all of one workspace. */
export type Ids = Record<Kind, string>;

/** One place of a request where an id stands. */
export interface Position {
  part: 'path' | 'query' | 'body';
  name: string;
  kind: Kind;
}

/** A request of an endpoint, not yet sent. */
export interface SampleRequest {
  path: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown> | undefined;
}

/** What the id at a place names, by the path's segment before `:id` or by the field's own name. */
const KINDS: Record<string, Kind> = {
  contacts: 'contact',
  companies: 'company',
  members: 'member',
  keys: 'api_key',
  leads: 'lead',
  activities: 'activity',
  deals: 'deal',
  jobs: 'job',
  pipelines: 'pipeline',
  sources: 'source',
  pipeline_id: 'pipeline',
  stage_id: 'stage',
  expected_stage_id: 'stage',
  move_to: 'stage',
  source_id: 'source',
  before_id: 'lead',
  after_id: 'lead',
  // There are no forms yet: an id of anything else is one that no lead has.
  form_id: 'workspace',
  contact_id: 'contact',
  lead_id: 'lead',
  owner_id: 'user',
  company_id: 'company',
  record_id: 'contact',
  user_id: 'user',
  actor_id: 'user',
  owner: 'user',
  reassign_to: 'user',
  workspace_id: 'workspace',
  member_id: 'member',
  owner_scope: 'user',
};

/** What no schema says: a rule between two fields. */
const BETWEEN_FIELDS: Record<string, Record<string, unknown>> = {
  'contacts.create': { firstname: 'Sample' },
  'contacts.addActivity': { subject: 'Sample' },
  'leads.addActivity': { subject: 'Sample' },
  'activities.create': { subject: 'Sample' },
  'leads.setScore': { score: 'hot' },
  'apiKeys.create': { permissions: ['crm:access'] },
};

const document = openApi();

const operationOf = ({ route }: Endpoint): JsonSchema =>
  document['paths'][route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];

/** The query parameters of an endpoint with their schemas. */
export const queryFields = (endpoint: Endpoint): [name: string, schema: JsonSchema, needed: boolean][] =>
  (operationOf(endpoint)['parameters'] as JsonSchema[])
    .filter((parameter) => parameter['in'] === 'query')
    .map(({ name, schema, required }) => [name, schema, required]);

/** The fields of an endpoint's body with their schemas. */
export function bodyFields(endpoint: Endpoint): [name: string, schema: JsonSchema, needed: boolean][] {
  const { properties = {}, required = [] } = operationOf(endpoint)['requestBody']?.content['application/json'].schema ?? {};
  return Object.entries<JsonSchema>(properties).map(([name, schema]) => [name, schema, required.includes(name)]);
}

/** Every place where a request of this endpoint names a record; secrets in the path are no ids. */
export function positionsOf(endpoint: Endpoint): Position[] {
  const inPath = [...endpoint.route.path.matchAll(/(\w+)\/:(\w+)/g)]
    .filter(([, , name]) => name !== 'token')
    .map(([, before, name]) => ({ part: 'path' as const, name: name!, kind: kindOf(name === 'id' ? before! : name!) }));
  const among = (part: 'query' | 'body', fields: [string, JsonSchema, boolean][]) =>
    fields.filter(([, schema]) => takesId(schema)).map(([name]) => ({ part, name, kind: kindOf(name) }));
  return [...inPath, ...among('query', queryFields(endpoint)), ...among('body', bodyFields(endpoint))];
}

/** The least that an endpoint accepts, with an id wherever it takes one. */
export function sampleRequest(endpoint: Endpoint, ids: Ids): SampleRequest {
  const needed = (fields: [string, JsonSchema, boolean][]) =>
    Object.fromEntries(fields.filter(([, , isNeeded]) => isNeeded).map(([name, schema]) => [name, leastOf(schema)]));
  const request: SampleRequest = {
    path: Object.fromEntries([...endpoint.route.path.matchAll(/:(\w+)/g)].map(([, name]) => [name, 'unknown'])),
    query: needed(queryFields(endpoint)),
    body: endpoint.route.body && { ...needed(bodyFields(endpoint)), ...BETWEEN_FIELDS[`${endpoint.group}.${endpoint.verb}`] },
  };
  for (const position of positionsOf(endpoint)) put(request, position, ids[position.kind]);
  return request;
}

/** Puts an id into its place. */
export function put(request: SampleRequest, { part, name }: Position, id: string) {
  (request[part] as Record<string, unknown>)[name] = id;
}

/** The address of a request, from the path on. */
export function addressOf({ route }: Endpoint, { path, query }: SampleRequest): string {
  const pathname = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name]!));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
  );
  return search.size > 0 ? `${pathname}?${search}` : pathname;
}

function kindOf(name: string): Kind {
  const kind = KINDS[name];
  if (!kind) throw new Error(`Say in test/support/sample-request.ts what the id ${name} names.`);
  return kind;
}

const takesId = (schema: JsonSchema): boolean => schema['format'] === 'uuid' || (schema['anyOf'] ?? []).some(takesId);

/** The simplest value that a schema takes. */
export function leastOf(schema: JsonSchema): unknown {
  if (schema['anyOf']) return leastOf(schema['anyOf'].find(({ type }: JsonSchema) => type !== 'null'));
  if ('const' in schema) return schema['const'];
  if (schema['enum']) return schema['enum'][0];
  if (schema['format'] === 'uuid') return newId();
  if (schema['format'] === 'email') return `${newId()}@example.test`;
  switch (schema['type']) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.max(schema['minimum'] ?? 0, 0);
    case 'array':
      return Array.from({ length: schema['minItems'] ?? 0 }, () => leastOf(schema['items']));
    case 'object':
      return Object.fromEntries((schema['required'] ?? []).map((name: string) => [name, leastOf(schema['properties'][name])]));
    default:
      return 'x'.repeat(schema['minLength'] ?? 1);
  }
}
