import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { StartError } from '../settings.ts';
import { CDN_PREFIX, isMoving } from './cdn.ts';
import type { CdnFile, CdnFiles } from './cdn-files.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

/** What was released lies here, a directory a version, so that every server serves it for ever. */
const RELEASES = fileURLToPath(new URL('./releases', import.meta.url));

/**
 * Reads the built widget and every former release, each file packed once. A release that would change is refused; of what has
 * no version in its address, only the build's counts.
 */
export async function readCdn(built: string, releases = RELEASES): Promise<CdnFiles> {
  const files = new Map<string, CdnFile>();
  for (const directory of [built, ...(existsSync(releases) ? [releases] : [])]) {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const type = TYPES[extname(path)];
      if (!entry.isFile() || type === undefined) continue;
      const address = CDN_PREFIX + relative(directory, path).split(sep).join('/');
      if (directory !== built && isMoving(address)) continue;
      const body = new Uint8Array(await readFile(path));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      const known = files.get(address);
      if (known && known.etag !== etag)
        throw new StartError(`${path} differs from the file that is served at ${address}: a released version must not change.`);
      if (!known) files.set(address, { body, packed: await pack(body), type, etag });
    }
  }
  const version = versionOf(files);
  if (version === undefined) throw new StartError(`${built} does not hold the widget: build it by npm run build:widget.`);
  const integrity: Record<string, string> = {};
  for (const [address, { body }] of files) {
    const [, name] = address.split(`${CDN_PREFIX}${version}/`);
    if (name !== undefined) integrity[name] = `sha384-${createHash('sha384').update(body).digest('base64')}`;
  }
  return { version, integrity, files };
}

/** The version that those get who name none. */
function versionOf(files: ReadonlyMap<string, CdnFile>): string | undefined {
  const newest = files.get(`${CDN_PREFIX}v1/millrace.js`)?.etag;
  const same = [...files].find(
    ([address, { etag }]) => address.endsWith('/millrace.js') && !isMoving(address) && etag === newest,
  );
  return same?.[0].split('/').at(-2);
}

async function pack(body: Uint8Array<ArrayBuffer>): Promise<CdnFile['packed']> {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength } };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(body, options), promisify(gzip)(body, { level: 9 })]);
  const smaller = (packed: Uint8Array) => packed.byteLength < body.byteLength;
  return { ...(smaller(br) && { br: new Uint8Array(br) }), ...(smaller(gz) && { gzip: new Uint8Array(gz) }) };
}
