import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBase64url } from '../../../credential/base64url.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { encodeCompactJws } from '../../../credential/jws.ts';
import { encodeDigits } from '../../../credential/shc-uri.ts';
import { checkSetup, mayTakeUp } from '../../../verifier/pipeline/setup-check.ts';
import type { CheckedSetup, KnownNode } from '../../../verifier/pipeline/setup-check.ts';
import {
  encodeSetupCode,
  isSetupText,
  readSetupCode,
  setupSigningInput,
} from '../../../verifier/pipeline/setup-code.ts';
import type { SetupCode } from '../../../verifier/pipeline/setup-code.ts';
import { mintJws, mintPayload, mintUnder, newKey } from '../../support/cards.ts';
import type { TestKey } from '../../support/cards.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const NODE = newKey();
const STRANGER = newKey();
const REGISTRY = `31337:0x${'ab'.repeat(20)}`;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const CODE: SetupCode = {
  id: 'AbCdEfGhIjKlMnOp',
  name: 'Harbour Hall',
  rules: 'US-NY/ENTRY',
  languages: ['es', 'en'],
  pin: '$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$BBBBBBBBBBBBBBBBBBBBBB',
  registry: REGISTRY,
  iat: NOW,
  takeUntil: NOW + DAY,
  exp: NOW + 365 * DAY,
};

const KNOWN: KnownNode = {
  exporter: NODE,
  registry: REGISTRY,
  fixedRules: null,
  withdrawn: [],
  ruleSets: ['US-NY/ENTRY', 'US-NY/EVENT-72H'],
};

function setupOf(code: object, { key = NODE, kid = key.kid }: { key?: TestKey; kid?: string } = {}): string {
  const input = setupSigningInput(kid, code as SetupCode);
  return encodeSetupCode(encodeCompactJws(input, key.sign(utf8(input))));
}

async function check(setup: string, known: Partial<KnownNode> = {}, now = NOW + 60): Promise<CheckedSetup> {
  return checkSetup(setup, { ...KNOWN, ...known }, now, importEs256Key);
}

const code = fc.record({
  id: fc.uint8Array({ minLength: 12, maxLength: 12 }).map(encodeBase64url),
  name: fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    .filter((name) => /\S/.test(name) && name.length <= 80),
  rules: fc.constantFrom('none', 'ENTRY', 'US-NY/ENTRY', 'EU/BASE'),
  languages: fc.subarray(['en', 'es', 'zh-Hant', 'ar', 'yi']),
  pin: fc.option(fc.constant(CODE.pin)),
  registry: fc.option(fc.constant(REGISTRY)),
  iat: fc.nat(),
  takeUntil: fc.nat().map((more) => more + 2 ** 31),
  exp: fc.nat().map((more) => more + 2 ** 32),
});

test('what a code says is read again as it was written, by a scheme that is no card’s', () => {
  fc.assert(
    fc.property(code, (said) => {
      const setup = setupOf(said);
      assert.match(setup, /^pratique-setup:\/\d+$/);
      assert.equal(isSetupText(setup), true);
      assert.deepEqual(readSetupCode(setup).code, { ...said });
    }),
    { numRuns: 100 },
  );
});

test('a code with one digit changed never sets anything up', async () => {
  const setup = setupOf(CODE);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: setup.length - 1 }), fc.nat({ max: 9 }), async (at, digit) => {
      const changed = setup.slice(0, at) + String(digit) + setup.slice(at + 1);
      if (changed === setup) return;
      assert.notEqual((await check(changed)).fault, null);
    }),
    { numRuns: 300 },
  );
});

test('a code of this node is good, and says what it sets up', async () => {
  assert.deepEqual(await check(setupOf(CODE)), { code: CODE, fault: null });
});

test('what is no set-up code is SETUP_MALFORMED, whoever signed it', async () => {
  const payload = utf8(JSON.stringify(CODE));
  const typ = 'pratique-setup+jws';
  for (const [what, setup] of [
    ['nothing', 'pratique-setup:/'],
    ['letters', 'pratique-setup:/abcd'],
    ['too long', `pratique-setup:/${'00'.repeat(1183)}`],
    ['no typ', encodeSetupCode(mintJws(NODE, payload))],
    ['the typ of a bundle', encodeSetupCode(mintJws(NODE, payload, { typ: 'pratique-trust+jws' }))],
    [
      'an alg of none',
      `pratique-setup:/${encodeDigits(mintUnder(NODE, { alg: 'none', kid: NODE.kid, typ }, payload))}`,
    ],
    ['a compressed one', `pratique-setup:/${encodeDigits(mintPayload(NODE, CODE, { typ, zip: 'DEF' }))}`],
    ['a member too many', setupOf({ ...CODE, admin: true })],
    ['a member too few', setupOf({ ...CODE, pin: undefined })],
    ['an empty name', setupOf({ ...CODE, name: ' ' })],
    ['an id that is a path', setupOf({ ...CODE, id: '../../../etc/pass' })],
    ['a PIN in the clear', setupOf({ ...CODE, pin: '482913' })],
    [
      'a PIN’s hash that takes 4 GiB to check',
      setupOf({ ...CODE, pin: String(CODE.pin).replace('65536', '4194304') }),
    ],
    ['rules with a space', setupOf({ ...CODE, rules: 'US NY' })],
    ['languages beyond number', setupOf({ ...CODE, languages: Array.from({ length: 13 }, () => 'en') })],
    ['an end before its beginning', setupOf({ ...CODE, exp: NOW - 1 })],
    ['a take-up beyond its end', setupOf({ ...CODE, takeUntil: CODE.exp + 1 })],
  ] as const) {
    assert.deepEqual(await check(setup), { code: null, fault: 'SETUP_MALFORMED' }, what);
  }
});

test('a code of another node’s key is SETUP_OF_ANOTHER_NODE, and so is one of another registry', async () => {
  assert.deepEqual(await check(setupOf(CODE, { key: STRANGER })), {
    code: null,
    fault: 'SETUP_OF_ANOTHER_NODE',
  });
  assert.equal((await check(setupOf(CODE), { registry: null })).fault, 'SETUP_OF_ANOTHER_NODE');
  assert.equal((await check(setupOf({ ...CODE, registry: null }))).fault, null);
});

test('a code in this node’s name that another key signed is SETUP_FORGED, and nothing of it is believed', async () => {
  const forged = setupOf(CODE, { key: STRANGER, kid: NODE.kid });
  assert.deepEqual(await check(forged), { code: null, fault: 'SETUP_FORGED' });
});

test('without trust data nobody knows whose a code is: SETUP_UNCHECKED', async () => {
  const checked = await checkSetup(setupOf(CODE), undefined, NOW, importEs256Key);
  assert.deepEqual(checked, { code: null, fault: 'SETUP_UNCHECKED' });
});

test('a code that was withdrawn is SETUP_WITHDRAWN', async () => {
  assert.deepEqual(await check(setupOf(CODE), { withdrawn: ['x', CODE.id] }), {
    code: CODE,
    fault: 'SETUP_WITHDRAWN',
  });
});

test('it is taken up until its first time, and holds until its second: then it is SETUP_ENDED', async () => {
  assert.deepEqual([mayTakeUp(CODE, NOW + DAY), mayTakeUp(CODE, NOW + DAY + 1)], [true, false]);
  assert.equal((await check(setupOf(CODE), {}, CODE.exp)).fault, null);
  assert.equal((await check(setupOf(CODE), {}, CODE.exp + 1)).fault, 'SETUP_ENDED');
});

test('a clock that is behind the code by more than two minutes is SETUP_NOT_YET', async () => {
  assert.equal((await check(setupOf(CODE), {}, NOW - 120)).fault, null);
  assert.equal((await check(setupOf(CODE), {}, NOW - 121)).fault, 'SETUP_NOT_YET');
});

test('rules that contradict those of the node’s operator are SETUP_RULES_CONTRADICT', async () => {
  for (const [fixedRules, rules, fault] of [
    [null, 'US-NY/ENTRY', null],
    ['US-NY/ENTRY', 'US-NY/ENTRY', null],
    ['US-NY/ENTRY', 'ENTRY', null],
    ['US-NY/ENTRY', 'none', null],
    ['US-NY/EVENT-72H', 'US-NY/ENTRY', 'SETUP_RULES_CONTRADICT'],
    ['EU/ENTRY', 'US-NY/ENTRY', 'SETUP_RULES_CONTRADICT'],
  ] as const) {
    assert.equal(
      (await check(setupOf({ ...CODE, rules }), { fixedRules })).fault,
      fault,
      `${fixedRules} ${rules}`,
    );
  }
});
