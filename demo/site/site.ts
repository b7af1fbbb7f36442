import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { strictPolicy } from './policy.ts';
import { copySnippets, type Forms, type Snippet } from './snippets.ts';

export interface SiteOptions {
  /** Where the API and the widget's files are. */
  api: string;
  host: string;
  /** 0 for any that is free. */
  port: number;
  forms: Forms;
}

/** A marketing page that is being served. */
export interface Site {
  url: string;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  '/site.css': 'text/css; charset=utf-8',
  '/favicon.svg': 'image/svg+xml',
};

/**
 * Serves Brightfield Solar's page from an origin of its own, as a customer's server would: `/` with the snippets as they are
 * copied, and `/strict.html`, the same page under the strictest security policy with the pinned ones.
 */
export async function openSite({ api, host, port, forms }: SiteOptions): Promise<Site> {
  const server = createServer();
  await listen(server, host, port);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
    const snippets = await copySnippets(api, url, forms);
    server.on('request', await answering(api, await readPage(forms), snippets));
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function answering(api: string, page: string, snippets: Record<keyof Forms, Snippet>): Promise<RequestListener> {
  const files = new Map<string, Buffer>();
  for (const path of Object.keys(FILES)) files.set(path, await readFile(join(import.meta.dirname, path)));
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const isStrict = pathname === '/strict.html';
    const file = files.get(pathname);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (file) response.writeHead(200, { 'Content-Type': FILES[pathname] }).end(file);
    else if (pathname === '/' || isStrict) {
      const nonce = randomBytes(16).toString('base64');
      if (isStrict) response.setHeader('Content-Security-Policy', strictPolicy(api, nonce));
      const body = page.replace(/\{\{embed:(\w+)\}\}/g, (_, name: keyof Forms) =>
        isStrict ? withNonce(snippets[name].pinned, nonce) : snippets[name].script,
      );
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(body);
    } else response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('There is no page here.\n');
  };
}

/** A pasted snippet under a policy that asks for a nonce. */
const withNonce = (snippet: string, nonce: string) => snippet.replace(/<(script|style)\b/g, `<$1 nonce="${nonce}"`);

/** The page with its drawings, which stand in it so that they take its colours. */
async function readPage(forms: Forms): Promise<string> {
  const folder = join(import.meta.dirname, 'drawings');
  const drawings = new Map<string, string>();
  for (const file of await readdir(folder))
    drawings.set(basename(file, '.svg'), (await readFile(join(folder, file), 'utf8')).trim());
  const page = await readFile(join(import.meta.dirname, 'page.html'), 'utf8');
  return page
    .replace(/\{\{drawing:(\w+)\}\}/g, (_, name: string) => drawings.get(name)!)
    .replace(/\{\{form:(\w+)\}\}/g, (_, name: keyof Forms) => forms[name]);
}
