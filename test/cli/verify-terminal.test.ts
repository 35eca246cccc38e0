import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderDecision } from '../../cli/verify/terminal.ts';
import { conclude } from '../../verifier/pipeline/conclude.ts';
import { OUTCOME_OF_CODE, type Code, type FailureCode } from '../../verifier/pipeline/decision.ts';
import { anchoredTrust, decide, mintCard, newKey, trustDocument, trustedKey } from '../support/cards.ts';

const config = (color: boolean) => ({ trustStore: '.pratique/trust', color });
const codes = Object.keys(OUTCOME_OF_CODE) as Code[];

for (const [outcome, code, ansi, symbol, word] of [
  ['accepted', 'VALID', 32, '✓', 'ACCEPTED'],
  ['rejected', 'EXPIRED', 31, '✗', 'REJECTED'],
  ['undetermined', 'TRUST_STALE', 33, '?', 'COULD NOT CHECK'],
  ['unreadable', 'MALFORMED', 90, '–', 'NOT A CARD WE READ'],
] as const) {
  test(`${outcome} is told by colour, symbol and word, and without colours by the other two`, () => {
    const decision = { source: 'card.png', ...conclude({ codes: code === 'VALID' ? [] : [code] }) };
    const [first = ''] = renderDecision(decision, config(true)).split('\n');
    assert.ok(first.startsWith(`\u001b[1m\u001b[${ansi}m${symbol} ${word}\u001b[`), JSON.stringify(first));
    const plain = renderDecision(decision, config(false));
    assert.ok(plain.startsWith(`${symbol} ${word}  card.png\n  ${code}  `), plain);
    assert.equal(stripVTControlCharacters(plain), plain);
    assert.equal(stripVTControlCharacters(renderDecision(decision, config(true))), plain);
  });
}

test('every code has its sentence', () => {
  for (const code of codes.filter((one): one is FailureCode => one !== 'VALID')) {
    const text = renderDecision({ source: '-', ...conclude({ codes: [code] }) }, config(false));
    assert.match(text, new RegExp(`^  ${code}  [A-Z][^\\n]+\\.$`, 'm'));
  }
});

test('an accepted card says whom to compare, who issued it, each check, and how old the trust data is', async () => {
  const key = newKey();
  const trust = anchoredTrust(trustDocument({ keys: [trustedKey(key)] }));
  const decision = { source: 'argument 1', ...(await decide(mintCard(key), trust)) };
  assert.equal(
    renderDecision(decision, config(false)),
    [
      '✓ ACCEPTED  argument 1',
      '  VALID  All checks passed.',
      '  Compare with an ID: Nora Nobody, born 1980-02-29',
      '  Issued by Health department of Nowhere (US-NO), https://issuer.example/pratique',
      '  signature ✓  issuer ✓  key ✓  validity ✓  status – (not offered)  rules – (not asked)',
      '  Trust data: block 7 of chain 31337, 60 s old.',
    ].join('\n'),
  );
});
