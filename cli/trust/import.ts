import { MAX_BUNDLE_BYTES } from '../../verifier/pipeline/trust-bundle.ts';
import { fetchFile } from '../../verifier/node/fetch-file.ts';
import { readBundleFile } from '../../verifier/node/load-trust.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { printableJson } from '../display.ts';
import type { ImportOptions } from '../trust.ts';
import { renderSummary } from './show.ts';
import { summaryOf } from './summary.ts';
import { setAsideLines } from './federation-words.ts';

const TIMEOUT_MS = 30_000;

/**
 * `pratique trust import`: hold a bundle in a trust store, as it was signed. The exporter that was pinned once stays
 * pinned; nothing older than what is held comes in.
 *
 * @throws TrustError FILE_UNREADABLE, and those of `openTrustStore` and `putBundle`; the store is then as it was
 */
export async function runImport(path: string, options: ImportOptions, config: Config): Promise<void> {
  const text = /^https?:\/\//i.test(path) ? await fetchBundle(path) : await readBundleFile(path);
  if (text === undefined) throw new TrustError('FILE_UNREADABLE', `There is no trust bundle at ${path}.`);
  const folder = options.store ?? config.trustStore;
  const store = await openTrustStore(folder, { repair: true });
  try {
    const pinnedExporter =
      options.exporter ?? store.imported()?.bundle.pinnedExporter ?? store.floor()?.exporter ?? null;
    const now = Date.now() / 1000;
    const { document, exporterKid } = await store.putBundle({ text, pinnedExporter }, now);
    const anchored = store.anchored();
    const summary = summaryOf({ document, anchored, exporter: exporterKid, imported: true, faults: [] }, now);
    process.stdout.write(
      options.json === true
        ? `${printableJson({ ...summary, setAside: store.setAside, store: folder }, 0)}\n`
        : [...setAsideLines(store), renderSummary(summary)].join('\n'),
    );
  } finally {
    await store.close();
  }
}

/** From another verifier, `GET /trust/bundle`; its signature says whose it is, whoever gave it. */
async function fetchBundle(url: string): Promise<string | undefined> {
  const limits = { maxBytes: MAX_BUNDLE_BYTES, timeoutMs: TIMEOUT_MS };
  const fetched = await fetchFile(url, limits).catch(() => 'refused' as const);
  if (fetched === 'absent') return undefined;
  if (typeof fetched === 'string') {
    throw new TrustError(
      fetched === 'too-large' ? 'BUNDLE_MALFORMED' : 'FILE_UNREADABLE',
      'The other verifier does not give a trust bundle.',
    );
  }
  return Buffer.from(fetched.bytes).toString('latin1');
}
