import { once } from 'node:events';
import { hostname } from 'node:os';
import { endSilently } from '../../verifier/node/http/silent-crash.ts';
import { serve } from '../../verifier/node/http/serve.ts';
import type { RunningServer } from '../../verifier/node/http/serve.ts';
import { openVenue } from '../../verifier/node/live-trust.ts';
import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import { announceServer, retractServer } from '../../verifier/node/running-server.ts';
import type { Config } from '../config.ts';
import { UsageError } from '../exit.ts';
import { setAsideLines } from '../trust/federation-words.ts';
import type { ServeOptions } from '../verifier.ts';
import { knowledgeSource, policyOf } from './knowledge.ts';
import { createServeLog } from './serve-log.ts';
import type { ServedTls } from './tls.ts';

/**
 * `pratique verifier serve`: serve decisions until told to stop, and end what was begun.
 *
 * @throws TrustError, PolicyError, TlsError, ListenError; nothing listens then
 */
export async function runServe(options: ServeOptions, config: Config): Promise<void> {
  assertSensible(options);
  const folder = options.store ?? config.trustStore;
  const store = options.trust === undefined ? folder : undefined;
  const log = createServeLog(options);
  endSilently(log.requests);
  const tls = await tlsOf(options, folder);
  const venue = await openVenue({
    source: knowledgeSource(options, folder),
    ...(await policyOf(options)),
    rules: options.rules,
    intervalSeconds: options.interval,
    downloads: downloadsOf(options),
    onAttempt: (attempt) => {
      log.attempt(attempt);
      if (store !== undefined) void announce(venue, store, server);
    },
  });
  let server: RunningServer | undefined;
  try {
    server = await serve(venue, {
      port: options.port,
      host: options.host,
      tls: tls?.server,
      hosts: tls?.hosts ?? [],
      routers: tls?.routers(options) ?? [],
      log: log.requests,
    });
    tls?.renewed((pem) => server?.renewTls(pem));
    if (store !== undefined) await announce(venue, store, server);
    tellStart(options, venue, server.url);
    venue.start();
    await stopAsked();
    log.stopping();
  } finally {
    tls?.stop();
    await server?.stop();
    await venue.stop();
    if (store !== undefined) await retractServer(store);
  }
}

/** For this operator's other commands, which cannot open the store meanwhile. */
async function announce(venue: LiveVenue, store: string, server: RunningServer | undefined): Promise<void> {
  if (server === undefined) return;
  const { anchored, exporter } = venue.report();
  await announceServer(store, { url: server.url, exporter: anchored ? exporter : null });
}

/** Certificates and their page are for who serves TLS. */
async function tlsOf(options: ServeOptions, folder: string): Promise<ServedTls | undefined> {
  if (options.tlsLocalCa !== true && options.tlsCert === undefined) return undefined;
  const { openTls } = await import('./tls.ts');
  return openTls(options, folder, { hostname: hostname() });
}

function assertSensible({
  rpc,
  registry,
  trust,
  store,
  exporter,
  tlsCert,
  tlsKey,
  tlsLocalCa,
}: ServeOptions): void {
  if ((rpc === undefined) !== (registry === undefined)) {
    throw new UsageError('A registry is read through endpoints: give --rpc and --registry together.');
  }
  if (trust !== undefined && (store !== undefined || rpc !== undefined)) {
    throw new UsageError('Give either a bundle (--trust), or a store with or without a registry, not both.');
  }
  if (exporter !== undefined && trust === undefined) {
    throw new UsageError('--exporter says who signed the bundle given with --trust.');
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('A certificate is served with its key: give --tls-cert and --tls-key together.');
  }
  if (tlsLocalCa === true && tlsCert !== undefined) {
    throw new UsageError('Give either a certificate of your own or --tls-local-ca, not both.');
  }
}

function downloadsOf({ allowPrivateHosts }: ServeOptions): Parameters<typeof openVenue>[0]['downloads'] {
  return allowPrivateHosts === true ? { allowHttp: true, networks: ['0.0.0.0/0', '::/0'] } : undefined;
}

function tellStart({ json }: ServeOptions, venue: LiveVenue, url: string): void {
  const { state, freshness, anchored, source } = venue.report();
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ url, state, freshness, anchored })}\n`);
    return;
  }
  const knowledge =
    state === 'held'
      ? `trust data ${source?.kind === 'chain' ? `of block ${source.block.number}` : 'tied to no chain'}, ${freshness ?? 'of unknown age'}`
      : `no trust data yet (${state}): until there is, every card is undetermined`;
  process.stdout.write(
    [
      ...setAsideLines({ setAside: venue.setAside, isFloorKnown: true }),
      `Listening on ${url}`,
      `  holds      ${knowledge}`,
      `  ask it     curl -H 'content-type: application/json' -d '{"credential":"shc:/…"}' ${url}/verify`,
      '  stop       Ctrl-C',
      '',
    ].join('\n'),
  );
}

/** SIGINT or SIGTERM; a second one ends at once. */
async function stopAsked(): Promise<void> {
  const asked = new AbortController();
  const { signal } = asked;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  asked.abort();
}
