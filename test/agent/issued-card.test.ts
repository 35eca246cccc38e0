import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCardPayload } from '../../credential/health-card.ts';
import type { HealthCard } from '../../credential/health-card.ts';
import { vcFromCard } from '../../credential/verifiable-credential.ts';
import type { VcPayload } from '../../credential/verifiable-credential.ts';
import { StatusList } from '../../credential/status-list.ts';
import type { TrustedIssuer, TrustedKey } from '../../verifier/pipeline/trust-document.ts';
import { assertCardAccepted, assertVcAccepted, type AsVenue } from '../../agent/issued-card.ts';
import { ownStanding, ownTrust, ownTrustDocument } from '../../agent/own-trust.ts';
import {
  DID,
  healthCard,
  ISSUED,
  JURISDICTION,
  mintCard,
  mintJws,
  newKey,
  STATUS_BASE,
  trustedIssuer,
  trustedKey,
  utf8,
} from '../support/cards.ts';

const key = newKey();
const CARD: HealthCard = healthCard({ rid: 'AAAAAA' });
const NOT_VERIFIED = { code: 'NOT_VERIFIED' };

/** What a venue knows of an issuer with one key, a list of one block, and perhaps an index revoked. */
function venue(
  said: {
    readonly issuer?: Partial<TrustedIssuer>;
    readonly key?: Partial<TrustedKey>;
    readonly suspended?: boolean;
    readonly revoked?: number;
    readonly at?: number;
  } = {},
): AsVenue {
  const standing = ownStanding(
    {
      jurisdictions: [{ ...JURISDICTION, suspended: said.suspended === true }],
      issuers: [trustedIssuer(said.issuer)],
      keys: [trustedKey(key, { revocation: 'bits', ...said.key })],
    },
    DID,
  );
  assert.ok(standing);
  const list = new StatusList(1);
  if (said.revoked !== undefined) list.set(said.revoked, true);
  const root = `0x${Buffer.from(list.root()).toString('hex')}`;
  const { length, revoked } = list;
  const anchor = { counter: 3, length, revoked, root };
  const document = ownTrustDocument(standing, { kid: key.kid, counter: 3, list }, anchor);
  return { trust: ownTrust(document), at: said.at ?? ISSUED };
}

/** Whether that card, as it was meant, is accepted. */
async function card(as: AsVenue, content: Partial<HealthCard> = {}): Promise<void> {
  const meant = { ...CARD, ...content };
  await assertCardAccepted(mintCard(key, meant), { scheme: 'shc', payload: encodeCardPayload(meant) }, as);
}

test('a card that a venue accepts is as it was meant, and any other is refused', async () => {
  const [jws, payload] = [mintCard(key, CARD), encodeCardPayload(CARD)];
  await assertCardAccepted(jws, { scheme: 'shc', payload }, venue());
  const another = encodeCardPayload(healthCard({ rid: 'AAAAAQ' }));
  await assert.rejects(assertCardAccepted(jws, { scheme: 'shc', payload: another }, venue()), NOT_VERIFIED);
  await assert.rejects(assertCardAccepted(jws, { scheme: 'pratique', payload }, venue()), NOT_VERIFIED);
  await assert.rejects(assertCardAccepted(`${jws}A`, { scheme: 'shc', payload }, venue()), NOT_VERIFIED);
  const foreign = mintCard(newKey(), CARD);
  await assert.rejects(assertCardAccepted(foreign, { scheme: 'shc', payload }, venue()), NOT_VERIFIED);
});

for (const [what, said] of [
  ['an issuer that is pending', { issuer: { status: 'pending' } }],
  ['an issuer that is suspended', { issuer: { status: 'suspended' } }],
  ['an issuer that is held', { issuer: { held: true } }],
  ['a jurisdiction that is suspended', { suspended: true }],
  ['a moment before the accreditation', { issuer: { accreditedFrom: ISSUED + 1 } }],
  ['a moment after the accreditation', { issuer: { accreditedUntil: ISSUED } }],
  ['a moment before the key’s window', { key: { validFrom: ISSUED + 1 } }],
  ['a moment after the key’s window', { key: { validUntil: ISSUED } }],
  ['a key that is stolen', { key: { state: 'compromised' } }],
  ['an index that is revoked', { revoked: 0 }],
  ['another moment', { at: ISSUED - 120 }],
  ['another iss', { issuer: { iss: 'https://other.example', did: DID } }],
] as const) {
  test(`nothing is handed out for ${what}`, async () => {
    await assert.rejects(card(venue(said)), NOT_VERIFIED);
  });
}

test('a card without a place in the list, beyond its end, or that has ended is not handed out', async () => {
  await assert.rejects(card(venue(), { rid: undefined }), NOT_VERIFIED);
  await assert.rejects(card(venue(), { rid: 'AAIAAA' }), NOT_VERIFIED);
  await assert.rejects(card(venue(), { exp: ISSUED - 1 }), NOT_VERIFIED);
  await card(venue(), { exp: ISSUED });
});

test('a VC is accepted in the form and with the payload that were meant, its list where the registry says', async () => {
  const issuer = { did: DID, statusBase: STATUS_BASE, kid: key.kid };
  const payload = vcFromCard(CARD, issuer);
  const header = { kid: `${DID}#${key.kid}`, typ: 'vc+jwt', cty: 'vc' };
  const sign = (vc: VcPayload): string => mintJws(key, utf8(JSON.stringify(vc)), header);
  await assertVcAccepted(sign(payload), { form: 'vc+jwt', payload }, venue());
  await assert.rejects(assertVcAccepted(sign(payload), { form: 'vc-jwt', payload }, venue()), NOT_VERIFIED);
  const other = vcFromCard({ ...CARD, rid: 'AAAAAQ' }, issuer);
  await assert.rejects(assertVcAccepted(sign(other), { form: 'vc+jwt', payload }, venue()), NOT_VERIFIED);
  const elsewhere = vcFromCard(CARD, { ...issuer, statusBase: 'https://elsewhere.example' });
  await assert.rejects(
    assertVcAccepted(sign(elsewhere), { form: 'vc+jwt', payload: elsewhere }, venue()),
    NOT_VERIFIED,
  );
});
