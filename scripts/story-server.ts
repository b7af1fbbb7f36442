import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { STORYBOOK } from './storybook.ts';

/** Deep below the root, for the Storybook has to work from any folder. */
const FOLDER = '/some/folder/';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

const NONCE = 'story';

/**
 * Nothing may come from elsewhere, and no script may stand in the page but Storybook's own. Its styles do, and it writes
 * HTML: how the elements stand the policy of the guide is shown on a page without it.
 */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
].join('; ');

/** A web server with the built Storybook in a folder, whose stories run under a strict policy. */
export interface StoryServer {
  url: string;
  close(): Promise<void>;
}

/** Serves what was built, and nothing else. */
export async function serveStories(): Promise<StoryServer> {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url!, 'http://localhost');
    // Browsers ask for it by themselves.
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    const file = pathname.startsWith(FOLDER) ? normalize(pathname.slice(FOLDER.length)) : '';
    const body = await readFile(join(STORYBOOK, file)).catch(() => undefined);
    if (!body || file.startsWith('..')) return void response.writeHead(404).end();
    const headers = { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=600' };
    if (file !== 'iframe.html') return void response.writeHead(200, headers).end(body);
    const page = body.toString().replaceAll(/<script(?=[\s>])/g, `<script nonce="${NONCE}"`);
    response.writeHead(200, { ...headers, 'Content-Security-Policy': POLICY }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${FOLDER}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
