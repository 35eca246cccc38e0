import { importEs256Key } from '../../credential/es256-node.ts';
import { openBundle } from '../../verifier/node/bundle.ts';
import { readExporterKey } from '../../verifier/node/exporter-key.ts';
import { readBundleFile } from '../../verifier/node/load-trust.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { KeyStatus } from '../../verifier/pipeline/status-data.ts';
import type { Config } from '../config.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import type { ShowOptions } from '../trust.ts';

/** What `trust show` tells. */
interface TrustSummary {
  readonly source: TrustDocument['source'];
  readonly takenAt: number;
  readonly ageSeconds: number;
  /** Kid of the key that signed the bundle, or that signs this store's exports; null before the first sync. */
  readonly exporter: string | null;
  readonly jurisdictions: number;
  readonly issuers: number;
  readonly keys: number;
  /** Of how many keys revocation data is held, lacking, or not what was anchored; or none is offered. */
  readonly revocation: {
    readonly held: number;
    readonly missing: number;
    readonly invalid: number;
    readonly none: number;
  };
}

/**
 * Print where trust data is from, how old it is and what it holds.
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
  process.stdout.write(options.json === true ? `${JSON.stringify(summary)}\n` : renderSummary(summary));
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

function summaryOf(document: TrustDocument, exporter: string | null, now: number): TrustSummary {
  const trust = indexTrust(document, { anchored: false, importKey: importEs256Key });
  const kids = new Set(document.keys.map(({ kid }) => kid));
  const statuses = [...kids].flatMap((kid) => trust.entriesOf(kid).map(({ status }) => status.kind));
  const count = (...kinds: KeyStatus['kind'][]): number =>
    statuses.filter((kind) => kinds.includes(kind)).length;
  return {
    source: document.source,
    takenAt: document.takenAt,
    ageSeconds: Math.max(0, Math.floor(now - document.takenAt)),
    exporter,
    jurisdictions: document.jurisdictions.length,
    issuers: document.issuers.length,
    keys: document.keys.length,
    revocation: {
      held: count('bits', 'rids'),
      missing: count('missing'),
      invalid: count('invalid'),
      none: count('none'),
    },
  };
}

function renderSummary(summary: TrustSummary): string {
  const { source, revocation } = summary;
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
    `  taken      ${new Date(summary.takenAt * 1000).toISOString()}, ${summary.ageSeconds} s ago`,
    `  exporter   ${summary.exporter ?? 'none yet'}`,
    `  trusted    ${summary.issuers} issuers in ${summary.jurisdictions} jurisdictions, ${summary.keys} keys`,
    `  revocation data of ${revocation.held} keys held, of ${revocation.missing} missing, of ${revocation.invalid} wrong;`,
    `             ${revocation.none} keys offer none`,
  ];
  return `${lines.join('\n')}\n`;
}
