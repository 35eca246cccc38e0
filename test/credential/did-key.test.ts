import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyFromDidKey } from '../../credential/did-key.ts';
import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { holderKey } from '../../credential/holder-did.ts';
import { newKey } from '../support/cards.ts';
import { didKeyOf } from '../support/did-key.ts';

/** From the did:key method's test vectors (v0.7, section B.4). */
const DID = 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169';
const KEY = {
  x: 'fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI',
  y: 'hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU',
};

test('the did:key of a P-256 key is that key, and its one method is named after it', () => {
  assert.deepEqual(keyFromDidKey(DID), KEY);
  assert.deepEqual(holderKey(DID), { key: KEY, method: `${DID}#${DID.slice('did:key:'.length)}` });
});

test('every P-256 key comes out of its did:key, of either sign', () => {
  for (let time = 0; time < 50; time++) {
    const { x, y } = newKey();
    const read = keyFromDidKey(didKeyOf({ x, y }));
    assert.deepEqual(read, { x, y });
    assert.equal(typeof importEs256Key(read), 'function');
  }
});

test('a key of another kind, another method or another spelling is none', () => {
  for (const did of [
    'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
    'did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54',
    `${DID}1`,
    DID.replace('did:key:z', 'did:key:z1'),
    DID.toLowerCase(),
    'did:key:',
    `did:key:z${'z'.repeat(48)}`,
  ]) {
    assert.throws(() => keyFromDidKey(did), FormatError, did);
  }
  // Half of all x are of no point.
  const wrong = '23456789'.split('').filter((char) => {
    try {
      keyFromDidKey(`${DID.slice(0, -1)}${char}`);
      return false;
    } catch (error) {
      return error instanceof FormatError && error.code === 'MALFORMED';
    }
  });
  assert.ok(wrong.length > 0);
});
