import { listen } from '../../http/listen.ts';
import type { ListenOptions, RunningServer } from '../../http/listen.ts';
import type { PageNeeds } from '../../http/security-headers.ts';
import { createShell } from '../../http/shell.ts';
import type { Venue } from '../venue.ts';
import { PROBLEM } from './answers.ts';
import { frontPage } from './front-page.ts';
import { withDefaults } from './options.ts';
import type { AppOptions } from './options.ts';
import { pagesOf } from './pages.ts';
import { trustEndpoints } from './trust-endpoints.ts';
import { venueEndpoint } from './venue-endpoint.ts';
import { walletEndpoint } from './wallet-endpoint.ts';
import type { NamedIssuer } from './wallet-endpoint.ts';

/** Where to listen, and what to offer. */
export interface WalletOptions
  extends Pick<AppOptions, 'hosts' | 'limits' | 'log' | 'routers' | 'pages'>, ListenOptions {
  readonly issuers?: readonly NamedIssuer[];
}

const ABOUT = {
  title: 'Pratique wallet',
  description: 'Hands out the page that keeps health passes, and the trust data that it checks them by.',
  problem: PROBLEM,
};

/** SMART Health Cards 1.4.0, "via Deep Link"; the cards stand behind the #, which no browser sends. */
const DEEP_LINK = '/SMARTHealthCard/';

/** A wallet speaks to issuers and venues that its user chose, and to no others; it cannot know them beforehand. */
const WALLET: PageNeeds = {
  features: ['camera', 'publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock'],
  connects: ({ protocol, headers: { host = '' } }) => [
    'https:',
    // On one machine for a trial, all of them are without TLS.
    ...(protocol === 'http' && LOOPBACK.test(host) ? ['http://127.0.0.1:*', 'http://localhost:*'] : []),
  ],
};
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Serve a wallet's page and the trust data that it needs; nothing here is told of a card, a person, or a decision.
 *
 * @throws ListenError TLS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE or TLS_INVALID
 */
export async function serveWallet(venue: Venue, options: WalletOptions = {}): Promise<RunningServer> {
  const { limits, log, hosts, routers, pages } = withDefaults(options);
  const shell = createShell(
    {
      about: ABOUT,
      endpoints: [...trustEndpoints(venue), venueEndpoint(venue), walletEndpoint(options.issuers ?? [])],
      hosts,
      origins: [],
      limits,
      log,
      ended: (end) => log?.info(end),
      unhurried: new Set(),
      page: WALLET,
      others: [
        ...routers,
        pagesOf({ folder: pages, addresses: [DEEP_LINK], front: () => frontPage(ABOUT, venue.report()) }),
      ],
    },
    new AbortController(),
  );
  return listen({ ...shell, close: async () => Promise.resolve() }, limits, options);
}
