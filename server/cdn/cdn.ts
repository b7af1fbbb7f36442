import { namesEtag } from '../http/answer.ts';
import type { CdnFile, CdnFiles } from './cdn-files.ts';

/** Where the widget's files are. */
export const CDN_PREFIX = '/cdn/';

/** Who names a version gets the same bytes for ever; who does not, what is newest, five minutes late at most. */
export const isMoving = (address: string) => /^\/cdn\/(?:v\d+\/.*|[^/]*)$/.test(address);

/** Pages of every origin may load the files, check them and time them. */
const OPEN: Record<string, string> = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Timing-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
};

/** Answers a request below `/cdn/`; what is not among the files does not exist. */
export function answerFromCdn(cdn: CdnFiles | undefined, request: Request): Response {
  const { pathname } = new URL(request.url);
  if (request.method === 'OPTIONS')
    return new Response(null, { status: 204, headers: { ...OPEN, 'Access-Control-Allow-Methods': 'GET, HEAD' } });
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response('These files are only read.\n', { status: 405, headers: { ...OPEN, ...PLAIN, Allow: 'GET, HEAD' } });
  const file = cdn?.files.get(pathname);
  if (!file) return new Response('There is no such file.\n', { status: 404, headers: { ...OPEN, ...PLAIN } });
  const coding = codingOf(file, request.headers.get('accept-encoding') ?? '');
  const headers: Record<string, string> = {
    ...OPEN,
    'Content-Type': file.type,
    // Whatever lies between must not pack or change it: its hash is what pages ask for.
    'Cache-Control': isMoving(pathname)
      ? 'public, max-age=300, no-transform'
      : 'public, max-age=31536000, immutable, no-transform',
    // One that is packed otherwise is another.
    ETag: coding ? `${file.etag.slice(0, -1)}-${coding}"` : file.etag,
    Vary: 'Accept-Encoding',
  };
  if (namesEtag(request.headers.get('if-none-match'), headers['ETag']!)) return new Response(null, { status: 304, headers });
  const body = coding ? file.packed[coding]! : file.body;
  if (coding) headers['Content-Encoding'] = coding;
  headers['Content-Length'] = String(body.byteLength);
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };

/** The best that the browser takes of what there is. */
function codingOf({ packed }: CdnFile, accepted: string): 'br' | 'gzip' | undefined {
  const taken = new Set(
    accepted
      .split(',')
      .map((one) => one.trim().toLowerCase())
      .filter((one) => !/;\s*q=0(?:\.0*)?$/.test(one))
      .map((one) => one.split(';')[0]!.trim()),
  );
  if (packed.br && taken.has('br')) return 'br';
  return packed.gzip && taken.has('gzip') ? 'gzip' : undefined;
}
