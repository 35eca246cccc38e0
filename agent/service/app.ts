import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { encodeDeepLink } from '../../credential/deep-link.ts';
import { bodyBudget } from '../../verifier/http/body-budget.ts';
import { metricsEndpoint } from '../../verifier/http/figures.ts';
import type { EdgeLimits } from '../../verifier/http/limits.ts';
import { placesOf } from '../../verifier/http/request-log.ts';
import { createShell } from '../../verifier/http/shell.ts';
import { BulkOrders } from '../bulk-orders/bulk-orders.ts';
import type { Issuer } from '../issuer.ts';
import { patientSources } from '../records/find-patient.ts';
import type { RecordSource } from '../records/record-source.ts';
import type { RetrievalSummary } from '../retrieval/retrieval-counters.ts';
import { accessTokens } from './access-token.ts';
import { auditEndpoint } from './audit-endpoint.ts';
import { BULK_ORDERS_PATH, bulkOrderEndpoints } from './bulk-order-endpoints.ts';
import { ClientAssertions } from './client-assertion.ts';
import { clientEndpoints } from './client-endpoints.ts';
import type { Clients } from './clients.ts';
import { credentialEndpoints } from './credential-endpoints.ts';
import { deskEndpoints } from './desk-endpoints.ts';
import { deskPage } from './desk-page.ts';
import { correctionDesk } from './correction-desk.ts';
import { correctionEndpoints } from './correction-endpoints.ts';
import { fhirEndpoints } from './fhir-endpoints.ts';
import { Idempotency } from './idempotency.ts';
import { serviceMetrics } from './metrics.ts';
import { PROBLEM, PROBLEMS } from './problems.ts';
import { publicEndpoints } from './public-endpoints.ts';
import { publishedEndpoints } from './published-endpoints.ts';
import { Quotas } from './quotas.ts';
import { bodyReader } from './read-body.ts';
import { LINE_LIMITS, type LineLimits } from './receive-lines.ts';
import type { Residents } from './residents.ts';
import { retrievalEndpoints } from './retrieval-endpoints.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { verifyEndpoint } from './verify-endpoint.ts';
import { needs } from './who-asks.ts';

/** An issuer's service, and where it stands. */
export interface ServiceOptions {
  readonly issuer: Issuer;
  readonly clients: Clients;
  /** Folder of the lists and keys that `issuer anchor` writes. */
  readonly published: string;
  /** Under which clients reach it, without a slash at the end; `iss` unless it is served elsewhere. */
  readonly base?: string;
  /** Folder for the files of bulk orders; without one none are taken. */
  readonly orders?: string;
  readonly lineLimits?: Partial<LineLimits>;
  readonly hosts?: readonly string[];
  /** Registries that staff look people up in, and whose patients the FHIR operation knows by their ids. */
  readonly sources?: readonly RecordSource[];
  /** How retrievals of so many days have ended, where they are served. */
  readonly retrievals?: (days: number) => RetrievalSummary;
  /** Networks (CIDR) of reverse proxies that are believed about whom they speak for. */
  readonly proxies?: readonly string[];
  /** What residents do; without it there are no such addresses. */
  readonly residents?: Residents | undefined;
  /** Base address of a wallet's deep links, https; without one issue answers have none. */
  readonly wallet?: string;
  readonly limits?: Partial<EdgeLimits>;
  /** Unix seconds. */
  readonly clock?: () => number;
  readonly log?: Logger | undefined;
}

/** The service as something that answers requests; a server listens for it. */
export interface ServiceApp {
  readonly handler: RequestListener;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

export const SERVICE_LIMITS: EdgeLimits = {
  rate: { requests: 10_000, seconds: 10 },
  bodySeconds: 15,
  headerSeconds: 10,
  idleSeconds: 60,
  connections: 1_000,
  connectionsOfOne: 200,
  bodyBytes: 64_000_000,
  stopSeconds: 10,
};

/** What is over is forgotten so often. */
const SWEEP_MS = 60_000;

const ABOUT = {
  title: 'Pratique issuer',
  description: 'Issues and revokes health passes for those who may.',
  problem: PROBLEM,
};

/** Makes the routes of an issuer's service. */
export function createService(options: ServiceOptions): ServiceApp {
  const { issuer, clients, published, base = issuer.iss, hosts = [], proxies = [], log } = options;
  const { residents, sources = [], retrievals = () => undefined, wallet } = options;
  // Refused now, and not at the first card.
  if (wallet !== undefined) encodeDeepLink(['-'], wallet);
  const clock = options.clock ?? (() => Date.now() / 1000);
  const limits = { ...SERVICE_LIMITS, ...options.limits };
  const patients = patientSources(sources);
  const store = issuer.service;
  const tokenUrl = `${base}/token`;
  const assertions = new ClientAssertions(store, clients, tokenUrl);
  const tokens = accessTokens(store.box.accessKey, issuer.iss, clients);
  const metrics = serviceMetrics(issuer, clock);
  const who = { clients, tokens, clock };
  const once = new Idempotency(store);
  const quotas = new Quotas(store, (alarm) => {
    log?.error({ alarm: 'QUOTA', ...alarm });
    metrics.alarmed(alarm);
  });
  const lineLimits = { ...LINE_LIMITS, ...options.lineLimits };
  const orders =
    options.orders === undefined
      ? undefined
      : new BulkOrders({
          issuer,
          folder: options.orders,
          clock,
          isClient: (id) => clients.get(id) !== undefined,
          told: (fault) => log?.error({ code: PROBLEMS.INTERNAL.code, places: placesOf(fault) }),
        });
  orders?.start();
  const readBody = bodyReader(bodyBudget(limits.bodyBytes));
  const desk = deskPage();
  const issuing = { ...who, issuer, once, quotas, metrics, readBody, wallet };
  const sweeper = setInterval(() => {
    // A disk that is away for a moment keeps what is over a little longer.
    void Promise.all([assertions.sweep(clock()), once.sweep(clock())]).catch(() => undefined);
  }, SWEEP_MS).unref();
  const shell = createShell(
    {
      about: ABOUT,
      endpoints: [
        ...publicEndpoints({ issuer, tokenUrl, clock, healthCards: patients.length > 0 }),
        ...publishedEndpoints(published),
        tokenEndpoint({ assertions, tokens, clock, readBody }),
        ...credentialEndpoints(issuing),
        verifyEndpoint({ ...who, issuer, readBody }),
        ...(patients.length === 0 ? [] : fhirEndpoints({ ...issuing, sources: patients, base })),
        ...(orders === undefined ? [] : bulkOrderEndpoints({ ...who, orders, quotas, readBody, lineLimits })),
        ...(residents === undefined
          ? []
          : [
              ...retrievalEndpoints({ residents, base, clock, readBody }),
              ...correctionEndpoints({ residents, readBody }),
              ...correctionDesk({ ...who, residents, readBody }),
            ]),
        desk.endpoint,
        ...deskEndpoints({ ...who, issuer, quotas, sources, retrievals, readBody }),
        ...clientEndpoints({ ...who, iss: issuer.iss, quotas, readBody }),
        auditEndpoint({ ...who, audit: issuer.audit }),
        metricsEndpoint(metrics.render, {
          summary: 'Figures for Prometheus: nothing of a person.',
          problems: [PROBLEMS.UNAUTHORIZED, PROBLEMS.SCOPE_MISSING],
          handlers: [needs(who, 'audit', 'admin')],
        }),
      ],
      hosts,
      // A proxy that does TLS and is not believed makes our own page look like one of another site.
      origins: originsOf(base),
      proxies,
      limits,
      log,
      ended: (end) => {
        metrics.requested(end);
        log?.info(end);
      },
      unhurried: new Set([BULK_ORDERS_PATH]),
      // The desk says its own.
      page: { features: [] },
      others: [desk.files],
    },
    new AbortController(),
  );
  return {
    ...shell,
    async close() {
      clearInterval(sweeper);
      await orders?.stop();
    },
  };
}

function originsOf(base: string): readonly string[] {
  const { origin } = new URL(base);
  return origin === 'null' ? [] : [origin];
}
