import { signBundle } from './bundle.ts';
import { exporterKeyOf, readExporterKey } from './exporter-key.ts';
import type { ExporterKey } from './exporter-key.ts';
import type { KeptTrust } from './kept-trust.ts';

/** What is kept as one file for another venue. */
export interface OwnBundle {
  /**
   * Signed when first asked for, and once; undefined while there is nothing.
   *
   * @throws TrustError FILE_UNREADABLE if the exporter's key cannot be read
   */
  readonly text: () => Promise<string | undefined>;
  /** Kid of who vouches for it; null as long as there is no key. */
  readonly exporter: () => string | null;
  /** Have the key made, once there is something to vouch for; a key that cannot be read stays null. */
  readonly makeKey: () => Promise<void>;
}

/** What another vouches for is passed on as it was signed: to sign it here would make it this node's word. */
export async function ownBundle(kept: KeptTrust): Promise<OwnBundle> {
  const { folder } = kept;
  let exporter = folder === undefined ? null : await kidOf(readExporterKey(folder));
  let signed: { readonly document: unknown; readonly text: Promise<string> } | undefined;
  return {
    exporter: () => kept.imported()?.exporterKid ?? exporter,
    makeKey: async () => {
      if (folder === undefined || exporter !== null || kept.held() === undefined) return;
      exporter = await kidOf(exporterKeyOf(folder));
    },
    text: async () => {
      const [document, imported] = [kept.document(), kept.imported()];
      if (imported !== undefined) return imported.bundle.text;
      if (document === undefined || folder === undefined) return undefined;
      if (signed?.document !== document)
        signed = { document, text: exporterKeyOf(folder).then((key) => signBundle(document, key)) };
      const asked = signed;
      try {
        return await asked.text;
      } catch (error) {
        // The key may be readable the next time.
        if (signed === asked) signed = undefined;
        throw error;
      }
    },
  };
}

/** A key that cannot be read keeps nobody from verifying. */
async function kidOf(key: Promise<ExporterKey | undefined>): Promise<string | null> {
  try {
    return (await key)?.kid ?? null;
  } catch {
    return null;
  }
}
