import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/**
 * What the server is measured against: the least handler that answers the same pages over the same statements, on
 * pipelined connections, in the same transactions under row-level security. It checks nothing, counts no calls, keeps no log.
 */
interface Plan {
  url: string;
  port: number;
  connections: number;
  /** For each address the statement, and the values and the opening of each request that may come. */
  routes: Record<string, { sql: string; calls: { opening: string; values: unknown[] }[] }>;
}

const plan = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Plan;
const clients = await Promise.all(
  Array.from({ length: plan.connections }, async () => {
    const client = new pg.Client({ connectionString: plan.url, pipeline: true } as pg.ClientConfig);
    await client.connect();
    return client;
  }),
);
let turn = 0;

createServer((request, response) => {
  const url = new URL(request.url!, 'http://127.0.0.1');
  const { sql, calls } = plan.routes[url.pathname]!;
  const { opening, values } = calls[Number(url.searchParams.get('n'))]!;
  const client = clients[turn++ % clients.length]!;
  void client.query(opening);
  const page = client.query({ name: url.pathname, text: sql, values });
  const committed = client.query('commit');
  void Promise.all([page, committed]).then(([{ rows }]) => {
    const { data, last, found, total } = rows[0];
    const body = `{"success":true,"data":${data},"pagination":${JSON.stringify({ total, last, found })}}`;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  });
}).listen(plan.port, '127.0.0.1');
