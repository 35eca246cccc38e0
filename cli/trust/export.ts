import { replaceFile } from '../../verifier/node/atomic-file.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import type { ExportForm, ExportOptions } from '../trust.ts';
import { exportedFrom } from './exported.ts';
import type { Exported } from './exported.ts';

/** What each form is made of; a new form is a row. */
const FORMS: Readonly<Record<ExportForm, (exported: Exported) => Promise<string>>> = {
  // What another vouches for is passed on as it was signed: to sign it here would make it this machine's word.
  bundle: async ({ document, bundle, folder }) =>
    bundle?.text ?? signBundle(document, await exporterKeyOf(folder)),
  log: async ({ document: { source }, logs }) => {
    if (logs === undefined) {
      throw new TrustError(
        'FILE_UNREADABLE',
        'The log is not at hand: the store took a bundle over, or a verifier runs on it and serves it at /trust/log.',
      );
    }
    return Promise.resolve(json({ source, logs }));
  },
  'vci-snapshot': async ({ document }) => {
    const { vciSnapshotOf } = await import('../../verifier/node/vci-export.ts');
    return json(vciSnapshotOf(document));
  },
  'did-documents': async ({ document }) => {
    const { didDocuments, registryView } = await import('../../agent/registry-resolver.ts');
    return json([...didDocuments(registryView(document)).values()]);
  },
};

/**
 * `pratique trust export`: what a store holds as one file, for venues without a network and for other verifiers.
 *
 * @throws TrustError FILE_UNREADABLE if nothing is held, or the file cannot be written; EXPORTER_NOT_PINNED if it is
 * tied to no chain and the form would not say so; those of `openHeldTrust`
 */
export async function runExport(out: string, options: ExportOptions, config: Config): Promise<void> {
  const exported = await exportedFrom(options.store ?? config.trustStore);
  if (options.as !== 'bundle' && !exported.anchored && options.allowUnanchored !== true) {
    throw new TrustError(
      'EXPORTER_NOT_PINNED',
      'Nobody ties this trust data to a chain, and this form would not say so. Give --allow-unanchored if you know what for.',
    );
  }
  const text = await FORMS[options.as](exported);
  try {
    await replaceFile(out, text);
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The file cannot be written to ${out}.`);
  }
  const { document, bundle, folder } = exported;
  const kid = bundle?.exporterKid ?? (await exporterKeyOf(folder)).kid;
  const counts = {
    issuers: document.issuers.length,
    keys: document.keys.length,
    lists: document.lists.length,
  };
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
