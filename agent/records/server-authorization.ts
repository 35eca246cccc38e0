import { randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { isJsonObject } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';
import { fetchJson, serverAddress } from './bounded-fetch.ts';

/** How requests to a server show who asks. */
export interface ServerAuthorization {
  /** The value of the Authorization header. Errors as `RecordSource.find`. */
  readonly header: (signal: AbortSignal) => Promise<string>;
  /** Told that the server refused it, so that the next one is fetched anew; false if there can be no other. */
  readonly refused: () => boolean;
}

/** A client registered with the server by its public key (SMART App Launch 2.2, Backend Services). */
export interface BackendClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly alg: 'ES384' | 'RS384' | 'ES256';
  /** Such as `system/Patient.rs system/Immunization.rs system/Observation.rs`. */
  readonly scope: string;
  /** Unix seconds. */
  readonly clock?: () => number;
}

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Backend Services allows five minutes; a minute leaves less to steal. */
const ASSERTION_SECONDS = 60;
/** A token is given up so many seconds before its end, so that it does not end under way. */
const SPARE_SECONDS = 30;
const MAX_TOKEN_BYTES = 64 * 1024;
/** RFC 6750 §2.1; also keeps line feeds out of a header. */
const BEARER = /^[A-Za-z0-9\-._~+/]+=*$/;

/** A token that the operator was given. IssuerError SOURCE_INVALID if it is none. */
export function bearerToken(token: string): ServerAuthorization {
  if (!BEARER.test(token)) throw new IssuerError('SOURCE_INVALID', 'This is not a bearer token.');
  return { header: async () => `Bearer ${token}`, refused: () => false };
}

/** Fetches access tokens with a signed assertion, one at a time, each until shortly before its end. */
export function smartBackend(client: BackendClient): ServerAuthorization {
  const tokenUrl = serverAddress(client.tokenUrl);
  const { clock = () => Date.now() / 1000 } = client;
  let held: { readonly header: string; readonly until: number } | undefined;
  return {
    header: async (signal) => {
      if (held === undefined || held.until <= clock())
        held = await fetchToken(client, tokenUrl, clock(), signal);
      return held.header;
    },
    refused: () => {
      const had = held !== undefined;
      held = undefined;
      return had;
    },
  };
}

async function fetchToken(
  { clientId, privateKey, kid, alg, scope }: BackendClient,
  tokenUrl: URL,
  now: number,
  signal: AbortSignal,
): Promise<{ readonly header: string; readonly until: number }> {
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl.href)
    .setIssuedAt(Math.floor(now))
    .setExpirationTime(Math.floor(now) + ASSERTION_SECONDS)
    .setJti(randomUUID())
    .sign(privateKey);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  });
  const { status, json } = await fetchJson(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    maxBytes: MAX_TOKEN_BYTES,
    signal,
  });
  if (status !== 200)
    throw new IssuerError('SOURCE_REFUSED', 'The token server of a source refused this client.');
  return readToken(json, now);
}

function readToken(json: unknown, now: number): { readonly header: string; readonly until: number } {
  const { access_token: token, token_type: type, expires_in: seconds } = isJsonObject(json) ? json : {};
  const sound =
    typeof token === 'string' &&
    BEARER.test(token) &&
    typeof type === 'string' &&
    type.toLowerCase() === 'bearer';
  if (!sound)
    throw new IssuerError('SOURCE_ANSWER_INVALID', 'The token server of a source gave no bearer token.');
  // Without a lifetime (RFC 6749 §5.1 only recommends one) it is good for this request.
  const lifetime = typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : 0;
  return { header: `Bearer ${token}`, until: now + lifetime - SPARE_SECONDS };
}
