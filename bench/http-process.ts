// A verifier node in a process of its own, for bench/http.ts.

import { once } from 'node:events';
import { importEs256Key } from '../credential/es256-node.ts';
import { serve } from '../verifier/node/http/serve.ts';
import type { Venue } from '../verifier/node/venue.ts';
import type { Terms } from '../verifier/pipeline/checks.ts';
import type { TrustDocument } from '../verifier/pipeline/trust-document.ts';
import { indexTrust } from '../verifier/pipeline/trust.ts';

/** What the process says: where it listens with threads and without, then its figures whenever it is asked. */
export type ServerMessage =
  | { readonly url: string; readonly singleUrl: string }
  | { readonly rssMiB: number; readonly cpuSeconds: number };

const [document] = (await once(process, 'message')) as [TrustDocument];
const trust = indexTrust(document, { anchored: false, importKey: importEs256Key });
const terms = (): Terms => ({ now: Date.now() / 1000, allowUnanchored: true, rules: 'none' });
const venue: Venue = {
  trust: () => trust,
  terms: (asked) => ({ ...terms(), ...asked, rules: asked.rules ?? 'none' }),
  report: () => {
    throw new Error('No part of the benchmark.');
  },
  bundle: () => Promise.resolve(undefined),
  log: () => undefined,
};
const [{ url }, { url: singleUrl }] = [await serve(venue), await serve(venue, { threads: 0 })];
say({ url, singleUrl });

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  say({ rssMiB: process.memoryUsage.rss() / 2 ** 20, cpuSeconds: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit());

function say(message: ServerMessage): void {
  process.send?.(message);
}
