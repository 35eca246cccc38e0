import { openBundle } from '../../verifier/node/bundle.ts';
import { readExporterKey } from '../../verifier/node/exporter-key.ts';
import { readBundleFile } from '../../verifier/node/load-trust.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import { UsageError } from '../exit.ts';
import type { ShowOptions } from '../trust.ts';
import { blockAgeLines, faultLines, jurisdictionLines, moment, successorLines } from './federation-words.ts';
import { exportedFrom } from './exported.ts';
import { summaryOf } from './summary.ts';
import type { Told, TrustSummary } from './summary.ts';

/**
 * Print where trust data is from, how old it is, what it holds, and what each jurisdiction says.
 *
 * @throws TrustError FILE_UNREADABLE if there is none; STORE_LOCKED, STORE_CORRUPT, BUNDLE_…, DOCUMENT_MALFORMED
 */
export async function runShow(options: ShowOptions, config: Config): Promise<void> {
  if (options.trust !== undefined && options.store !== undefined) {
    throw new UsageError('Give either --trust or --store, not both.');
  }
  const told =
    options.trust === undefined
      ? await fromStore(options.store ?? config.trustStore)
      : await fromBundle(options.trust);
  const summary = summaryOf(told, Date.now() / 1000);
  process.stdout.write(options.json === true ? `${printableJson(summary)}\n` : renderSummary(summary));
}

async function fromBundle(path: string): Promise<Told> {
  const text = await readBundleFile(path);
  if (text === undefined) throw new TrustError('FILE_UNREADABLE', `There is no trust bundle at ${path}.`);
  const { document, exporterKid } = await openBundle(text);
  return { document, exporter: exporterKid, anchored: false, imported: true, faults: [] };
}

async function fromStore(folder: string): Promise<Told> {
  const { document, anchored, bundle, imported, faults } = await exportedFrom(folder);
  const exporter = bundle?.exporterKid ?? (await readExporterKey(folder))?.kid ?? null;
  return { document, exporter, anchored, imported, faults };
}

/** The same for people. */
export function renderSummary(summary: TrustSummary): string {
  const { source, revocation, federation } = summary;
  const from =
    source.kind === 'chain'
      ? [
          `Trust data from registry ${source.registry} on chain ${source.chainId}.`,
          `  block      ${source.block.number} ${source.block.hash}`,
          `  head       ${source.head} after ${source.size} events`,
        ]
      : [`Trust data that is tied to no chain: ${cleanText(source.origin)}. For development only.`];
  const lines = [
    ...from,
    ...blockAgeLines(source, summary.takenAt),
    `  taken      ${moment(summary.takenAt)}, ${agoWords(summary)}`,
    `  exporter   ${summary.exporter ?? 'none yet'}${exporterWords(summary)}`,
    `  trusted    ${summary.issuers} issuers in ${summary.jurisdictions} jurisdictions, ${summary.keys} keys`,
    `  revocation data of ${revocation.held} keys held, of ${revocation.missing} missing, of ${revocation.invalid} wrong;`,
    ...(revocation.unchecked === 0
      ? []
      : [`             of ${revocation.unchecked} not looked into, since nobody vouches for it;`]),
    `             ${revocation.none} keys offer none`,
    ...federation.flatMap(jurisdictionLines),
    ...faultLines(summary.faults),
    ...successorLines(summary.successor),
  ];
  return `${lines.join('\n')}\n`;
}

function agoWords({ ageSeconds }: TrustSummary): string {
  return ageSeconds < 0 ? `which is ${-ageSeconds} s from now: some clock is wrong` : `${ageSeconds} s ago`;
}

function exporterWords({ imported, anchored, source }: TrustSummary): string {
  if (!imported) return '';
  if (anchored) return ', which is trusted here';
  return source.kind === 'chain'
    ? ', which is not trusted here: cards are undetermined unless --allow-unanchored is given'
    : '';
}
