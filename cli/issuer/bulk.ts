import type { BulkReport } from '../../agent/bulk/run-bulk.ts';
import type { ProductName } from '../../agent/products.ts';
import { withBulkProgress } from './bulk-progress.ts';
import { withProgress } from '../trust/progress.ts';
import { warnOfKey } from './key-warning.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface BulkOptions extends IssuerOptions {
  readonly out: string;
  readonly product: ProductName;
  readonly batch?: string;
  readonly kid?: string;
  readonly threads?: number;
}

/** `pratique issuer bulk`: a product for everybody in a file. */
export async function runBulkCommand(input: string, options: BulkOptions): Promise<void> {
  const { out, product, batch, kid, threads } = options;
  await withIssuer(options, async (issuer, signal) => {
    await withProgress('Holding the store against its log', async () => issuer.assertWhole());
    const warning = warnOfKey(issuer, options);
    const begun = performance.now();
    const done = await withBulkProgress(async (told) =>
      issuer.issueBulk({
        input,
        out,
        product,
        told,
        warned: (words) => process.stderr.write(`\n${words}\n`),
        signal,
        ...(batch === undefined ? {} : { batch }),
        ...(kid === undefined ? {} : { kid }),
        ...(threads === undefined ? {} : { threads }),
      }),
    );
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    report(options, { ...done, seconds, warning }, linesOf(done));
  });
}

function linesOf(done: BulkReport): readonly string[] {
  const { batch, cards, lines, reasons, finished, withoutQr } = done;
  const refused = Object.entries(reasons).toSorted(([, a], [, b]) => b - a);
  return [
    finished
      ? `Bulk ${batch}: ${cards} cards for ${lines} records, each verified.`
      : `Bulk ${batch} was stopped after ${lines} records (${cards} cards); the same command goes on from there.`,
    ...refused.map(([reason, count]) => `  ${String(count).padStart(9)} refused: ${reason}`),
    ...(withoutQr === 0
      ? []
      : [`  ${withoutQr} cards are too long for one QR code: hand them out as files.`]),
    ...fileLines(done),
  ];
}

function fileLines({ batch, shards, refusedFile, elsewhere = 0 }: BulkReport): readonly string[] {
  if (elsewhere > 0) {
    return [
      `  ${elsewhere} parts are in the folders of other agents: bring those ${batch}.parts together, and run it again.`,
    ];
  }
  if (shards.length === 0) return [];
  return [
    shards.length === 1
      ? `  cards    ${shards[0]}`
      : `  cards    ${shards.length} files, the first ${shards[0]}`,
    `  refused  ${refusedFile}: which records, and why`,
  ];
}
