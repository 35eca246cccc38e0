// Loaded before everything else into a process and into each of its threads: says on stderr whenever any of them opens a
// socket to somebody or asks for an address.

import { subscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import dgram from 'node:dgram';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';

subscribe('net.client.socket', () => tell('socket'));
const { lookup } = dns;
dns.lookup = Object.assign((...words: unknown[]) => {
  // For an address itself, as when a server starts to listen, nobody is asked.
  if (isIP(String(words[0])) === 0) tell('lookup');
  return Reflect.apply(lookup, dns, words) as unknown;
}, lookup) as typeof dns.lookup;
const { createSocket } = dgram;
dgram.createSocket = ((...words: Parameters<typeof createSocket>) => {
  tell('datagram');
  return Reflect.apply(createSocket, dgram, words);
}) as typeof createSocket;
syncBuiltinESMExports();
tell('ready');

function tell(what: string): void {
  writeSync(2, `SPY ${what}\n`);
}
