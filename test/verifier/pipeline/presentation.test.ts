import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVerifiablePresentationJwt } from 'did-jwt-vc';
import { encodeBase64url } from '../../../credential/base64url.ts';
import { didJwkFromKey, didJwkMethod } from '../../../credential/did-jwk.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { ridFromIndex, StatusList } from '../../../credential/status-list.ts';
import type { Terms } from '../../../verifier/pipeline/checks.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import {
  anchoredBits,
  anchoredTrust,
  DAY,
  healthCard,
  mintCard,
  mintJws,
  newKey,
  NOW,
  pass,
  trustDocument,
  trustedKey,
  utf8,
} from '../../support/cards.ts';
import type { TestKey } from '../../support/cards.ts';
import { didKeyOf } from '../../support/did-key.ts';
import {
  CHALLENGE,
  decideAll,
  legacyVpPayload,
  mintLegacyVc,
  mintToken,
  mintVc,
  vpPayload,
} from '../../support/presentations.ts';

const issuer = newKey();
const holder = newKey();
const list = new StatusList(1);
list.set(9, true);
const { data, anchor } = anchoredBits(issuer, list);
const trust = anchoredTrust(
  trustDocument({ keys: [trustedKey(issuer, { revocation: 'bits' })], anchors: [anchor], lists: [data] }),
);

const boundTo = (key: TestKey, content: Parameters<typeof pass>[0] = {}) =>
  pass({ holder: didJwkFromKey(key), ...content });
const vc = mintVc(issuer, boundTo(holder));
const legacyVc = mintLegacyVc(issuer, boundTo(holder));
const LEGACY = { typ: 'JWT' };
const thief = newKey();
const did = didJwkFromKey(holder);

const answers = (decisions: readonly Decision[]): string[] =>
  decisions.map(({ outcome, codes }) => `${outcome}: ${codes.join(', ')}`);
const decided = async (text: string, terms: Partial<Terms> = {}) =>
  answers(await decideAll(text, trust, terms));
const UNPROVEN = ['rejected: HOLDER_NOT_PROVEN'];

// ------------------------------------------------------------------ who holds it

test('a pass presented by its holder, in answer to the challenge, is accepted in both forms', async () => {
  assert.deepEqual(await decided(mintToken(holder, vpPayload(holder, [vc]))), ['accepted: VALID']);
  assert.deepEqual(await decided(mintToken(holder, legacyVpPayload(holder, [legacyVc]), LEGACY)), [
    'accepted: VALID',
  ]);
  const untyped = mintJws(holder, utf8(JSON.stringify(legacyVpPayload(holder, [legacyVc]))), {
    kid: didJwkMethod(didJwkFromKey(holder)),
  });
  assert.deepEqual(await decided(untyped), ['accepted: VALID']);
});

test('a holder may be a did:key as well as a did:jwk, each by its own method', async () => {
  const other = didKeyOf(holder);
  const kid = `${other}#${other.slice('did:key:'.length)}`;
  const bound = mintVc(issuer, pass({ holder: other }));
  const token = (of: object): string => mintToken(holder, vpPayload(holder, [bound], { holder: other }), of);
  assert.deepEqual(await decided(token({ kid })), ['accepted: VALID']);
  for (const wrong of [`${other}#0`, other, didJwkMethod(did)]) {
    assert.deepEqual(await decided(token({ kid: wrong })), UNPROVEN, wrong);
  }
  const thiefs = mintToken(thief, vpPayload(holder, [bound], { holder: other }), { kid });
  assert.deepEqual(await decided(thiefs), UNPROVEN);
});

test('either form may carry credentials of the other', async () => {
  assert.deepEqual(await decided(mintToken(holder, vpPayload(holder, [legacyVc]))), ['accepted: VALID']);
  assert.deepEqual(await decided(mintToken(holder, legacyVpPayload(holder, [vc]), LEGACY)), [
    'accepted: VALID',
  ]);
});

test('a presentation that did-jwt-vc made is read', async () => {
  const vp = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    verifiableCredential: [legacyVc],
  };
  const signer = async (input: string | Uint8Array): Promise<string> =>
    encodeBase64url(holder.sign(typeof input === 'string' ? utf8(input) : input));
  const token = await createVerifiablePresentationJwt(
    { vp, iat: NOW },
    { did, signer, alg: 'ES256' },
    {
      challenge: CHALLENGE.nonce,
      domain: CHALLENGE.audience,
      header: { kid: didJwkMethod(did), alg: 'ES256' },
    },
  );
  assert.deepEqual(await decided(token), ['accepted: VALID']);
});

const faults: readonly (readonly [string, object, object?])[] = [
  ['without a nonce', { nonce: undefined }],
  ['with another nonce', { nonce: `${CHALLENGE.nonce}A` }],
  ['without an audience', { aud: undefined }],
  ['for another audience', { aud: 'https://elsewhere.example' }],
  ['for two audiences', { aud: [CHALLENGE.audience, 'https://elsewhere.example'] }],
  ['for an empty list of audiences', { aud: [] }],
  ['without a time', { iat: undefined }],
  ['of more than a minute ago', { iat: NOW - 61 }],
  ['of more than a minute ahead', { iat: NOW + 61 }],
  ['that begins in more than a minute', { nbf: NOW + 61 }],
  ['that ends now', { exp: NOW }],
  ['that says it ended before it began', { iat: NOW + 30, exp: NOW - 30 }],
  ['by the key of another', {}, { kid: didJwkMethod(didJwkFromKey(thief)) }],
  ['by a method that a did:jwk does not have', {}, { kid: `${did}#1` }],
  ['by a DID without a method', {}, { kid: did }],
];
for (const [what, claims, header = {}] of faults) {
  test(`a presentation ${what} proves no holder, in either form`, async () => {
    assert.deepEqual(await decided(mintToken(holder, vpPayload(holder, [vc], claims), header)), UNPROVEN);
    const legacy = mintToken(holder, legacyVpPayload(holder, [vc], claims), { ...LEGACY, ...header });
    assert.deepEqual(await decided(legacy), UNPROVEN);
  });
}

const fine: readonly (readonly [string, object])[] = [
  ['of a minute ago', { iat: NOW - 60 }],
  ['of a clock a minute ahead', { iat: NOW + 60, nbf: NOW + 60 }],
  ['that has just not ended', { exp: NOW + 0.5 }],
  ['for one audience as a list', { aud: [CHALLENGE.audience] }],
  ['whose holder is an object', { holder: { id: did } }],
  ['whose holder stands as iss alone', { holder: undefined, iss: did }],
];
for (const [what, claims] of fine) {
  test(`a presentation ${what} proves its holder`, async () => {
    assert.deepEqual(await decided(mintToken(holder, vpPayload(holder, [vc], claims))), ['accepted: VALID']);
  });
}

test('without a challenge no presentation proves its holder', async () => {
  const token = mintToken(holder, vpPayload(holder, [vc]));
  assert.deepEqual(await decided(token, { challenge: undefined }), UNPROVEN);
  const unasked = mintToken(holder, vpPayload(holder, [vc], { nonce: undefined, aud: undefined }));
  assert.deepEqual(await decided(unasked, { challenge: undefined }), UNPROVEN);
});

test('the moment that is asked about moves nothing of the answer to the challenge', async () => {
  const token = mintToken(holder, vpPayload(holder, [vc]));
  assert.deepEqual(await decided(token, { at: NOW - 3600 }), ['accepted: VALID']);
  const late = mintToken(holder, vpPayload(holder, [vc], { iat: NOW - 3600 }));
  assert.deepEqual(await decided(late, { at: NOW - 3600 }), UNPROVEN);
});

test('a clock that is none proves nothing', async () => {
  const [decision] = await decideAll(mintToken(holder, vpPayload(holder, [vc])), trust, { now: Number.NaN });
  assert.ok(decision?.codes.includes('HOLDER_NOT_PROVEN'));
});

test('a signature by another key, or none, proves no holder', async () => {
  const kid = didJwkMethod(did);
  const payload = vpPayload(holder, [vc]);
  assert.deepEqual(await decided(mintToken(thief, payload, { kid })), UNPROVEN);
  const [input] = mintToken(holder, payload).split(/\.[^.]+$/);
  assert.deepEqual(await decided(`${input}.${encodeBase64url(new Uint8Array(64))}`), UNPROVEN);
});

test('a presentation without a holder, or by a holder of another DID method, proves none', async () => {
  assert.deepEqual(
    await decided(mintToken(holder, vpPayload(holder, [vc], { holder: undefined }))),
    UNPROVEN,
  );
  const other = 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169';
  for (const kid of [`${other}#0`, `did:web:holder.example#${holder.kid}`]) {
    const claims = { holder: kid.split('#')[0] };
    assert.deepEqual(await decided(mintToken(holder, vpPayload(holder, [vc], claims), { kid })), UNPROVEN);
  }
});

test('a did:jwk that is no point of the curve proves no holder', async () => {
  const nowhere = { ...holder, y: holder.x };
  assert.deepEqual(await decided(mintToken(nowhere, vpPayload(nowhere, [vc]))), UNPROVEN);
});

// ------------------------------------------------------------------ what is inside

test('a holder who proves to be one presents nothing of another, of nobody, nor a health card', async () => {
  const others = mintVc(issuer, boundTo(thief));
  const nobodys = mintVc(issuer, pass());
  const plus = mintVc(issuer, healthCard({ rid: ridFromIndex(1) }));
  const token = mintToken(holder, vpPayload(holder, [others, nobodys, plus, vc]));
  assert.deepEqual(await decided(token), [...UNPROVEN, ...UNPROVEN, ...UNPROVEN, 'accepted: VALID']);
});

test('a health card inside is read, and is nobody’s by its nature', async () => {
  const plain = newKey();
  const inTrust = anchoredTrust(trustDocument({ keys: [trustedKey(plain)] }));
  const token = mintToken(holder, vpPayload(holder, [mintCard(plain)]));
  assert.deepEqual(answers(await decideAll(token, inTrust)), UNPROVEN);
});

test('every credential inside is verified by itself, and decided in their order', async () => {
  const expired = mintVc(issuer, boundTo(holder, { exp: NOW - 1 }));
  const revoked = mintVc(issuer, boundTo(holder, { rid: ridFromIndex(9) }));
  const unknown = mintVc(newKey(), boundTo(holder));
  const forged = mintVc({ ...newKey(), kid: issuer.kid }, boundTo(holder));
  const token = mintToken(holder, vpPayload(holder, [expired, revoked, unknown, forged, vc, 'a.b.c']));
  assert.deepEqual(await decided(token), [
    'rejected: EXPIRED',
    'rejected: REVOKED',
    'rejected: ISSUER_UNKNOWN',
    'rejected: SIGNATURE_INVALID',
    'accepted: VALID',
    'unreadable: MALFORMED',
  ]);
  assert.deepEqual(await decided(token, { challenge: undefined }), [
    'rejected: EXPIRED, HOLDER_NOT_PROVEN',
    'rejected: REVOKED, HOLDER_NOT_PROVEN',
    'rejected: ISSUER_UNKNOWN, HOLDER_NOT_PROVEN',
    'rejected: SIGNATURE_INVALID, HOLDER_NOT_PROVEN',
    'rejected: HOLDER_NOT_PROVEN',
    'unreadable: MALFORMED, HOLDER_NOT_PROVEN',
  ]);
});

test('what the decision about a presented pass says is what the pass shown alone says', async () => {
  const [alone] = await decideAll(vc, trust);
  const [presented] = await decideAll(mintToken(holder, vpPayload(holder, [vc])), trust);
  assert.deepEqual(presented, alone);
  assert.deepEqual(presented?.subject, { name: 'Nora Nobody', birthDate: '1980-02-29' });
});

test('without trust data a proven holder waits, an unproven one is rejected', async () => {
  const token = mintToken(holder, vpPayload(holder, [vc]));
  assert.deepEqual(answers(await decideAll(token, 'missing')), ['undetermined: TRUST_MISSING']);
  assert.deepEqual(answers(await decideAll(token, 'invalid', { challenge: undefined })), [
    'rejected: TRUST_INVALID, HOLDER_NOT_PROVEN',
  ]);
});

test('stale trust data outranks nothing of a holder who is not proven', async () => {
  const late = { now: NOW + 4 * DAY };
  const token = mintToken(holder, vpPayload(holder, [vc], { iat: late.now }));
  const [answer = ''] = await decided(token, late);
  assert.ok(answer.startsWith('rejected: EXPIRED') && !answer.includes('HOLDER_NOT_PROVEN'));
  const [unproven = ''] = await decided(token, { ...late, challenge: undefined });
  assert.ok(unproven.includes('HOLDER_NOT_PROVEN'));
});

test('a presentation inside a presentation is not opened', async () => {
  const inner = mintToken(holder, vpPayload(holder, [vc]));
  const innerLegacy = mintToken(holder, legacyVpPayload(holder, [vc]), LEGACY);
  const envelope = {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    type: 'EnvelopedVerifiablePresentation',
    id: `data:application/vp+jwt,${inner}`,
  };
  const UNREAD = ['unreadable: UNSUPPORTED_FORMAT'];
  for (const payload of [
    vpPayload(holder, [inner]),
    vpPayload(holder, [innerLegacy]),
    vpPayload(holder, [], { verifiableCredential: [envelope] }),
  ]) {
    assert.deepEqual(await decided(mintToken(holder, payload)), UNREAD);
  }
  for (const one of [inner, innerLegacy, envelope]) {
    assert.deepEqual(await decided(mintToken(holder, legacyVpPayload(holder, [one]), LEGACY)), UNREAD);
  }
});

// ------------------------------------------------------------------ limits

/** Decide with a spy on the import of the holder's key. */
async function spied(text: string, terms: Partial<Terms> = {}) {
  let imported = 0;
  const importKey: typeof importEs256Key = (key) => {
    imported += 1;
    return importEs256Key(key);
  };
  return {
    codes: (await decideAll(text, trust, { ...terms, importKey })).map(({ codes }) => codes),
    imported,
  };
}

test('the holder’s key is imported once, and only for an answer to the challenge', async () => {
  const token = mintToken(holder, vpPayload(holder, [vc, vc]));
  assert.deepEqual(await spied(token), { codes: [['VALID'], ['VALID']], imported: 1 });
  assert.equal((await spied(token, { challenge: undefined })).imported, 0);
  assert.equal((await spied(token, { now: NOW + 61 })).imported, 0);
  const elsewhere = { challenge: { ...CHALLENGE, audience: 'https://elsewhere.example' } };
  assert.equal((await spied(token, elsewhere)).imported, 0);
});

test('one to ten credentials; a presentation of none or of eleven is MALFORMED before any signature', async () => {
  const ten = Array<string>(10).fill(vc);
  assert.equal((await decided(mintToken(holder, vpPayload(holder, ten)))).length, 10);
  for (const payload of [
    vpPayload(holder, []),
    vpPayload(holder, [...ten, vc]),
    vpPayload(holder, [], { verifiableCredential: undefined }),
    vpPayload(holder, [], { verifiableCredential: null }),
  ]) {
    assert.deepEqual(await spied(mintToken(holder, payload)), { codes: [['MALFORMED']], imported: 0 });
  }
  for (const some of [[], [...ten, vc]]) {
    const token = mintToken(holder, legacyVpPayload(holder, some), LEGACY);
    assert.deepEqual(await spied(token), { codes: [['MALFORMED']], imported: 0 });
  }
});

test('a presentation over 256 KiB, or longer than any token, is TOO_LARGE before any signature', async () => {
  const padded = (bytes: number) => {
    const empty = JSON.stringify(vpPayload(holder, [vc], { pad: '' }));
    return mintToken(holder, vpPayload(holder, [vc], { pad: 'a'.repeat(bytes - empty.length) }));
  };
  assert.deepEqual((await spied(padded(262_144))).codes, [['VALID']]);
  assert.deepEqual(await spied(padded(262_145)), { codes: [['TOO_LARGE']], imported: 0 });
  assert.deepEqual(await spied(padded(300_000)), { codes: [['TOO_LARGE']], imported: 0 });
});

test('a token that is no presentation is decided as it is alone', async () => {
  for (const text of [vc, legacyVc, mintCard(newKey()), 'a.b.c', '', 'eyJhbGciOiJkaXIifQ.AA.AA.AA.AA']) {
    const decisions = await decideAll(text, trust, { challenge: undefined });
    assert.equal(decisions.length, 1);
    assert.ok(!decisions[0]?.codes.includes('HOLDER_NOT_PROVEN'));
  }
});

test('the text of a QR code is no presentation, whatever its header says', async () => {
  const { verifyEvidence } = await import('../../../verifier/pipeline/presentation.ts');
  const { inflateRawNode } = await import('../../../credential/deflate-node.ts');
  const decisions = await verifyEvidence(
    { text: mintToken(holder, vpPayload(holder, [vc])), scheme: 'shc' },
    trust,
    { now: NOW, allowUnanchored: false, rules: 'none', challenge: CHALLENGE },
    { inflate: inflateRawNode, importKey: importEs256Key },
  );
  assert.deepEqual(answers(decisions), ['unreadable: MALFORMED']);
});
