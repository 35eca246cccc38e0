import { readCard, readLegacyVc, readVc } from '../../credential/credential.ts';
import type { Credential } from '../../credential/credential.ts';
import { MAX_CARD_BYTES } from '../../credential/deflate.ts';
import type { Inflate } from '../../credential/deflate.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { assertCardHeader, assertVcHeader, parseCompactJws } from '../../credential/jws.ts';
import type { UnverifiedJws, VerifiedJws } from '../../credential/jws.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';

/** What was shown: one compact JWS, and the scheme of the QR text if it came from one. */
export interface Evidence {
  readonly text: string;
  readonly scheme?: CardScheme | undefined;
}

/** The same once its text is parsed, so that whoever looked at the header first does not parse it twice. */
export interface ParsedEvidence {
  readonly jws: UnverifiedJws;
  readonly scheme?: undefined;
}

/** A credential whose outer form is sound and whose content nobody has vouched for. */
export interface UnverifiedEvidence {
  readonly stage: 'unverified';
  readonly kind: 'card' | 'vc+jwt' | 'vc-jwt';
  readonly scheme: CardScheme | undefined;
  /** RFC 7638 thumbprint of the key that is said to have signed. */
  readonly kid: string;
  /** The DID before the `#` of a VC's kid. */
  readonly did: string | undefined;
  readonly jws: UnverifiedJws;
}

/** Steps 1 and 2 of the verification order: the strict shape of the text, then the header. */
export function parseEvidence(evidence: Evidence | ParsedEvidence): UnverifiedEvidence {
  const jws = 'jws' in evidence ? evidence.jws : parseCompactJws(evidence.text);
  const common = { stage: 'unverified', scheme: evidence.scheme, jws } as const;
  if (jws.header.zip !== undefined || evidence.scheme !== undefined || !jws.header.kid.includes('#')) {
    assertCardHeader(jws.header);
    return { ...common, kind: 'card', kid: jws.header.kid, did: undefined };
  }
  const { form, did, thumbprint } = assertVcHeader(jws.header);
  if (jws.payload.length > MAX_CARD_BYTES) {
    throw new FormatError('TOO_LARGE', 'The credential is larger than 256 KiB.');
  }
  return { ...common, kind: form, kid: thumbprint, did };
}

/**
 * Steps 5 and 6: inflate, capped, and read as strict JSON. Only a verified JWS gets this far: nothing unsigned is
 * ever inflated.
 */
export function readEvidence(
  evidence: UnverifiedEvidence,
  verified: VerifiedJws,
  inflate: Inflate,
): Credential {
  const bytes = evidence.kind === 'card' ? inflate(verified.payload, MAX_CARD_BYTES) : verified.payload;
  const json = parseJson(decodeUtf8(bytes));
  const credential = READERS[evidence.kind](json);
  // A reader of one scheme must not be shown a card of the other: a Pass is no health card.
  if (evidence.scheme !== undefined && credential.form !== FORM_OF_SCHEME[evidence.scheme]) {
    throw new FormatError('MALFORMED', 'The QR code announces another kind of card than it holds.');
  }
  return credential;
}

const READERS = { card: readCard, 'vc+jwt': readVc, 'vc-jwt': readLegacyVc } as const;
const FORM_OF_SCHEME = { shc: 'health-card', pratique: 'pass' } as const;
