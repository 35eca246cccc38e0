import { once } from 'node:events';
import { hostname } from 'node:os';
import type { AppOptions } from '../../verifier/node/http/options.ts';
import type { ListenOptions, RunningServer } from '../../verifier/http/listen.ts';
import type { DownloadPolicy } from '../../verifier/node/list-download.ts';
import { openVenue } from '../../verifier/node/live-trust.ts';
import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import type { PolicyFile } from '../../verifier/node/venue-policy.ts';
import { rulesStanding } from '../verifier/rules-standing.ts';
import { downloadsOf, knowledgeSource } from './knowledge.ts';
import { openDoor } from './operator-door.ts';
import type { OperatorDoor } from './operator-door.ts';
import type { ServingOptions } from './options.ts';
import type { ServeLog } from './serve-log.ts';
import type { ServedTls } from './tls.ts';

/** Where a server is to listen, and under which names. */
type Listening = Pick<ListenOptions, 'port' | 'host' | 'tls'> & Pick<AppOptions, 'hosts' | 'routers' | 'log'>;

/** What a command that serves is run with, besides its options. */
export interface ServingMeans {
  /** Folder of the trust store, and of what a server keeps beside it. */
  readonly folder: string;
  readonly log: ServeLog;
  /** How lists are fetched, if not as the options say. */
  readonly downloads?: DownloadPolicy;
}

/** What one command makes of the options that all servers of trust data share. */
export interface Serving extends PolicyFile {
  readonly rules?: string;
  readonly serve: (venue: LiveVenue, listening: Listening) => Promise<RunningServer>;
  /** A server on loopback for the operator's other commands, where `serve` serves TLS. */
  readonly serveOperator: (venue: LiveVenue) => Promise<RunningServer>;
}

/** A venue that is being served; it renews its knowledge once `venue.start` was called. */
export interface ServedVenue {
  readonly url: string;
  readonly venue: LiveVenue;
  readonly tls: ServedTls | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Open a venue's knowledge and serve it, announced to the operator's other commands.
 *
 * @throws TrustError, TlsError, ListenError; nothing listens then
 */
export async function serveVenue(
  options: ServingOptions,
  serving: Serving,
  { folder, log, downloads }: ServingMeans,
): Promise<ServedVenue> {
  const { rules, policy, allowUnanchored } = serving;
  const tls = await tlsOf(options, folder);
  let door: OperatorDoor | undefined;
  let server: RunningServer | undefined;
  const venue = await openVenue({
    source: knowledgeSource(options, folder),
    policy,
    allowUnanchored,
    rules,
    intervalSeconds: options.interval,
    downloads: downloads ?? downloadsOf(options),
    onAttempt: (attempt) => {
      log.attempt(attempt);
      log.lists(venue.report().lists);
      log.rules(rulesStanding(venue));
      door?.announce();
    },
  });
  const stop = async (): Promise<void> => {
    tls?.stop();
    await door?.close();
    await server?.stop();
    await venue.stop();
  };
  try {
    server = await serving.serve(venue, {
      port: options.port,
      host: options.host,
      tls: tls?.server,
      hosts: [...(tls?.hosts ?? []), ...(options.name ?? [])],
      routers: tls?.routers(() => server?.url ?? '') ?? [],
      log: log.requests,
    });
    tls?.renewed((pem) => server?.renewTls(pem));
    if (options.trust === undefined) {
      door = await openDoor(venue, folder, {
        plain: tls === undefined ? server : undefined,
        open: async () => serving.serveOperator(venue),
      });
    }
    log.rules(rulesStanding(venue));
    return { url: server.url, venue, tls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Certificates and their page are for who serves TLS. */
async function tlsOf(options: ServingOptions, folder: string): Promise<ServedTls | undefined> {
  if (options.tlsLocalCa !== true && options.tlsCert === undefined) return undefined;
  const { openTls } = await import('./tls.ts');
  return openTls(options, folder, { hostname: hostname() });
}

/** SIGINT or SIGTERM; a second one ends at once. */
export async function stopAsked(): Promise<void> {
  const asked = new AbortController();
  const { signal } = asked;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  asked.abort();
}
