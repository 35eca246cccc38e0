// A process that is shown a decompression bomb, 87 kB that would be 64 MiB, signed by a trusted key; tells its parent
// the CPU time that refusing takes, in the middle and at worst (when a collection of garbage falls into it), and by how
// much the peak of its memory grew.

import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { createDeflateRaw } from 'node:zlib';
import {
  anchoredTrust,
  decide,
  mintCard,
  mintJws,
  newKey,
  trustDocument,
  trustedKey,
} from '../test/support/cards.ts';
import { median, rounded } from './rounds.ts';

export interface BombReport {
  readonly bombMs: number;
  readonly bombWorstMs: number;
  /** By one bomb, and by all of them, between which nothing makes the engine collect its garbage. */
  readonly bombGrowthMiB: number;
  readonly bombsGrowthMiB: number;
}

const BOMB_BYTES = 64 * 2 ** 20;
const TIMES = 20;

const key = newKey();
const trust = anchoredTrust(trustDocument({ keys: [trustedKey(key)] }));
const bomb = mintJws(key, await zerosDeflated(BOMB_BYTES), { zip: 'DEF' });
const card = mintCard(key);
for (let time = 0; time < 200; time++) await decide(card, trust);

const peakBefore = process.resourceUsage().maxRSS;
const times: number[] = [];
let peakAfterOne = peakBefore;
for (let time = 0; time < TIMES; time++) {
  const before = process.cpuUsage();
  const { codes } = await decide(bomb, trust);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
  if (time === 0) peakAfterOne = process.resourceUsage().maxRSS;
  if (codes.join() !== 'TOO_LARGE') throw new Error(`The bomb answered ${codes.join()}.`);
}
const report: BombReport = {
  bombMs: rounded(median(times)),
  bombWorstMs: rounded(Math.max(...times)),
  bombGrowthMiB: rounded((peakAfterOne - peakBefore) / 1024),
  bombsGrowthMiB: rounded((process.resourceUsage().maxRSS - peakBefore) / 1024),
};
process.send?.(report);

/** Made piece by piece: to hold them all would move the very peak that is measured. */
async function zerosDeflated(bytes: number): Promise<Uint8Array> {
  const deflate = createDeflateRaw({ level: 9 });
  const made = buffer(deflate);
  const piece = new Uint8Array(2 ** 16);
  for (let at = 0; at < bytes; at += piece.length) if (!deflate.write(piece)) await once(deflate, 'drain');
  deflate.end();
  return made;
}
