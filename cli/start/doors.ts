import { join } from 'node:path';
import { builtPage } from '../built-page.ts';
import { createServeLog } from '../serving/serve-log.ts';
import type { ServedVenue, ServingMeans } from '../serving/serve-venue.ts';
import { serveVerifier } from '../verifier/serve.ts';
import { serveWalletPage } from '../wallet/serve.ts';
import { atFreePort } from './free-port.ts';
import { ISSUER, JURISDICTION } from './issuer.ts';
import { servePublished } from './published-lists.ts';
import { connectAs, gasOf, type Stage } from './stage.ts';

/** The scanner and the wallet while `npm start -- --keep` is up. */
export interface Doors {
  readonly scanner: string;
  readonly wallet: string;
  readonly stop: () => Promise<void>;
}

/** Wallets show it to whoever is asked. */
const VENUE = 'Sample Concert Hall';
const PURPOSE = 'Entry to the concert';
const SCANNER_PORT = 8082;
const WALLET_PORT = 8090;
const HOST = '127.0.0.1';
/** Somebody waits to see what they revoked. */
const SYNC_SECONDS = 5;

/** Serve a venue's node with the scanner, and the wallet, as `verifier serve` and `wallet serve` do. */
export async function openDoors(stage: Stage, service: { readonly url: string }): Promise<Doors> {
  const { steps, rpcUrl, registry } = stage;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) await end();
  };
  const open = async <T extends { readonly stop: () => Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const opened = await opening;
    stops.push(opened.stop);
    return opened;
  };
  try {
    const lists = await open(servePublished(stage));
    await steps.step(
      'Say on chain where the revocation lists are',
      async () => {
        const client = await connectAs(stage, 'issuer');
        return client.setStatusBase(await client.issuerIdOf(ISSUER.iss), lists.base);
      },
      ({ gas }) => `${lists.base}, ${gasOf(gas)}`,
    );
    const options = {
      host: HOST,
      rpc: [rpcUrl],
      registry,
      // On a chain of one's own nothing is ever final by itself.
      confirmations: 0,
      interval: SYNC_SECONDS,
    };
    const meansOf = (name: string): ServingMeans => ({
      folder: join(stage.folder, name),
      // That the chain is there is nothing to be told every time it was asked.
      log: { ...createServeLog({}), attempt: () => undefined },
      downloads: lists.downloads,
    });
    const verifier = await open(
      atFreePort(SCANNER_PORT, async (port) =>
        serveVerifier({ ...options, port, rules: 'none', askHolders: PURPOSE }, meansOf('scanner')),
      ),
    );
    await steps.step(
      'Register the venue, so that wallets know who asks',
      async () =>
        (await connectAs(stage, 'accreditor')).registerVenue(JURISDICTION, verifier.did ?? '', VENUE),
      ({ venueId, gas }) => `venue ${venueId}, “${VENUE}”, ${gasOf(gas)}`,
    );
    const wallet = await open(
      atFreePort(WALLET_PORT, async (port) =>
        serveWalletPage({ ...options, port, issuer: [service.url, ISSUER.name] }, meansOf('wallet')),
      ),
    );
    await steps.step(
      'Serve the scanner and the wallet',
      async () => Promise.all([learn(verifier, 'scanner'), learn(wallet, 'wallet')]),
      ([scanner]) => scanner,
    );
    // A passkey belongs to a name, and 127.0.0.1 is none.
    return { scanner: verifier.url, wallet: wallet.url.replace(HOST, 'localhost'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a door holds once it has synchronised for the first time; its page is built, so that nobody waits for it. */
async function learn({ venue }: ServedVenue, page: 'scanner' | 'wallet'): Promise<string> {
  await builtPage(page);
  await venue.syncNow();
  venue.start();
  const { lists } = venue.report();
  const current = lists.filter(({ state }) => state === 'current').length;
  return `each with ${current} of ${lists.length} revocation lists, and in step with the chain every ${SYNC_SECONDS} s`;
}
