// One bulk in a process of its own, for bench/issue.ts: the peak of its memory, and its CPU time, are its own.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { initIssuer } from '../agent/issuer-folder.ts';
import type { Issuer } from '../agent/issuer.ts';

/** What a bulk took; `seconds` of the wall, `cpuSeconds` of all threads. */
export interface BulkFigures {
  readonly lines: number;
  readonly cards: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
}

const [folder = '', input = '', people = ''] = process.argv.slice(2);
const issuer = await initIssuer({
  dir: join(folder, 'issuer'),
  passphrase: 'a passphrase of the benchmark',
  iss: 'https://health.example.org/shc',
  name: 'Harbor Clinic',
});
await makeReady(issuer);

const cpuBefore = process.cpuUsage();
const begun = performance.now();
const { lines, cards, finished } = await issuer.issueBulk({
  input,
  out: join(folder, 'cards'),
  product: 'vaccination-pass',
  batch: 'bench',
});
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
await issuer.close();
if (!finished || lines !== Number(people)) throw new Error('The bulk of the benchmark did not finish.');
const peakRssMiB = process.resourceUsage().maxRSS / 1024;
const figures: BulkFigures = { lines, cards, seconds, cpuSeconds: (user + system) / 1e6, peakRssMiB };
process.send?.(figures);

/** A key that a registry is said to trust, room for everybody on its list, and New York's policy. */
async function makeReady(made: Issuer): Promise<void> {
  const { kid, x, y } = await made.createSigningKey();
  await made.learnRegistry({
    jurisdictions: [{ code: 'US-NY', suspended: false }],
    issuers: [{ id: 1, did: made.did, status: 'active', held: false, jurisdiction: 'US-NY' }],
    keys: [{ issuer: 1, kid, x, y, state: 'active' }],
  });
  await made.anchored(kid, made.statusList(kid, Number(people)));
  await made.policy.say({
    timeZone: 'America/New_York',
    valueSet: readFileSync(new URL('../verifier/rules/US-NY/COVID-19.json', import.meta.url), 'utf8'),
  });
}
