import { FormatError } from './errors.ts';
import { parseSeconds, parseTypes } from './health-card.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import { mediaType, parseCompactJws, type JwsHeader } from './jws.ts';
import { LEGACY_VC_CONTEXT, VC_CONTEXT } from './verifiable-credential.ts';

/** `vp+jwt` (VC-JOSE-COSE §3.1.2), or the `vp` claim of a JWT (VCDM 1.1 §6.3.1). */
export type PresentationForm = 'vp+jwt' | 'vp-jwt';

/** A credential inside a presentation: its compact JWS, unread, or that it is of a kind not read here. */
export type PresentedCredential = { readonly text: string } | { readonly code: 'UNSUPPORTED_FORMAT' };

/** What a presentation says, in either form; nothing of it is proved. Times in seconds since 1970. */
export interface Presentation {
  readonly holder: string | undefined;
  /** The verifier's challenge, signed back. */
  readonly nonce: string | undefined;
  /** The verifier it is for; undefined also if it is for several. */
  readonly audience: string | undefined;
  readonly iat: number | undefined;
  readonly nbf: number | undefined;
  readonly exp: number | undefined;
  /** 1 to `MAX_PRESENTED`, in their order. */
  readonly credentials: readonly PresentedCredential[];
}

/** A person shows a handful; each costs the verifier a signature. */
export const MAX_PRESENTED = 10;

const VP_TYPE = 'VerifiablePresentation';
const ENVELOPE_TYPE = 'EnvelopedVerifiableCredential';
/** VCDM 2.0 §4.13.1: by the media type of what is enveloped; a Pass in its QR form is a JWS of no type of its own. */
const VC_ENVELOPE = 'data:application/vc+jwt,';
const JWS_ENVELOPE = 'data:application/jose,';

/**
 * The form of presentation that a header announces; undefined for any other token.
 *
 * A VCDM 1.1 JWT does not tell what it holds. Credentials here come from did:web alone, so a key of another DID is a
 * holder's.
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT for another `cty`
 */
export function presentationForm({ typ = 'JWT', cty, zip, kid }: JwsHeader): PresentationForm | undefined {
  const type = mediaType(typ);
  const legacy = type === 'jwt' && zip === undefined && /^did:(?!web:)/.test(kid);
  if (type !== 'vp+jwt') return legacy ? 'vp-jwt' : undefined;
  // RFC 7516 knows zip, RFC 7515 does not.
  if (zip !== undefined) throw malformed('A presentation is never compressed.');
  if (cty !== undefined && mediaType(cty) !== 'vp') {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token says that its content is not a presentation.');
  }
  return type;
}

/**
 * Reads the payload of a presentation.
 * @throws FormatError MALFORMED; UNSUPPORTED_FORMAT for a JWT that is no presentation
 */
export function readPresentation(json: unknown, form: PresentationForm): Presentation {
  const claims = jsonObject(json);
  const { iss, nonce, iat, nbf, exp } = claims;
  // VC-JOSE-COSE §3.1.2: neither claim may be there; VCDM 1.1 §6.3.1 has one of them.
  if (claims['vc'] !== undefined && form === 'vp-jwt' && claims['vp'] === undefined) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token is a credential of another DID method.');
  }
  if (claims['vc'] !== undefined || (form === 'vp+jwt' && claims['vp'] !== undefined)) {
    throw malformed('The presentation holds something else beside it.');
  }
  const vp = form === 'vp+jwt' ? claims : jsonObject(claims['vp']);
  const contexts = vp['@context'];
  const base = form === 'vp+jwt' ? VC_CONTEXT : LEGACY_VC_CONTEXT;
  if (!isJsonArray(contexts) || contexts[0] !== base)
    throw malformed('The presentation is of another data model.');
  if (!typesOf(vp).includes(VP_TYPE)) throw malformed('The presentation does not say that it is one.');
  const said = holderOf(vp['holder']);
  if (iss !== undefined && (typeof iss !== 'string' || (said !== undefined && said !== iss))) {
    throw malformed('The presentation names two holders.');
  }
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce === '')) {
    throw malformed('The nonce of the presentation is none.');
  }
  return {
    holder: said ?? iss,
    nonce,
    audience: audienceOf(claims['aud']),
    iat: secondsOf(iat),
    nbf: secondsOf(nbf),
    exp: secondsOf(exp),
    credentials: credentialsOf(vp['verifiableCredential'], form),
  };
}

/** What a holder signs: the verifier's challenge and the credentials, as compact JWS. */
export interface PresentationContent {
  readonly holder: string;
  readonly nonce: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly credentials: readonly string[];
}

/** The payload of a `vp+jwt`. */
export function presentationPayload(content: PresentationContent): Record<string, unknown> {
  const { holder, nonce, audience, iat, credentials } = content;
  return {
    '@context': [VC_CONTEXT],
    type: [VP_TYPE],
    holder,
    nonce,
    aud: audience,
    iat,
    verifiableCredential: credentials.map((jws) => ({
      '@context': VC_CONTEXT,
      type: ENVELOPE_TYPE,
      id: (isCard(jws) ? JWS_ENVELOPE : VC_ENVELOPE) + jws,
    })),
  };
}

function credentialsOf(json: unknown, form: PresentationForm): readonly PresentedCredential[] {
  // One credential may stand without a list (VCDM 1.1 §4.10, VCDM 2.0 §4.13).
  const list = isJsonArray(json) ? json : [json];
  if (json === undefined || list.length === 0 || list.length > MAX_PRESENTED) {
    throw malformed('A presentation holds one to ten credentials.');
  }
  return list.map(form === 'vp+jwt' ? enveloped : signed);
}

/** VCDM 2.0 §4.13.1: a secured credential as a data: URL. Credentials secured by other means are not read here. */
function enveloped(json: unknown): PresentedCredential {
  const envelope = jsonObject(json);
  const { id } = envelope;
  if (!typesOf(envelope).includes(ENVELOPE_TYPE)) return { code: 'UNSUPPORTED_FORMAT' };
  const contexts = envelope['@context'];
  if (contexts !== VC_CONTEXT && !(isJsonArray(contexts) && contexts.includes(VC_CONTEXT))) {
    throw malformed('A credential of the presentation is of another data model.');
  }
  if (typeof id !== 'string') throw malformed('A credential of the presentation is not there.');
  const start = [VC_ENVELOPE, JWS_ENVELOPE].find((one) => id.startsWith(one));
  if (start === undefined) return { code: 'UNSUPPORTED_FORMAT' };
  const text = id.slice(start.length);
  // Two readers must not take one envelope for two kinds of thing.
  return isCard(text) === (start === JWS_ENVELOPE) ? { text } : { code: 'UNSUPPORTED_FORMAT' };
}

/** True of a JWS that is compressed, as cards in their QR form are; what is none at all is refused as a credential. */
function isCard(jws: string): boolean {
  try {
    return parseCompactJws(jws).header.zip !== undefined;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** VCDM 1.1 §6.3.1: a credential is a JWT; one with a proof inside is not read here. */
function signed(json: unknown): PresentedCredential {
  return typeof json === 'string' ? { text: json } : { code: 'UNSUPPORTED_FORMAT' };
}

function typesOf({ type }: Record<string, unknown>): readonly string[] {
  return typeof type === 'string' ? [type] : parseTypes(type);
}

/** A holder is a DID, or an object with it as `id` (VCDM 2.0 §4.13). */
function holderOf(json: unknown): string | undefined {
  const holder = isJsonObject(json) ? json['id'] : json;
  if (holder !== undefined && typeof holder !== 'string')
    throw malformed('The presentation names no holder.');
  return holder;
}

/** Whoever else it is for could show it here (RFC 7519 §4.1.3). */
function audienceOf(json: unknown): string | undefined {
  const list = json === undefined || isJsonArray(json) ? (json ?? []) : [json];
  if (!list.every((one): one is string => typeof one === 'string')) {
    throw malformed('The audience of the presentation is none.');
  }
  return list.length === 1 ? list[0] : undefined;
}

function secondsOf(json: unknown): number | undefined {
  return json === undefined ? undefined : parseSeconds(json);
}

function jsonObject(json: unknown): Record<string, unknown> {
  if (!isJsonObject(json)) throw malformed('A part of the presentation is not a JSON object.');
  return json;
}

function malformed(message: string): FormatError {
  return new FormatError('MALFORMED', message);
}
