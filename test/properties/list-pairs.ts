import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeCompactList, encodeCompactList } from '../../credential/compact-list.ts';
import { crlFromStatusList, encodeCrl, parseCrl, statusListFromCrl } from '../../credential/crl.ts';
import { decodeStatusList, encodeStatusList } from '../../credential/encoded-list.ts';
import { encodeLeb128 } from '../../credential/leb128.ts';
import { parseWhole } from '../../credential/byte-stream.ts';
import { blockWithProof, openBlock } from '../../credential/list-block.ts';
import { applyListDeltas, decodeListDelta, encodeListDelta } from '../../credential/list-delta.ts';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  statusListFromToken,
  tokenFromStatusList,
  TokenStatusList,
} from '../../credential/token-status-list.ts';
import { anchorOf, bitsOf, KID, listOf } from '../support/lists.ts';
import { holds, type Property } from './run.ts';

const limits = { maxBits: bitsOf(4) };
const counter = fc.oneof(fc.nat({ max: 300 }), fc.nat(), fc.maxSafeNat());
/** A few cards anywhere, beside each other, or a whole stretch. */
const indices = (blocks: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.array(fc.nat({ max: bitsOf(blocks) - 1 }), { maxLength: 60 }),
    fc.array(fc.nat({ max: 50 }), { maxLength: 20 }),
    fc
      .tuple(fc.nat({ max: bitsOf(blocks) - 1001 }), fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 7 }))
      .map(([start, length, step]) =>
        Array.from({ length: Math.floor(length / step) }, (_, i) => start + i * step),
      ),
  );
const list = (blocks: number): fc.Arbitrary<StatusList> => indices(blocks).map((set) => listOf(blocks, set));
const anyList = fc.integer({ min: 1, max: 3 }).chain(list);

/** A status list reads back the same from each of its forms. */
export const LIST_PAIRS: readonly Property[] = [
  holds(
    'LEB128',
    fc.property(counter, (value) =>
      assert.equal(
        parseWhole(encodeLeb128(value), (stream) => stream.leb128()),
        value,
      ),
    ),
  ),
  holds(
    'compact list',
    fc.property(counter, list(1), (at, bits) => {
      const read = decodeCompactList(encodeCompactList({ kid: KID, counter: at, list: bits }), limits);
      assert.deepEqual([read.kid, read.counter, read.list.revoked], [KID, at, bits.revoked]);
      assert.deepEqual(read.list.bytes(), bits.bytes());
    }),
    4,
  ),
  holds(
    'change of a status list',
    fc.property(
      list(1),
      indices(1),
      fc.nat(),
      fc.integer({ min: 1, max: 999 }),
      (before, switched, from, on) => {
        const after = before.copy();
        for (const index of switched) after.toggle(index);
        const later = { kid: KID, counter: from + on, list: after };
        const bytes = encodeListDelta(KID, { counter: from, list: before }, later);
        const held = { kid: KID, counter: from, list: before };
        const { list: led } = applyListDeltas(held, [decodeListDelta(bytes, limits)], anchorOf(later));
        assert.deepEqual(led.bytes(), after.bytes());
      },
    ),
    10,
  ),
  holds(
    'Token Status List',
    fc.property(fc.constantFrom(1, 2, 4, 8), fc.uint8Array({ maxLength: 400 }), (bits, bytes) => {
      const read = decodeTokenStatusList(encodeTokenStatusList(new TokenStatusList(bits, bytes)), limits);
      assert.deepEqual([read.bits, read.bytes()], [bits, bytes]);
    }),
    4,
  ),
  holds(
    'one list in every form',
    fc.property(anyList, fc.integer({ min: 1, max: 1000 }), (bits, at) => {
      const version = { kid: KID, counter: at, list: bits };
      const anchor = anchorOf(version);
      const same = (form: string, read: StatusList): void => {
        assert.deepEqual(read.bytes(), bits.bytes(), form);
        assert.deepEqual([read.revoked, read.root()], [bits.revoked, anchor.root], form);
      };
      const compact = decodeCompactList(encodeCompactList(version), limits);
      assert.deepEqual(compact.root, anchor.root);
      same('compact', compact.list);
      same('W3C', decodeStatusList(encodeStatusList(bits), limits.maxBits));
      const json = encodeTokenStatusList(tokenFromStatusList(bits));
      same('Token Status List', statusListFromToken(decodeTokenStatusList(json, limits)));
      same('CRL', statusListFromCrl(parseCrl(encodeCrl(crlFromStatusList(KID, at, bits))), bits.length));
      const empty = { kid: KID, counter: 0, list: new StatusList(1) };
      const delta = decodeListDelta(encodeListDelta(KID, empty, version), limits);
      same('change from an empty list', applyListDeltas(empty, [delta], anchor).list);
      const joined = new StatusList(bits.length / BLOCK_BITS);
      for (let number = 0; number < bits.length / BLOCK_BITS; number++) {
        const block = openBlock(blockWithProof(version, number), { kid: KID, ...anchor });
        for (let index = number * BLOCK_BITS; index < (number + 1) * BLOCK_BITS; index++) {
          if (block.get(index)) joined.set(index, true);
        }
      }
      same('blocks', joined);
    }),
    // Every bit is asked for: ten milliseconds each.
    100,
  ),
];
