import { decodeBase64url } from '../../credential/base64url.ts';
import type { ImportEs256Key } from '../../credential/es256.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { thumbprint } from '../../credential/jwk.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { encodeSigningInput } from '../../credential/jws.ts';
import { readTrustDocument } from './trust-document-reader.ts';
import type { TrustDocument } from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** A bundle whose signature holds: by whom, and whether the operator chose to believe that exporter. */
export interface OpenedBundle {
  readonly document: TrustDocument;
  readonly exporterKid: string;
  /** The key behind it. */
  readonly exporterKey: P256Coordinates;
  readonly pinned: boolean;
  /** Whether decisions may rest on it: taken from a chain, by the exporter that was pinned. */
  readonly anchored: boolean;
}

/** RFC 7515 section 4.1.9: what the JWS is, so that it passes for nothing else signed with the same key. */
const TYPE = 'pratique-trust+jws';
/** Room for the status lists of tens of millions of cards, and a bound on what a hostile file makes us read. */
export const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

const encoder = new TextEncoder();

/**
 * Open a trust bundle: its signature must be that of the exporter it names, who is nobody until pinned.
 *
 * @param pin.exporter kid of the exporter that the operator trusts
 * @param importKey ES256 of the platform, for the exporter's key
 * @throws TrustError BUNDLE_MALFORMED, BUNDLE_SIGNATURE_INVALID, or DOCUMENT_MALFORMED from behind a good signature
 */
export async function openTrustBundle(
  text: string,
  pin: { readonly exporter?: string | undefined },
  importKey: ImportEs256Key,
): Promise<OpenedBundle> {
  if (text.length > MAX_BUNDLE_BYTES) throw malformed('The trust bundle is larger than 64 MB.');
  try {
    const { kid, exporter, document } = await verifiedPayload(text, importKey);
    const read = readTrustDocument(document);
    const pinned = kid === pin.exporter;
    const anchored = pinned && read.source.kind === 'chain';
    return { document: read, exporterKid: kid, exporterKey: exporter, pinned, anchored };
  } catch (error) {
    if (error instanceof FormatError) throw malformed('The file is not a trust bundle, or it is damaged.');
    throw error;
  }
}

/** The card's parser is not for bundles: it stops at the size of a card. Here the header has one spelling only. */
async function verifiedPayload(
  text: string,
  importKey: ImportEs256Key,
): Promise<{ kid: string; exporter: P256Coordinates; document: unknown }> {
  const parts = text.split('.', 4);
  const [, payloadText, signatureText] = parts;
  if (parts.length !== 3 || payloadText === undefined || signatureText === undefined) {
    throw malformed('The file is not a trust bundle.');
  }
  const payload = decodeBase64url(payloadText);
  const { exporter, document } = payloadOf(parseJson(decodeUtf8(payload)));
  const kid = thumbprint(exporter);
  const input = bundleSigningInput(kid, payload);
  if (!text.startsWith(`${input}.`)) {
    throw malformed('The header of the trust bundle is not the one that its exporter writes.');
  }
  const verify = await importKey(exporter);
  if (!(await verify(encoder.encode(input), decodeBase64url(signatureText)))) {
    throw new TrustError(
      'BUNDLE_SIGNATURE_INVALID',
      'The signature of the trust bundle does not hold: it was changed.',
    );
  }
  return { kid, exporter, document };
}

/** What the exporter of that kid signs for a payload: the header has one spelling. */
export function bundleSigningInput(kid: string, payload: Uint8Array): string {
  return encodeSigningInput({ alg: 'ES256', typ: TYPE, kid }, payload);
}

function payloadOf(json: unknown): { exporter: P256Coordinates; document: unknown } {
  if (isJsonObject(json) && Object.keys(json).length === 2 && isJsonObject(json['exporter'])) {
    const { x, y } = json['exporter'];
    if (typeof x === 'string' && typeof y === 'string' && Object.hasOwn(json, 'document')) {
      return { exporter: { x, y }, document: json['document'] };
    }
  }
  throw malformed('The trust bundle does not say who exported it.');
}

function malformed(message: string): TrustError {
  return new TrustError('BUNDLE_MALFORMED', message);
}
