import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import { emptyTally, merge } from './tally.ts';
import type { Tally } from './tally.ts';
import type { RequestEnd } from '../../http/request-log.ts';

/** Fewer cards of one issuer could tell of the one visitor from there, and so could each card more. */
const ISSUER_STEP = 10;
const HOUR = 3600;

/** Figures for the operator: counts, and how the process does. */
export interface Metrics {
  readonly decided: (tally: Tally) => void;
  readonly requested: (end: RequestEnd) => void;
  /** The text that Prometheus reads, and its media type. */
  readonly render: () => Promise<{ readonly type: string; readonly text: string }>;
}

/**
 * What was decided is told when its hour is over, in the totals too: whoever looks each second would read what became of
 * each visitor. Requests are counted as they end; the status of every decision is the same.
 *
 * @param clock Unix seconds
 */
export function createMetrics(clock: () => number): Metrics {
  const registry = new Registry();
  const total = emptyTally();
  let hour = { begun: hourOf(clock()), tally: emptyTally(), last: emptyTally() };
  const turnHour = (): void => {
    const begun = hourOf(clock());
    // A clock that is set back tells nothing early; by hours, it was wrong before.
    if (begun < hour.begun - HOUR) hour = { ...hour, begun };
    if (begun <= hour.begun) return;
    merge(total, hour.tally);
    hour = { begun, tally: emptyTally(), last: begun === hour.begun + HOUR ? hour.tally : emptyTally() };
  };

  const requests = new Counter({
    name: 'pratique_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  show(
    'pratique_decisions_total',
    'Decisions up to the last full hour (UTC) by outcome.',
    'outcome',
    () => total.outcomes,
  );
  show(
    'pratique_decision_codes_total',
    'Decisions up to the last full hour (UTC) by reason code.',
    'code',
    () => total.codes,
  );
  show(
    'pratique_decisions_last_hour',
    'Decisions of the last full hour (UTC) by outcome.',
    'outcome',
    () => hour.last.outcomes,
  );
  show(
    'pratique_decision_codes_last_hour',
    'Decisions of the last full hour (UTC) by code.',
    'code',
    () => hour.last.codes,
  );
  show(
    'pratique_decisions_issuer_total',
    `Decisions up to the last full hour (UTC) by issuer, in steps of ${ISSUER_STEP}.`,
    'iss',
    () => inSteps(total.issuers),
  );

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  figure('pratique_event_loop_delay_p99_seconds', 'Lag of the main thread since the last look.', () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return seconds;
  });
  figure('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());

  return {
    decided(tally) {
      turnHour();
      merge(hour.tally, tally);
    },
    requested({ method, route, status }) {
      requests.inc({ method, route, status });
    },
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };

  function show(name: string, help: string, label: string, counts: () => ReadonlyMap<string, number>): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        turnHour();
        this.reset();
        for (const [value, number] of counts()) this.set({ [label]: value }, number);
      },
    });
    registry.registerMetric(gauge);
  }

  function figure(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(gauge);
  }
}

/** Rounded down; none of what is not a step yet. */
function inSteps(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(
    [...counts]
      .filter(([, number]) => number >= ISSUER_STEP)
      .map(([name, number]) => [name, number - (number % ISSUER_STEP)]),
  );
}

function hourOf(seconds: number): number {
  return Math.floor(seconds / HOUR) * HOUR;
}
