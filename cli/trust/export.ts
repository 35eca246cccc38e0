import { replaceFile } from '../../verifier/node/atomic-file.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import type { HeldBundle } from '../../verifier/node/imported-bundle.ts';
import type { TrustState } from '../../verifier/node/trust-state.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import type { ExportForm, ExportOptions } from '../trust.ts';

/** The store that is exported. */
interface Exported {
  readonly folder: string;
  readonly held: TrustState | undefined;
  readonly imported: HeldBundle | undefined;
}

/** What each form is made of; a new form is a row. */
const FORMS: Readonly<Record<ExportForm, (document: TrustDocument, store: Exported) => Promise<string>>> = {
  // What another vouches for is passed on as it was signed: to sign it here would make it this machine's word.
  bundle: async (document, { imported, folder }) =>
    imported?.bundle.text ?? signBundle(document, await exporterKeyOf(folder)),
  log: async ({ source }, { held }) => {
    if (held === undefined) {
      throw new TrustError('FILE_UNREADABLE', 'A store that took a bundle over does not hold the log.');
    }
    return Promise.resolve(json({ source, logs: held.logs }));
  },
  'vci-snapshot': async (document) => {
    const { vciSnapshotOf } = await import('../../verifier/node/vci-export.ts');
    return json(vciSnapshotOf(document));
  },
  'did-documents': async (document) => {
    const { didDocuments, registryView } = await import('../../agent/registry-resolver.ts');
    return json([...didDocuments(registryView(document)).values()]);
  },
};

/**
 * `pratique trust export`: what a store holds as one file, for venues without a network and for other verifiers.
 *
 * @throws TrustError FILE_UNREADABLE if nothing is held, or the file cannot be written; those of `openHeldTrust`
 */
export async function runExport(out: string, options: ExportOptions, config: Config): Promise<void> {
  const folder = options.store ?? config.trustStore;
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
  const [held, imported] = [store?.held(), store?.imported()];
  if (options.as !== 'bundle' && store?.anchored() !== true && options.allowUnanchored !== true) {
    throw new TrustError(
      'EXPORTER_NOT_PINNED',
      'Nobody ties this trust data to a chain, and this form would not say so. Give --allow-unanchored if you know what for.',
    );
  }
  const text = await FORMS[options.as](document, { folder, held, imported });
  try {
    await replaceFile(out, text);
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The file cannot be written to ${out}.`);
  }
  const kid = imported?.exporterKid ?? (await exporterKeyOf(folder)).kid;
  const { issuers, keys, lists } = document;
  const counts = { issuers: issuers.length, keys: keys.length, lists: lists.length };
  const exporter = options.as === 'bundle' ? kid : null;
  process.stdout.write(
    options.json === true
      ? `${printableJson({ out, as: options.as, exporter, ...counts }, 0)}\n`
      : `Wrote ${out}: ${counts.issuers} issuers, ${counts.keys} keys, ${counts.lists} revocation lists.\n` +
          (exporter === null ? '' : `  Whoever is to believe it pins its exporter: --exporter ${exporter}\n`),
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
