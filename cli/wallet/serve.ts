import { endSilently } from '../../verifier/node/http/silent-crash.ts';
import { serveWallet } from '../../verifier/node/http/wallet-app.ts';
import type { NamedIssuer } from '../../verifier/node/http/wallet-endpoint.ts';
import { builtPage } from '../built-page.ts';
import type { Config } from '../config.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import { policyOf } from '../serving/knowledge.ts';
import { knowledgeLines } from '../serving/knowledge-words.ts';
import { assertServable } from '../serving/options.ts';
import { createServeLog } from '../serving/serve-log.ts';
import { serveVenue, stopAsked } from '../serving/serve-venue.ts';
import type { ServedVenue, Serving, ServingMeans } from '../serving/serve-venue.ts';
import { setAsideLines } from '../trust/federation-words.ts';
import type { WalletServeOptions } from '../wallet.ts';

/** A wallet that is being handed out. */
export interface ServedWallet extends ServedVenue {
  readonly issuers: readonly NamedIssuer[];
}

/**
 * `pratique wallet serve`: hand out the wallet until told to stop.
 *
 * @throws TrustError, TlsError, ListenError; nothing listens then
 */
export async function runWalletServe(options: WalletServeOptions, config: Config): Promise<void> {
  const log = createServeLog(options);
  endSilently(log.requests);
  const served = await serveWalletPage(options, { folder: options.store ?? config.trustStore, log });
  try {
    process.stdout.write(startWords(options, served));
    served.venue.start();
    await stopAsked();
    log.stopping();
  } finally {
    await served.stop();
  }
}

/** Serve the wallet's page as the options say. @throws as runWalletServe */
export async function serveWalletPage(
  options: WalletServeOptions,
  means: ServingMeans,
): Promise<ServedWallet> {
  const issuers = issuersOf(options);
  assertServable(options);
  const serving: Serving = {
    ...(await policyOf(options)),
    serve: async (venue, listening) =>
      serveWallet(venue, { ...listening, issuers, pages: async () => builtPage('wallet') }),
    serveOperator: async (venue) => serveWallet(venue),
  };
  const served = await serveVenue(options, serving, means);
  return { ...served, issuers };
}

function issuersOf({ issuer = [], tlsCert, tlsLocalCa }: WalletServeOptions): readonly NamedIssuer[] {
  const issuers = issuer.flatMap((url, at) => {
    if (at % 2 === 1) return [];
    const name = issuer[at + 1];
    if (name === undefined) throw new UsageError(`--issuer ${url} has no name behind it.`);
    return [{ url, name }];
  });
  const isTls = tlsCert !== undefined || tlsLocalCa === true;
  if (isTls && issuers.some(({ url }) => url.startsWith('http:'))) {
    throw new UsageError('A page served over TLS cannot speak to an issuer without: give its https address.');
  }
  return issuers;
}

function startWords(options: WalletServeOptions, { url, venue, tls, issuers }: ServedWallet): string {
  const report = venue.report();
  const { state, freshness, anchored } = report;
  if (options.json === true) return `${JSON.stringify({ url, state, freshness, anchored, issuers })}\n`;
  return [
    ...setAsideLines({ setAside: venue.setAside, isFloorKnown: true }),
    `The wallet is at ${tls?.origin(url) ?? url}`,
    ...knowledgeLines(report, options),
    ...(tls?.lines(url) ?? []),
    ...issuers.map((issuer) => `  offers     passes from ${cleanText(issuer.name)}, ${issuer.url}`),
    '  stop       Ctrl-C',
    '',
  ].join('\n');
}
