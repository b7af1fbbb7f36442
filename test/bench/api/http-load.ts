import { connect, type Socket } from 'node:net';

/** What a load of requests came to. */
export interface Load {
  perSecond: number;
  /** Milliseconds that half of the requests, and 99 of 100, stayed below. */
  p50: number;
  p99: number;
  requests: number;
}

export interface LoadOptions {
  port: number;
  connections: number;
  /** How long, or until how many requests were sent. */
  seconds?: number;
  requests?: number;
  /** The next request as it goes over the wire. */
  next: () => string;
  /** The status of an answer that counts. */
  status: number;
}

/**
 * Sends one request after the other on each of a few connections, and measures from the last byte asked to the last byte
 * answered. Written on sockets, because a fetch costs more than most of what is measured. An answer of another status ends it.
 */
export async function loadOf({
  port,
  connections,
  seconds = Infinity,
  requests = Infinity,
  next,
  status,
}: LoadOptions): Promise<Load> {
  const times: number[] = [];
  const began = performance.now();
  const ends = began + seconds * 1_000;
  let left = requests;
  const isOver = () => performance.now() >= ends || left-- <= 0;
  await Promise.all(Array.from({ length: connections }, () => oneConnection(port, isOver, next, status, times)));
  const elapsed = (performance.now() - began) / 1_000;
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), requests: times.length };
}

function oneConnection(port: number, isOver: () => boolean, next: () => string, status: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let sent = 0;
    let parts: Buffer[] = [];
    let length = 0;
    let wanted: number | undefined;
    const send = () => {
      if (isOver()) {
        socket.end();
        return resolve();
      }
      const request = next();
      sent = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      parts.push(chunk);
      length += chunk.length;
      if (wanted === undefined) {
        const head = parts.length === 1 ? chunk : Buffer.concat(parts);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        if (!text.startsWith(`HTTP/1.1 ${status} `)) {
          socket.destroy();
          return reject(new Error(`Answered ${text.slice(0, 40)}: ${head.toString('utf8', end, end + 400)}`));
        }
        const given = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
        if (given === undefined) return reject(new Error('An answer came without its length.'));
        wanted = end + 4 + Number(given);
      }
      if (length < wanted) return;
      times.push(performance.now() - sent);
      parts = [];
      length = 0;
      wanted = undefined;
      send();
    });
  });
}
