import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** A real HTTP server that is asked to send text messages. */
export async function smsGateway(
  t: TestContext,
  answer: (attempt: number, response: ServerResponse) => void,
): Promise<{ url: string; asked: { headers: IncomingHttpHeaders; body: string }[] }> {
  const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push({ headers: request.headers, body: await text(request) });
    answer(asked.length, response);
  };
  const server = createServer((request, response) => {
    void take(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`, asked };
}
