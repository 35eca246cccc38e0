import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Issuer } from '../../../agent/issuer.ts';
import { VERIFY_ANSWER } from '../../../agent/service/verify-answer.ts';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { didJwkFromKey, didJwkMethod } from '../../../credential/did-jwk.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { presentationPayload } from '../../../credential/presentation.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { ridFromIndex } from '../../../credential/status-list.ts';
import { readText } from '../../../verifier/pipeline/input.ts';
import { verifyPieces } from '../../../verifier/pipeline/verify-pieces.ts';
import {
  ISS as OTHER_ISS,
  JURISDICTION,
  mintCard,
  mintJws,
  mintPass,
  mintUnder,
  newKey,
  trustedIssuer,
  trustedKey,
  utf8,
  type TestKey,
} from '../../support/cards.ts';
import { readVectors } from '../../support/vector-files.ts';
import { ISS, NOW } from '../issuer-fixture.ts';
import { asking, cardService, problemOf, type CardService, type Issued } from './card-service.ts';

const DAY = 86_400;

interface Verifying extends CardService {
  readonly verify: (shown: unknown, options?: object) => Promise<ReturnType<typeof VERIFY_ANSWER.parse>>;
  /** The codes of what is said of one credential. */
  readonly codesOf: (shown: unknown) => Promise<readonly string[]>;
  readonly issued: () => Promise<Issued>;
}

async function verifying(t: TestContext): Promise<Verifying> {
  const service = await cardService(t);
  const key = await service.as('issue', 'revoke');
  const verify: Verifying['verify'] = async (verifiableCredential, options) => {
    const response = await service.post(
      '/credentials/verify',
      { verifiableCredential, ...(options === undefined ? {} : { options }) },
      key,
    );
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    return VERIFY_ANSWER.parse(await response.json());
  };
  return {
    ...service,
    verify,
    codesOf: async (shown) => {
      const { decisions, verified } = await verify(shown);
      assert.equal(decisions.length, 1);
      assert.equal(verified, decisions[0]?.outcome === 'accepted');
      return decisions[0]?.codes ?? [];
    },
    issued: async () => (await (await service.post('/credentials/issue', asking(), key)).json()) as Issued,
  };
}

/** The registry says of another issuer besides what it says of ours. */
async function learnOther(issuer: Issuer, other: TestKey, revocation: 'none' | 'bits'): Promise<void> {
  const { iss, did, statusBase } = issuer.identity;
  const anyTime = { validFrom: 0, validUntil: 0 };
  await issuer.learnRegistry({
    jurisdictions: [JURISDICTION],
    issuers: [trustedIssuer({ iss, did, statusBase }), trustedIssuer({ id: 2, iss: OTHER_ISS })],
    keys: [
      ...issuer.keys().map((key) => trustedKey(key, { ...anyTime, revocation: 'bits' })),
      trustedKey(other, { ...anyTime, issuer: 2, revocation }),
    ],
  });
}

test('a card of ours is accepted in every form, and the answer carries none of it', async (t) => {
  const { verify, issued } = await verifying(t);
  const { card, verifiableCredential } = await issued();
  const forms: readonly (readonly [unknown, string])[] = [
    [verifiableCredential, 'vc+jwt'],
    [verifiableCredential.id.split(',')[1], 'vc+jwt'],
    [card.legacyVc, 'vc-jwt'],
    [card.jws, 'pass'],
    [encodeCardUri(card.jws, 'pratique'), 'pass'],
    [encodeCardFile([card.jws]), 'pass'],
  ];
  for (const [shown, form] of forms) {
    const answer = await verify(shown, { returnResults: true });
    assert.equal(answer.verified, true, form);
    assert.deepEqual(answer.problemDetails, []);
    const [decision] = answer.decisions;
    assert.deepEqual([decision?.outcome, decision?.codes, decision?.form], ['accepted', ['VALID'], form]);
    assert.deepEqual(answer.results?.[0], {
      proof: [{ verified: true }],
      validFrom: { verified: true },
      validUntil: { verified: true },
      credentialStatus: [{ verified: true }],
    });
    const text = JSON.stringify(answer);
    for (const part of card.jws.split('.').slice(1)) assert.ok(!text.includes(part));
  }
});

test('a card that was revoked a moment ago is revoked, in every form, though no chain knows of it yet', async (t) => {
  const { issuer, codesOf, verify, issued } = await verifying(t);
  const [{ card, verifiableCredential }, { card: other }] = [await issued(), await issued()];
  assert.deepEqual(await codesOf(card.jws), ['VALID']);
  await issuer.revoke(card.id);
  for (const shown of [card.jws, verifiableCredential, card.legacyVc])
    assert.deepEqual(await codesOf(shown), ['REVOKED']);
  assert.deepEqual(await codesOf(other.jws), ['VALID']);
  const { verified, decisions } = await verify(encodeCardFile([other.jws, card.jws]));
  assert.equal(verified, false);
  assert.deepEqual(
    decisions.map(({ codes }) => codes),
    [['VALID'], ['REVOKED']],
  );
});

test('a card is revoked whatever the registry says of how its key revokes', async (t) => {
  const { issuer, kid, codesOf, issued } = await verifying(t);
  const { card } = await issued();
  await issuer.revoke(card.id);
  const { iss, did, statusBase } = issuer.identity;
  await issuer.learnRegistry({
    jurisdictions: [JURISDICTION],
    issuers: [trustedIssuer({ iss, did, statusBase })],
    keys: issuer.keys().map((key) => trustedKey(key, { validFrom: 0, validUntil: 0, revocation: 'none' })),
  });
  assert.equal(issuer.keys()[0]?.kid, kid);
  assert.deepEqual(await codesOf(card.jws), ['REVOKED']);
});

test('while the chain holds revocations that are not here, a revoked card is revoked and no other is accepted', async (t) => {
  const { issuer, kid, codesOf, issued } = await verifying(t);
  const [{ card }, { card: other }] = [await issued(), await issued()];
  await issuer.revoke(card.id);
  const { list, length } = issuer.statusList(kid);
  for (const index of [1, 2, 3, 4]) list.set(index, true);
  const root = `0x${Buffer.from(list.root()).toString('hex')}`;
  await issuer.anchored(kid, { counter: 9, length, revoked: list.revoked, root });
  assert.deepEqual(await codesOf(card.jws), ['REVOKED']);
  assert.deepEqual(await codesOf(other.jws), ['STATUS_STALE']);
});

test('what the registry has not said lately decides nothing, and what it took back counts', async (t) => {
  const { issuer, codesOf, verify, issued, pass } = await verifying(t);
  const { card } = await issued();
  pass(4 * DAY);
  assert.deepEqual(await codesOf(card.jws), ['TRUST_STALE']);
  assert.equal((await verify(card.jws)).decisions[0]?.outcome, 'undetermined');
  await issuer.revoke(card.id);
  assert.equal((await verify(card.jws)).decisions[0]?.outcome, 'rejected');
  pass(-4 * DAY);
  await issuer.learnRegistry({ jurisdictions: [], issuers: [], keys: [] });
  assert.deepEqual(await codesOf(card.jws), ['ISSUER_UNKNOWN']);
});

test('of a card of another issuer it says what it could look up, and is not sure of the rest', async (t) => {
  const { issuer, codesOf } = await verifying(t);
  const other = newKey();
  const card = mintPass(other, { nbf: NOW - DAY, exp: NOW + DAY, rid: ridFromIndex(7) });
  assert.deepEqual(await codesOf(card), ['ISSUER_UNKNOWN']);
  await learnOther(issuer, other, 'bits');
  assert.deepEqual(await codesOf(card), ['STATUS_MISSING']);
  assert.deepEqual(await codesOf(mintPass(other, { nbf: NOW - 2 * DAY, exp: NOW - DAY })), [
    'EXPIRED',
    'STATUS_MISSING',
  ]);
  await learnOther(issuer, other, 'none');
  assert.deepEqual(await codesOf(mintCard(other, { nbf: NOW - DAY })), ['VALID']);
});

test('what is forged, tampered with, over, or under another name is not accepted', async (t) => {
  const { issuer, kid, codesOf, issued, pass } = await verifying(t);
  const { card } = await issued();
  const [header = '', payload = '', signature = ''] = card.jws.split('.');
  const thief = newKey();
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const foreign = mintPass(thief, { iss: ISS, nbf: NOW - DAY, exp: NOW + DAY });
  const underOurs = mintUnder(thief, { alg: 'ES256', zip: 'DEF', kid }, Buffer.from(payload, 'base64url'));
  assert.deepEqual(await codesOf(`${header}.${payload}.${flipped}`), ['SIGNATURE_INVALID']);
  assert.deepEqual(await codesOf(foreign), ['ISSUER_UNKNOWN']);
  assert.deepEqual(await codesOf(underOurs), ['SIGNATURE_INVALID']);
  // A key of the registry's under the name of another issuer of it.
  await learnOther(issuer, thief, 'none');
  assert.deepEqual(await codesOf(foreign), ['ISSUER_UNKNOWN']);
  pass(2 * 365 * DAY);
  await learnOther(issuer, thief, 'bits');
  assert.ok((await codesOf(card.jws)).includes('EXPIRED'));
});

test('no vector of the verifier is accepted by an issuer that none of them is of', async (t) => {
  const { verify } = await verifying(t);
  let shown = 0;
  for (const { input, name } of await readVectors()) {
    if ('file' in input) continue;
    const text = 'codes' in input ? input.codes.join('\n') : input.text;
    if (text === '' || text.length > 900_000) continue;
    shown++;
    const { verified, decisions, problemDetails = [] } = await verify(text);
    assert.equal(verified, false, name);
    assert.ok(
      decisions.every(({ outcome }) => outcome !== 'accepted'),
      name,
    );
    assert.ok(problemDetails.length >= decisions.length, name);
  }
  assert.ok(shown > 100);
});

test('a presentation is its holder’s only for the challenge that is said, and a card is no presentation', async (t) => {
  const { post, as } = await cardService(t);
  const key = await as('issue', 'records');
  const holder = newKey();
  const did = didJwkFromKey(holder);
  const response = await post('/credentials/issue', asking({}, { id: did }), key);
  const { verifiableCredential } = (await response.json()) as Issued;
  const [, vc = ''] = verifiableCredential.id.split(',');
  const challenge = { challenge: 'bm9uY2Ugb2YgYSB2ZW51ZQ', domain: 'https://venue.example' };
  const vp = mintJws(
    holder,
    utf8(
      JSON.stringify(
        presentationPayload({
          holder: did,
          nonce: challenge.challenge,
          audience: challenge.domain,
          iat: NOW,
          credentials: [vc],
        }),
      ),
    ),
    { typ: 'vp+jwt', kid: didJwkMethod(did) },
  );
  const codesOf = async (body: object): Promise<readonly string[]> => {
    const answer = await post('/credentials/verify', body, key);
    return VERIFY_ANSWER.parse(await answer.json()).decisions[0]?.codes ?? [];
  };
  const enveloped = { type: 'EnvelopedVerifiablePresentation', id: `data:application/vp+jwt,${vp}` };
  assert.deepEqual(await codesOf({ verifiablePresentation: vp, options: challenge }), ['VALID']);
  assert.deepEqual(await codesOf({ verifiablePresentation: enveloped, options: challenge }), ['VALID']);
  for (const [what, body] of [
    ['another challenge', { verifiablePresentation: vp, options: { ...challenge, challenge: 'other' } }],
    ['another domain', { verifiablePresentation: vp, options: { ...challenge, domain: 'other' } }],
    ['no challenge', { verifiablePresentation: vp }],
    ['as a credential', { verifiableCredential: vp }],
    ['a card alone', { verifiablePresentation: vc, options: challenge }],
    ['a card alone, unasked', { verifiablePresentation: vc }],
  ] as const) {
    assert.deepEqual(await codesOf(body), ['HOLDER_NOT_PROVEN'], what);
  }
  const half = { verifiablePresentation: vp, options: { challenge: challenge.challenge } };
  assert.deepEqual(await problemOf(await post('/credentials/verify', half, key)), ['BODY_INVALID']);
});

test('verify answers whoever may issue, revoke or read records, and nobody else', async (t) => {
  const { post, as } = await cardService(t);
  const body = { verifiableCredential: 'e3.e3.e3' };
  for (const scope of ['issue', 'revoke', 'records'] as const)
    assert.equal((await post('/credentials/verify', body, await as(scope))).status, 200, scope);
  for (const scope of ['audit', 'admin'] as const) {
    const response = await post('/credentials/verify', body, await as(scope));
    assert.deepEqual(await problemOf(response), ['SCOPE_MISSING'], scope);
  }
  assert.deepEqual(await problemOf(await post('/credentials/verify', body)), ['UNAUTHORIZED']);
});

test('a request that is none is refused, whatever is in it', async (t) => {
  const { post, as, url } = await cardService(t);
  const key = await as('revoke');
  const jwt = 'e3.e3.e3';
  const wrong: readonly (readonly [string, unknown])[] = [
    ['nothing', {}],
    ['null', null],
    ['a list', [{ verifiableCredential: jwt }]],
    ['no text', { verifiableCredential: '' }],
    ['a number', { verifiableCredential: 7 }],
    ['several', { verifiableCredential: [jwt] }],
    ['both', { verifiableCredential: jwt, verifiablePresentation: jwt }],
    ['an unknown member', { verifiableCredential: jwt, more: 1 }],
    ['an unknown option', { verifiableCredential: jwt, options: { checks: ['proof'] } }],
    ['the credential back', { verifiableCredential: jwt, options: { returnCredential: true } }],
    ['a challenge for a credential', { verifiableCredential: jwt, options: { challenge: 'a', domain: 'b' } }],
    ['a proof inside', { verifiableCredential: { type: ['VerifiableCredential'], proof: {} } }],
    ['another envelope', { verifiableCredential: { type: 'EnvelopedVerifiablePresentation', id: jwt } }],
    ['no data', { verifiableCredential: { type: 'EnvelopedVerifiableCredential', id: jwt } }],
    [
      'an address to fetch',
      { verifiableCredential: { type: 'EnvelopedVerifiableCredential', id: 'https://evil.example/vc' } },
    ],
    [
      'base64',
      {
        verifiableCredential: {
          type: 'EnvelopedVerifiableCredential',
          id: 'data:application/vc+jwt;base64,e3',
        },
      },
    ],
  ];
  for (const [what, body] of wrong)
    assert.deepEqual(await problemOf(await post('/credentials/verify', body, key)), ['BODY_INVALID'], what);
  const deep = '['.repeat(40) + ']'.repeat(40);
  for (const text of [
    '{',
    '{"verifiableCredential":"a","verifiableCredential":"b"}',
    deep,
    '\ufeff{}',
    '"\\ud800"',
  ])
    assert.deepEqual(await problemOf(await post('/credentials/verify', text, key)), ['JSON_INVALID'], text);
  const large = JSON.stringify({ verifiableCredential: 'x'.repeat(10_000_000) });
  assert.deepEqual(await problemOf(await post('/credentials/verify', large, key)), ['BODY_TOO_LARGE']);
  const many = Array.from({ length: 21 }, () => jwt).join('\n');
  assert.deepEqual(await problemOf(await post('/credentials/verify', { verifiableCredential: many }, key)), [
    'BODY_TOO_LARGE',
  ]);
  for (const type of ['text/plain', 'application/jwt', 'application/json; charset=utf-16'])
    assert.deepEqual(
      await problemOf(
        await post('/credentials/verify', { verifiableCredential: jwt }, { ...key, 'Content-Type': type }),
      ),
      ['CONTENT_TYPE_UNSUPPORTED'],
    );
  const get = await fetch(`${url}/credentials/verify`, { headers: key });
  assert.deepEqual(await problemOf(get), ['METHOD_NOT_ALLOWED']);
});

test('verify over HTTP says what the pipeline says, of anything', async (t) => {
  const { issuer, verify, issued } = await verifying(t);
  const [{ card, verifiableCredential }, { card: revoked }] = [await issued(), await issued()];
  await issuer.revoke(revoked.id);
  const seeds = [card.jws, card.legacyVc, verifiableCredential.id.split(',')[1] ?? '', revoked.jws];
  const text = fc.oneof(
    fc.constantFrom(...seeds),
    fc.constantFrom(...seeds).map((jws) => encodeCardUri(jws, 'pratique')),
    fc.subarray(seeds, { minLength: 1 }).map((cards) => encodeCardFile(cards)),
    fc.subarray(seeds, { minLength: 1 }).map((cards) => cards.join('\n')),
    fc
      .tuple(fc.constantFrom(...seeds), fc.nat(), fc.constantFrom('A', '.', '=', ' ', 'é'))
      .map(([jws, at, by]) => jws.slice(0, at % jws.length) + by + jws.slice((at % jws.length) + 1)),
    fc.string({ minLength: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(text, async (shown) => {
      const said = await verify(shown);
      const decided = await verifyPieces(
        readText(shown).map((piece) => ({ source: '', piece })),
        issuer.decider.trust(),
        { now: NOW, allowUnanchored: false, rules: 'none' },
        { inflate: inflateRawNode, importKey: importEs256Key },
      );
      assert.deepEqual(
        said.decisions.map(({ reasons: _reasons, judgedAt: _judgedAt, ...decision }) => decision),
        decided.map(({ source: _source, ...decision }) => decision),
      );
      assert.equal(
        said.verified,
        decided.every(({ outcome }) => outcome === 'accepted'),
      );
    }),
    { seed: 41, numRuns: 150 },
  );
});

test('what becomes revoked while it is being asked about is never accepted again', async (t) => {
  const { issuer, codesOf, issued } = await verifying(t);
  const cards = await Promise.all(Array.from({ length: 8 }, issued));
  await Promise.all(
    cards.map(async ({ card }) => {
      const asked: Promise<readonly string[]>[] = [];
      for (let times = 0; times < 5; times++) {
        asked.push(codesOf(card.jws));
        await sleep(0);
      }
      await issuer.revoke(card.id);
      assert.deepEqual(await codesOf(card.jws), ['REVOKED']);
      await Promise.all(asked);
    }),
  );
});
