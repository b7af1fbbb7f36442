import { build } from 'esbuild';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWidget } from '../../../scripts/widget.ts';

const RELEASED = fileURLToPath(new URL('../../../dist/cdn', import.meta.url));

/** Serves a site of one page with a form, on an origin of its own, with the released files as a customer embeds them. */
export async function openSite() {
  await buildWidget();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('visited-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  // As they are now: whoever builds the widget anew meanwhile takes nothing from a page that has it.
  const files = new Map(
    globSync('*/*.js', { cwd: RELEASED }).map((path) => [`/cdn/${path.replace('\\', '/')}`, readFileSync(join(RELEASED, path))]),
  );
  const page = (form: string, api: string) => `<!doctype html><title>Drill</title>
    <script>${outputFiles[0]!.text}</script>
    <script async src="/cdn/v1/millrace.js" data-form="${form}" data-api="${api}"></script>`;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://site.test');
    if (pathname === '/') {
      const html = page(searchParams.get('form')!, searchParams.get('api')!);
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
    } else if (files.has(pathname)) {
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }).end(files.get(pathname));
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
