import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { learnRegistry } from '../../cli/issuer/learn-registry.ts';
import { deflateRaw } from '../../credential/deflate.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { encodeCardPayload, parseCardPayload } from '../../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { encodeCompactJws, encodeSigningInput, parseCompactJws } from '../../credential/jws.ts';
import { decide, mintJws, newKey } from '../support/cards.ts';
import { now, startFederation } from '../support/federation.ts';
import type { Federation } from '../support/federation.ts';

let federation: Federation;
before(async () => {
  federation = await startFederation();
});
after(() => federation.stop());

/** A health card of the given issuer, signed by whoever. */
function claims(jws: string, iss: string): Uint8Array {
  const { payload } = parseCompactJws(jws);
  const card = parseCardPayload(parseJson(decodeUtf8(inflateRawNode(payload, 262_144))));
  return deflateRaw(encodeCardPayload({ ...card, iss }));
}

describe('a card from issuing to revocation, over a real chain', () => {
  test('issue, verify, revoke, anchor, verify: VALID and then REVOKED in every form', async () => {
    const { north } = federation;
    const [card, other] = [await north.issue(), await north.issue()];
    await federation.sync();
    for (const form of [card.jws, card.vc, card.legacyVc]) {
      assert.deepEqual(await federation.codes(form), ['VALID']);
    }
    await north.issuer.revoke(card.id);
    await north.anchor();
    // What the venue holds does not know it yet; its data says how old it is.
    assert.deepEqual(await federation.codes(card.jws), ['VALID']);
    await federation.sync();
    for (const form of [card.jws, card.vc, card.legacyVc]) {
      assert.deepEqual(await federation.codes(form), ['REVOKED']);
    }
    assert.deepEqual(await federation.codes(other.jws), ['VALID']);
  });
});

describe('a forgery is never accepted', () => {
  test('by a self-made issuer with a key of its own', async () => {
    const key = newKey();
    const { jws } = await federation.north.issue();
    const forged = mintJws(key, claims(jws, 'https://selfmade.example'), { zip: 'DEF' });
    assert.deepEqual(await federation.codes(forged), ['ISSUER_UNKNOWN']);
  });

  test('in the name of an accredited issuer, with a key nobody registered', async () => {
    const { jws } = await federation.north.issue();
    const forged = mintJws(newKey(), claims(jws, federation.north.issuer.iss), { zip: 'DEF' });
    assert.deepEqual(await federation.codes(forged), ['ISSUER_UNKNOWN']);
  });

  test('in the name of an accredited issuer, under its kid, with another key', async () => {
    const { jws, kid } = await federation.north.issue();
    const forged = mintJws(newKey(), claims(jws, federation.north.issuer.iss), { zip: 'DEF', kid });
    assert.deepEqual(await federation.codes(forged), ['SIGNATURE_INVALID']);
  });

  test("in another accredited issuer's name, with the key of one that turned", async () => {
    const { north, south } = federation;
    const { jws, kid } = await south.issue();
    const input = encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, claims(jws, north.issuer.iss));
    const signature = await south.issuer.agent.keyManagerSign({
      keyRef: kid,
      algorithm: 'ES256',
      data: Buffer.from(input).toString('hex'),
      encoding: 'hex',
    });
    const forged = encodeCompactJws(input, Buffer.from(signature, 'base64url'));
    assert.deepEqual(await federation.codes(forged), ['ISSUER_UNKNOWN']);
  });

  test('with any one bit of it flipped', async () => {
    const { jws } = await federation.north.issue();
    await federation.sync();
    const trust = await federation.trust();
    assert.deepEqual((await decide(jws, trust, { now: now() })).codes, ['VALID']);
    const text = Buffer.from(jws);
    for (let at = 0; at < text.length; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const flipped = Buffer.from(text);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const { outcome } = await decide(flipped.toString('latin1'), trust, { now: now() });
        assert.notEqual(outcome, 'accepted', `bit ${bit} of character ${at}`);
      }
    }
  });
});

describe('trust follows the chain', () => {
  test("the issuer's own agent resolves DIDs from the registry's log, and signs with no key that it disowns", async () => {
    const { north, south, rpcUrl, registry, chainId } = federation;
    await learnRegistry(north.issuer, { rpcUrl, registry, chainId });
    for (const { issuer } of [north, south]) {
      const { didDocument } = await north.issuer.agent.resolveDid({ didUrl: issuer.did });
      assert.deepEqual(
        didDocument?.assertionMethod,
        issuer.keys().map(({ kid }) => `${issuer.did}#${kid}`),
      );
    }
    await federation.accreditor.setIssuerStatus(north.id, 'suspended', 1);
    await learnRegistry(north.issuer, { rpcUrl, registry, chainId });
    await assert.rejects(north.issue(), { code: 'KEY_NOT_VALID' });
    await federation.accreditor.setIssuerStatus(north.id, 'active', 0);
    await learnRegistry(north.issuer, { rpcUrl, registry, chainId });
    await north.issue();
  });

  test('a venue whose last sync is over three days old accepts nothing', async () => {
    const { jws } = await federation.north.issue();
    await federation.sync();
    const later = now() + 72 * 3600 + 60;
    assert.deepEqual(await federation.codes(jws, { now: later }), ['TRUST_STALE']);
  });

  test('a key reported stolen takes every card with it, a withdrawn issuer all of its own', async () => {
    const { accreditor, south } = federation;
    const card = await south.issue();
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['VALID']);
    await accreditor.setIssuerStatus(south.id, 'suspended', 1);
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['ISSUER_SUSPENDED']);
    await accreditor.setIssuerStatus(south.id, 'active', 0);
    await south.client.compromiseKey(south.id, card.kid);
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['KEY_COMPROMISED']);
    await accreditor.setIssuerStatus(south.id, 'withdrawn', 2);
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['ISSUER_WITHDRAWN', 'KEY_COMPROMISED']);
  });

  test('a suspended jurisdiction suspends its issuers', async () => {
    const { governor, north } = federation;
    const card = await north.issue();
    await governor.setJurisdictionSuspended('US-NY', true, 1);
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['ISSUER_SUSPENDED']);
    await governor.setJurisdictionSuspended('US-NY', false, 0);
    await federation.sync();
    assert.deepEqual(await federation.codes(card.jws), ['VALID']);
  });

  test('an index beyond the anchored list is never good: the data here is too old for it', async () => {
    const { north } = federation;
    const { jws, kid } = await north.issue();
    const { payload } = parseCompactJws(jws);
    const card = parseCardPayload(parseJson(decodeUtf8(inflateRawNode(payload, 262_144))));
    const beyond = deflateRaw(
      encodeCardPayload({ ...card, rid: Buffer.from([0, 2, 0, 0]).toString('base64url') }),
    );
    const input = encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, beyond);
    const signature = await north.issuer.agent.keyManagerSign({
      keyRef: kid,
      algorithm: 'ES256',
      data: Buffer.from(input).toString('hex'),
      encoding: 'hex',
    });
    await federation.sync();
    const codes = await federation.codes(encodeCompactJws(input, Buffer.from(signature, 'base64url')));
    assert.deepEqual(codes, ['STATUS_STALE']);
  });
});
