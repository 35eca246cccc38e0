import { importEs256Key } from '../../credential/es256-node.ts';
import { encodeCompactJws } from '../../credential/jws.ts';
import { bundleSigningInput, openTrustBundle } from '../pipeline/trust-bundle.ts';
import type { OpenedBundle } from '../pipeline/trust-bundle.ts';
import type { TrustDocument } from '../pipeline/trust-document.ts';
import type { ExporterKey } from './exporter-key.ts';

const encoder = new TextEncoder();

/** Sign a trust document as one file: a compact JWS by the exporter's P-256 key, which it carries (RFC 7515). */
export function signBundle(document: TrustDocument, exporter: ExporterKey): string {
  const { kid, x, y } = exporter;
  const input = bundleSigningInput(kid, encoder.encode(JSON.stringify({ exporter: { x, y }, document })));
  return encodeCompactJws(input, exporter.sign(encoder.encode(input)));
}

/**
 * Open a trust bundle with this platform's ES256.
 *
 * @throws TrustError as `openTrustBundle`
 */
export async function openBundle(
  text: string,
  pin: { readonly exporter?: string | undefined } = {},
): Promise<OpenedBundle> {
  return openTrustBundle(text, pin, importEs256Key);
}
