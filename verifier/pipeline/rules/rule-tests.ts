import { ATTESTATIONS } from '../../../contracts/attestation.ts';
import type { Credential } from '../../../credential/credential.ts';
import { list, oneOf, orNull, record, ShapeError, text } from '../../../credential/strict-reader.ts';
import type { Read } from '../../../credential/strict-reader.ts';
import { registryCode } from '../../../credential/value-set.ts';
import type { IssuerFacts } from './health-payload.ts';
import { identifier, moment } from './rule-set-reader.ts';
import { testCard } from './test-card.ts';

/** What a rule set is expected to say of cards: the tests that its authors keep beside it. */
export interface RuleTests {
  readonly format: 'pratique-rule-tests-1';
  /** JURISDICTION/ID. */
  readonly set: string;
  readonly tests: readonly RuleTest[];
}

/** One card at one moment; times in seconds since 1970. */
export interface RuleTest {
  readonly name: string;
  readonly at: number;
  /** When the event begins; null where nobody says. */
  readonly event: number | null;
  readonly issuer: IssuerFacts;
  readonly card: Credential;
  readonly expect: 'met' | 'unmet' | 'undetermined';
  /** The first rule that is named as not met; null where none is. */
  readonly rule: string | null;
  /** What is said with it in English; null where nothing is. */
  readonly remedy: string | null;
}

interface TestIssuer {
  readonly jurisdiction: string;
  readonly attested: readonly (typeof ATTESTATIONS)[number][];
}
const testIssuer = record<TestIssuer>({
  jurisdiction: registryCode,
  attested: list(oneOf(...ATTESTATIONS)),
});

const issuer: Read<IssuerFacts> = (value) => {
  const { jurisdiction, attested } = testIssuer(value);
  return {
    jurisdiction: { code: jurisdiction },
    issuer: { attestations: attested.reduce((bits, name) => bits | (1 << ATTESTATIONS.indexOf(name)), 0) },
  };
};

const ruleTest = record<RuleTest>({
  name: text(/\S/, 200),
  at: moment,
  event: orNull(moment),
  issuer,
  card: testCard,
  expect: oneOf('met', 'unmet', 'undetermined'),
  rule: orNull(identifier),
  remedy: orNull(text(/\S/, 1000)),
});

const tests: Read<readonly RuleTest[]> = (value) => {
  const read = list(ruleTest, 1)(value);
  for (const [at, { name, expect, rule, remedy }] of read.entries()) {
    if (read.findIndex((other) => other.name === name) !== at)
      throw new ShapeError('a name that two tests have', [at, 'name']);
    if (expect !== 'unmet' && (rule !== null || remedy !== null))
      throw new ShapeError('a rule that is not met where none is expected', [at, 'rule']);
  }
  return read;
};

const ruleTests = record<RuleTests>({
  format: oneOf('pratique-rule-tests-1'),
  set: text(/^[A-Z0-9-]{1,32}\/[A-Z0-9-]{1,32}$/, 65),
  tests,
});

/**
 * Reads rule tests from their JSON, strictly.
 *
 * @throws ShapeError if they are none
 */
export function readRuleTests(json: unknown): RuleTests {
  return ruleTests(json);
}
