import { Hono } from 'hono';
import type { AppParts } from '../app-parts.ts';
import type { System } from '../db/system.ts';

/** What an operator's machines ask: is it alive, may it get traffic, what has it counted. */
export function operations({ metrics, clock }: AppParts, system: System): Hono {
  const router = new Hono();
  router.get('/healthz', (c) => c.json({ status: 'alive' }));
  router.get('/readyz', async (c) => {
    try {
      await system.isAnswering();
      return c.json({ status: 'ready' });
    } catch {
      return c.json({ status: 'database does not answer' }, 503);
    }
  });
  router.get('/metrics', async (c) => {
    // What this process has counted is told even where the database does not answer.
    metrics.jobs(await system.jobs.standing(new Date(clock())).catch(() => []));
    return c.text(await metrics.text(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return router;
}
