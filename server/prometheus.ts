import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './app-parts.ts';

/** Counts for Prometheus. Routes are named by their pattern, so ids make no series of their own. */
export function prometheusMetrics(): Metrics & { limitsShared(areShared: boolean): void } {
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
  const jobs = new Histogram({
    name: 'millrace_job_seconds',
    help: 'How long attempts at jobs took, by kind and what came of them.',
    labelNames: ['kind', 'outcome'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  const jobsStanding = new Gauge({
    name: 'millrace_jobs',
    help: 'Jobs that are not done, by kind and state.',
    labelNames: ['kind', 'state'],
    registers: [registry],
  });
  const jobsAge = new Gauge({
    name: 'millrace_jobs_waiting_seconds',
    help: 'How long the first waiting job of a kind has been due.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const streams = new Gauge({
    name: 'millrace_live_streams',
    help: 'Live streams that are open.',
    registers: [registry],
  });
  const eventsSent = new Counter({
    name: 'millrace_live_events_total',
    help: 'Events that were sent on live streams.',
    registers: [registry],
  });
  const limitsShared = new Gauge({
    name: 'millrace_limits_shared',
    help: 'Whether all processes count calls together: 0 while each counts its own.',
    registers: [registry],
  });
  return {
    limitsShared: (areShared) => limitsShared.set(areShared ? 1 : 0),
    request: (route, method, status, seconds) => requests.observe({ route, method, status: String(status) }, seconds),
    limited: (limit) => limited.inc({ limit }),
    job: (kind, outcome, seconds) => jobs.observe({ kind, outcome }, seconds),
    jobs: (standing) => {
      jobsStanding.reset();
      jobsAge.reset();
      for (const { kind, state, count, age } of standing) {
        jobsStanding.set({ kind, state }, count);
        if (state === 'waiting') jobsAge.set({ kind }, age ?? 0);
      }
    },
    streams: (change) => streams.inc(change),
    eventsSent: (count) => eventsSent.inc(count),
    text: () => registry.metrics(),
  };
}
