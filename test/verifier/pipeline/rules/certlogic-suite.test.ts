import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { evaluateLogic, holds, isLogic, pathsOf } from '../../../../verifier/pipeline/rules/logic.ts';
import { dataDir } from '../../../support/data.ts';

// The EU's own test suites and national rules (see SOURCE.md beside them), through the one door that rules go through.

const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;
const folder = join(dataDir ?? '', 'certlogic');

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

/** The files of a folder, none without the data. */
function readAll(name: string): readonly unknown[] {
  if (skip !== false) return [];
  return readdirSync(join(folder, name))
    .toSorted()
    .map((file) => read(join(name, file)));
}

interface MayBeLeftOut {
  readonly directive?: string;
}

interface Suite extends MayBeLeftOut {
  readonly name: string;
  readonly cases: readonly (MayBeLeftOut & {
    readonly name: string;
    readonly certLogicExpression?: unknown;
    readonly assertions: readonly (MayBeLeftOut & {
      readonly message?: string;
      readonly certLogicExpression?: unknown;
      readonly data: object;
      readonly expected: unknown;
    })[];
  })[];
}

const suites = readAll('testSuite') as readonly Suite[];

describe('CertLogic comes to what the EU expects', { skip }, () => {
  let active = 0;
  let skipped = 0;
  for (const suite of suites) {
    test(suite.name, () => {
      for (const one of suite.cases) {
        for (const assertion of one.assertions) {
          if ([suite, one, assertion].some(({ directive }) => directive === 'skip')) {
            skipped++;
            continue;
          }
          const logic = assertion.certLogicExpression ?? one.certLogicExpression;
          const value = evaluateLogic(logic, assertion.data);
          assert.deepEqual(value, assertion.expected, `${one.name}: ${assertion.message ?? ''}`);
          active++;
        }
      }
    });
  }

  test('in all 218 assertions, but the 14 that the EU itself leaves out', () => {
    assert.deepEqual({ active, skipped }, { active: 218, skipped: 14 });
  });
});

interface Validation {
  readonly name: string;
  readonly cases: readonly { readonly certLogicExpression: unknown; readonly issues: readonly unknown[] }[];
}

describe('what is CertLogic and what is not is told apart as by the EU', { skip }, () => {
  const cases = (readAll('validation-testSuite') as readonly Validation[]).flatMap((suite) => suite.cases);

  for (const { certLogicExpression, issues } of cases) {
    test(`${JSON.stringify(certLogicExpression)} ${issues.length === 0 ? 'is' : 'is none'}`, () => {
      assert.equal(isLogic(certLogicExpression), issues.length === 0);
    });
  }

  test('in 23 cases, 14 of them of what is none', () => {
    const sound = cases.filter(({ issues }) => issues.length === 0).length;
    assert.deepEqual([cases.length, sound], [23, 9]);
  });
});

interface NationalRule {
  readonly Identifier: string;
  readonly AffectedFields: readonly string[];
  readonly Logic: unknown;
}

const rulesOf = (country: string): readonly NationalRule[] =>
  read(`rules/${country}.json`) as readonly NationalRule[];

interface RuleTest {
  readonly rule: string;
  readonly file: string;
  readonly name: string;
  readonly payload: object;
  readonly external: object;
  readonly expected: boolean;
}

const COUNTRIES = [
  { country: 'AT', rules: 16, tests: 101 },
  { country: 'CH', rules: 20, tests: 114 },
  { country: 'DE', rules: 11, tests: 68 },
  { country: 'EU', rules: 14, tests: 101 },
  { country: 'FR', rules: 15, tests: 130 },
] as const;

describe('each national rule says of each of its tests what its country expects', { skip }, () => {
  for (const { country, ...counts } of COUNTRIES) {
    test(`${country}: ${counts.rules} rules, ${counts.tests} tests`, () => {
      const rules = new Map(rulesOf(country).map((rule) => [rule.Identifier, rule]));
      const tests = read(`rule-tests/${country}.json`) as readonly RuleTest[];
      assert.deepEqual({ rules: rules.size, tests: tests.length }, counts);
      for (const { rule, file, name, payload, external, expected } of tests) {
        const logic = rules.get(rule)?.Logic;
        assert.ok(isLogic(logic), rule);
        assert.equal(holds(logic, { payload, external }), expected, `${rule} ${file}: ${name}`);
      }
    });
  }
});

test(
  'the fields that a national rule affects are those that its logic looks at: 76 of 76 agree',
  { skip },
  () => {
    const rules = COUNTRIES.flatMap(({ country }) => rulesOf(country));
    const agreeing = rules.filter(({ AffectedFields, Logic }) => {
      const fields = pathsOf(Logic).flatMap((path) => (/^payload\.(.*)/.exec(path) ?? []).slice(1));
      return fields.join() === AffectedFields.toSorted().join();
    });
    assert.deepEqual([rules.length, agreeing.length], [76, 76]);
  },
);
