import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Metrics } from './app-parts.ts';

/** Counts for Prometheus. Routes are named by their pattern, so ids make no series of their own. */
export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'millrace_request_seconds',
    help: 'How long requests took, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const limited = new Counter({
    name: 'millrace_limited_total',
    help: 'Calls refused because a limit was reached, by limit.',
    labelNames: ['limit'],
    registers: [registry],
  });
  return {
    request: (route, method, status, seconds) => requests.observe({ route, method, status: String(status) }, seconds),
    limited: (limit) => limited.inc({ limit }),
    text: () => registry.metrics(),
  };
}
