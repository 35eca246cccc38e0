import { openBundle } from '../../verifier/node/bundle.ts';
import { readExporterKey } from '../../verifier/node/exporter-key.ts';
import { readBundleFile } from '../../verifier/node/load-trust.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import { UsageError } from '../exit.ts';
import type { ShowOptions } from '../trust.ts';
import { jurisdictionLines, moment, successorLines } from './federation-words.ts';
import { summaryOf } from './summary.ts';
import type { TrustSummary } from './summary.ts';

/**
 * Print where trust data is from, how old it is, what it holds, and what each jurisdiction says.
 *
 * @throws TrustError FILE_UNREADABLE if there is none; STORE_LOCKED, STORE_CORRUPT, BUNDLE_…, DOCUMENT_MALFORMED
 */
export async function runShow(options: ShowOptions, config: Config): Promise<void> {
  if (options.trust !== undefined && options.store !== undefined) {
    throw new UsageError('Give either --trust or --store, not both.');
  }
  const { document, exporter } =
    options.trust === undefined
      ? await fromStore(options.store ?? config.trustStore)
      : await fromBundle(options.trust);
  const summary = summaryOf(document, exporter, Date.now() / 1000);
  process.stdout.write(options.json === true ? `${printableJson(summary)}\n` : renderSummary(summary));
}

interface Shown {
  readonly document: TrustDocument;
  readonly exporter: string | null;
}

async function fromBundle(path: string): Promise<Shown> {
  const text = await readBundleFile(path);
  if (text === undefined) throw new TrustError('FILE_UNREADABLE', `There is no trust bundle at ${path}.`);
  const { document, exporterKid } = await openBundle(text);
  return { document, exporter: exporterKid };
}

async function fromStore(folder: string): Promise<Shown> {
  const { openHeldTrust } = await import('../../verifier/node/trust-store.ts');
  const store = await openHeldTrust(folder);
  const document = store?.document();
  await store?.close();
  if (document === undefined) {
    throw new TrustError(
      'FILE_UNREADABLE',
      `There is no trust data in ${folder}: run pratique trust sync first.`,
    );
  }
  return { document, exporter: (await readExporterKey(folder))?.kid ?? null };
}

function renderSummary(summary: TrustSummary): string {
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
    `  taken      ${moment(summary.takenAt)}, ${summary.ageSeconds} s ago`,
    `  exporter   ${summary.exporter ?? 'none yet'}`,
    `  trusted    ${summary.issuers} issuers in ${summary.jurisdictions} jurisdictions, ${summary.keys} keys`,
    `  revocation data of ${revocation.held} keys held, of ${revocation.missing} missing, of ${revocation.invalid} wrong;`,
    `             ${revocation.none} keys offer none`,
    ...federation.flatMap(jurisdictionLines),
    ...successorLines(summary.successor),
  ];
  return `${lines.join('\n')}\n`;
}
