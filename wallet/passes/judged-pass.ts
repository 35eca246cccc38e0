import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64url } from '../../credential/base64url.ts';
import type { Credential } from '../../credential/credential.ts';
import type { PassType, Profile } from '../../credential/health-card.ts';
import { conclude } from '../../verifier/pipeline/conclude.ts';
import type { Decision, DecisionIssuer, Subject } from '../../verifier/pipeline/decision.ts';
import { parseEvidence } from '../../verifier/pipeline/evidence.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { examineCredential } from '../../verifier/pipeline/verify.ts';
import type { NoTrust, Ports } from '../../verifier/pipeline/verify.ts';

/** What the wallet goes by when it judges. */
export interface WalletTrust {
  readonly trust: Trust | NoTrust;
  /** Unix seconds. */
  readonly now: number;
  /** Whether trust data that is tied to no chain counts, as in a demonstration. */
  readonly allowUnanchored: boolean;
}

/** The place to ask for, and when; nothing for the pass alone. */
export interface AskedPlace {
  /** JURISDICTION/ID of its rule set. */
  readonly rules: string;
  /** Unix seconds. */
  readonly at: number;
  /** When the event begins, Unix seconds, where the rules count back from one. */
  readonly event?: number | undefined;
}

/** What a pass says, once its issuer's signature was verified; times in Unix seconds. */
export interface PassFacts {
  readonly profile: Profile;
  /** Null of a Pass Plus, which carries the record itself. */
  readonly passType: PassType | null;
  /** Null where it names not exactly one person. */
  readonly subject: Subject | null;
  readonly issuer: DecisionIssuer;
  readonly nbf: number;
  readonly exp: number | null;
  /** The DID of the holder that it is bound to. */
  readonly holder: string | null;
}

/** What a verifier would say, and what the pass says; null as long as no trusted key signed it. */
export interface JudgedPass {
  readonly decision: Decision;
  readonly facts: PassFacts | null;
}

/** Judge a card as a venue does that asks no proof of its holder. Nothing is shown that was not verified. */
export async function judgePass(
  evidence: Evidence,
  { trust, now, allowUnanchored }: WalletTrust,
  ports: Ports,
  asked?: AskedPlace,
): Promise<JudgedPass> {
  const place = asked ?? { rules: 'none' };
  const terms = { now, allowUnanchored, policy: DEFAULT_POLICY, ...place };
  const findings = await examineCredential(evidence, trust, terms, ports);
  const decision = conclude(findings);
  const { credential } = findings;
  const facts =
    credential === undefined || decision.issuer === null ? null : factsOf(credential, decision.issuer);
  return { decision, facts };
}

function factsOf(credential: Credential, issuer: DecisionIssuer): PassFacts {
  const { profile, passType, subject, nbf, exp, holder } = credential;
  return {
    profile,
    passType: passType ?? null,
    subject: subject ?? null,
    issuer,
    nbf,
    exp: exp ?? null,
    holder: holder ?? null,
  };
}

/**
 * The name of a card, 22 characters: of what was signed, not of the signature, for which there is a second one that
 * holds as well (ES256 with the other s).
 *
 * @throws FormatError of a text that is no card
 */
export function passId(evidence: Evidence): string {
  return encodeBase64url(sha256(parseEvidence(evidence).jws.signingInput).subarray(0, 16));
}
