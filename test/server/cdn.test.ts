import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readCdn } from '../../server/cdn/read-cdn.ts';
import { newServer, type TestServer } from '../support/server.ts';

const SCRIPT = `/* a script */ ${'console.log("Millrace");'.repeat(40)}`;

describe("The widget's files", () => {
  let root: string;
  let server: TestServer;

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-cdn-'));
    await write('built/1.2.0-abc/millrace.js', SCRIPT);
    await write('built/1.2.0-abc/tiny.js', '1');
    await write('built/v1/millrace.js', SCRIPT);
    await write('built/integrity.json', '{"millrace.js":"sha384-x"}');
    await write('built/notes.txt', 'not for everyone');
    await write('released/1.1.0-def/millrace.js', 'older');
    await write('released/v1/millrace.js', 'older');
    server = await newServer({ cdn: await readCdn(join(root, 'built'), join(root, 'released')) });
  });

  after(() => rm(root, { recursive: true, force: true }));

  test('of a version are the same for a year, those that move for five minutes', async () => {
    const pinned = await server.fetch('/cdn/1.2.0-abc/millrace.js');
    assert.equal(pinned.status, 200);
    assert.equal(await pinned.text(), SCRIPT);
    assert.match(pinned.headers.get('cache-control')!, /^public, max-age=31536000, immutable/);
    assert.equal(pinned.headers.get('content-type'), 'text/javascript; charset=utf-8');
    for (const address of ['/cdn/v1/millrace.js', '/cdn/integrity.json'])
      assert.match((await server.fetch(address)).headers.get('cache-control')!, /^public, max-age=300/);
  });

  test('are open to pages of every origin', async () => {
    const { headers } = await server.fetch('/cdn/v1/millrace.js', { headers: { origin: 'https://shop.example.com' } });
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(headers.get('timing-allow-origin'), '*');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await server.fetch('/cdn/v1/millrace.js', { method: 'OPTIONS' })).status, 204);
  });

  test('of former releases stay where they were', async () => {
    assert.equal(await (await server.fetch('/cdn/1.1.0-def/millrace.js')).text(), 'older');
    assert.equal(await (await server.fetch('/cdn/v1/millrace.js')).text(), SCRIPT);
  });

  test('come packed as the browser takes them', async () => {
    const ask = (encoding: string) => server.fetch('/cdn/v1/millrace.js', { headers: { 'accept-encoding': encoding } });
    const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());
    const brotli = await ask('gzip, deflate, br');
    assert.equal(brotli.headers.get('content-encoding'), 'br');
    assert.equal(brotli.headers.get('vary'), 'Accept-Encoding');
    assert.equal(String(brotliDecompressSync(await bytes(brotli))), SCRIPT);
    const gzip = await ask('gzip, br;q=0');
    assert.equal(gzip.headers.get('content-encoding'), 'gzip');
    assert.equal(String(gunzipSync(await bytes(gzip))), SCRIPT);
    assert.notEqual(gzip.headers.get('etag'), brotli.headers.get('etag'));
    const plain = await ask('identity');
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.equal(plain.headers.get('content-length'), String(SCRIPT.length));
    // What packing would make larger comes as it is.
    const tiny = await server.fetch('/cdn/1.2.0-abc/tiny.js', { headers: { 'accept-encoding': 'br' } });
    assert.equal(tiny.headers.get('content-encoding'), null);
  });

  test('are not sent again to who has them', async () => {
    const headers = { 'accept-encoding': 'br' };
    const etag = (await server.fetch('/cdn/v1/millrace.js', { headers })).headers.get('etag')!;
    const again = await server.fetch('/cdn/v1/millrace.js', { headers: { ...headers, 'if-none-match': `"other", W/${etag}` } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    assert.equal(again.headers.get('access-control-allow-origin'), '*');
    const head = await server.fetch('/cdn/v1/millrace.js', { method: 'HEAD', headers });
    assert.deepEqual([head.status, await head.text(), head.headers.get('etag')], [200, '', etag]);
  });

  test('are nothing else, and only read', async () => {
    const addresses = [
      '/cdn/',
      '/cdn/none.js',
      '/cdn/notes.txt',
      '/cdn/1.2.0-abc/',
      '/cdn/%2e%2e/package.json',
      '/cdn/__proto__',
    ];
    for (const address of addresses) assert.equal((await server.fetch(address)).status, 404, address);
    assert.equal((await server.fetch('/cdn/v1/millrace.js', { method: 'POST' })).status, 405);
    const without = await newServer({ database: server.database });
    assert.equal((await without.fetch('/cdn/v1/millrace.js')).status, 404);
  });

  test('have the hashes that they are checked by', async () => {
    const { version, integrity } = await readCdn(join(root, 'built'));
    assert.equal(version, '1.2.0-abc');
    assert.equal(integrity['millrace.js'], `sha384-${createHash('sha384').update(SCRIPT).digest('base64')}`);
  });

  test('that were released are never others', async () => {
    await write('wrong/1.2.0-abc/millrace.js', 'changed');
    await assert.rejects(readCdn(join(root, 'built'), join(root, 'wrong')), /a released version must not change/);
  });
});
