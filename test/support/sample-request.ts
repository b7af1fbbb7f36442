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
  | 'merge'
  | 'appointment'
  | 'job'
  | 'bulk_job'
  | 'view'
  | 'form'
  | 'submission'
  | 'pipeline'
  | 'stage'
  | 'source'
  | 'lead_field'
  | 'contact_field';

/** One id of every kind, all of one workspace. */
export type Ids = Record<Kind, string>;

/** One place of a request where an id stands. */
export interface Position {
  part: 'path' | 'query' | 'body';
  name: string;
  kind: Kind;
  /** The least body that the field stands in, where bodies have several shapes. */
  body?: Record<string, unknown>;
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
  appointments: 'appointment',
  jobs: 'job',
  'bulk-jobs': 'bulk_job',
  views: 'view',
  pipelines: 'pipeline',
  sources: 'source',
  fields: 'lead_field',
  'leads field_id': 'lead_field',
  'contacts field_id': 'contact_field',
  pipeline_id: 'pipeline',
  stage_id: 'stage',
  expected_stage_id: 'stage',
  move_to: 'stage',
  source_id: 'source',
  before_id: 'lead',
  after_id: 'lead',
  forms: 'form',
  form_id: 'form',
  submissions: 'submission',
  contact_id: 'contact',
  merge_id: 'merge',
  lead_id: 'lead',
  owner_id: 'user',
  set_by: 'user',
  verified_by: 'user',
  confirmed_by: 'user',
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

/** What no schema says: a rule between two fields, or what a text must be like. */
const BETWEEN_FIELDS: Record<string, Record<string, unknown>> = {
  'contacts.create': { firstname: 'Sample' },
  'contacts.addActivity': { subject: 'Sample' },
  'leads.addActivity': { subject: 'Sample' },
  'leads.addAppointment': { appointment_date: '2031-05-06T07:00:00Z' },
  'appointments.create': { appointment_date: '2031-05-06T07:00:00Z' },
  'appointments.reschedule': { appointment_date: '2031-05-07T07:00:00Z' },
  'activities.create': { subject: 'Sample' },
  'leads.setScore': { score: 'hot' },
  'leads.bulk': { ids: [newId()] },
  'apiKeys.create': { permissions: ['crm:access'] },
};

/** The same of a query. */
const IN_QUERIES: Record<string, Record<string, unknown>> = {
  'appointments.availability': { from: '2031-05-06', to: '2031-05-07' },
};

const document = openApi();

const operationOf = ({ route }: Endpoint): JsonSchema =>
  document['paths'][route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];

/** The query parameters of an endpoint with their schemas. */
export const queryFields = (endpoint: Endpoint): [name: string, schema: JsonSchema, needed: boolean][] =>
  (operationOf(endpoint)['parameters'] as JsonSchema[])
    .filter((parameter) => parameter['in'] === 'query')
    .map(({ name, schema, required }) => [name, schema, required]);

type Fields = [name: string, schema: JsonSchema, needed: boolean][];

/** The shapes that an endpoint's body may have: for most there is one. */
function shapesOf(endpoint: Endpoint): JsonSchema[] {
  const schema: JsonSchema = operationOf(endpoint)['requestBody']?.content['application/json'].schema ?? {};
  return schema['oneOf'] ?? schema['anyOf'] ?? [schema];
}

const fieldsOf = ({ properties = {}, required = [] }: JsonSchema): Fields =>
  Object.entries<JsonSchema>(properties).map(([name, schema]) => [name, schema, required.includes(name)]);

/** The fields of an endpoint's body with their schemas; of the first of its shapes where it may have several. */
export const bodyFields = (endpoint: Endpoint): Fields => fieldsOf(shapesOf(endpoint)[0]!);

const needed = (fields: Fields) =>
  Object.fromEntries(fields.filter(([, , isNeeded]) => isNeeded).map(([name, schema]) => [name, leastOf(schema)]));

/** The least that a shape of an endpoint's body takes. */
const leastBody = (endpoint: Endpoint, shape: JsonSchema): Record<string, unknown> => ({
  ...needed(fieldsOf(shape)),
  ...BETWEEN_FIELDS[`${endpoint.group}.${endpoint.verb}`],
});

/** Every place where a request of this endpoint names a record; secrets in the path are no ids, nor is what everybody may see. */
export function positionsOf(endpoint: Endpoint): Position[] {
  const [, resource] = endpoint.route.path.split('/');
  const inPath = [...endpoint.route.path.matchAll(/([\w-]+)\/:(\w+)/g)]
    .filter(([, , name]) => name !== 'token' && resource !== 'public')
    .map(([, before, name]) => ({
      part: 'path' as const,
      name: name!,
      // A field is one of the records that its address begins with.
      kind: kindOf(name === 'id' ? before! : name === 'field_id' ? `${resource} ${name}` : name!),
    }));
  const among = (part: 'query' | 'body', fields: Fields) =>
    fields.filter(([, schema]) => takesId(schema)).map(([name]) => ({ part, name, kind: kindOf(name) }));
  const shapes = shapesOf(endpoint);
  const inBody = shapes.flatMap((shape) =>
    among('body', fieldsOf(shape)).map((one) => (shapes.length > 1 ? { ...one, body: leastBody(endpoint, shape) } : one)),
  );
  return [...inPath, ...among('query', queryFields(endpoint)), ...inBody];
}

/** The least that an endpoint accepts, with an id wherever it takes one. */
export function sampleRequest(endpoint: Endpoint, ids: Ids): SampleRequest {
  const request: SampleRequest = {
    path: Object.fromEntries([...endpoint.route.path.matchAll(/:(\w+)/g)].map(([, name]) => [name, 'unknown'])),
    query: { ...needed(queryFields(endpoint)), ...IN_QUERIES[`${endpoint.group}.${endpoint.verb}`] },
    body: endpoint.route.body && leastBody(endpoint, shapesOf(endpoint)[0]!),
  };
  for (const position of positionsOf(endpoint)) put(request, position, ids[position.kind]);
  return request;
}

/** Puts an id into its place. */
export function put(request: SampleRequest, { part, name, body }: Position, id: string) {
  if (body) request.body = { ...body };
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
  const kind = KINDS[name] ?? KINDS[name.replace(/^.*-/, '')];
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
