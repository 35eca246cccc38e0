import type { Credential } from '../../credential/credential.ts';
import { MAX_CARD_BYTES } from '../../credential/deflate.ts';
import { FormatError } from '../../credential/errors.ts';
import type { Es256Verify, ImportEs256Key } from '../../credential/es256.ts';
import { holderKey } from '../../credential/holder-did.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { parseCompactJws, verifyJws } from '../../credential/jws.ts';
import type { UnverifiedJws } from '../../credential/jws.ts';
import { presentationForm, readPresentation } from '../../credential/presentation.ts';
import type { Presentation } from '../../credential/presentation.ts';
import { NBF_LEEWAY_SECONDS } from './checks.ts';
import type { Terms } from './checks.ts';
import { conclude } from './conclude.ts';
import type { Findings } from './conclude.ts';
import type { Decision, FailureCode } from './decision.ts';
import type { Evidence } from './evidence.ts';
import type { Trust } from './trust.ts';
import { examineCredential, verifyCredential } from './verify.ts';
import type { NoTrust, Ports } from './verify.ts';

/** Besides, ES256 for a holder's key, which no trust data knows. */
export interface PresentationPorts extends Ports {
  readonly importKey: ImportEs256Key;
}

/** A holder signs when asked; an older answer was overheard. */
const MAX_PRESENTATION_AGE_SECONDS = 60;

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
  try {
    // Our QR codes hold no presentations.
    if (evidence.scheme !== undefined) {
      return [await verifyCredential(evidence, trust, terms, ports)];
    }
    const jws = parseCompactJws(evidence.text);
    const presentation = parsePresentation(jws);
    if (presentation === undefined) {
      return [await verifyCredential({ jws }, trust, terms, ports)];
    }
    const proven = await proveHolder(jws, presentation, terms, ports.importKey);
    const decisions: Decision[] = [];
    for (const presented of presentation.credentials) {
      const findings: Findings =
        'code' in presented
          ? { codes: [presented.code] }
          : await examineCredential(presented, trust, terms, ports);
      const codes = [...findings.codes, ...checkHolder(findings.credential, proven)];
      decisions.push(conclude({ ...findings, codes }));
    }
    return decisions;
  } catch (error) {
    if (error instanceof FormatError) return [conclude({ codes: [error.code] })];
    throw error;
  }
}

/** Reads a presentation; undefined of anything else. Nothing in it is compressed, so its text bounds the work. */
function parsePresentation({ header, payload }: UnverifiedJws): Presentation | undefined {
  const form = presentationForm(header);
  if (form === undefined) return undefined;
  if (payload.length > MAX_CARD_BYTES) {
    throw new FormatError('TOO_LARGE', 'The presentation is larger than 256 KiB.');
  }
  return readPresentation(parseJson(decodeUtf8(payload)), form);
}

/** The cheap questions first: a key is imported only for an answer to our own challenge. */
async function proveHolder(
  jws: UnverifiedJws,
  presentation: Presentation,
  { challenge, now }: Terms,
  importKey: ImportEs256Key,
): Promise<ProvenHolder> {
  const { holder, nonce, audience } = presentation;
  if (challenge === undefined || nonce !== challenge.nonce || audience !== challenge.audience)
    return undefined;
  if (!isOfNow(presentation, now)) return undefined;
  if (holder === undefined) return undefined;
  const verify = await importHolderKey(holder, jws.header.kid, importKey);
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

async function importHolderKey(
  holder: string,
  kid: string,
  importKey: ImportEs256Key,
): Promise<Es256Verify | undefined> {
  try {
    const { key, method } = holderKey(holder);
    return kid === method ? await importKey(key) : undefined;
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
