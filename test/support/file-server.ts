import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificates.ts';

/** A web server on this machine that answers by a table of paths; each request that it got is kept. */
export interface FileServer {
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
  /** The paths asked for so far, and forget them. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Serve with a certificate by https, without one by http. */
export async function serveFiles(answer: Answering, certificate?: TestCertificate): Promise<FileServer> {
  const requests: IncomingMessage[] = [];
  let told = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server = certificate === undefined ? createHttp(listener) : createHttps({ ...certificate }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    asked: () => {
      const paths = requests.slice(told).map(({ url = '' }) => url);
      told = requests.length;
      return paths;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answer with the file that stands at the path, or 404. */
export function fromTable(files: ReadonlyMap<string, Uint8Array | string>): Answering {
  return ({ url = '' }, response) => {
    const file = files.get(url);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(file);
  };
}
