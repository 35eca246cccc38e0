import { once } from 'node:events';
import { hostname } from 'node:os';
import { isPurpose } from '../../credential/authorization-request.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { holderRequests } from '../../verifier/node/holder-requests.ts';
import type { HolderRequests } from '../../verifier/node/holder-requests.ts';
import { endSilently } from '../../verifier/node/http/silent-crash.ts';
import { serve } from '../../verifier/node/http/serve.ts';
import type { RunningServer } from '../../verifier/node/http/serve.ts';
import { setupCodesOf } from '../../verifier/node/setup-codes.ts';
import { openVenue } from '../../verifier/node/live-trust.ts';
import { builtPage } from '../built-page.ts';
import type { Config } from '../config.ts';
import { UsageError } from '../exit.ts';
import type { ServeOptions } from '../verifier.ts';
import { assertQuorum } from '../quorum.ts';
import { knowledgeSource, policyOf } from './knowledge.ts';
import { openDoor } from './operator-door.ts';
import type { OperatorDoor } from './operator-door.ts';
import { rulesStanding } from './rules-standing.ts';
import { startWords } from './start-words.ts';
import { createServeLog } from './serve-log.ts';
import type { ServedTls } from './tls.ts';

/**
 * `pratique verifier serve`: serve decisions until told to stop, and end what was begun.
 *
 * @throws TrustError, PolicyError, TlsError, ListenError; nothing listens then
 */
export async function runServe(options: ServeOptions, config: Config): Promise<void> {
  const log = createServeLog(options);
  // First of all: whatever ends the process later, nothing of a card is printed with it.
  endSilently(log.requests);
  assertSensible(options);
  const folder = options.store ?? config.trustStore;
  const tls = await tlsOf(options, folder);
  const venue = await openVenue({
    source: knowledgeSource(options, folder),
    ...(await policyOf(options)),
    rules: options.rules,
    intervalSeconds: options.interval,
    downloads: downloadsOf(options),
    onAttempt: (attempt) => {
      log.attempt(attempt);
      log.lists(venue.report().lists);
      log.rules(rulesStanding(venue));
      door?.announce();
    },
  });
  const requests = await requestsOf(options, folder);
  let server: RunningServer | undefined;
  let door: OperatorDoor | undefined;
  try {
    server = await serve(venue, {
      port: options.port,
      host: options.host,
      tls: tls?.server,
      hosts: [...(tls?.hosts ?? []), ...(options.name ?? [])],
      routers: tls?.routers(() => server?.url ?? '') ?? [],
      requests,
      // A bundle's scanners are set up by the node that signed it.
      withdrawnSetups: options.trust === undefined ? setupCodesOf(folder).withdrawn : undefined,
      log: log.requests,
      pages: () => builtPage('scanner'),
    });
    tls?.renewed((pem) => server?.renewTls(pem));
    if (options.trust === undefined)
      door = await openDoor(venue, folder, tls === undefined ? server : undefined);
    log.rules(rulesStanding(venue));
    process.stdout.write(startWords(options, venue, { url: server.url, tls, did: requests?.did }));
    venue.start();
    await stopAsked();
    log.stopping();
  } finally {
    tls?.stop();
    await door?.close();
    await server?.stop();
    await venue.stop();
  }
}

/** By the key that signs this node's bundles: its DID is what a jurisdiction registers the venue under. */
async function requestsOf({ askHolders }: ServeOptions, folder: string): Promise<HolderRequests | undefined> {
  if (askHolders === undefined) return undefined;
  return holderRequests({
    key: await exporterKeyOf(folder),
    purpose: askHolders,
    profiles: ['pass'],
    clock: () => Date.now() / 1000,
  });
}

/** Certificates and their page are for who serves TLS. */
async function tlsOf(options: ServeOptions, folder: string): Promise<ServedTls | undefined> {
  if (options.tlsLocalCa !== true && options.tlsCert === undefined) return undefined;
  const { openTls } = await import('./tls.ts');
  return openTls(options, folder, { hostname: hostname() });
}

function assertSensible(options: ServeOptions): void {
  const { rpc, registry, trust, store, exporter, tlsCert, tlsKey, tlsLocalCa, quorum, confirmations } =
    options;
  const { askHolders } = options;
  if (askHolders !== undefined && !isPurpose(askHolders)) {
    throw new UsageError('--ask-holders says what for in one line of at most 140 characters.');
  }
  if (askHolders !== undefined && trust !== undefined) {
    throw new UsageError('Holders are asked in the name of a store’s key: give --store instead of --trust.');
  }
  assertQuorum(options);
  if (rpc === undefined && (quorum !== undefined || confirmations !== undefined)) {
    throw new UsageError(
      '--quorum and --confirmations are about endpoints: give --rpc and --registry with them.',
    );
  }
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

/** SIGINT or SIGTERM; a second one ends at once. */
async function stopAsked(): Promise<void> {
  const asked = new AbortController();
  const { signal } = asked;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  asked.abort();
}
