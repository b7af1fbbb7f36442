import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Scripts and styles from here only; nothing is made from text, but by Lit's own named policy. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

interface Kept {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
  etag: string;
}

/** Static pages from one directory, read once: what is not there at the start does not exist. */
export class Pages {
  readonly #files: ReadonlyMap<string, Kept>;

  private constructor(files: ReadonlyMap<string, Kept>) {
    this.#files = files;
  }

  static async read(directory: string): Promise<Pages> {
    const files = new Map<string, Kept>();
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const address = `/${relative(directory, path).split(sep).join('/')}`;
      const kept = await keep(path, address);
      files.set(address, kept);
      if (address.endsWith('/index.html')) files.set(address.slice(0, -'index.html'.length), kept);
    }
    return new Pages(files);
  }

  /** The page at the request's address, or nothing. */
  answer(request: Request): Response | undefined {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const kept = this.#files.get(new URL(request.url).pathname);
    if (!kept) return undefined;
    if (request.headers.get('if-none-match') === kept.etag) return new Response(null, { status: 304, headers: kept.headers });
    return new Response(request.method === 'HEAD' ? null : kept.body, { headers: kept.headers });
  }
}

async function keep(path: string, address: string): Promise<Kept> {
  const body = new Uint8Array(await readFile(path));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // The build puts a hash of the contents into the names of what lies in assets/.
  const isHashed = address.startsWith('/assets/');
  return {
    body,
    etag,
    headers: {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: etag,
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
  };
}
