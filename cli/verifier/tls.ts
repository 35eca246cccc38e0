import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { readOwnCertificate } from '../../verifier/node/tls/own-certificate.ts';
import { openLocalCa } from '../../verifier/node/tls/local-ca.ts';
import { setupRouter } from '../../verifier/node/tls/setup-router.ts';
import type { ServeOptions } from '../verifier.ts';

type Pem = { readonly key: string; readonly cert: string };

/** What TLS a node serves with, and what comes with it. */
export interface ServedTls {
  readonly server: Pem;
  /** Names the node answers under. */
  readonly hosts: readonly string[];
  readonly routers: (where: Pick<ServeOptions, 'host' | 'port'>) => readonly RequestHandler[];
  /** Told of a new certificate when the old one nears its end. */
  readonly renewed: (serve: (pem: Pem) => void) => void;
  readonly stop: () => void;
}

const DAY_MS = 86_400_000;

/**
 * TLS as the options ask for it; undefined for none.
 *
 * @throws TlsError
 */
export async function openTls(
  options: ServeOptions,
  folder: string,
  machine: { readonly hostname: string },
): Promise<ServedTls | undefined> {
  const { tlsCert, tlsKey, tlsLocalCa, host } = options;
  const now = Date.now() / 1000;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const server = await readOwnCertificate({ cert: tlsCert, key: tlsKey }, host, now);
    return { server, hosts: [host], routers: () => [], renewed: () => undefined, stop: () => undefined };
  }
  return tlsLocalCa === true ? localCa(options, join(folder, 'tls'), machine.hostname) : undefined;
}

async function localCa({ host }: ServeOptions, folder: string, hostname: string): Promise<ServedTls> {
  const open = async (): ReturnType<typeof openLocalCa> =>
    openLocalCa(folder, { hostname, addresses: addressesOf(host) }, Date.now() / 1000);
  let ca = await open();
  const renew = async (serve: (pem: Pem) => void): Promise<void> => {
    try {
      ca = await open();
      serve(ca.server);
    } catch {
      // What fails today, such as a full disk, is tried again tomorrow; a month is left.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    server: ca.server,
    hosts: [...ca.names.dns, ...ca.names.ip],
    routers: (where) => [setupRouter(() => ca, originOf(where, hostname))],
    renewed: (serve) => {
      timer = setInterval(() => {
        void renew(serve);
      }, DAY_MS);
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** All addresses of this machine if it listens on all. */
function addressesOf(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}

function originOf({ host, port }: Pick<ServeOptions, 'host' | 'port'>, hostname: string): string {
  const name = host === '0.0.0.0' || host === '::' ? hostname : host;
  return `https://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
