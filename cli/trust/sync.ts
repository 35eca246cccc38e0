import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import type { SyncOptions } from '../trust.ts';
import { blockAgeLines, faultLines, setAsideLines, successorLines } from './federation-words.ts';
import { readStatusFile } from './json-file.ts';
import { logAt } from './log-source.ts';
import { assertQuorum } from '../quorum.ts';
import { withProgress } from './progress.ts';

/**
 * Sync a trust store with its registry and print what was found.
 *
 * @throws TrustError STATUS_DATA_REFUSED, after all else was stored and printed, if a file of revocation data was not
 * held; the errors of `openTrustStore` and `syncTrust`
 */
export async function runSync(options: SyncOptions, config: Config): Promise<void> {
  const folder = options.store ?? config.trustStore;
  const { rpc: rpcUrls, registry, quorum, confirmations, maxBlockAge } = options;
  assertQuorum(options);
  const lists = await Promise.all((options.list ?? []).map(readStatusFile));
  const logs = (options.log ?? []).map(logAt);
  const store = await openTrustStore(folder, { repair: true });
  let report: SyncReport;
  let exporter: string;
  try {
    const chain = { rpcUrls, quorum, confirmations };
    report = await withProgress('Reading the registry', () =>
      syncTrust({ chain, registry, store, lists, logs, now: Date.now() / 1000, maxBlockAge }),
    );
    exporter = (await exporterKeyOf(folder)).kid;
  } finally {
    await store.close();
  }
  process.stdout.write(
    options.json === true
      ? `${printableJson({ ...report, setAside: store.setAside, exporter, store: folder }, 0)}\n`
      : [...setAsideLines(store), renderSync(report, exporter)].join('\n'),
  );
  if (report.refused.length > 0) {
    throw new TrustError('STATUS_DATA_REFUSED', 'Not every file of revocation data agrees with its anchor.');
  }
}

function renderSync(report: SyncReport, exporter: string): string {
  const { chainId, registry, block, head, size } = report.source;
  const lines = [
    `Synchronised with registry ${registry} on chain ${chainId}, block ${block.number}.`,
    `  head       ${head}, as on the chain`,
    `  log        ${size} events, ${report.newEvents} of them new`,
    ...(report.seenEvents === 0
      ? []
      : [`             ${report.seenEvents} more are not final yet; of them, only what lowers trust counts`]),
    `  trusted    ${report.issuers} issuers, ${report.keys} keys`,
    `  revocation data of ${report.heldLists} of the ${report.revocableKeys} keys that offer it`,
    `  exporter   ${exporter}`,
    ...blockAgeLines(report.source, Date.now() / 1000),
    ...faultLines(report.faults),
    ...successorLines(report.successor),
    ...report.refused.map(
      ({ file, kid, reason }) => `  refused    ${cleanText(file)}: ${reason} (${cleanText(kid ?? 'no kid')})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
