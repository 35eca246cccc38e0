import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { create } from 'qrcode/lib/core/qrcode.js';
import { encodeAnswer, parseAnswer } from '../../../credential/compact-answer.ts';
import { clientIdOf } from '../../../credential/authorization-request.ts';
import { credentialQuery, readCredentialQuery } from '../../../credential/credential-query.ts';
import { didJwkFromKey } from '../../../credential/did-jwk.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { answerRequest } from '../../../wallet/asking/answer-request.ts';
import { offersFor } from '../../../wallet/asking/offer.ts';
import { mintCard, newKey, NOW } from '../../support/cards.ts';
import {
  answerTo,
  boundPass,
  cardText,
  holderKey,
  holderOf,
  issuer,
  presentationOf,
  readWell,
  RESPONSE_URI,
  venueKey,
  verifier,
} from '../../support/asking.ts';

const [BOUND, BOUND_VC] = [await boundPass(), await boundPass('vc')];

describe('an answer is accepted', () => {
  for (const form of ['qr', 'vc'] as const) {
    test(`as the text of a code, of a Pass in its ${form} form`, async () => {
      const arena = verifier();
      const { code } = await answerTo(arena, { kept: await boundPass(form) });
      assert.deepEqual(await arena.judge(code), ['VALID']);
    });

    test(`as a vp+jwt, of a Pass in its ${form} form`, async () => {
      const arena = verifier();
      const answer = await answerTo(arena, { kept: await boundPass(form) });
      assert.deepEqual(await arena.judge(presentationOf(answer)), ['VALID']);
    });
  }

  test('the code and the vp+jwt are one answer: the code is the whole of it, written shorter', async () => {
    const arena = verifier();
    const answer = await answerTo(arena);
    assert.equal(
      parseAnswer(answer.code).presentation(clientIdOf(didJwkFromKey(venueKey))),
      presentationOf(answer),
    );
  });
});

const DID = didJwkFromKey(holderKey);

const byName = (one: string, other: string): number => (one < other ? -1 : 1);

/** The smallest version of a QR code at level L that holds a text whose end is digits (ISO/IEC 18004, table 7). */
function versionOf(text: string, digitsFrom = text.length): number {
  const data = new TextEncoder().encode(text.slice(0, digitsFrom));
  const digits = text.slice(digitsFrom);
  const segments = [
    { mode: 'byte', data } as const,
    ...(digits === '' ? [] : [{ mode: 'numeric', data: digits } as const]),
  ];
  return (create(segments, { errorCorrectionLevel: 'L' }).modules.size - 17) / 4;
}

test('the code of an answer is of version 19, as a vp+jwt it would be 34; that of a request is 28', async () => {
  const arena = verifier();
  const answer = await answerTo(arena);
  const code = versionOf(answer.code, 'pratique-answer:/'.length);
  const request = versionOf(arena.requests.open({ responseUri: RESPONSE_URI }).request);
  assert.ok(code <= 19 && request <= 28, `${code}, ${request}`);
  assert.equal(versionOf(presentationOf(answer)), 34);
});

describe('an answer is HOLDER_NOT_PROVEN', () => {
  const NOT_PROVEN = ['HOLDER_NOT_PROVEN'];

  test('a second time, in either form', async () => {
    const arena = verifier();
    const answer = await answerTo(arena);
    assert.deepEqual(await arena.judge(answer.code), ['VALID']);
    assert.deepEqual(await arena.judge(answer.code), NOT_PROVEN);
    assert.deepEqual(await arena.judge(presentationOf(answer)), NOT_PROVEN);
  });

  test('of two at the same moment, the second', async () => {
    const arena = verifier();
    const answer = await answerTo(arena);
    const judged = await Promise.all([arena.judge(answer.code), arena.judge(presentationOf(answer))]);
    assert.deepEqual(judged.map((codes) => codes.join()).toSorted(byName), ['HOLDER_NOT_PROVEN', 'VALID']);
  });

  test('at another venue', async () => {
    const [arena, theatre] = [verifier(), verifier(newKey())];
    const answer = await answerTo(arena);
    assert.deepEqual(await theatre.judge(answer.code), NOT_PROVEN);
    assert.deepEqual(await theatre.judge(presentationOf(answer)), NOT_PROVEN);
  });

  test('at another venue that passes on the question of the first', async () => {
    const [arena, theatre] = [verifier(), verifier(newKey())];
    const { request } = await readWell(arena.requests.open({ responseUri: RESPONSE_URI }).request);
    const { clientId } = theatre.requests;
    const offer = { pass: await boundPass(), queryId: 'pass' };
    const answer = await answerRequest({ ...request, clientId }, offer, holderOf(), NOW);
    assert.deepEqual(await arena.judge(answer.code), NOT_PROVEN);
    assert.deepEqual(await arena.judge(presentationOf(answer)), NOT_PROVEN);
  });

  test('to a question that nobody asked', async () => {
    const arena = verifier();
    const { request } = await readWell(arena.requests.open({ responseUri: RESPONSE_URI }).request);
    const offer = { pass: await boundPass(), queryId: 'pass' };
    const answer = await answerRequest({ ...request, nonce: 'B'.repeat(22) }, offer, holderOf(), NOW);
    assert.deepEqual(await arena.judge(answer.code), NOT_PROVEN);
  });

  test('after its question has ended, and by a clock set back', async () => {
    const arena = verifier();
    const late = await answerTo(arena, { now: NOW + 301 });
    arena.clock.now = NOW + 301;
    assert.deepEqual(await arena.judge(late.code), NOT_PROVEN);
    const next = verifier();
    const answer = await answerTo(next);
    next.clock.now = NOW - 10;
    assert.deepEqual(await next.judge(answer.code), NOT_PROVEN);
  });

  test('if it was signed more than a minute ago', async () => {
    const arena = verifier();
    const answer = await answerTo(arena);
    arena.clock.now = NOW + 61;
    assert.deepEqual(await arena.judge(answer.code), NOT_PROVEN);
  });

  test('signed by whoever has a copy of the pass', async () => {
    const arena = verifier();
    const { code } = await answerTo(arena, { holder: holderOf(newKey()) });
    assert.deepEqual(await arena.judge(code), NOT_PROVEN);
  });

  test('in the holder’s name with another key', async () => {
    const arena = verifier();
    const { code } = await answerTo(arena, { holder: { ...holderOf(newKey()), did: holderOf().did } });
    assert.deepEqual(await arena.judge(code), NOT_PROVEN);
  });

  test('of a pass that is bound to nobody', async () => {
    const arena = verifier();
    const { code } = await answerTo(arena, { kept: await boundPass('qr', 'did:example:nobody') });
    assert.deepEqual(await arena.judge(code), NOT_PROVEN);
  });

  test('of a health card, which nobody can be shown to hold', async () => {
    const arena = verifier();
    const kept = { ...(await boundPass()), text: mintCard(issuer, { rid: 'AAAAAA' }) };
    const { code } = await answerTo(arena, { kept });
    assert.deepEqual(await arena.judge(code), NOT_PROVEN);
  });
});

test('an answer that proves nothing does not use the question up', async () => {
  const arena = verifier();
  const { request } = await readWell(arena.requests.open({ responseUri: RESPONSE_URI }).request);
  const offer = { pass: await boundPass(), queryId: 'pass' };
  const wrong = await answerRequest(request, offer, holderOf(newKey()), NOW);
  assert.deepEqual(await arena.judge(wrong.code), ['HOLDER_NOT_PROVEN']);
  assert.deepEqual(await arena.judge((await answerRequest(request, offer, holderOf(), NOW)).code), ['VALID']);
});

describe('what is no answer is unreadable', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a card', cardText(BOUND), 'MALFORMED'],
    ['nothing', '', 'MALFORMED'],
    ['an answer cut short', 'pratique-answer:/5676', 'MALFORMED'],
    ['an answer of letters', 'pratique-answer:/abcd', 'MALFORMED'],
    ['an answer that is too long', `pratique-answer:/${'56'.repeat(10_001)}`, 'TOO_LARGE'],
    ['a credential', BOUND_VC.text, 'UNSUPPORTED_FORMAT'],
  ];
  for (const [what, text, code] of cases) {
    test(`${what}: ${code}`, async () => {
      assert.deepEqual(await verifier().judge(text), [code]);
    });
  }

  test('and whatever single character of an answer is another, it is not accepted', async () => {
    const arena = verifier();
    const { code } = await answerTo(arena);
    await fc.assert(
      fc.asyncProperty(fc.nat(code.length - 1), fc.constantFrom('0', '1', '7', 'x'), async (at, char) => {
        fc.pre(code[at] !== char);
        const codes = await arena.judge(code.slice(0, at) + char + code.slice(at + 1));
        return !codes.includes('VALID');
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(await arena.judge(code), ['VALID']);
  });

  test('an answer says what was written, whatever it was', () => {
    const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });
    const part = fc.stringMatching(/^[\w-]{1,40}$/);
    fc.assert(
      fc.property(
        bytes,
        part,
        fc.integer({ min: 1, max: 4e9 }),
        fc.tuple(part, part, part),
        (signature, nonce, iat, parts) => {
          const holder = didJwkFromKey(holderKey);
          const text = encodeAnswer(
            { nonce, iat, holder, audience: 'a', credential: parts.join('.') },
            signature,
          );
          const [header = '', payload = '', signed = ''] = parseAnswer(text).presentation('a').split('.');
          const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
          assert.deepEqual([claims['nonce'], claims['iat'], claims['holder']], [nonce, iat, holder]);
          assert.equal(Buffer.from(signed, 'base64url').compare(signature), 0);
          assert.ok(header.length > 0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a wallet offers', () => {
  test('the passes that are asked for and bound to it; the others it names apart', async () => {
    const { request } = await readWell(verifier().requests.open({ responseUri: RESPONSE_URI }).request);
    const [mine, other] = [await boundPass(), await boundPass('vc', 'did:example:other')];
    const plus = { ...mine, facts: mine.facts && { ...mine.facts, profile: 'pass-plus' as const } };
    const apart = { ...mine, facts: null };
    const { bound, unbound } = offersFor(request, [plus, other, apart, mine], didJwkFromKey(holderKey));
    assert.deepEqual(bound, [{ pass: mine, queryId: 'pass' }]);
    assert.deepEqual(unbound, [other]);
  });

  test('nothing for a query that wants another credential besides, and one of several that are enough', async () => {
    const mine = await boundPass();
    const of = (query: object): number =>
      offersFor({ query: readCredentialQuery(query) }, [mine], DID).bound.length;
    const [pass] = credentialQuery(['pass']).credentials;
    const other = { ...pass, id: 'other' };
    assert.equal(of({ credentials: [pass] }), 1);
    assert.equal(of({ credentials: [pass, other] }), 0);
    assert.equal(of(credentialQuery(['pass', 'pass-plus'])), 1);
    assert.equal(of({ credentials: [pass, other], credential_sets: [{ options: [['pass', 'other']] }] }), 0);
    assert.equal(
      of({ credentials: [pass, other], credential_sets: [{ options: [['pass'], ['other']] }] }),
      1,
    );
  });

  test('nothing for a query that names single claims: nothing can be shown in part', async () => {
    const { request } = await readWell(verifier().requests.open({ responseUri: RESPONSE_URI }).request);
    const [credential] = request.query.credentials;
    assert.ok(credential);
    const claims = [{ path: ['credentialSubject', 'birthDate'] }] as const;
    const query = { ...request.query, credentials: [{ ...credential, claims: [...claims] }] };
    const offers = offersFor(
      { query: query as typeof request.query },
      [await boundPass()],
      didJwkFromKey(holderKey),
    );
    assert.deepEqual(offers, { bound: [], unbound: [] });
  });
});

test('an answer’s code is no card for who reads cards', async () => {
  const { code } = await answerTo(verifier());
  assert.notEqual(code, encodeCardUri((await boundPass()).text, 'pratique'));
  assert.ok(code.startsWith('pratique-answer:/'));
});
