import {
  isRequestUri,
  parseRequestUri,
  readRequestPayload,
  REQUEST_TYPE,
} from '../../credential/authorization-request.ts';
import type { AuthorizationRequest } from '../../credential/authorization-request.ts';
import { didJwkMethod, keyFromDidJwk } from '../../credential/did-jwk.ts';
import { FormatError } from '../../credential/errors.ts';
import type { ImportEs256Key } from '../../credential/es256.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { mediaType, parseCompactJws, verifyJws } from '../../credential/jws.ts';
import type { WalletTrust } from '../passes/judged-pass.ts';
import { askerOf } from './asker.ts';
import type { Asker } from './asker.ts';

/** Why a request is not answered; a closed list. */
export type RequestCode =
  /** No request at all, such as the code of a card. */
  | 'REQUEST_NOT_FOUND'
  | 'REQUEST_MALFORMED'
  /** A request of a kind that this wallet does not answer. */
  | 'REQUEST_UNSUPPORTED'
  /** Whoever shows it is not who it says. */
  | 'REQUEST_FORGED'
  | 'REQUEST_EXPIRED'
  /** This wallet answered it before. */
  | 'REQUEST_ANSWERED'
  /** Its time has not come, or lasts longer than a request may: one of two clocks is wrong, or somebody means to keep it. */
  | 'REQUEST_TIME_WRONG';

/** A request whose signature holds: who asks, and what. */
export interface ReadRequest {
  readonly request: AuthorizationRequest;
  readonly asker: Asker;
}

/** A minute more than a request may last, for clocks that differ. */
const MAX_SECONDS = 360;
const CLOCK_SECONDS = 60;

/** Reads the text of a request's QR code; nothing is fetched, and nobody is told. */
export async function readRequest(
  text: string,
  trust: WalletTrust,
  importKey: ImportEs256Key,
): Promise<ReadRequest | RequestCode> {
  if (!isRequestUri(text)) return 'REQUEST_NOT_FOUND';
  try {
    const request = await verifiedRequest(text, importKey);
    if (request === undefined) return 'REQUEST_FORGED';
    const fault = timeFault(request, trust.now);
    return fault ?? { request, asker: askerOf(request.did, trust) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.code === 'UNSUPPORTED_FORMAT' ? 'REQUEST_UNSUPPORTED' : 'REQUEST_MALFORMED';
  }
}

/** Nothing of a request is believed before the key of the DID that it names has signed it. */
async function verifiedRequest(
  text: string,
  importKey: ImportEs256Key,
): Promise<AuthorizationRequest | undefined> {
  const { clientId, jwt } = parseRequestUri(text);
  const jws = parseCompactJws(jwt);
  if (mediaType(jws.header.typ ?? '') !== REQUEST_TYPE) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token is no request.');
  }
  const request = readRequestPayload(parseJson(decodeUtf8(jws.payload)));
  // RFC 9101 §5: outside and inside must name the same client.
  if (request.clientId !== clientId || jws.header.kid !== didJwkMethod(request.did)) return undefined;
  const verify = await importKey(keyFromDidJwk(request.did));
  return (await verifyJws(jws, verify)) === undefined ? undefined : request;
}

function timeFault({ iat, exp }: AuthorizationRequest, now: number): RequestCode | undefined {
  if (!(now < exp)) return 'REQUEST_EXPIRED';
  return iat - now <= CLOCK_SECONDS && exp - iat <= MAX_SECONDS ? undefined : 'REQUEST_TIME_WRONG';
}
