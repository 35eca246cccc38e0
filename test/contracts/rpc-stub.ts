import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a lying node answers one call; what it does not answer itself it asks the honest one. */
export type Answer = (
  method: string,
  honest: () => Promise<unknown>,
  response: ServerResponse,
  params: readonly unknown[],
) => unknown;

/** A node between us and an honest one, that lies as told. */
export async function lyingNode(
  answer: Answer,
  honestUrl = '',
): Promise<{ rpcUrl: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
      const { method, params } = JSON.parse(body) as { method: string; params: unknown[] };
      const honest = async (): Promise<unknown> =>
        (
          await fetch(honestUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        ).json();
      const answered = await answer(method, honest, response, params);
      if (answered === undefined) return;
      response.setHeader('content-type', 'application/json');
      response.end(typeof answered === 'string' ? answered : JSON.stringify(answered));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function result(value: unknown): object {
  return { jsonrpc: '2.0', id: 1, result: value };
}
