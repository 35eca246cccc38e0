import type { Credential } from '../../credential/credential.ts';
import { MAX_CARD_BYTES } from '../../credential/deflate.ts';
import { didJwkMethod, keyFromDidJwk } from '../../credential/did-jwk.ts';
import { FormatError } from '../../credential/errors.ts';
import type { Es256Verify, ImportEs256Key } from '../../credential/es256.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { parseCompactJws, peekHeader, verifyJws } from '../../credential/jws.ts';
import type { UnverifiedJws } from '../../credential/jws.ts';
import { presentationForm, readPresentation } from '../../credential/presentation.ts';
import type { Presentation } from '../../credential/presentation.ts';
import { NBF_LEEWAY_SECONDS } from './checks.ts';
import type { Terms } from './checks.ts';
import { conclude } from './conclude.ts';
import type { Decision, FailureCode } from './decision.ts';
import type { Evidence } from './evidence.ts';
import type { Trust } from './trust.ts';
import { examineCredential } from './verify.ts';
import type { NoTrust, Ports } from './verify.ts';

/** Besides, ES256 for a holder's key, which no trust data knows. */
export interface PresentationPorts extends Ports {
  readonly importKey: ImportEs256Key;
}

/** A holder signs when asked; an older answer was overheard. */
export const MAX_PRESENTATION_AGE_SECONDS = 60;

/** The DID whose key signed the presentation for this challenge; undefined if that is not proved. */
type ProvenHolder = string | undefined;

/**
 * Decide about every credential in the evidence: that which it is, or those inside if it is a presentation.
 *
 * What a presentation says of its credentials counts for nothing: each is verified as if it had been shown alone, and
 * is rejected besides unless its holder is proved. A presentation inside another is not opened.
 */
export async function verifyEvidence(
  evidence: Evidence,
  trust: Trust | NoTrust,
  terms: Terms,
  ports: PresentationPorts,
): Promise<readonly Decision[]> {
  const about = typeof trust === 'string' ? {} : { trust, terms };
  try {
    const presented = parsePresented(evidence);
    if (presented === undefined) {
      return [conclude(await examineCredential(evidence, trust, terms, ports))];
    }
    const proven = await proveHolder(presented, terms, ports.importKey);
    const decisions: Decision[] = [];
    for (const presentedCredential of presented.presentation.credentials) {
      const findings =
        'code' in presentedCredential
          ? { ...about, codes: [presentedCredential.code] }
          : await examineCredential(presentedCredential, trust, terms, ports);
      const codes = [...findings.codes, ...checkHolder(findings.credential, proven)];
      decisions.push(conclude({ ...findings, codes }));
    }
    return decisions;
  } catch (error) {
    if (error instanceof FormatError) return [conclude({ ...about, codes: [error.code] })];
    throw error;
  }
}

interface Presented {
  readonly jws: UnverifiedJws;
  readonly presentation: Presentation;
}

/** Reads a presentation; undefined of anything else. Nothing in it is compressed, so its text bounds the work. */
function parsePresented({ text, scheme }: Evidence): Presented | undefined {
  const header = scheme === undefined ? peekHeader(text) : undefined;
  const form = header === undefined ? undefined : presentationForm(header);
  if (form === undefined) return undefined;
  const jws = parseCompactJws(text);
  if (jws.payload.length > MAX_CARD_BYTES) {
    throw new FormatError('TOO_LARGE', 'The presentation is larger than 256 KiB.');
  }
  return { jws, presentation: readPresentation(parseJson(decodeUtf8(jws.payload)), form) };
}

/** The cheap questions first: a key is imported only for an answer to our own challenge. */
async function proveHolder(
  { jws, presentation }: Presented,
  { challenge, now }: Terms,
  importKey: ImportEs256Key,
): Promise<ProvenHolder> {
  const { holder, nonce, audience } = presentation;
  if (challenge === undefined || nonce !== challenge.nonce || audience !== challenge.audience)
    return undefined;
  if (!isOfNow(presentation, now)) return undefined;
  if (holder === undefined || jws.header.kid !== didJwkMethod(holder)) return undefined;
  const verify = await importHolderKey(holder, importKey);
  const verified = verify === undefined ? undefined : await verifyJws(jws, verify);
  return verified === undefined ? undefined : holder;
}

/** Judged by the machine's clock, whatever moment is asked about; a holder's clock may run ahead as an issuer's may. */
function isOfNow({ iat, nbf, exp }: Presentation, now: number): boolean {
  return (
    iat !== undefined &&
    now - iat <= MAX_PRESENTATION_AGE_SECONDS &&
    Math.max(iat, nbf ?? iat) - now <= NBF_LEEWAY_SECONDS &&
    (exp === undefined || now < exp)
  );
}

async function importHolderKey(holder: string, importKey: ImportEs256Key): Promise<Es256Verify | undefined> {
  try {
    return await importKey(keyFromDidJwk(holder));
  } catch (error) {
    // Another DID method, or no point of the curve: nobody proves to be such a holder.
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** A credential that could not be read to its end is bound to nobody, and is not accepted anyway. */
function checkHolder(credential: Credential | undefined, proven: ProvenHolder): readonly FailureCode[] {
  const bound = credential === undefined || credential.holder === proven;
  return proven !== undefined && bound ? [] : ['HOLDER_NOT_PROVEN'];
}
