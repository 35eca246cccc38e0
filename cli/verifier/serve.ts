import { isPurpose } from '../../credential/authorization-request.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { holderRequests } from '../../verifier/node/holder-requests.ts';
import type { HolderRequests } from '../../verifier/node/holder-requests.ts';
import { endSilently } from '../../verifier/node/http/silent-crash.ts';
import { serve } from '../../verifier/node/http/serve.ts';
import { setupCodesOf } from '../../verifier/node/setup-codes.ts';
import { builtPage } from '../built-page.ts';
import type { Config } from '../config.ts';
import { UsageError } from '../exit.ts';
import { policyOf } from '../serving/knowledge.ts';
import { assertServable } from '../serving/options.ts';
import { createServeLog } from '../serving/serve-log.ts';
import { serveVenue, stopAsked } from '../serving/serve-venue.ts';
import type { ServedVenue, Serving, ServingMeans } from '../serving/serve-venue.ts';
import type { ServeOptions } from '../verifier.ts';
import { startWords } from './start-words.ts';

/** A verifier node that answers. */
export interface ServedVerifier extends ServedVenue {
  /** In whose name holders are asked, if they are. */
  readonly did: string | undefined;
}

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
  const { venue, url, tls, did, stop } = await serveVerifier(options, {
    folder: options.store ?? config.trustStore,
    log,
  });
  try {
    process.stdout.write(startWords(options, venue, { url, tls, did }));
    venue.start();
    await stopAsked();
    log.stopping();
  } finally {
    await stop();
  }
}

/** Serve a verifier node as the options say. @throws as runServe */
export async function serveVerifier(options: ServeOptions, means: ServingMeans): Promise<ServedVerifier> {
  const { folder } = means;
  let requests: HolderRequests | undefined;
  const serving: Serving = {
    ...(await policyOf(options)),
    rules: options.rules,
    serve: async (venue, listening) => {
      requests = await requestsOf(options, folder);
      return serve(venue, {
        ...listening,
        requests,
        // A bundle's scanners are set up by the node that signed it.
        withdrawnSetups: options.trust === undefined ? setupCodesOf(folder).withdrawn : undefined,
        pages: async () => builtPage('scanner'),
      });
    },
    serveOperator: async (venue) => serve(venue, { threads: 0 }),
  };
  const served = await serveVenue(options, serving, means);
  return { ...served, did: requests?.did };
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

function assertSensible(options: ServeOptions): void {
  const { askHolders, trust } = options;
  if (askHolders !== undefined && !isPurpose(askHolders)) {
    throw new UsageError('--ask-holders says what for in one line of at most 140 characters.');
  }
  if (askHolders !== undefined && trust !== undefined) {
    throw new UsageError('Holders are asked in the name of a store’s key: give --store instead of --trust.');
  }
  assertServable(options);
}
