// One bulk in a process of its own, for bench/issue.ts: the peak of its memory, and its CPU time, are its own.

import { join } from 'node:path';
import { initIssuer } from '../agent/issuer-folder.ts';
import { PRODUCT } from './issue-input.ts';
import { makeReady } from './ready-issuer.ts';

/** How far a bulk was with so much CPU time of all threads, in seconds. */
export interface BulkMark {
  readonly cards: number;
  readonly cpuSeconds: number;
}

/** What a bulk took; `seconds` of the wall, `cpuSeconds` of all threads. */
export interface BulkFigures extends BulkMark {
  readonly lines: number;
  readonly seconds: number;
  readonly peakRssMiB: number;
  /** After each chunk that counted. */
  readonly marks: readonly BulkMark[];
}

const [folder = '', input = '', people = ''] = process.argv.slice(2);
const issuer = await initIssuer({
  dir: join(folder, 'issuer'),
  passphrase: 'a passphrase of the benchmark',
  iss: 'https://health.example.org/shc',
  name: 'Harbor Clinic',
});
await makeReady(issuer, Number(people));

const cpuBefore = process.cpuUsage();
const begun = performance.now();
const marks: BulkMark[] = [];
const { lines, cards, finished } = await issuer.issueBulk({
  input,
  out: join(folder, 'cards'),
  product: PRODUCT,
  batch: 'bench',
  told: (progress) => void marks.push({ cards: progress.cards, cpuSeconds: cpuSeconds() }),
});
const seconds = (performance.now() - begun) / 1000;
const figures = { lines, cards, seconds, cpuSeconds: cpuSeconds(), marks };
await issuer.close();
if (!finished || lines !== Number(people)) throw new Error('The bulk of the benchmark did not finish.');
const peakRssMiB = process.resourceUsage().maxRSS / 1024;
process.send?.({ ...figures, peakRssMiB } satisfies BulkFigures);

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage(cpuBefore);
  return (user + system) / 1e6;
}
