import type { EndpointFault } from '../../verifier/node/endpoint-fault.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';

/** What a trust store has to give. */
export interface Exported {
  readonly folder: string;
  readonly document: TrustDocument;
  /** Whether it is tied to a chain: by this machine, or by an exporter that was pinned. */
  readonly anchored: boolean;
  /** Undefined where the log is not at hand. */
  readonly logs: readonly RawLog[] | undefined;
  /** The bundle as somebody signed it already; undefined if this store has to. */
  readonly bundle: { readonly text: string; readonly exporterKid: string } | undefined;
  /** Whether it came as another's bundle. */
  readonly imported: boolean;
  /** Endpoints that the last sync did not count. */
  readonly faults: readonly EndpointFault[];
}

/**
 * What the store of a folder holds; if a verifier runs on it, as that tells.
 *
 * @throws TrustError FILE_UNREADABLE if nothing is held; those of `openHeldTrust` and `askServer`
 */
export async function exportedFrom(folder: string): Promise<Exported> {
  const exported = await fromStore(folder);
  if (exported !== undefined) return exported;
  throw new TrustError(
    'FILE_UNREADABLE',
    `There is no trust data in ${folder}: run pratique trust sync first.`,
  );
}

async function fromStore(folder: string): Promise<Exported | undefined> {
  const { openHeldTrust } = await import('../../verifier/node/trust-store.ts');
  try {
    const store = await openHeldTrust(folder);
    await store?.close();
    const document = store?.document();
    if (store === undefined || document === undefined) return undefined;
    const imported = store.imported();
    const bundle = imported && { text: imported.bundle.text, exporterKid: imported.exporterKid };
    const held = store.held();
    return {
      folder,
      document,
      anchored: store.anchored(),
      logs: held?.logs,
      bundle,
      imported: imported !== undefined,
      faults: held?.faults ?? [],
    };
  } catch (error) {
    if (error instanceof TrustError && error.code === 'STORE_LOCKED') return fromServer(folder);
    throw error;
  }
}

async function fromServer(folder: string): Promise<Exported | undefined> {
  const { askServer } = await import('../../verifier/node/running-server.ts');
  const asked = await askServer(folder);
  if (asked === undefined) return undefined;
  const { document, exporterKid, anchored, text } = asked;
  const bundle = { text, exporterKid };
  return { folder, document, anchored, logs: undefined, bundle, imported: false, faults: [] };
}
