import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { chunkIssuer, type ChunkTerms, type ChunkTrust } from '../../agent/bulk/issue-chunk.ts';
import { rootOf } from '../../agent/key-list.ts';
import { ownStanding, ownTrustDocument } from '../../agent/own-trust.ts';
import { didWebFromIss } from '../../credential/did-web.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { StatusList } from '../../credential/status-list.ts';
import { JURISDICTION, trustedIssuer, trustedKey } from '../support/cards.ts';
import { ISS, NOW } from './issuer-fixture.ts';
import { dose, NEW_YORK, record } from './records.ts';

const DID = didWebFromIss(ISS);
const PAIR = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const { x = '', y = '' } = PAIR.publicKey.export({ format: 'jwk' });
const KEY = { kid: thumbprint({ x, y }), x, y };

function termsWith(privateKey: KeyObject): ChunkTerms {
  const tag = createSecretKey(Buffer.alloc(32, 1));
  return {
    identity: { iss: ISS, did: DID, name: 'Harbor Clinic', statusBase: ISS },
    product: 'vaccination-plus',
    policy: NEW_YORK,
    kid: KEY.kid,
    privateKey,
    tagKeys: { person: tag, lot: tag, payload: tag },
  };
}

/** What a venue could know: a list of one block, perhaps with an index revoked; the window of the key. */
function trust({ version = 0, blocks = 1, revoked = -1, validUntil = 0 } = {}): ChunkTrust {
  const list = new StatusList(blocks);
  if (revoked >= 0) list.set(revoked, true);
  const standing = ownStanding(
    {
      jurisdictions: [JURISDICTION],
      issuers: [trustedIssuer({ iss: ISS, accreditedFrom: 0 })],
      keys: [trustedKey(KEY, { revocation: 'bits', validFrom: 0, validUntil })],
    },
    DID,
  );
  assert.ok(standing);
  const anchor = { root: rootOf(list), counter: 1, length: list.length, revoked: list.revoked };
  return { version, document: ownTrustDocument(standing, { kid: KEY.kid, counter: 1, list }, anchor) };
}

const bytes = new TextEncoder().encode(JSON.stringify(record(dose('2026-03-01'), dose('2026-04-01'))));
const TASK = { firstLine: 7, lines: 1, bytes, indices: Uint32Array.of(4711), nbf: NOW, trust: trust() };

test('a card whose signature does not verify is not given out: the chunk fails', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await assert.rejects(chunkIssuer(termsWith(other))(TASK), { code: 'NOT_VERIFIED' });
});

test('a card in a chunk has the line and the index that were given for it', async () => {
  const { cards, rows, reasons } = await chunkIssuer(termsWith(PAIR.privateKey))(TASK);
  const { line, id } = JSON.parse(new TextDecoder().decode(cards)) as { line: number; id: string };
  assert.deepEqual([line, id.slice(-6)], [7, 'AAASZw']);
  assert.deepEqual([rows.length, rows[0]?.[0], reasons], [1, 4711, {}]);
});

test('a fault of ours that one record brings out is that record’s alone', async () => {
  const terms = { ...termsWith(PAIR.privateKey), tagKeys: {} as ChunkTerms['tagKeys'] };
  const { rows, reasons } = await chunkIssuer(terms)(TASK);
  assert.deepEqual([rows.length, reasons], [0, { INTERNAL: 1 }]);
});

for (const [why, told] of [
  ['its index is revoked', { revoked: 4711 }],
  ['its key was not valid at that moment', { validUntil: NOW }],
] as const) {
  test(`a card that no venue would accept since ${why} is not given out: the chunk fails`, async () => {
    const issue = chunkIssuer(termsWith(PAIR.privateKey));
    await assert.rejects(issue({ ...TASK, trust: trust(told) }), { code: 'NOT_VERIFIED' });
  });
}

test('a list that grew on the way is known to the next chunk', async () => {
  const issue = chunkIssuer(termsWith(PAIR.privateKey));
  const beyond = { ...TASK, indices: Uint32Array.of(131_072) };
  await issue(TASK);
  await assert.rejects(issue(beyond), { code: 'NOT_VERIFIED' });
  const { rows } = await issue({ ...beyond, trust: trust({ version: 1, blocks: 2 }) });
  assert.equal(rows[0]?.[0], 131_072);
});
