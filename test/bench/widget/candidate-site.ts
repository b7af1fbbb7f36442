import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Candidate } from './candidates.ts';

/** A server whose front page holds the candidate that it was last told of. */
export interface CandidateSite {
  url: string;
  show(candidate: Candidate): void;
  /** What was submitted to it, in its own forms' ways. */
  submitted: string[];
  close(): void;
}

const TEXT = `<p>${'Solar power from your own roof is the simplest way to know what it costs in ten years. '.repeat(4)}</p>`;

const pageOf = ({ head, body }: Candidate) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bench</title>
<style>body{max-width:640px;margin:0 auto;font:16px/1.5 sans-serif}fieldset{display:grid;gap:8px}</style>
${head}</head><body><h1>A page with a form</h1>${TEXT}${body}${TEXT}${TEXT}</body></html>`;

/** Opens the site; challenges are handed on from where Millrace's own form gets them, so that the work is the same. */
export async function openCandidateSite(readChallenge: () => Promise<unknown>): Promise<CandidateSite> {
  let shown: Candidate | undefined;
  const submitted: string[] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const script = shown?.files[path];
    const send = (type: string, body: string) => response.writeHead(200, { 'Content-Type': type }).end(body);
    if (path === '/submit') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      submitted.push(Buffer.concat(chunks).toString());
      send('text/html; charset=utf-8', '<!doctype html><html lang="en"><title>Done</title><p>Thank you</p></html>');
    } else if (path === '/challenge') send('application/json', JSON.stringify(await readChallenge()));
    else if (script !== undefined) send('text/javascript; charset=utf-8', script);
    else if (path === '/' && shown) send('text/html; charset=utf-8', pageOf(shown));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(candidate) {
      shown = candidate;
    },
    submitted,
    close: () => void server.close().closeAllConnections(),
  };
}
