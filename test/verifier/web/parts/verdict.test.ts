import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { conclude } from '../../../../verifier/pipeline/conclude.ts';
import { OUTCOME_OF_CODE } from '../../../../verifier/pipeline/decision.ts';
import type { Code } from '../../../../verifier/pipeline/decision.ts';
import { SUPPORT_CODES } from '../../../../verifier/web/parts/support-code.ts';
import { verdictScreen } from '../../../../verifier/web/parts/verdict.ts';

const ENGLISH = { specimen: false, language: 'en' } as const;
const CODES = Object.keys(OUTCOME_OF_CODE) as Code[];
const all = {
  signature: 'passed',
  issuer: 'passed',
  key: 'passed',
  validity: 'passed',
  status: 'passed',
  rules: 'passed',
} as const;

test('every code has a support code of its own, with the letter of its outcome', () => {
  assert.equal(new Set(Object.values(SUPPORT_CODES)).size, CODES.length);
  const letters = { accepted: 'A', rejected: 'R', undetermined: 'C', unreadable: 'U' };
  for (const code of CODES) {
    assert.match(SUPPORT_CODES[code], new RegExp(`^${letters[OUTCOME_OF_CODE[code]]}[0-9]{1,2}$`));
  }
});

test('a screen has the outcome of its decision, and never another', () => {
  for (const code of CODES) {
    const decision = conclude({ codes: code === 'VALID' ? [] : [code] });
    assert.equal(verdictScreen(decision, ENGLISH).kind, OUTCOME_OF_CODE[code]);
  }
});

test('a specimen is never anything but a specimen, whatever was decided', () => {
  for (const codes of [[], ['EXPIRED'], ['TRUST_STALE']] as const) {
    const screen = verdictScreen(conclude({ codes: [...codes] }), { ...ENGLISH, specimen: true });
    assert.equal(screen.kind, 'specimen');
    assert.deepEqual(screen.reasons, []);
  }
});

test('a mark is as bad as the worst check that it sums up', () => {
  for (const [checks, expected] of [
    [all, ['passed', 'passed', 'passed']],
    [{ ...all, key: 'failed' }, ['failed', 'passed', 'passed']],
    [{ ...all, issuer: 'failed', status: 'undetermined' }, ['failed', 'undetermined', 'passed']],
    [{ ...all, validity: 'failed', rules: 'not-asked' }, ['passed', 'passed', 'failed']],
    [{ ...all, status: 'not-offered', rules: 'not-asked' }, ['passed', 'not-offered', 'passed']],
    [{ signature: 'failed' }, ['failed', 'not-run', 'not-run']],
    [{}, ['not-run', 'not-run', 'not-run']],
  ] as const) {
    const { marks } = verdictScreen(conclude({ codes: ['EXPIRED'], checks }), ENGLISH);
    assert.deepEqual(
      marks.map(({ result }) => result),
      expected,
    );
  }
});

test('the reasons that made the outcome stand first, and the support code names them only', () => {
  const screen = verdictScreen(
    conclude({ codes: ['RULES_NOT_MET', 'TRUST_STALE', 'STATUS_MISSING'] }),
    ENGLISH,
  );
  assert.equal(screen.kind, 'undetermined');
  assert.deepEqual(
    screen.reasons.map(({ code }) => code),
    ['TRUST_STALE', 'STATUS_MISSING', 'RULES_NOT_MET'],
  );
  assert.equal(screen.supportCode, 'C1-C7');
});

test('the venue’s guide says what every support code means', async () => {
  const guide = await readFile(new URL('../../../../docs/venue.md', import.meta.url), 'utf8');
  for (const code of CODES) {
    // Green has none on the screen, and a page is given no path.
    if (code === 'VALID' || code === 'INPUT_NOT_FOUND') continue;
    assert.match(guide, new RegExp(`\\| ${SUPPORT_CODES[code]} +\\|`), code);
  }
});
