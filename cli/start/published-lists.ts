import { join } from 'node:path';
import { SERVICE_LIMITS } from '../../agent/service/app.ts';
import { PROBLEM } from '../../agent/service/problems.ts';
import { publishedEndpoints } from '../../agent/service/published-endpoints.ts';
import { listen } from '../../verifier/http/listen.ts';
import { createShell } from '../../verifier/http/shell.ts';
import type { DownloadPolicy } from '../../verifier/node/list-download.ts';
import { openLocalCa } from '../../verifier/node/tls/local-ca.ts';
import type { Stage } from './stage.ts';

/** What an issuer publishes, served over TLS, since the registry takes no other address. */
export interface PublishedLists {
  /** For the registry. */
  readonly base: string;
  /** How venues of this machine get there: by a certificate authority that is good for it alone. */
  readonly downloads: DownloadPolicy;
  readonly stop: () => Promise<void>;
}

const HOST = 'localhost';

/** Serve the files that anchoring writes, at an address that the registry can name. */
export async function servePublished({ folder }: Stage): Promise<PublishedLists> {
  const machine = { hostname: HOST, addresses: [] };
  const ca = await openLocalCa(join(folder, 'tls'), machine, Date.now() / 1000);
  const shell = createShell(
    {
      about: {
        title: 'What an issuer publishes',
        description: 'Revocation lists and keys, for everybody.',
        problem: PROBLEM,
      },
      endpoints: publishedEndpoints(join(folder, 'public')),
      hosts: [HOST],
      origins: [],
      limits: SERVICE_LIMITS,
      log: undefined,
      ended: () => undefined,
      unhurried: new Set(),
      page: { features: [] },
      others: [],
    },
    new AbortController(),
  );
  const app = { ...shell, close: async () => Promise.resolve() };
  const { url, stop } = await listen(app, SERVICE_LIMITS, { tls: ca.server });
  return {
    base: `https://${HOST}:${new URL(url).port}`,
    downloads: { networks: ['127.0.0.0/8', '::1/128'], authorities: [ca.certificate.pem] },
    stop,
  };
}
