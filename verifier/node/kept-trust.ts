import { importEs256Key } from '../../credential/es256-node.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { indexTrust } from '../pipeline/trust.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import { heldBundle } from './imported-bundle.ts';
import type { HeldBundle } from './imported-bundle.ts';
import { readBundleFile } from './load-trust.ts';
import { assertBundleMayFollow, assertNotFromTheFuture } from './store-order.ts';
import type { TrustStore } from './trust-store.ts';

/** What a venue's trust data is kept in: a store, or, of a bundle alone, this process. */
export type KeptTrust = Pick<
  TrustStore,
  'document' | 'anchored' | 'imported' | 'held' | 'putBundle' | 'close'
> & {
  /** What it means that nothing is held. */
  readonly nothing: NoTrust;
  /** Where a key of its own lies that this machine vouches with; undefined if nothing lies on disk. */
  readonly folder: string | undefined;
  /** Kid of the exporter that the operator named for whatever bundle comes; null if none. */
  readonly pinned: string | null;
};

/** What is kept, in the shape that verifying reads; `invalid` if its parts do not add up. */
export function indexKept(kept: KeptTrust): Trust | NoTrust {
  const document = kept.document();
  if (document === undefined) return kept.nothing;
  try {
    return indexTrust(document, { anchored: kept.anchored(), importKey: importEs256Key });
  } catch (error) {
    if (error instanceof TrustError) return 'invalid';
    throw error;
  }
}

/** Keep trust data in a store that is open. */
export function keepStore(store: TrustStore, folder: string): KeptTrust {
  return { ...store, nothing: 'missing', folder, pinned: null };
}

/**
 * Keep a bundle in memory: what comes after it is held to the same order as in a store, until the process ends.
 *
 * @param exporter kid that must have signed it for it to count as anchored
 */
export async function keepBundle(path: string, exporter: string | undefined): Promise<KeptTrust> {
  let current: HeldBundle | undefined;
  let nothing: NoTrust = 'missing';
  try {
    const text = await readBundleFile(path);
    if (text !== undefined) current = await ofExporter(text, exporter);
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    nothing = 'invalid';
  }
  return {
    nothing,
    folder: undefined,
    pinned: exporter ?? null,
    document: () => current?.document,
    anchored: () => current?.anchored ?? false,
    imported: () => current,
    held: () => undefined,
    putBundle: async (bundle, now) => {
      const next = await heldBundle(bundle);
      assertNotFromTheFuture(next, now);
      assertBundleMayFollow(next, current, undefined);
      current = next;
      return next;
    },
    close: async () => Promise.resolve(),
  };
}

/** A bundle of another than the exporter that was named is held on nobody's word, as `verify --trust` holds it. */
async function ofExporter(text: string, exporter: string | undefined): Promise<HeldBundle> {
  const held = await heldBundle({ text, pinnedExporter: null });
  return exporter === held.exporterKid ? heldBundle({ text, pinnedExporter: exporter }) : held;
}
