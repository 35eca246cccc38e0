import { importEs256Key } from '../../credential/es256-node.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { withRuleFiles } from '../pipeline/rules/rule-files.ts';
import { indexTrust } from '../pipeline/trust.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import { openBundle } from './bundle.ts';
import { MAX_BUNDLE_BYTES } from '../pipeline/trust-bundle.ts';
import type { OpenedBundle } from '../pipeline/trust-bundle.ts';
import { readFileUpTo } from './read-file.ts';

/** Where trust data is to come from: a bundle, or a store that was synced here or took a bundle over. */
export type TrustLocation =
  { readonly bundle: string; readonly exporter?: string | undefined } | { readonly store: string };

/**
 * Load trust data for verifying: `missing` if it is not there, `invalid` if it does not hold.
 *
 * A bundle counts as anchored only if it was taken from a chain and its exporter is the one named; a store was
 * compared with the chain by this machine, or holds a bundle of which the same is true.
 *
 * A store that a running server holds is asked of that server.
 *
 * @param ruleFiles texts of rule sets and value sets that are at hand besides those in the trust data
 * @throws TrustError STORE_LOCKED if whoever holds it does not answer, since the data may be sound
 */
export async function loadTrust(
  location: TrustLocation,
  ruleFiles: readonly string[] = [],
): Promise<Trust | NoTrust> {
  try {
    const held = 'bundle' in location ? await fromBundle(location) : await fromStore(location.store);
    if (typeof held === 'string') return held;
    return indexTrust(withRuleFiles(held.document, ruleFiles), {
      anchored: held.anchored,
      importKey: importEs256Key,
    });
  } catch (error) {
    if (error instanceof TrustError && error.code !== 'STORE_LOCKED') return 'invalid';
    throw error;
  }
}

/**
 * The text of a bundle file; undefined if there is none.
 *
 * @throws TrustError FILE_UNREADABLE, BUNDLE_MALFORMED if it is larger than a bundle
 */
export async function readBundleFile(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFileUpTo(path, MAX_BUNDLE_BYTES);
    if (bytes === 'too-large') {
      throw new TrustError('BUNDLE_MALFORMED', 'The trust bundle is larger than 64 MB.');
    }
    // A bundle is ASCII; what is not stays as it is and is refused when it is opened.
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  } catch (error) {
    if (error instanceof TrustError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TrustError('FILE_UNREADABLE', 'The trust bundle cannot be read.');
  }
}

/** What was read, not yet made fit for looking things up. */
type Loaded = Pick<OpenedBundle, 'document' | 'anchored'> | 'missing';

async function fromBundle(location: { bundle: string; exporter?: string | undefined }): Promise<Loaded> {
  const text = await readBundleFile(location.bundle);
  if (text === undefined) return 'missing';
  return openBundle(text, { exporter: location.exporter });
}

/** The store brings LevelDB and the replaying of logs with it; who verifies by a bundle does without. */
async function fromStore(folder: string): Promise<Loaded> {
  const { openHeldTrust } = await import('./trust-store.ts');
  const store = await openHeldTrust(folder).catch((error: unknown) => {
    if (error instanceof TrustError && error.code === 'STORE_LOCKED') return 'locked' as const;
    throw error;
  });
  if (store === undefined) return 'missing';
  if (store === 'locked') return fromServer(folder);
  try {
    const document = store.document();
    return document === undefined ? 'missing' : { document, anchored: store.anchored() };
  } finally {
    await store.close();
  }
}

async function fromServer(folder: string): Promise<Loaded> {
  const { askServer } = await import('./running-server.ts');
  const opened = await askServer(folder);
  return opened ?? 'missing';
}
