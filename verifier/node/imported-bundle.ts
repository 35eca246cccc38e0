import { indexTrust } from '../pipeline/trust.ts';
import type { TrustDocument } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { openBundle } from './bundle.ts';

/** A bundle that a store took over, as it was signed: its exporter vouches for it at every start anew. */
export interface ImportedBundle {
  readonly text: string;
  /** Kid of the exporter that the operator chose to trust; null if none, and the data decides nothing by itself. */
  readonly pinnedExporter: string | null;
}

/** An imported bundle with what it says. */
export interface HeldBundle {
  readonly kind: 'imported';
  readonly bundle: ImportedBundle;
  readonly exporterKid: string;
  readonly document: TrustDocument;
  /** Taken from a chain by the exporter that was pinned. */
  readonly anchored: boolean;
}

/**
 * Open a bundle for a store: the signature holds, the parts add up, and the exporter is the pinned one if one is.
 *
 * @throws TrustError BUNDLE_MALFORMED, BUNDLE_SIGNATURE_INVALID, DOCUMENT_…, EXPORTER_NOT_PINNED
 */
export async function heldBundle(bundle: ImportedBundle): Promise<HeldBundle> {
  const { text, pinnedExporter } = bundle;
  const { document, exporterKid, pinned, anchored } = await openBundle(text, {
    exporter: pinnedExporter ?? undefined,
  });
  if (pinnedExporter !== null && !pinned) {
    throw new TrustError(
      'EXPORTER_NOT_PINNED',
      `The bundle was exported by ${exporterKid}, not by the exporter that is trusted here.`,
    );
  }
  indexTrust(document, { anchored, importKey: importEs256Key });
  return { kind: 'imported', bundle, exporterKid, document, anchored };
}
