import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ipaddr from 'ipaddr.js';
import { addressGroup } from './address-group.ts';
import { heldBy } from './held-by.ts';
import type { EdgeLimits } from './limits.ts';
import { EDGE, PROBLEM_TYPE, problemDetail } from './problem.ts';
import type { ProblemKind } from './problem.ts';
import { ListenError } from './listen-error.ts';

/** What answers requests while a server listens for it. */
export interface ListeningApp {
  readonly handler: RequestListener;
  /** Refuse what is new, and bring what was begun to an end. */
  readonly stop: () => void;
  /** Give up what it holds. */
  readonly close: () => Promise<void>;
}

/** Where to listen, and how. */
export interface ListenOptions {
  /** 0 for any that is free. */
  readonly port?: number;
  /** An address of this machine; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** PEM; without them only loopback is served. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer } | undefined;
  /** Networks (CIDR) of reverse proxies, which hold a connection for each of many senders. */
  readonly proxies?: readonly string[];
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Serve new connections by another certificate; of a server with TLS only. */
  readonly renewTls: (tls: { readonly key: string | Buffer; readonly cert: string | Buffer }) => void;
  /** Refuse what is new, finish what was begun, close; bounded in time. Calling it again waits for the same end. */
  readonly stop: () => Promise<void>;
}

/** Names and addresses only: far more than any request of ours needs. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Serve an app over HTTP, on loopback unless told otherwise; if that cannot be, the app is closed.
 *
 * @throws ListenError TLS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE or TLS_INVALID
 */
export async function listen(
  app: ListeningApp,
  limits: EdgeLimits,
  { host = '127.0.0.1', port = 0, tls, proxies = [] }: ListenOptions = {},
): Promise<RunningServer> {
  try {
    if (tls === undefined && !isLoopback(host)) throw new ListenError('TLS_REQUIRED');
    const server = listener(app, limits, { tls, proxies });
    server.listen({ port, host });
    await once(server, 'listening');
    return running(server, app, { limits, host });
  } catch (error) {
    await app.close();
    throw listenErrorOf(error);
  }
}

function running(
  server: Server,
  app: ListeningApp,
  { limits, host }: { readonly limits: EdgeLimits; readonly host: string },
): RunningServer {
  const bound = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  let stopped: Promise<void> | undefined;
  return {
    url: `${server instanceof TlsServer ? 'https' : 'http'}://${name}:${bound.port}`,
    renewTls: (renewed) => {
      if (server instanceof TlsServer) server.setSecureContext(renewed);
    },
    stop: () => (stopped ??= stop(server, app, limits)),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}

function listener(
  app: ListeningApp,
  limits: EdgeLimits,
  { tls, proxies }: Pick<ListenOptions, 'tls'> & Required<Pick<ListenOptions, 'proxies'>>,
): Server {
  const options: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headerSeconds * 1000,
    // A batch may last; the deadline of every other body is the app's.
    requestTimeout: 0,
    connectionsCheckingInterval: 1000,
    // The app asks for it, and answers as it does about everything.
    requireHostHeader: false,
  };
  const server = tls === undefined ? createServer(options) : tlsServer(options, tls);
  server.maxConnections = limits.connections;
  server.timeout = limits.idleSeconds * 1000;
  limitConnectionsOfOne(server, limits.connectionsOfOne, proxies);
  server.on('request', app.handler);
  // What it expects besides "100-continue" changes nothing for us (RFC 9110 section 10.1.1).
  server.on('checkExpectation', app.handler);
  server.on('clientError', refuseUnreadable);
  server.on('connect', (_request, socket) => {
    endWith(socket, EDGE.METHOD_NOT_ALLOWED);
  });
  return server;
}

function tlsServer(options: ServerOptions, tls: NonNullable<ListenOptions['tls']>): Server {
  try {
    return createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2' });
  } catch {
    throw new ListenError('TLS_INVALID');
  }
}

/** One sender must not hold all connections there are. */
function limitConnectionsOfOne(server: Server, most: number, proxies: readonly string[]): void {
  const held = heldBy();
  const networks = proxies.map((network) => ipaddr.parseCIDR(network));
  server.on('connection', (socket: Socket) => {
    if (isWithin(socket.remoteAddress, networks)) return;
    const sender = addressGroup(socket.remoteAddress);
    socket.once('close', held.take(sender));
    if (held.of(sender) > most) socket.destroy();
  });
}

function isWithin(
  address: string | undefined,
  networks: readonly ReturnType<typeof ipaddr.parseCIDR>[],
): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  return networks.some(([network, bits]) => read.kind() === network.kind() && read.match(network, bits));
}

/** What node cannot read as HTTP never becomes a request. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  endWith(socket, KIND_OF_ERROR[error.code ?? ''] ?? EDGE.REQUEST_MALFORMED);
}

const KIND_OF_ERROR: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: EDGE.HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: EDGE.REQUEST_TIMEOUT,
};

function endWith(socket: Duplex, kind: ProblemKind): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemDetail(kind);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    // A sender that does not read would keep it half open.
    () => socket.destroy(),
  );
}

async function stop(server: Server, app: ListeningApp, limits: EdgeLimits): Promise<void> {
  app.stop();
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // A connection kept alive is idle as soon as its last answer is out.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const bound = setTimeout(() => {
    server.closeAllConnections();
  }, limits.stopSeconds * 1000);
  await closed;
  clearInterval(sweep);
  clearTimeout(bound);
  await app.close();
}

function listenErrorOf(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new ListenError('PORT_IN_USE');
  return code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND'
    ? new ListenError('ADDRESS_UNAVAILABLE')
    : error;
}
