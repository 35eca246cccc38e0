import { readCredentialQuery } from './credential-query.ts';
import type { CredentialQuery } from './credential-query.ts';
import { FormatError } from './errors.ts';
import { isJsonObject } from './json.ts';

/** RFC 9101 §10.8: what the JWT is, so that it passes for nothing else signed with the same key. */
export const REQUEST_TYPE = 'oauth-authz-req+jwt';

/** OpenID4VP 1.0 §5.9.3: the verifier is the DID behind it, whose key signs the request. */
const CLIENT_PREFIX = 'decentralized_identifier:';
/** §5.8: of a request to whatever wallet reads it. */
const ANY_WALLET = 'https://self-issued.me/v2';

/** A signed request as it is shown; larger is no QR code. */
const MAX_REQUEST_CHARS = 8000;
const MAX_PURPOSE_CHARS = 140;

/** What a verifier asks a holder for, and why; times in seconds since 1970. */
export interface AuthorizationRequest {
  /** The verifier's DID. */
  readonly did: string;
  /** What an answer is for: signed back as `aud`. */
  readonly clientId: string;
  readonly nonce: string;
  readonly iat: number;
  readonly exp: number;
  /** In the verifier's own words, one line; nobody vouches for them. */
  readonly purpose: string;
  /** Where an answer may be sent, https or not. */
  readonly responseUri: string;
  readonly query: CredentialQuery;
}

/** The client identifier of a verifier (OpenID4VP 1.0 §5.9.3). */
export function clientIdOf(did: string): string {
  return CLIENT_PREFIX + did;
}

/** The claims of a request, as OpenID4VP 1.0 §5 has them; `purpose` is our own. */
export function requestPayload(
  request: Omit<AuthorizationRequest, 'clientId' | 'query'> & { readonly query: object },
): Record<string, unknown> {
  const { did, nonce, iat, exp, purpose, responseUri, query } = request;
  return {
    response_type: 'vp_token',
    response_mode: 'direct_post',
    client_id: clientIdOf(did),
    response_uri: responseUri,
    aud: ANY_WALLET,
    nonce,
    iat,
    exp,
    purpose,
    dcql_query: query,
    client_metadata: { vp_formats_supported: { jwt_vc_json: { alg_values: ['ES256'] } } },
  };
}

/**
 * Reads the claims of a request.
 *
 * @throws FormatError MALFORMED; UNSUPPORTED_FORMAT for a request of another kind
 */
export function readRequestPayload(json: unknown): AuthorizationRequest {
  if (!isJsonObject(json)) throw malformed('The request is not a JSON object.');
  const { client_id: clientId, nonce, iat, exp, purpose, response_uri: responseUri } = json;
  if (json['response_type'] !== 'vp_token' || json['response_mode'] !== 'direct_post') {
    throw unsupported('The request wants another kind of answer.');
  }
  // §5.1: who does not understand what a transaction binds must refuse; §8.2: a redirect is another mode.
  for (const member of ['transaction_data', 'redirect_uri', 'scope', 'presentation_definition']) {
    if (Object.hasOwn(json, member)) throw unsupported(`The request holds ${member}.`);
  }
  if (json['aud'] !== ANY_WALLET) throw unsupported('The request is for another wallet.');
  if (typeof clientId !== 'string' || !clientId.startsWith(CLIENT_PREFIX)) {
    throw unsupported('The request names its verifier in another way than by a DID.');
  }
  // 128 bits at least, so that no verifier can be made to ask the same twice.
  if (typeof nonce !== 'string' || !/^[\w-]{22,128}$/.test(nonce)) throw malformed('The nonce is none.');
  if (!isSeconds(iat) || !isSeconds(exp)) throw malformed('The request does not say how long it holds.');
  if (typeof purpose !== 'string' || !isPurpose(purpose))
    throw malformed('The request says not what it is for.');
  if (typeof responseUri !== 'string' || !isWebAddress(responseUri)) {
    throw malformed('The request says not where to answer.');
  }
  const query = readCredentialQuery(json['dcql_query']);
  const did = clientId.slice(CLIENT_PREFIX.length);
  return { did, clientId, nonce, iat, exp, purpose, responseUri, query };
}

/** The text of a request's QR code: an authorization request by value (RFC 9101 §5). */
export function encodeRequestUri(jwt: string, did: string): string {
  return `openid4vp://?client_id=${encodeURIComponent(clientIdOf(did))}&request=${jwt}`;
}

/** True of the text of a request, whether or not it is a good one. */
export function isRequestUri(text: string): boolean {
  return /^openid4vp:/i.test(text);
}

/**
 * The parts of a request's QR text; nothing is fetched, so a request by reference is not read.
 *
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT, TOO_LARGE
 */
export function parseRequestUri(text: string): { readonly clientId: string; readonly jwt: string } {
  if (text.length > MAX_REQUEST_CHARS) throw new FormatError('TOO_LARGE', 'The request is too long.');
  if (!/^openid4vp:\/\/[^?#]*\?[^#]*$/i.test(text)) throw unsupported('The text is no request.');
  const parameters = new URLSearchParams(text.slice(text.indexOf('?') + 1));
  if (parameters.has('request_uri')) throw unsupported('The request is not in the code itself.');
  const [clientIds, jwts] = [parameters.getAll('client_id'), parameters.getAll('request')];
  const [clientId] = clientIds;
  const [jwt] = jwts;
  if (clientId === undefined || jwt === undefined || clientIds.length > 1 || jwts.length > 1) {
    throw malformed('The request does not name one verifier and one question.');
  }
  return { clientId, jwt };
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 1e11;
}

/** True of a purpose that may be asked for: one line that shows something, without marks that turn what stands around it. */
export function isPurpose(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_PURPOSE_CHARS && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

function isWebAddress(text: string): boolean {
  return text.length <= 500 && /^https?:\/\/[^\s#@]+$/.test(text) && URL.canParse(text);
}

function malformed(message: string): FormatError {
  return new FormatError('MALFORMED', message);
}

function unsupported(message: string): FormatError {
  return new FormatError('UNSUPPORTED_FORMAT', message);
}
