import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { sampleRecord } from '../agent/sample-records.ts';
import type { BulkFigures } from './issue-process.ts';
import { rounded } from './rounds.ts';
import { stockVeramo } from './stock-veramo.ts';

/** 5.6 million passes: New York's Excelsior Pass in 2021. */
const ALL = 5_600_000;
const SMALL = 20_000;
const LARGE = 200_000;

/**
 * How many cards a second a bulk issues on all cores, durable and each verified, whether a card costs more when there
 * are more of them, what memory it takes; and how a card compares to Veramo's stock `createVerifiableCredential`.
 *
 * @param full really issue to 5.6 million people
 */
export async function benchIssue({ full }: { readonly full: boolean }): Promise<object> {
  const threads = availableParallelism();
  const small = await bulkOf(SMALL);
  const large = await bulkOf(LARGE);
  const { stockMicros, nodeCryptoMicros } = await stockVeramo();
  const all = full ? await bulkOf(ALL) : undefined;
  const largest = all ?? large;
  return {
    cards: largest.cards,
    records: largest.lines,
    threads,
    perSecond: Math.round(largest.cards / largest.seconds),
    recordsPerSecond: Math.round(largest.lines / largest.seconds),
    cpuMicrosPerCard: rounded(cpuMicros(largest)),
    growth: rounded(cpuMicros(large) / cpuMicros(small)),
    peakRssMiB: Math.round(largest.peakRssMiB),
    ratioToVeramo: rounded(cpuMicros(largest) / stockMicros),
    ratioToVeramoOnNodeCrypto: rounded(cpuMicros(largest) / nodeCryptoMicros),
    veramoCpuMicros: rounded(stockMicros),
    projectedMinutesFor5600000: rounded(((ALL / largest.cards) * largest.seconds) / 60),
    // On cores that nobody else uses, as many as there are threads.
    projectedCpuMinutesFor5600000: rounded((ALL * cpuMicros(largest)) / 1e6 / 60 / threads),
  };
}

/** CPU time of a card in microseconds, all threads, with its share of what the refused records take. */
function cpuMicros({ cards, cpuSeconds }: BulkFigures): number {
  return (cpuSeconds / cards) * 1e6;
}

async function bulkOf(people: number): Promise<BulkFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-bench-'));
  try {
    const input = join(folder, 'people.ndjson');
    await writePeople(input, people);
    const child = fork(fileURLToPath(new URL('./issue-process.ts', import.meta.url)), [
      folder,
      input,
      String(people),
    ]);
    const exited = once(child, 'exit').then(() => undefined);
    const message = await Promise.race([once(child, 'message'), exited]);
    if (message === undefined) throw new Error('The bulk of the benchmark failed.');
    await exited;
    const [figures] = message as [BulkFigures];
    const { lines, cards, seconds, cpuSeconds, peakRssMiB } = figures;
    console.log(
      `${lines} records: ${cards} cards in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, ${Math.round(peakRssMiB)} MiB at most.`,
    );
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Records as `pratique issuer sample` makes them up, as of today. */
async function writePeople(path: string, people: number): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const stream = createWriteStream(path);
  for (let place = 0; place < people; place++) {
    if (!stream.write(`${JSON.stringify(sampleRecord(1, place, today))}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}
