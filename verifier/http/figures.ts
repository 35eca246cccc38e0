import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Endpoint } from './endpoint.ts';
import type { RequestEnd } from './request-log.ts';

/** Labels of a figure with the numbers behind them. */
export type LabelledNumbers = Iterable<readonly [label: string, number: number]>;

/** Figures of a server for its operator: what every one of ours tells, and room for its own. */
export interface Figures {
  readonly registry: Registry;
  readonly requested: (end: RequestEnd) => void;
  /** A number that is read when somebody looks; undefined is not shown. */
  readonly show: (name: string, help: string, read: () => number | undefined) => void;
  /** Numbers by a label, read when somebody looks. */
  readonly showBy: (
    name: string,
    help: string,
    label: string,
    read: () => LabelledNumbers | Promise<LabelledNumbers>,
  ) => void;
  /** The text that Prometheus reads, and its media type. */
  readonly render: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** Begins to count requests as they end, and to watch the process. */
export function createFigures(): Figures {
  const registry = new Registry();
  const requests = new Counter({
    name: 'pratique_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const show: Figures['show'] = (name, help, read) => {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
    registry.registerMetric(gauge);
  };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  show('pratique_event_loop_delay_p99_seconds', 'Lag of the main thread since the last look.', () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return seconds;
  });
  show('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  return {
    registry,
    requested({ method, route, status }) {
      requests.inc({ method, route, status });
    },
    show,
    showBy(name, help, label, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [],
        async collect() {
          const numbers = await read();
          this.reset();
          for (const [value, number] of numbers) this.set({ [label]: value }, number);
        },
      });
      registry.registerMetric(gauge);
    },
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** `GET /metrics`, behind whatever says who may look. */
export function metricsEndpoint(
  render: Figures['render'],
  { summary, ...guard }: Pick<Endpoint, 'summary' | 'problems' | 'handlers'>,
): Endpoint {
  return {
    method: 'get',
    path: '/metrics',
    summary,
    gives: { 'text/plain': 'text' },
    problems: guard.problems,
    handlers: [
      ...guard.handlers,
      async (_request, response) => {
        const { type, text } = await render();
        response.set('Content-Type', type).end(text);
      },
    ],
  };
}
