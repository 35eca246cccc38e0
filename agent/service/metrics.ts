import { Counter, Histogram } from 'prom-client';
import { createFigures, type Figures } from '../../verifier/http/figures.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { RequestEnd } from '../../verifier/http/request-log.ts';
import type { Issuer } from '../issuer.ts';
import { RETRIEVAL_STEPS, type StepCounts } from '../retrieval/retrieval-counters.ts';
import type { QuotaAlarm } from './quotas.ts';

/** Figures of an issuer's service; no label names a person, a client's secret or what was sent. */
export interface ServiceMetrics extends Pick<Figures, 'render'> {
  readonly requested: (end: RequestEnd) => void;
  /** A card of a product was issued, alone. */
  readonly issued: (product: string) => void;
  readonly revoked: () => void;
  /** A request for a card or for its end was refused: its code, and the closed one behind it. */
  readonly refused: (error: unknown) => void;
  readonly alarmed: (alarm: QuotaAlarm) => void;
}

/** Seconds; a card takes some milliseconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** @param clock Unix seconds */
export function serviceMetrics(issuer: Issuer, clock: () => number): ServiceMetrics {
  const figures = createFigures();
  const { registry, show, showBy } = figures;
  const counter = <Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });
  const seconds = new Histogram({
    name: 'pratique_http_request_seconds',
    help: 'Time to answer, by route.',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const issued = counter('pratique_cards_issued_total', 'Cards issued one by one, by product.', 'product');
  const revoked = counter('pratique_cards_revoked_total', 'Cards revoked over HTTP.');
  const refused = counter(
    'pratique_refused_total',
    'Requests to issue or revoke that were refused.',
    'code',
    'reason',
  );
  const alarms = counter('pratique_quota_alarms_total', 'Alarms about clients.', 'of', 'window', 'level');

  const byKey = (read: (kid: string) => number): (readonly [string, number])[] =>
    issuer.keys().map(({ kid }) => [kid, read(kid)]);
  showBy('pratique_indices_taken', 'Indices of a key that are taken, bulks included.', 'kid', () =>
    byKey((kid) => issuer.issuedCount(kid)),
  );
  showBy('pratique_list_room', 'Cards that the anchored list of a key has room for.', 'kid', () =>
    byKey((kid) => issuer.roomOf(kid).free),
  );
  show(
    'pratique_chain_reached_age_seconds',
    'Since the chain was last seen to hold every list as it was.',
    () => {
      const { reachedAt } = issuer.anchoring.standing.now;
      return reachedAt === undefined ? undefined : clock() - reachedAt;
    },
  );
  show(
    'pratique_chain_failing',
    'Tries in a row in which nothing reached the chain.',
    () => issuer.anchoring.standing.now.failing?.tries ?? 0,
  );
  showBy('pratique_retrieval_steps', 'Retrievals of the last 90 days by step.', 'step', async () => {
    const sums = new Map<string, number>();
    // As it stands in the store, whoever counts it.
    for await (const [, counts] of issuer.service.table<Partial<StepCounts>>('retrieval-counts').entries()) {
      for (const step of RETRIEVAL_STEPS) sums.set(step, (sums.get(step) ?? 0) + (counts[step] ?? 0));
    }
    return sums;
  });

  return {
    render: figures.render,
    requested(end) {
      figures.requested(end);
      seconds.observe({ route: end.route }, end.ms / 1000);
    },
    issued(product) {
      issued.inc({ product });
    },
    revoked() {
      revoked.inc();
    },
    refused(error) {
      if (error instanceof Problem) refused.inc({ code: error.code, reason: error.reason ?? '' });
    },
    alarmed({ of, window, level }) {
      alarms.inc({ of, window, level });
    },
  };
}
