import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { didJwkFromKey, didJwkMethod } from '../../credential/did-jwk.ts';
import { didWebFromIss } from '../../credential/did-web.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { legacyVcFromCard, vcFromCard } from '../../credential/verifiable-credential.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import { verifyPieces } from '../../verifier/pipeline/verify-pieces.ts';
import {
  anchoredBits,
  anchoredTrust,
  DID,
  healthCard,
  mintUnder,
  newKey,
  NOW,
  pass,
  STATUS_BASE,
  trustDocument,
  trustedIssuer,
  trustedKey,
  utf8,
} from '../support/cards.ts';
import type { TestKey } from '../support/cards.ts';
import {
  CHALLENGE,
  legacyVpPayload,
  mintLegacyVc,
  mintToken,
  mintVc,
  vpPayload,
} from '../support/presentations.ts';

/*
 * What Veramo 7, did-jwt-vc 4 and did-jwt 8 let through, each reproduced with them (DESIGN, section 10). Here each goes in
 * where a venue's requests do, as text, and both forms of a VC are tried. Where test/vectors or another test has the same
 * already, the test says so.
 */

const key = newKey();
const otherKey = newKey();
const holder = newKey();
const OTHER_ISS = 'https://other.example';
const list = new StatusList(1);
list.set(9, true);
const { data, anchor } = anchoredBits(key, list);
const trust = anchoredTrust(
  trustDocument({
    issuers: [trustedIssuer(), trustedIssuer({ id: 2, iss: OTHER_ISS, name: 'Other' })],
    keys: [trustedKey(key, { revocation: 'bits' }), trustedKey(otherKey, { issuer: 2 })],
    anchors: [anchor],
    lists: [data],
  }),
);
const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };
const TERMS: Terms = { now: NOW, allowUnanchored: false, rules: 'none', policy: DEFAULT_POLICY };

/** The two forms, by who makes them. */
const FORMS = [mintVc, mintLegacyVc] as const;

async function decisionsOf(text: string, terms = TERMS, ports = PORTS): Promise<readonly Decision[]> {
  const pieces = readText(text).map((piece) => ({ source: '-', piece }));
  return verifyPieces(pieces, trust, terms, ports);
}
const answers = async (text: string, terms: Partial<Terms> = {}): Promise<readonly string[]> =>
  (await decisionsOf(text, { ...TERMS, ...terms })).map(
    ({ outcome, codes }) => `${outcome}: ${codes.join()}`,
  );

test('a good credential of either form is accepted, so that what follows is refused for its own sake', async () => {
  for (const mint of FORMS) assert.deepEqual(await answers(mint(key, pass())), ['accepted: VALID']);
});

// vc/status/revoked, vc-1.1/revoked
test('a revoked VC that is given as the string of its JWT is REVOKED', async () => {
  for (const mint of FORMS) {
    const jwt = mint(key, pass({ rid: ridFromIndex(9) }));
    assert.deepEqual(await answers(jwt), ['rejected: REVOKED']);
    assert.deepEqual(await answers(` ${jwt}\n`), ['rejected: REVOKED']);
  }
});

// pipeline/presentation.test.ts: every credential inside is verified by itself
test('a forged VC inside a good presentation is SIGNATURE_INVALID', async () => {
  const bound = pass({ holder: didJwkFromKey(holder) });
  for (const mint of FORMS) {
    const forged = mint({ ...newKey(), kid: key.kid }, bound);
    const good = mint(key, bound);
    for (const token of [
      mintToken(holder, vpPayload(holder, [good, forged])),
      mintToken(holder, legacyVpPayload(holder, [good, forged]), { typ: 'JWT' }),
    ]) {
      const asked = { challenge: CHALLENGE };
      assert.deepEqual(await answers(token, asked), ['accepted: VALID', 'rejected: SIGNATURE_INVALID']);
    }
  }
});

test('one object of terms for two issuers lets neither be checked by the keys of the other', async () => {
  const own = { did: didWebFromIss(OTHER_ISS), statusBase: '', kid: otherKey.kid };
  const vc = vcFromCard(healthCard({ iss: OTHER_ISS }), own);
  const sign = (signer: TestKey, kid: string): string =>
    mintUnder(signer, { alg: 'ES256', typ: 'vc+jwt', kid }, utf8(JSON.stringify(vc)));
  const first = mintVc(key, pass());
  const forged = sign(key, `${own.did}#${otherKey.kid}`);
  const crossed = sign(key, `${own.did}#${key.kid}`);
  const terms = frozen(structuredClone(TERMS));
  const ports = Object.freeze({ ...PORTS });
  const told = async (text: string): Promise<string> =>
    (await decisionsOf(text, terms, ports))[0]?.codes.join() ?? '';
  const expected = [
    [first, 'VALID'],
    [forged, 'SIGNATURE_INVALID'],
    [crossed, 'ISSUER_UNKNOWN'],
    [first, 'VALID'],
  ] as const;
  for (const [text, code] of expected) assert.equal(await told(text), code);
  const atOnce = await Promise.all(expected.map(async ([text]) => told(text)));
  assert.deepEqual(
    atOnce,
    expected.map(([, code]) => code),
  );
  assert.deepEqual(terms, TERMS);
});

// agent/vc-jwt-legacy-provider.test.ts for the agent, which reads DID documents
test('a key that the issuer’s DID document lists for key agreement, or for whatever, is ISSUER_UNKNOWN', async () => {
  // What the document at the issuer's own site says is nothing: only the registry lists keys, and nobody is asked.
  const agreement = newKey();
  for (const mint of FORMS)
    assert.deepEqual(await answers(mint(agreement, pass())), ['rejected: ISSUER_UNKNOWN']);
});

// vc/validity/until-a-second-ago, vc-1.1/exp-a-second-ago
test('what expired 299 seconds ago is EXPIRED, and a second ago too', async () => {
  for (const mint of FORMS) {
    for (const ago of [299, 1]) {
      assert.deepEqual(await answers(mint(key, pass({ exp: NOW - ago }))), ['rejected: EXPIRED']);
    }
  }
});

// vc/validity
test('a VCDM 2.0 credential whose validUntil is over is EXPIRED, with an exp beside it or without', async () => {
  const vc = vcFromCard(pass({ exp: NOW - 1 }), { did: DID, statusBase: STATUS_BASE, kid: key.kid });
  const header = { alg: 'ES256', typ: 'vc+jwt', kid: `${DID}#${key.kid}` };
  const sign = (payload: object): string => mintUnder(key, header, utf8(JSON.stringify(payload)));
  assert.deepEqual(await answers(sign(vc)), ['rejected: EXPIRED']);
  assert.deepEqual(await answers(sign({ ...vc, exp: NOW - 1 })), ['rejected: EXPIRED']);
  // A later exp would be what did-jwt looks at.
  assert.deepEqual(await answers(sign({ ...vc, exp: NOW + 600 })), ['unreadable: MALFORMED']);
});

test('an object with other claims beside its JWT is not read, and its claims are told to nobody', async () => {
  const own = { did: DID, statusBase: STATUS_BASE, kid: key.kid };
  for (const [mint, content] of [
    [mintVc, vcFromCard(pass(), own)],
    [mintLegacyVc, legacyVcFromCard(pass(), own)],
  ] as const) {
    const jwt = mint(key, pass({ holder: didJwkFromKey(holder) }));
    const changed = {
      ...content,
      credentialSubject: { name: { family: 'Somebody', given: ['Else'] }, birthDate: '1999-09-09' },
      proof: { type: 'JwtProof2020', jwt },
    };
    assert.deepEqual(await answers(JSON.stringify(changed)), ['unreadable: MALFORMED']);
    const inFile = JSON.stringify({ verifiableCredential: [changed] });
    assert.match((await answers(inFile)).join(), /^unreadable: MALFORMED$/);
    const inside = mintToken(holder, legacyVpPayload(holder, [changed]), { typ: 'JWT' });
    assert.deepEqual(await answers(inside, { challenge: CHALLENGE }), ['unreadable: UNSUPPORTED_FORMAT']);
    // An envelope is opened, and what stands beside it counts for nothing.
    const envelope = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${jwt}`,
      credentialSubject: changed.credentialSubject,
    };
    const token = mintToken(holder, vpPayload(holder, [], { verifiableCredential: [envelope] }));
    const [decision] = await decisionsOf(token, { ...TERMS, challenge: CHALLENGE });
    assert.deepEqual([decision?.outcome, decision?.subject?.name], ['accepted', 'Nora Nobody']);
  }
});

// vc/validity/from-61-seconds-ahead, vc-1.1/nbf-61-seconds-ahead
test('what begins in 299 seconds is NOT_YET_VALID: one minute is let go, not five', async () => {
  for (const mint of FORMS) {
    assert.deepEqual(await answers(mint(key, pass({ nbf: NOW + 299 }))), ['rejected: NOT_YET_VALID']);
    assert.deepEqual(await answers(mint(key, pass({ nbf: NOW + 61 }))), ['rejected: NOT_YET_VALID']);
    assert.deepEqual(await answers(mint(key, pass({ nbf: NOW + 60 }))), ['accepted: VALID']);
  }
});

test('a key is good for its own purpose only: an issuer presents nothing, and a holder issues nothing', async () => {
  const bound = pass({ holder: didJwkFromKey(holder) });
  const vc = mintVc(key, bound);
  // The issuer's key answers for the holder.
  const kid = `${DID}#${key.kid}`;
  const byIssuer = mintToken(key, vpPayload(holder, [vc]), { kid });
  assert.deepEqual(await answers(byIssuer, { challenge: CHALLENGE }), ['rejected: HOLDER_NOT_PROVEN']);
  // The holder's key, with which presentations are signed, issues to itself.
  const own = { did: DID, statusBase: STATUS_BASE, kid: key.kid };
  const content = utf8(JSON.stringify({ ...vcFromCard(bound, own), issuer: didJwkFromKey(holder) }));
  const selfIssued = { alg: 'ES256', typ: 'vc+jwt', kid: didJwkMethod(didJwkFromKey(holder)) };
  assert.deepEqual(await answers(mintUnder(holder, selfIssued, content)), ['unreadable: UNSUPPORTED_FORMAT']);
  // A token that the issuer signed for something else.
  const vcPayload = utf8(JSON.stringify(vcFromCard(bound, own)));
  for (const typ of ['at+jwt', 'statuslist+jwt', 'dpop+jwt']) {
    const token = mintUnder(key, { alg: 'ES256', typ, kid }, vcPayload);
    assert.deepEqual(await answers(token), ['unreadable: UNSUPPORTED_FORMAT'], typ);
  }
});

// vc/header/crit, jws/header/crit, jws/header/crit-escaped
test('a `crit` that nobody here understands is refused, wherever it stands', async () => {
  const own = { did: DID, statusBase: STATUS_BASE, kid: key.kid };
  const bound = pass({ holder: didJwkFromKey(holder) });
  const kid = `${DID}#${key.kid}`;
  const forms = [
    ['vc+jwt', vcFromCard(bound, own)],
    ['JWT', legacyVcFromCard(bound, own)],
  ] as const;
  for (const [typ, content] of forms) {
    const header = { alg: 'ES256', typ, kid, crit: ['b64'], b64: false };
    const marked = mintUnder(key, header, utf8(JSON.stringify(content)));
    assert.deepEqual(await answers(marked), ['unreadable: UNSUPPORTED_FORMAT']);
    const inside = mintToken(holder, vpPayload(holder, [marked]));
    assert.deepEqual(await answers(inside, { challenge: CHALLENGE }), ['unreadable: UNSUPPORTED_FORMAT']);
  }
  const vp = { alg: 'ES256', typ: 'vp+jwt', kid: didJwkMethod(didJwkFromKey(holder)), crit: ['exp'] };
  const token = mintUnder(holder, vp, utf8(JSON.stringify(vpPayload(holder, [mintVc(key, bound)]))));
  assert.deepEqual(await answers(token, { challenge: CHALLENGE }), ['unreadable: UNSUPPORTED_FORMAT']);
});

/** So deep that whoever writes into it fails. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}
