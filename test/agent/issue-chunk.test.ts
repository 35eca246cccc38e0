import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { chunkIssuer, type ChunkTerms } from '../../agent/bulk/issue-chunk.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { ISS, NOW } from './issuer-fixture.ts';
import { dose, NEW_YORK, record } from './records.ts';

const PAIR = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function termsWith(privateKey: KeyObject): ChunkTerms {
  const { x = '', y = '' } = PAIR.publicKey.export({ format: 'jwk' });
  const tag = createSecretKey(Buffer.alloc(32, 1));
  return {
    identity: { iss: ISS, did: 'did:web:health.example.org:shc', name: 'Harbor Clinic', statusBase: ISS },
    product: 'vaccination-plus',
    policy: NEW_YORK,
    key: { kid: thumbprint({ x, y }), x, y },
    privateKey,
    tagKeys: { person: tag, lot: tag },
  };
}

const bytes = new TextEncoder().encode(JSON.stringify(record(dose('2026-03-01'), dose('2026-04-01'))));
const TASK = { firstLine: 7, lines: 1, bytes, indices: Uint32Array.of(4711), nbf: NOW };

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
