import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePeople, type People } from './issue-input.ts';
import type { BulkFigures } from './issue-process.ts';
import { rounded } from './rounds.ts';
import { stockVeramo } from './stock-veramo.ts';
import { printTable } from './table.ts';

/** 5.6 million passes: New York's Excelsior Pass in 2021. */
const ALL = 5_600_000;
const SMALL = 20_000;
const LARGE = 200_000;
/** Cards at either end of a bulk that are held against each other. */
const STRETCH = 40_000;

/**
 * How many cards a second a bulk issues on all cores, durable and each verified, whether a card costs more when there
 * are more of them, what memory it takes; and how a card compares to Veramo's stock `createVerifiableCredential`.
 *
 * The figures of a card are those of a file of people who qualify; beside them what a record of a mixture costs, of which
 * a third is refused.
 *
 * @param full really issue to 5.6 million people
 */
export async function benchIssue({ full }: { readonly full: boolean }): Promise<object> {
  const threads = availableParallelism();
  const small = await bulkOf('qualifying', SMALL);
  const large = await bulkOf('qualifying', LARGE);
  const mixed = await bulkOf('mixed', LARGE);
  const { stockMicros, nodeCryptoMicros } = await stockVeramo();
  const all = full ? await bulkOf('qualifying', ALL) : undefined;
  const largest = all ?? large;
  printBulks([small, large, mixed, ...(all === undefined ? [] : [all])], threads);
  return {
    cards: largest.cards,
    threads,
    perSecond: Math.round(largest.cards / largest.seconds),
    cpuMicrosPerCard: rounded(cpuMicros(largest, largest.cards)),
    coresBusy: rounded(largest.cpuSeconds / largest.seconds),
    growth: rounded(cpuMicros(large, large.cards) / cpuMicros(small, small.cards)),
    growthWithin: rounded(growthWithin(largest)),
    peakRssMiB: Math.round(largest.peakRssMiB),
    ratioToVeramo: rounded(cpuMicros(largest, largest.cards) / stockMicros),
    ratioToVeramoOnNodeCrypto: rounded(cpuMicros(largest, largest.cards) / nodeCryptoMicros),
    veramoCpuMicros: rounded(stockMicros),
    projectedMinutesFor5600000: rounded(((ALL / largest.cards) * largest.seconds) / 60),
    // On cores that nobody else uses, as many as there are threads, all of them busy.
    projectedCpuMinutesFor5600000: rounded((ALL * cpuMicros(largest, largest.cards)) / 1e6 / 60 / threads),
    mixed: {
      records: mixed.lines,
      cards: mixed.cards,
      cpuMicrosPerRecord: rounded(cpuMicros(mixed, mixed.lines)),
      recordsPerSecond: Math.round(mixed.lines / mixed.seconds),
    },
  };
}

/** CPU time of one of so many in microseconds, all threads. */
function cpuMicros({ cpuSeconds }: BulkFigures, count: number): number {
  return (cpuSeconds / count) * 1e6;
}

/**
 * What a card costs at the end of a bulk against one at its beginning, once all is compiled: the start of a process,
 * which a small bulk pays for as well, hides growth between two of different sizes.
 */
function growthWithin({ marks, cards }: BulkFigures): number {
  const between = (from: number, to: number): number => {
    const [first, last] = [from, to].map((at) => marks.findLast((mark) => mark.cards <= at));
    if (first === undefined || last === undefined) return Number.NaN;
    return (last.cpuSeconds - first.cpuSeconds) / (last.cards - first.cards);
  };
  return between(cards - STRETCH, cards) / between(SMALL, SMALL + STRETCH);
}

async function bulkOf(people: People, count: number): Promise<BulkFigures & { readonly people: People }> {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-bench-'));
  try {
    const input = join(folder, 'people.ndjson');
    await writePeople(input, people, count);
    const child = fork(fileURLToPath(new URL('./issue-process.ts', import.meta.url)), [
      folder,
      input,
      String(count),
    ]);
    const exited = once(child, 'exit').then(() => undefined);
    const message = await Promise.race([once(child, 'message'), exited]);
    if (message === undefined) throw new Error('The bulk of the benchmark failed.');
    await exited;
    const [figures] = message as [BulkFigures];
    console.log(`${figures.lines} records in ${figures.seconds.toFixed(1)} s.`);
    return { ...figures, people };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function printBulks(bulks: readonly Awaited<ReturnType<typeof bulkOf>>[], threads: number): void {
  printTable(
    ['', 'records', 'cards', 'CPU µs a record', 'CPU µs a card', 'wall s', `busy of ${threads} cores`, 'MiB'],
    bulks.map((bulk) => [
      bulk.people,
      bulk.lines,
      bulk.cards,
      cpuMicros(bulk, bulk.lines).toFixed(0),
      cpuMicros(bulk, bulk.cards).toFixed(0),
      bulk.seconds.toFixed(1),
      (bulk.cpuSeconds / bulk.seconds).toFixed(2),
      Math.round(bulk.peakRssMiB),
    ]),
  );
}
