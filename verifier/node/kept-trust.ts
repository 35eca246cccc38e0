import { stat } from 'node:fs/promises';
import { importEs256Key } from '../../credential/es256-node.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { withRuleFiles } from '../pipeline/rules/rule-files.ts';
import { indexTrust } from '../pipeline/trust.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import { heldBundle } from './imported-bundle.ts';
import type { HeldBundle } from './imported-bundle.ts';
import { readBundleFile } from './load-trust.ts';
import { shippedTexts } from './shipped-rules.ts';
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

/** What is kept, with the rules that come with the program, in the shape that verifying reads; `invalid` if its parts do not add up. */
export function indexKept(kept: KeptTrust): Trust | NoTrust {
  const document = kept.document();
  if (document === undefined) return kept.nothing;
  try {
    return indexTrust(withRuleFiles(document, shippedTexts()), {
      anchored: kept.anchored(),
      importKey: importEs256Key,
    });
  } catch (error) {
    if (error instanceof TrustError) return 'invalid';
    throw error;
  }
}

/** Keep trust data in a store that is open. */
export function keepStore(store: TrustStore, folder: string): KeptTrust {
  return { ...store, nothing: 'missing', folder, pinned: null };
}

/** A bundle in memory, of a file that may be replaced while the node runs. */
export interface KeptBundle extends KeptTrust {
  /**
   * Take the file anew if it is another than it was; answers whether it was taken.
   *
   * @throws TrustError FILE_UNREADABLE, also if it is not there; those of `putBundle`, again and again until the file is
   * another. What is held stays.
   */
  readonly reread: (now: number) => Promise<boolean>;
}

/** What another day, or another owner of the file, may put right without its being written anew. */
const PASSING: ReadonlySet<string> = new Set(['FILE_UNREADABLE', 'BUNDLE_FROM_THE_FUTURE']);

/** Of a pipe: it gives what it has once, and whoever opened it again would wait for ever. */
const NO_FILE = 'no file';

/**
 * Keep a bundle in memory: what comes after it is held to the same order as in a store, until the process ends.
 *
 * @param exporter kid that must have signed it for it to count as anchored
 * @param now Unix seconds
 */
export async function keepBundle(
  path: string,
  exporter: string | undefined,
  now: number,
): Promise<KeptBundle> {
  let current: HeldBundle | undefined;
  let nothing: NoTrust = 'missing';
  /** The file as it was last read to the end, and why it was refused if it was. */
  let settled: { readonly stamp: string | undefined; readonly refusal?: TrustError } | undefined;

  const hold = (next: HeldBundle, at: number): HeldBundle => {
    assertNotFromTheFuture(next, at);
    assertBundleMayFollow(next, current, undefined);
    current = next;
    return next;
  };
  const take = async (at: number, open: (text: string) => Promise<HeldBundle>): Promise<boolean> => {
    // Before it is read: what is written meanwhile is another file.
    const stamp = await stampOf(path);
    if (stamp !== undefined && stamp === settled?.stamp) {
      if (settled.refusal !== undefined) throw settled.refusal;
      return false;
    }
    try {
      nothing = 'invalid';
      const text = await readBundleFile(path);
      if (text === undefined) {
        nothing = 'missing';
        throw new TrustError('FILE_UNREADABLE', 'The trust bundle is not there.');
      }
      hold(await open(text), at);
      settled = { stamp };
      return true;
    } catch (error) {
      if (error instanceof TrustError && (stamp === NO_FILE || !PASSING.has(error.code))) {
        settled = { stamp, refusal: error };
      }
      throw error;
    }
  };

  try {
    await take(now, async (text) => ofExporter(text, exporter));
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
  }
  return {
    get nothing() {
      return nothing;
    },
    folder: undefined,
    pinned: exporter ?? null,
    document: () => current?.document,
    anchored: () => current?.anchored ?? false,
    imported: () => current,
    held: () => undefined,
    putBundle: async (bundle, at) => hold(await heldBundle(bundle), at),
    reread: async (at) =>
      take(at, async (text) => {
        // Who was pinned once stays pinned.
        const pinnedExporter = current?.bundle.pinnedExporter ?? exporter ?? null;
        return heldBundle({ text, pinnedExporter });
      }),
    close: async () => Promise.resolve(),
  };
}

/** What tells one state of a file from another; undefined if that cannot be told. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const about = await stat(path, { bigint: true });
    return about.isFile() ? `${about.mtimeNs}/${about.size}` : NO_FILE;
  } catch {
    return undefined;
  }
}

/** A bundle of another than the exporter that was named is held on nobody's word, as `verify --trust` holds it. */
async function ofExporter(text: string, exporter: string | undefined): Promise<HeldBundle> {
  const held = await heldBundle({ text, pinnedExporter: null });
  return exporter === held.exporterKid ? heldBundle({ text, pinnedExporter: exporter }) : held;
}
