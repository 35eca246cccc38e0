import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderDecision, renderDecisions } from '../../cli/verify/terminal.ts';
import { conclude } from '../../verifier/pipeline/conclude.ts';
import { OUTCOME_OF_CODE, type Code, type FailureCode } from '../../verifier/pipeline/decision.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { anchoredTrust, decide, mintCard, newKey, trustDocument, trustedKey } from '../support/cards.ts';

const config = (color: boolean, language: Language = 'en') => ({ color, language });
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
      '  Compare with an ID  Nora Nobody, born 1980-02-29',
      '  Issued by           Health department of Nowhere (US-NO), https://issuer.example/pratique',
      '  Kind of card        Pass Plus, SMART Health Card',
      '  Checks              signature ✓  issuer ✓  key ✓  validity ✓  not revoked – not offered  rules – not asked',
      '  Trust data          less than 2 minutes ago, block 7, chain 31337',
    ].join('\n'),
  );
});

test('the second column begins at the same place, Chinese characters taking two columns each', async () => {
  const key = newKey();
  const decision = await decide(mintCard(key), anchoredTrust(trustDocument({ keys: [trustedKey(key)] })), {
    rules: 'none held',
  });
  assert.equal(
    renderDecision({ source: '-', ...decision }, config(false, 'zh-Hant')),
    [
      '? 無法查驗  -',
      '  RULES_UNAVAILABLE  沒有任何轄區公布過這個名稱的入場規則。',
      '  核對身分證件  Nora Nobody，出生日期 1980-02-29',
      '  處理方式      請通知負責這套查驗系統的人員。',
      '                在能夠查驗此卡之前，請對方出示其他證明。',
      '  簽發機構      Health department of Nowhere (US-NO)，https://issuer.example/pratique',
      '  卡片類型      通行證 Plus，SMART 健康卡',
      '  查驗項目      簽章 ✓  簽發機構 ✓  金鑰 ✓  有效期 ✓  未撤銷 – 未提供  規則 ?',
      '  入場規則      none held',
      '  信任資料      不到 2 分鐘前，區塊 7，鏈 31337',
    ].join('\n'),
  );
});

test('whoever scanned is told what to do with a card that was not accepted, each step once', () => {
  const text = renderDecision(
    { source: '-', ...conclude({ codes: ['TRUST_STALE', 'STATUS_STALE'] }) },
    config(false),
  );
  assert.equal(text.match(/Synchronise, then scan again\./g)?.length, 1);
});

test('several cards end with their count in the plural of the language, one with none', async () => {
  const one = { source: '-', ...conclude({ codes: [] }) };
  const other = { source: '-', ...conclude({ codes: ['EXPIRED'] }) };
  const last = async (language: Language) =>
    (await renderDecisions([one, other, one], config(false, language))).trimEnd().split('\n').at(-1);
  assert.equal(await last('en'), '3 cards: 2 accepted.');
  assert.equal(await last('es'), '3 tarjetas: 2 aceptadas.');
  assert.equal(await last('zh-Hant'), '共 3 張卡，2 張通過。');
  assert.equal(await renderDecisions([one], config(false)), `${renderDecision(one, config(false))}\n`);
});

test('what a rule asks is said whole, on a line of its own, up to the length that a jurisdiction may write', () => {
  const [long, longer] = [`${'a'.repeat(499)}.`, `${'a'.repeat(1200)}.`];
  const decision = {
    source: '-',
    ...conclude({ codes: ['RULES_NOT_MET'] }),
    unmet: [
      { set: 'US-NO/ENTRY', rule: 'VR-US-NO-0001', asks: { en: long }, remedy: { en: 'From 2021-11-16.' } },
      { set: 'US-NO/ENTRY', rule: 'VR-US-NO-0002', asks: { en: longer }, remedy: null },
    ],
  };
  const [, first, second, third, fourth = ''] = renderDecision(decision, config(false)).split('\n');
  const indent = ' '.repeat(17);
  assert.equal(first, '  RULES_NOT_MET  The card does not meet the acceptance rules.');
  assert.equal(second, `${indent}${long} (VR-US-NO-0001)`);
  assert.equal(third, `${indent}From 2021-11-16.`);
  assert.deepEqual([fourth.length, fourth.at(-1)], [indent.length + 1000, '…']);
});
