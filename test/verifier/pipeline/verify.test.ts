import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64url, encodeBase64url } from '../../../credential/base64url.ts';
import { didWebFromIss } from '../../../credential/did-web.ts';
import { ridFromIndex, StatusList } from '../../../credential/status-list.ts';
import { legacyVcFromCard, vcFromCard } from '../../../credential/verifiable-credential.ts';
import type { VcIssuer } from '../../../credential/verifiable-credential.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import {
  anchoredBits,
  anchoredTrust,
  DAY,
  decide,
  DID,
  healthCard,
  ISS,
  mintCard,
  mintJws,
  mintPass,
  newKey,
  NOW,
  pass,
  STATUS_BASE,
  trustDocument,
  trustedIssuer,
  trustedKey,
  utf8,
} from '../../support/cards.ts';
import type { TestKey } from '../../support/cards.ts';

const key = newKey();
const shared = newKey();
const others = newKey();
const OTHER_ISS = 'https://other.example';

/** Two issuers: each with a key of its own, and one key that both have. */
const list = new StatusList(1);
list.set(9, true);
const status = anchoredBits(key, list);
const document = trustDocument({
  issuers: [trustedIssuer(), trustedIssuer({ id: 2, iss: OTHER_ISS, name: 'Other', statusBase: '' })],
  keys: [
    trustedKey(key, { revocation: 'bits' }),
    trustedKey(shared),
    trustedKey(shared, { issuer: 2, state: 'compromised' }),
    trustedKey(others, { issuer: 2 }),
  ],
  anchors: [status.anchor],
  lists: [status.data],
});
const trust = anchoredTrust(document);

function answer({ outcome, codes }: Decision): string {
  return `${outcome}: ${codes.join(', ')}`;
}

async function expectAnswer(text: string, expected: string): Promise<void> {
  assert.equal(answer(await decide(text, trust)), expected);
}

// ------------------------------------------------------------------ forgeries

test('a card of a self-made issuer is ISSUER_UNKNOWN', async () => {
  await expectAnswer(mintCard(newKey(), { iss: 'https://self-made.example' }), 'rejected: ISSUER_UNKNOWN');
});

test('a card of the right iss by a foreign key is ISSUER_UNKNOWN', async () => {
  await expectAnswer(mintCard(newKey()), 'rejected: ISSUER_UNKNOWN');
});

test("a card of the right iss by another issuer's key is ISSUER_UNKNOWN, its signature good", async () => {
  const decision = await decide(mintCard(others), trust);
  assert.equal(answer(decision), 'rejected: ISSUER_UNKNOWN');
  assert.deepEqual([decision.checks.signature, decision.checks.issuer], ['passed', 'failed']);
  assert.deepEqual([decision.issuer, decision.subject], [null, null]);
});

test("a card that claims a trusted key's kid but is signed by another is SIGNATURE_INVALID", async () => {
  await expectAnswer(
    mintCard({ ...newKey(), kid: others.kid }, { iss: OTHER_ISS }),
    'rejected: SIGNATURE_INVALID',
  );
});

test('an iss that differs by a slash, a case or a port is another issuer', async () => {
  for (const iss of [`${OTHER_ISS}/`, 'https://OTHER.example', `${OTHER_ISS}:443`, `${OTHER_ISS}/x`]) {
    await expectAnswer(mintCard(others, { iss }), 'rejected: ISSUER_UNKNOWN');
  }
});

test('one kid under two issuers: the named iss alone counts, with its own state of the key', async () => {
  const first = await decide(mintCard(shared), trust);
  assert.deepEqual([answer(first), first.issuer?.iss], ['accepted: VALID', ISS]);
  const second = await decide(mintCard(shared, { iss: OTHER_ISS }), trust);
  assert.deepEqual([answer(second), second.issuer?.iss], ['rejected: KEY_COMPROMISED', OTHER_ISS]);
  await expectAnswer(mintCard(shared, { iss: 'https://third.example' }), 'rejected: ISSUER_UNKNOWN');
});

test('no single flipped bit of a card is ever accepted, at any position', async () => {
  const card = mintCard(others, { iss: OTHER_ISS });
  await expectAnswer(card, 'accepted: VALID');
  for (let at = 0; at < card.length; at += 1) {
    for (let bit = 0; bit < 7; bit += 1) {
      const flipped =
        card.slice(0, at) + String.fromCharCode(card.charCodeAt(at) ^ (1 << bit)) + card.slice(at + 1);
      const { outcome } = await decide(flipped, trust);
      assert.notEqual(outcome, 'accepted', `bit ${bit} of character ${at}`);
    }
  }
});

test('no single flipped bit of what the three parts encode is ever accepted', async () => {
  const parts = mintCard(others, { iss: OTHER_ISS }).split('.');
  for (const [place, part] of parts.entries()) {
    const bytes = decodeBase64url(part);
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { outcome } = await decide(parts.with(place, encodeBase64url(flipped)).join('.'), trust);
      assert.notEqual(outcome, 'accepted', `bit ${bit} of part ${place}`);
    }
  }
});

test('a signature of zeros, or cut short, is refused', async () => {
  const input = mintCard(others, { iss: OTHER_ISS }).split('.').slice(0, 2).join('.');
  await expectAnswer(`${input}.${encodeBase64url(new Uint8Array(64))}`, 'rejected: SIGNATURE_INVALID');
  await expectAnswer(`${input}.${encodeBase64url(new Uint8Array(63))}`, 'unreadable: MALFORMED');
  await expectAnswer(`${input}.`, 'unreadable: MALFORMED');
});

// ------------------------------------------------------------------ anchoring

const unanchored = indexTrust(document, { anchored: false, importKey: importEs256Key });

test('data that is not anchored is TRUST_UNANCHORED unless allowed', async () => {
  const card = mintCard(others, { iss: OTHER_ISS });
  const refused = await decide(card, unanchored);
  assert.equal(answer(refused), 'undetermined: TRUST_UNANCHORED');
  const allowed = await decide(card, unanchored, { allowUnanchored: true });
  assert.deepEqual([answer(allowed), allowed.trust?.anchored], ['accepted: VALID', false]);
});

test('data that is not anchored revokes nothing, but a bad signature and an expiry stand', async () => {
  const revoked = mintPass(key, { rid: ridFromIndex(9) });
  assert.equal(answer(await decide(revoked, unanchored)), 'undetermined: REVOKED, TRUST_UNANCHORED');
  assert.equal(answer(await decide(revoked, unanchored, { allowUnanchored: true })), 'rejected: REVOKED');
  const expired = mintPass(key, { exp: NOW - 1 });
  assert.equal(answer(await decide(expired, unanchored)), 'rejected: EXPIRED, TRUST_UNANCHORED');
  const forged = mintCard({ ...newKey(), kid: key.kid });
  assert.equal(answer(await decide(forged, unanchored)), 'rejected: SIGNATURE_INVALID, TRUST_UNANCHORED');
});

test('an unknown issuer on data that is stale or not anchored waits for better data', async () => {
  assert.equal(
    answer(await decide(mintCard(newKey()), unanchored)),
    'undetermined: ISSUER_UNKNOWN, TRUST_UNANCHORED',
  );
  const late = { now: NOW + 4 * DAY };
  assert.equal(
    answer(await decide(mintCard(newKey()), trust, late)),
    'undetermined: ISSUER_UNKNOWN, TRUST_STALE',
  );
});

test('a key of the trust data that is no point of P-256 is TRUST_INVALID, and only for its cards', async () => {
  const off = { ...newKey(), x: others.x };
  const kid = (await import('../../../credential/jwk.ts')).thumbprint(off);
  const bad = anchoredTrust(trustDocument({ keys: [trustedKey({ ...off, kid }), trustedKey(shared)] }));
  assert.equal(answer(await decide(mintCard({ ...off, kid }), bad)), 'undetermined: TRUST_INVALID');
  assert.equal(answer(await decide(mintCard(shared), bad)), 'accepted: VALID');
});

// -------------------------------------------------------------------- VC forms

const ISSUER: VcIssuer = { did: DID, statusBase: STATUS_BASE, kid: key.kid };
const plus = healthCard({ rid: ridFromIndex(8) });

function mintVc(signer: TestKey, payload: object, did = DID, typ = 'vc+jwt'): string {
  return mintJws(signer, utf8(JSON.stringify(payload)), { kid: `${did}#${signer.kid}`, typ });
}

const forms = [
  ['vc+jwt', (card = plus, issuer = ISSUER, did = DID) => mintVc(key, vcFromCard(card, issuer), did)],
  [
    'vc-jwt',
    (card = plus, issuer = ISSUER, did = DID) => mintVc(key, legacyVcFromCard(card, issuer), did, 'JWT'),
  ],
] as const satisfies readonly (readonly [
  string,
  (card?: typeof plus, issuer?: VcIssuer, did?: string) => string,
])[];

for (const [form, mint] of forms) {
  test(`${form}: a good credential is accepted, with the registry's words about its issuer`, async () => {
    const decision = await decide(mint(), trust);
    assert.equal(answer(decision), 'accepted: VALID');
    assert.deepEqual([decision.form, decision.profile, decision.issuer?.iss], [form, 'pass-plus', ISS]);
    assert.deepEqual(decision.subject, { name: 'Nora Nobody', birthDate: '1980-02-29' });
    assert.equal(decision.checks.status, 'passed');
  });

  test(`${form}: a revoked credential is REVOKED, given as a JWT string too`, async () => {
    await expectAnswer(mint(healthCard({ rid: ridFromIndex(9) })), 'rejected: REVOKED');
  });

  test(`${form}: an expired credential is EXPIRED, without the 300 s that others allow`, async () => {
    await expectAnswer(mint(healthCard({ ...plus, exp: NOW - 299 })), 'rejected: EXPIRED');
  });

  test(`${form}: the list of another key, issuer or host is MALFORMED`, async () => {
    for (const wrong of [
      { kid: others.kid },
      { statusBase: 'https://evil.example' },
      { statusBase: `${STATUS_BASE}/` },
    ]) {
      await expectAnswer(mint(plus, { ...ISSUER, ...wrong }), 'unreadable: MALFORMED');
    }
  });

  test(`${form}: a credential without status under a key with a status list is MALFORMED`, async () => {
    await expectAnswer(mint(healthCard()), 'unreadable: MALFORMED');
  });

  test(`${form}: a header that names another DID than the credential is ISSUER_UNKNOWN`, async () => {
    await expectAnswer(mint(plus, ISSUER, didWebFromIss(OTHER_ISS)), 'rejected: ISSUER_UNKNOWN');
  });

  test(`${form}: an index beyond the list is STATUS_STALE`, async () => {
    await expectAnswer(mint(healthCard({ rid: ridFromIndex(list.length) })), 'undetermined: STATUS_STALE');
  });
}

test("a VC by another issuer's key is ISSUER_UNKNOWN, whichever DID the header names", async () => {
  const payload = vcFromCard(plus, ISSUER);
  await expectAnswer(mintVc(others, payload), 'rejected: ISSUER_UNKNOWN');
  await expectAnswer(mintVc(others, payload, didWebFromIss(OTHER_ISS)), 'rejected: ISSUER_UNKNOWN');
});

test('a pass as a VC keeps its profile', async () => {
  const decision = await decide(mintVc(key, vcFromCard(pass({ rid: ridFromIndex(1) }), ISSUER)), trust);
  assert.deepEqual([answer(decision), decision.profile], ['accepted: VALID', 'pass']);
});

test('a VC that names a list under a key that revokes nothing is STATUS_MISSING', async () => {
  const vc = vcFromCard(plus, { ...ISSUER, kid: shared.kid });
  await expectAnswer(mintVc(shared, vc), 'undetermined: STATUS_MISSING');
});

test('a kid that is no verification method of a did:web is not read', async () => {
  const payload = utf8(JSON.stringify(vcFromCard(plus, ISSUER)));
  const headers = [
    [`#${key.kid}`, 'unreadable: MALFORMED'],
    [`${DID}#${key.kid}#`, 'unreadable: MALFORMED'],
    [`${DID}#key-1`, 'unreadable: MALFORMED'],
    [`did:key:z6Mk#${key.kid}`, 'unreadable: UNSUPPORTED_FORMAT'],
  ] as const;
  for (const [kid, expected] of headers) {
    await expectAnswer(mintJws(key, payload, { kid, typ: 'vc+jwt' }), expected);
  }
});

test('a presentation, a token of another type, or a VC in a QR is not read as a VC', async () => {
  const payload = vcFromCard(plus, ISSUER);
  await expectAnswer(mintVc(key, payload, DID, 'vp+jwt'), 'unreadable: UNSUPPORTED_FORMAT');
  await expectAnswer(mintVc(key, payload, DID, 'at+jwt'), 'unreadable: UNSUPPORTED_FORMAT');
  await expectAnswer(mintVc(key, payload, DID, 'JWT'), 'unreadable: MALFORMED');
  const inQr = await decide({ text: mintVc(key, payload), scheme: 'shc' }, trust);
  assert.equal(answer(inQr), 'unreadable: MALFORMED');
  // Nobody is even asked about its key.
  const unknown = await decide({ text: mintVc(newKey(), payload), scheme: 'shc' }, trust);
  assert.equal(answer(unknown), 'unreadable: MALFORMED');
});

test('a VC larger than a card is TOO_LARGE', async () => {
  const padded = { ...vcFromCard(plus, ISSUER), padding: 'x'.repeat(262_145) };
  await expectAnswer(mintVc(key, padded), 'unreadable: TOO_LARGE');
});
