import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { LocalCa } from '../../../../verifier/node/tls/local-ca.ts';
import { setupRouter } from '../../../../verifier/node/tls/setup-router.ts';

/** The setup page by itself, without TLS. */
export async function serveSetup(
  ca: () => Pick<LocalCa, 'certificate'>,
  origin: string,
): Promise<{ readonly origin: string; readonly close: () => void }> {
  const server = express()
    .use(setupRouter(ca, () => origin))
    .listen(0, () => '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
