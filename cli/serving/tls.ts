import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { readOwnCertificate } from '../../verifier/node/tls/own-certificate.ts';
import { openLocalCa } from '../../verifier/node/tls/local-ca.ts';
import { setupRouter } from '../../verifier/node/tls/setup-router.ts';
import type { ServingOptions } from './options.ts';

type Pem = { readonly key: string; readonly cert: string };

/** What TLS a node serves with, and what comes with it. */
export interface ServedTls {
  readonly server: Pem;
  /** Names the node answers under. */
  readonly hosts: readonly string[];
  /** Pages of its own, told where the node listens. */
  readonly routers: (listening: () => string) => readonly RequestHandler[];
  /** Where devices reach the node. */
  readonly origin: (listening: string) => string;
  /** What the operator should know of it. */
  readonly lines: (listening: string) => readonly string[];
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
  options: ServingOptions,
  folder: string,
  machine: { readonly hostname: string },
): Promise<ServedTls | undefined> {
  const { tlsCert, tlsKey, tlsLocalCa, host } = options;
  const now = Date.now() / 1000;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const name = options.name?.[0] ?? (isWildcard(host) ? machine.hostname : host);
    const server = await readOwnCertificate({ cert: tlsCert, key: tlsKey }, name, now);
    return {
      server,
      hosts: [name],
      routers: () => [],
      origin: (listening) => originOf(name, listening),
      lines: () => [],
      renewed: () => undefined,
      stop: () => undefined,
    };
  }
  return tlsLocalCa === true ? localCa(options, join(folder, 'tls'), machine.hostname) : undefined;
}

async function localCa(
  { host, name: names = [] }: ServingOptions,
  folder: string,
  hostname: string,
): Promise<ServedTls> {
  const own = names[0] ?? hostname;
  const open = async (): ReturnType<typeof openLocalCa> =>
    openLocalCa(folder, { hostname: own, addresses: addressesOf(host) }, Date.now() / 1000);
  const origin = (listening: string): string => originOf(isWildcard(host) ? own : host, listening);
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
    routers: (listening) => [
      setupRouter(
        () => ca,
        () => origin(listening()),
      ),
    ],
    origin,
    lines: (listening) => [
      `  phones     install its certificate authority from ${origin(listening)}/setup`,
      `             SHA-256 ${ca.certificate.fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')}`,
      ...(ca.leftOut.length === 0
        ? []
        : [`             it is older than these and cannot vouch for them: ${ca.leftOut.join(', ')}`]),
    ],
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
  if (!isWildcard(host)) return [host];
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}

/** What a device types, with the port that is listened on. */
function originOf(name: string, listening: string): string {
  return `https://${name.includes(':') ? `[${name}]` : name}:${new URL(listening).port}`;
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
