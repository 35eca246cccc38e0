import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { didJwkFromKey } from '../../../credential/did-jwk.ts';
import { readText } from '../../../verifier/pipeline/input.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import type { TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import type { VenuePolicy } from '../../../verifier/pipeline/venue-policy.ts';
import { verifyPieces } from '../../../verifier/pipeline/verify-pieces.ts';
import { StatusList } from '../../../credential/status-list.ts';
import {
  anchoredBits,
  anchoredTrust,
  DAY,
  decide,
  healthCard,
  mintCard,
  mintPass,
  newKey,
  NOW,
  pass,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../support/cards.ts';
import { CHALLENGE, decideAll, mintToken, mintVc, vpPayload } from '../../support/presentations.ts';

const key = newKey();
const listed = newKey();
const { data, anchor } = anchoredBits(listed, new StatusList(1));
const document = trustDocument({
  keys: [trustedKey(key), trustedKey(listed, { revocation: 'bits' })],
  anchors: [anchor],
  lists: [data],
});
const trust = anchoredTrust(document);
const card = mintCard(key);

const asking = (policy: Partial<VenuePolicy>): { readonly policy: VenuePolicy } => ({
  policy: { ...DEFAULT_POLICY, ...policy },
});
const answer = ({ outcome, codes }: Decision): string => `${outcome}: ${codes.join(', ')}`;
const answered = async (text: string, policy: Partial<VenuePolicy>, now = NOW): Promise<string> =>
  answer(await decide(text, trust, { ...asking(policy), now }));

test('without a policy a decision warns of nothing, and with the default one it answers alike', async () => {
  const expired = mintCard(key, { exp: NOW - 1 });
  for (const [text, now] of [
    [card, NOW],
    [expired, NOW],
    [mintCard(newKey()), NOW],
    [mintPass(listed), NOW + 2 * DAY],
    [card, NOW + 4 * DAY],
    ['not a card', NOW],
  ] as const) {
    const { warnings, ...plain } = await decide(text, trust, { now });
    assert.deepEqual(warnings, []);
    const { warnings: _own, ...byDefault } = await decide(text, trust, { ...asking({}), now });
    assert.deepEqual(byDefault, plain);
  }
});

describe('a card that the venue does not take is RULES_NOT_MET', () => {
  test('of a jurisdiction that it does not name, or a profile', async () => {
    assert.equal(await answered(card, { acceptedJurisdictions: ['US-NO'] }), 'accepted: VALID');
    assert.equal(await answered(card, { acceptedJurisdictions: ['US-NY'] }), 'rejected: RULES_NOT_MET');
    assert.equal(await answered(card, { acceptedJurisdictions: ['US'] }), 'rejected: RULES_NOT_MET');
    assert.equal(await answered(card, { acceptedProfiles: ['pass-plus'] }), 'accepted: VALID');
    assert.equal(await answered(card, { acceptedProfiles: ['pass'] }), 'rejected: RULES_NOT_MET');
    assert.equal(await answered(mintPass(listed), { acceptedProfiles: ['pass'] }), 'accepted: VALID');
  });

  test('once, beside every other failure, and the check of the rules says so', async () => {
    const terms = { ...asking({ acceptedJurisdictions: ['X'], acceptedProfiles: ['pass'] }), rules: 'ENTRY' };
    const decision = await decide(mintCard(key, { exp: NOW - 1 }), trust, terms);
    assert.equal(answer(decision), 'rejected: EXPIRED, RULES_NOT_MET, RULES_UNAVAILABLE');
    assert.equal(decision.checks.rules, 'failed');
  });
});

describe('how old trust data may be', () => {
  const trustAge = {
    warnSeconds: DAY,
    refuseSeconds: 2 * DAY,
    jurisdictions: { 'US-NO': { warnSeconds: 600, refuseSeconds: 3600 } },
  };
  const took = document.takenAt;

  test('says the jurisdiction, once the issuer is known', async () => {
    assert.equal(await answered(card, { trustAge }, took + 3600), 'accepted: VALID');
    assert.equal(await answered(card, { trustAge }, took + 3601), 'undetermined: TRUST_STALE');
    const looser = { ...trustAge, jurisdictions: { 'US-NO': { refuseSeconds: 5 * DAY } } };
    assert.equal(await answered(card, { trustAge: looser }, took + 5 * DAY), 'accepted: VALID');
  });

  test('says the default before, and for every other jurisdiction', async () => {
    const forged = mintCard({ ...newKey(), kid: key.kid });
    assert.equal(await answered(forged, { trustAge }, took + 3601), 'rejected: SIGNATURE_INVALID');
    assert.equal(await answered(mintCard(newKey()), { trustAge }, took + 3601), 'rejected: ISSUER_UNKNOWN');
    const stale = 'undetermined: ISSUER_UNKNOWN, TRUST_STALE';
    assert.equal(await answered(mintCard(newKey()), { trustAge }, took + 2 * DAY + 1), stale);
    const elsewhere = { ...trustAge, jurisdictions: { 'US-NY': { refuseSeconds: 60 } } };
    assert.equal(await answered(card, { trustAge: elsewhere }, took + 2 * DAY), 'accepted: VALID');
    assert.equal(
      await answered(card, { trustAge: elsewhere }, took + 2 * DAY + 1),
      'undetermined: TRUST_STALE',
    );
  });

  test('is a limit that no name of a built-in member loosens', async () => {
    const odd = trustDocument({
      jurisdictions: [{ code: 'constructor', name: 'X', suspended: false }],
      issuers: [trustedIssuer({ jurisdiction: 'constructor' })],
      keys: [trustedKey(key)],
    });
    const decision = await decide(card, anchoredTrust(odd), {
      ...asking({ trustAge }),
      now: took + 2 * DAY + 1,
    });
    assert.equal(answer(decision), 'undetermined: TRUST_STALE');
  });
});

describe('warnings', () => {
  const warned = async (
    text: string,
    {
      policy = {},
      now = NOW,
      about = document,
    }: { policy?: Partial<VenuePolicy>; now?: number; about?: TrustDocument } = {},
  ): Promise<readonly string[]> => {
    const decision = await decide(text, anchoredTrust(about), { ...asking(policy), now });
    return [decision.outcome, ...decision.warnings];
  };
  const good = mintPass(listed, { exp: NOW + 30 * DAY });

  test('none of a good card on fresh data', async () => {
    assert.deepEqual(await warned(good), ['accepted']);
  });

  test('TRUST_AGEING between the two limits of age, and not beyond', async () => {
    const took = document.takenAt;
    assert.deepEqual(await warned(good, { now: took + DAY }), ['accepted']);
    assert.deepEqual(await warned(good, { now: took + DAY + 1 }), ['accepted', 'TRUST_AGEING']);
    assert.deepEqual(await warned(good, { now: took + 3 * DAY }), ['accepted', 'TRUST_AGEING']);
    assert.deepEqual(await warned(good, { now: took + 3 * DAY + 1 }), ['undetermined']);
    const trustAge = { ...DEFAULT_POLICY.trustAge, jurisdictions: { 'US-NO': { warnSeconds: 60 } } };
    assert.deepEqual(await warned(good, { now: took + 61, policy: { trustAge } }), [
      'accepted',
      'TRUST_AGEING',
    ]);
  });

  test('ISSUER_SILENT when its anchor is older than its jurisdiction wants, unless it is the last', async () => {
    const issuerSilence = { warnSeconds: 100, jurisdictions: {} };
    assert.deepEqual(await warned(good, { policy: { issuerSilence } }), ['accepted']);
    const own = { warnSeconds: 100, jurisdictions: { 'US-NO': { warnSeconds: 99 } } };
    assert.deepEqual(await warned(good, { policy: { issuerSilence: own } }), ['accepted', 'ISSUER_SILENT']);
    const about = { ...document, anchors: [{ ...anchor, final: true }] };
    assert.deepEqual(await warned(good, { policy: { issuerSilence: own }, about }), ['accepted']);
  });

  test('REVOCATION_NOT_OFFERED of a key that says nothing of it', async () => {
    assert.deepEqual(await warned(card), ['accepted', 'REVOCATION_NOT_OFFERED']);
  });

  test('TRUST_NOT_ANCHORED where that was allowed', async () => {
    const unanchored = indexTrust(document, { anchored: false, importKey: importEs256Key });
    const decision = await decide(good, unanchored, { ...asking({}), allowUnanchored: true });
    assert.deepEqual([decision.outcome, decision.warnings], ['accepted', ['TRUST_NOT_ANCHORED']]);
  });

  test('change no outcome of a rejected card either', async () => {
    const expired = mintCard(key, { exp: NOW - 1 });
    assert.deepEqual(await warned(expired), ['rejected', 'REVOCATION_NOT_OFFERED']);
  });
});

describe('a venue where nobody compares with an ID', () => {
  test('is told of no person, and wants none to be named', async () => {
    const { fhirBundle } = healthCard();
    const entry = fhirBundle.entry.slice(1);
    const nobody = mintCard(key, { fhirBundle: { ...fhirBundle, entry } });
    assert.equal(await answered(nobody, {}), 'undetermined: SUBJECT_UNNAMED');
    assert.equal(await answered(nobody, { named: false }), 'accepted: VALID');
    const decision = await decide(card, trust, asking({ named: false }));
    assert.deepEqual([decision.outcome, decision.subject], ['accepted', null]);
    assert.ok(!JSON.stringify(decision).includes('Nobody'));
  });
});

describe('a venue that wants the holder to prove that the card is theirs', () => {
  const policy = { ...DEFAULT_POLICY, holder: 'proof' } as const;
  const ports = { inflate: inflateRawNode, importKey: importEs256Key };

  test('rejects every credential that comes by itself, in whatever form', async () => {
    const whole = encodeCardUri(mintCard(key), 'shc');
    const vc = mintVc(listed, pass());
    for (const text of [card, whole, ...chunks(whole), encodeCardUri(mintPass(listed), 'pratique'), vc]) {
      const pieces = readText(text).map((piece) => ({ source: '-', piece }));
      const terms = { now: NOW, allowUnanchored: false, rules: 'none', policy };
      const decisions = await verifyPieces(pieces, trust, terms, ports);
      assert.deepEqual(decisions.map(answer), ['rejected: HOLDER_NOT_PROVEN']);
    }
  });

  test('takes one whose holder answered the challenge', async () => {
    const holder = newKey();
    const vc = mintVc(listed, pass({ holder: didJwkFromKey(holder) }));
    const token = mintToken(holder, vpPayload(holder, [vc]));
    const proven = await decideAll(token, trust, { policy, challenge: CHALLENGE });
    assert.deepEqual(proven.map(answer), ['accepted: VALID']);
    const unproven = await decideAll(token, trust, { policy, challenge: undefined });
    assert.deepEqual(unproven.map(answer), ['rejected: HOLDER_NOT_PROVEN']);
  });

  /** The same card in two codes. */
  function chunks(uri: string): readonly string[] {
    const digits = uri.slice('shc:/'.length);
    return [`shc:/1/2/${digits.slice(0, 100)}\nshc:/2/2/${digits.slice(100)}`];
  }
});
