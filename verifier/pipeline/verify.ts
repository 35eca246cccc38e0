import { FormatError } from '../../credential/errors.ts';
import type { Inflate } from '../../credential/deflate.ts';
import type { Credential } from '../../credential/credential.ts';
import { verifyJws } from '../../credential/jws.ts';
import {
  checkFreshness,
  checkIssuer,
  checkKey,
  checkStatus,
  checkSubject,
  checkValidity,
  checkVenue,
} from './checks.ts';
import type { Terms } from './checks.ts';
import { conclude } from './conclude.ts';
import type { Findings } from './conclude.ts';
import type { Decision } from './decision.ts';
import { parseEvidence, readEvidence } from './evidence.ts';
import type { Evidence, ParsedEvidence, UnverifiedEvidence } from './evidence.ts';
import { checkRules } from './rules/check-rules.ts';
import { TrustError } from './trust-error.ts';
import type { Trust, TrustEntry } from './trust.ts';
import { unprovenHolder } from './venue-policy.ts';

/** Why there is no trust data: none was given, or what was given does not hold. */
export type NoTrust = 'missing' | 'invalid';

/** What the platform does for the pipeline: zlib or pako. Its ES256 comes with the trusted keys. */
export interface Ports {
  readonly inflate: Inflate;
}

/** Decide about one credential that was shown by itself, purely over (evidence, trust, terms): no I/O, no clock, nothing thrown for bad input. */
export async function verifyCredential(
  evidence: Evidence | ParsedEvidence,
  trust: Trust | NoTrust,
  terms: Terms,
  ports: Ports,
): Promise<Decision> {
  const findings = await examineCredential(evidence, trust, terms, ports);
  return conclude({ ...findings, codes: [...findings.codes, ...unprovenHolder(terms.policy)] });
}

/**
 * Find out everything about one credential.
 *
 * The order is fixed and is the defence: nothing is asked of a key that nobody trusts, nothing unsigned is inflated,
 * nothing is fetched because a card says so, and every check that can still run does, so all failures are listed.
 */
export async function examineCredential(
  evidence: Evidence | ParsedEvidence,
  trust: Trust | NoTrust,
  terms: Terms,
  ports: Ports,
): Promise<Findings> {
  // What was found out before a reading ended early still stands in the decision.
  let proved: Pick<Findings, 'trust' | 'terms' | 'checks'> = {};
  try {
    const unverified = parseEvidence(evidence);
    if (trust === 'missing') return { codes: ['TRUST_MISSING'] };
    if (trust === 'invalid') return { codes: ['TRUST_INVALID'] };

    const about = { trust, terms };
    proved = about;
    const freshness = checkFreshness(trust, terms);
    const candidates = trust.entriesOf(unverified.kid);
    if (candidates[0] === undefined) {
      return { ...about, codes: ['ISSUER_UNKNOWN', ...freshness], checks: { issuer: 'failed' } };
    }
    // ES256 over the bytes as they travelled: for a card the compressed ones. A kid is the same point under every issuer.
    const verifier = candidates[0].verifier();
    const verify = typeof verifier === 'function' ? verifier : await verifier;
    const verified = await verifyJws(unverified.jws, verify);
    if (verified === undefined) {
      return { ...about, codes: ['SIGNATURE_INVALID', ...freshness], checks: { signature: 'failed' } };
    }
    proved = { ...about, checks: { signature: 'passed' } };
    const credential = readEvidence(unverified, verified, ports.inflate);
    const entry = candidates.find(({ issuer }) => isIssuedBy(credential, unverified, issuer));
    if (entry === undefined) {
      const checks = { ...proved.checks, issuer: 'failed' } as const;
      return { ...about, codes: ['ISSUER_UNKNOWN', ...freshness], checks };
    }

    const issuer = checkIssuer(credential, entry);
    const key = checkKey(credential, entry);
    const validity = checkValidity(credential, terms);
    const status = checkStatus(credential, entry);
    const rules = checkVenue(credential, entry, terms, checkRules(credential, entry, trust, terms));
    const subject = checkSubject(credential, terms);
    const ownFreshness = checkFreshness(trust, terms, entry.jurisdiction.code);
    return {
      ...about,
      codes: [issuer, key, validity, status, rules]
        .flatMap(({ codes }) => codes)
        .concat(subject, ownFreshness),
      checks: {
        signature: 'passed',
        issuer: issuer.result,
        key: key.result,
        validity: validity.result,
        status: status.result,
        rules: rules.result,
      },
      credential,
      entry,
      rules,
    };
  } catch (error) {
    if (error instanceof FormatError) return { ...proved, codes: [error.code] };
    if (error instanceof TrustError) return { ...proved, codes: ['TRUST_INVALID'] };
    throw error;
  }
}

/** The issuer that the credential names, among those that the key stands under: by (iss, kid), or (did, kid). */
function isIssuedBy(
  { issuer: named }: Credential,
  { did }: UnverifiedEvidence,
  issuer: TrustEntry['issuer'],
): boolean {
  return 'iss' in named ? named.iss === issuer.iss : named.did === issuer.did && did === issuer.did;
}
