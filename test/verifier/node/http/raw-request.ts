import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Send bytes as they are and read what comes until the other side closes, or for so long. */
export async function sendRaw(url: string, bytes: string | Uint8Array, withinMs = 10_000): Promise<string> {
  const socket = await openRaw(url);
  socket.write(bytes);
  return readRaw(socket, withinMs);
}

export async function openRaw(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export async function readRaw(socket: Socket, withinMs: number): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  const timer = setTimeout(() => socket.destroy(), withinMs);
  await new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    // A reset is an end like others; once() would reject for it.
    else socket.on('close', () => resolve());
  });
  clearTimeout(timer);
  return text;
}
