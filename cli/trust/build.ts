import { signBundle } from '../../verifier/node/bundle.ts';
import { replaceFile } from '../../verifier/node/atomic-file.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { documentFromVciSnapshot } from '../../verifier/node/vci-snapshot.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { cleanText } from '../display.ts';
import type { BuildOptions } from '../trust.ts';
import { readJsonFile } from './json-file.ts';
import { withProgress } from './progress.ts';

/** What `trust build` tells of its bundle. */
interface BuildReport {
  readonly anchored: false;
  readonly issuers: number;
  readonly keys: number;
  readonly lists: number;
  readonly oddities: ReturnType<typeof documentFromVciSnapshot>['oddities'];
  readonly out: string;
}

/**
 * Build an unanchored bundle from a VCI snapshot and further CRLs and print what it holds and what was odd.
 *
 * It is signed by a key that is thrown away, against damage only: nobody can pin it, and it never counts as anchored.
 *
 * @throws TrustError FILE_UNREADABLE, DOCUMENT_MALFORMED
 */
export async function runBuild(options: BuildOptions): Promise<void> {
  const report = await withProgress('Building the bundle', () => build(options));
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : renderBuild(report));
}

async function build({ issuers, crl = [], out }: BuildOptions): Promise<BuildReport> {
  const [snapshot, ...crls] = await Promise.all([readJsonFile(issuers), ...crl.map(readJsonFile)]);
  const { document, oddities } = documentFromVciSnapshot(snapshot.json, crls, {
    origin: 'VCI snapshot',
    now: Date.now() / 1000,
  });
  try {
    await replaceFile(out, signBundle(document, oneTimeExporterKey()));
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The bundle cannot be written to ${out}.`);
  }
  const { length: lists } = document.lists;
  return {
    anchored: false,
    issuers: document.issuers.length,
    keys: document.keys.length,
    lists,
    oddities,
    out,
  };
}

function renderBuild(report: BuildReport): string {
  const lines = [
    `Built ${report.out}: ${report.issuers} issuers, ${report.keys} keys, ${report.lists} revocation lists.`,
    '  NOT ANCHORED: this bundle is tied to no chain. It is for development: verify says TRUST_UNANCHORED unless',
    '  told --allow-unanchored, and every decision made from it says so.',
    ...report.oddities.map(
      ({ code, of, kid, message }) =>
        `  ${code}  ${cleanText(of)}${kid === null ? '' : ` ${cleanText(kid)}`}: ${message}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
