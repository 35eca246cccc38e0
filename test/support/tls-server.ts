import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';

/** A server over TLS on this machine alone, on a port that the system chose. */
export async function serveTls(
  certificate: { readonly key: string; readonly cert: string },
  answer: RequestListener = (_, response) => response.end('here'),
): Promise<{ readonly port: number; readonly server: Server; readonly close: () => void }> {
  const server = createServer({ ...certificate }, answer);
  // Clients that refuse our certificate are what the tests are about.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, server, close };
}

/**
 * Shake hands as a client that trusts that CA alone and typed that name or address.
 *
 * @returns the server's certificate
 * @throws the error of a client that refuses, with OpenSSL's or Node's `code`
 */
export async function shakeHands(port: number, host: string, ca: string): Promise<PeerCertificate> {
  const isAddress = /^[\d.]+$|:/.test(host);
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca,
    ...(isAddress ? {} : { servername: host }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  } finally {
    socket.destroy();
  }
}
