import type { Credential } from '../../credential/credential.ts';
import type { Terms } from './checks.ts';
import { NOTHING_CHECKED, outcomeOf } from './decision.ts';
import type { Checks, Code, Decision, DecisionTrust, FailureCode } from './decision.ts';
import type { RulesFinding } from './rules/check-rules.ts';
import type { Trust, TrustEntry } from './trust.ts';
import { warningsOf } from './venue-policy.ts';

/** Everything that was found out about one credential. */
export interface Findings {
  readonly codes: readonly FailureCode[];
  readonly checks?: Partial<Checks>;
  readonly trust?: Trust;
  readonly terms?: Terms;
  readonly credential?: Credential;
  readonly entry?: TrustEntry;
  readonly rules?: Pick<RulesFinding, 'rules' | 'unmet' | 'unwanted'>;
}

/** Put the findings into a decision: the outcome by the closed table's precedence, words from the registry only. */
export function conclude(findings: Findings): Decision {
  const { codes, credential, entry, trust, terms } = findings;
  const all: readonly Code[] = codes.length === 0 ? ['VALID'] : [...new Set(codes)];
  return {
    outcome: outcomeOf(codes),
    codes: all,
    warnings:
      trust === undefined || terms === undefined
        ? []
        : warningsOf({ policy: terms.policy, now: terms.now, trust, entry }),
    checks: { ...NOTHING_CHECKED, ...findings.checks },
    form: credential?.form ?? null,
    profile: credential?.profile ?? null,
    issuer:
      entry === undefined
        ? null
        : {
            did: entry.issuer.did,
            iss: entry.issuer.iss,
            name: entry.issuer.name,
            jurisdiction: entry.issuer.jurisdiction,
          },
    subject: terms?.policy?.named === false ? null : (credential?.subject ?? null),
    trust: trust === undefined || terms === undefined ? null : describeTrust(trust, terms.now),
    rules: findings.rules?.rules ?? null,
    unmet: findings.rules?.unmet ?? [],
    unwanted: findings.rules?.unwanted ?? [],
  };
}

function describeTrust({ document, anchored }: Trust, now: number): DecisionTrust {
  const { source } = document;
  return {
    anchored,
    ageSeconds: Math.max(0, Math.floor(now - document.takenAt)),
    chainId: source.kind === 'chain' ? source.chainId : null,
    registry: source.kind === 'chain' ? source.registry : null,
    block: source.kind === 'chain' ? source.block.number : null,
  };
}
