import type { Express } from 'express';
import { bodyBudget } from '../../http/body-budget.ts';
import { metricsEndpoint } from '../../http/figures.ts';
import type { PageNeeds } from '../../http/security-headers.ts';
import { createShell } from '../../http/shell.ts';
import type { Venue } from '../venue.ts';
import { PROBLEM } from './answers.ts';
import { cardPool } from './card-pool.ts';
import { frontPage } from './front-page.ts';
import { holderEndpoints } from './holder-endpoints.ts';
import { createMetrics } from './metrics.ts';
import type { AppOptions } from './options.ts';
import { withDefaults } from './options.ts';
import { pagesOf } from './pages.ts';
import { trustEndpoints } from './trust-endpoints.ts';
import { venueEndpoint } from './venue-endpoint.ts';
import { verifyEndpoints } from './verify-endpoints.ts';

/** The HTTP edge as something that answers requests; a server listens for it. */
export interface VerifierApp {
  readonly handler: Express;
  /** Refuse what comes from now on, and bring batches to an end. */
  readonly stop: () => void;
  /** End the threads; nothing is decided any more. */
  readonly close: () => Promise<void>;
}

const ABOUT = {
  title: 'Pratique verifier node',
  description: 'Decides about health passes from trust data that it holds, asking nobody.',
  problem: PROBLEM,
};

const SCANNER: PageNeeds = { features: ['camera', 'fullscreen', 'screen-wake-lock'] };

/** Make the routes of a verifier node; all they know is the venue's. */
export function createApp(venue: Venue, options: AppOptions = {}): VerifierApp {
  const { limits, clock, log, threads, ...given } = withDefaults(options);
  const metrics = createMetrics(clock);
  const stopping = new AbortController();
  const pool = cardPool(venue, threads);
  const bodies = bodyBudget(limits.bodyBytes);
  const { requests } = given;
  const shell = createShell(
    {
      about: ABOUT,
      endpoints: [
        ...verifyEndpoints({
          venue,
          pool,
          bodies,
          stopping: stopping.signal,
          counted: metrics.decided,
          idleMs: limits.bodySeconds * 1000,
          maxBatches: limits.batches,
          maxBatchesOfOne: limits.batchesOfOne,
        }),
        ...(requests === undefined ? [] : holderEndpoints({ venue, requests, bodies })),
        ...trustEndpoints(venue),
        venueEndpoint(venue, { requests, withdrawn: given.withdrawnSetups }),
        metricsEndpoint(metrics.render, {
          summary:
            'Counts for Prometheus; nothing of a person, of decisions once their hour is over; issuers in tens.',
          problems: [],
          handlers: [],
        }),
      ],
      hosts: given.hosts,
      origins: given.origins,
      limits,
      log,
      ended(end, { socket }) {
        metrics.requested(end);
        log?.info(given.logAddresses ? { ...end, address: socket.remoteAddress } : end);
      },
      unhurried: new Set(['/verify/batch']),
      page: SCANNER,
      others: [
        ...given.routers,
        pagesOf({ folder: given.pages, front: () => frontPage(ABOUT, venue.report()) }),
      ],
    },
    stopping,
  );
  return { ...shell, close: () => pool.close() };
}
