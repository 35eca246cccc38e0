import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import type { SyncOptions } from '../trust.ts';
import { blockAgeLines, faultLines, setAsideLines, shortened, successorLines } from './federation-words.ts';
import { readNamedFile } from './json-file.ts';
import { logAt } from './log-source.ts';
import { assertQuorum } from '../quorum.ts';
import { withProgress } from './progress.ts';

/**
 * Sync a trust store with its registry and print what was found.
 *
 * @throws TrustError STATUS_DATA_REFUSED, after all else was stored and printed, if a file of revocation data was not
 * held, RULE_FILES_REFUSED of a rule file; the errors of `openTrustStore` and `syncTrust`
 */
export async function runSync(options: SyncOptions, config: Config): Promise<void> {
  const folder = options.store ?? config.trustStore;
  const { rpc: rpcUrls, registry, quorum, confirmations, maxBlockAge } = options;
  assertQuorum(options);
  const lists = await Promise.all((options.list ?? []).map(readNamedFile));
  const ruleFiles = await Promise.all((options.ruleFile ?? []).map(readNamedFile));
  const logs = (options.log ?? []).map(logAt);
  const store = await openTrustStore(folder, { repair: true });
  let report: SyncReport;
  let exporter: string;
  try {
    const chain = { rpcUrls, quorum, confirmations };
    report = await withProgress('Reading the registry', () =>
      syncTrust({ chain, registry, store, lists, ruleFiles, logs, now: Date.now() / 1000, maxBlockAge }),
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
  if (report.refusedRules.length > 0) {
    throw new TrustError('RULE_FILES_REFUSED', 'Not every rule file is one that a jurisdiction published.');
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
    ...ruleLines(report),
    `  exporter   ${exporter}`,
    ...blockAgeLines(report.source, Date.now() / 1000),
    ...faultLines(report.faults),
    ...successorLines(report.successor),
    ...report.refused.map(
      ({ file, kid, reason }) => `  refused    ${cleanText(file)}: ${reason} (${cleanText(kid ?? 'no kid')})`,
    ),
    ...report.refusedRules.map(
      ({ file, digest, reason }) => `  refused    ${cleanText(file)}: ${reason} (digest ${digest})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** How much of what is published for venues is here, and what is not. */
function ruleLines({ rules }: SyncReport): readonly string[] {
  const published = rules.filter(({ state }) => state !== 'ended');
  if (published.length === 0) return [];
  const missing = published.filter(({ state }) => state === 'missing');
  return [
    `  rules      ${published.length - missing.length} of ${published.length} published documents are here`,
    ...shortened(
      missing.map(
        ({ jurisdiction, id, version }) =>
          `  not here   ${jurisdiction}/${id}, version ${version}: bring it with --rule-file`,
      ),
    ),
  ];
}
