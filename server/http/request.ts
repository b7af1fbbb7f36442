import { ApiFailure } from './failure.ts';

export const BODY_LIMIT = 1_048_576;
const DEPTH_LIMIT = 32;

/** How a body is read: so many bytes at most, and which media types beside JSON's own are taken for JSON. */
interface Reading {
  most?: number;
  also?: readonly string[];
}

/** Reads a JSON body within its bounds: size, depth, and text that can be stored. An empty body reads as an empty object. */
export async function readJson(
  request: Request,
  { most = BODY_LIMIT, also = [] }: Reading = {},
): Promise<{ value: unknown; text: string }> {
  const text = await readText(request, most);
  if (text === '') return { value: {}, text };
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i.test(type) && !also.includes(mediaType(type))) {
    throw new ApiFailure('UNSUPPORTED_MEDIA_TYPE', 'Send the body as JSON, with the header Content-Type: application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiFailure('BAD_JSON', 'The body is not valid JSON.');
  }
  checkValue(value, 0);
  return { value, text };
}

/** A Content-Type without its parameters. */
export const mediaType = (type: string) => type.split(';')[0]!.trim().toLowerCase();

/** Reads a body as text, so many bytes at most. */
export async function readText(request: Request, most: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge(most);
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ApiFailure('BAD_JSON', 'The body broke off before its end.');
    });
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      throw tooLarge(most);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiFailure('BAD_JSON', 'The body is not valid UTF-8.');
  }
}

const tooLarge = (most: number) => {
  const size = most < 1_048_576 ? `${most / 1024} KB` : `${most / 1_048_576} MB`;
  return new ApiFailure('PAYLOAD_TOO_LARGE', `The body is larger than ${size}: send less at once.`);
};

/** Refuses what no record can hold, wherever it stands: nesting without end, and names, numbers and characters that there is no place for. */
function checkValue(value: unknown, depth: number) {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new ApiFailure('BAD_JSON', 'The body holds a number that is too large to be stored.');
  } else if (typeof value === 'string') {
    if (!isStorable(value))
      throw new ApiFailure(
        'BAD_JSON',
        "The body holds a character that can't be stored: a null character or half of a surrogate pair.",
      );
  } else if (value !== null && typeof value === 'object') {
    if (depth === DEPTH_LIMIT) throw new ApiFailure('BAD_JSON', `The body is nested deeper than ${DEPTH_LIMIT} levels.`);
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') throw new ApiFailure('BAD_JSON', 'No field can be called __proto__.');
      checkValue(key, depth);
      checkValue(inner, depth + 1);
    }
  }
}

export const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed();

/** Query parameters by name: once is text, more than once or with `[]` is a list. */
export function readQuery(parameters: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    const isList = key.endsWith('[]');
    const name = isList ? key.slice(0, -2) : key;
    const before = query[name];
    query[name] = before === undefined && values.length === 1 && !isList ? values[0]! : [before ?? [], values].flat();
  }
  return query;
}
