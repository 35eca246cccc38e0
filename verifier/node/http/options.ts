import { availableParallelism } from 'node:os';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { EdgeLimits } from '../../http/limits.ts';
import type { HolderRequests } from '../holder-requests.ts';
import type { PagesFolder } from './pages.ts';
import type { WithdrawnSetups } from './venue-endpoint.ts';

/** How much is taken before it is refused. */
export interface Limits extends EdgeLimits {
  /** Batches at the same time. */
  readonly batches: number;
  /** Of one address. */
  readonly batchesOfOne: number;
}

/** How the edge is set up; everything has a default that suits one venue. */
export interface AppOptions {
  /** Host names to answer under, besides those of loopback and the address that a connection arrives at. */
  readonly hosts?: readonly string[];
  /** Origins whose pages may send requests, besides our own. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Unix seconds. */
  readonly clock?: () => number;
  /** From createLog; without one nothing is written. */
  readonly log?: Logger | undefined;
  /** Whether the log names who asked. */
  readonly logAddresses?: boolean;
  /** Pages of other parts, such as the one that installs a local CA; they see only requests that passed the guards. */
  readonly routers?: readonly RequestHandler[];
  /** Where the pages at / are; without it, or if there are none, / says what this is. */
  readonly pages?: PagesFolder | undefined;
  /** What this venue asks holders; without it nobody is asked. */
  readonly requests?: HolderRequests | undefined;
  /** Set-up codes of scanners that were withdrawn; without it there are none. */
  readonly withdrawnSetups?: WithdrawnSetups | undefined;
  /** Threads that decide about batches, pictures and files; 0 for none besides the one that answers. */
  readonly threads?: number;
}

/** A scanner is good for one request a second; this stops a loop gone wild, not a busy door. */
const DEFAULT_LIMITS: Limits = {
  rate: { requests: 50_000, seconds: 10 },
  bodySeconds: 15,
  headerSeconds: 10,
  idleSeconds: 60,
  connections: 1_000,
  connectionsOfOne: 200,
  batches: 4,
  batchesOfOne: 2,
  bodyBytes: 64_000_000,
  stopSeconds: 10,
};

/** The options with what was not said filled in. */
export function withDefaults(options: AppOptions): Required<
  Omit<AppOptions, 'limits' | 'log' | 'pages' | 'requests' | 'withdrawnSetups'>
> & {
  readonly limits: Limits;
  readonly log: Logger | undefined;
  readonly pages: PagesFolder;
  readonly requests: HolderRequests | undefined;
  readonly withdrawnSetups: WithdrawnSetups | undefined;
} {
  return {
    hosts: options.hosts ?? [],
    origins: options.origins ?? [],
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    clock: options.clock ?? (() => Date.now() / 1000),
    log: options.log,
    logAddresses: options.logAddresses ?? false,
    routers: options.routers ?? [],
    pages: options.pages ?? (() => Promise.resolve(undefined)),
    requests: options.requests,
    withdrawnSetups: options.withdrawnSetups,
    threads: options.threads ?? availableParallelism(),
  };
}
