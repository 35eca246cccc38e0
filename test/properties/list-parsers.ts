import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeBase64url } from '../../credential/base64url.ts';
import { parseWhole } from '../../credential/byte-stream.ts';
import { compactListReader, decodeCompactList, encodeCompactList } from '../../credential/compact-list.ts';
import { crlFromStatusList, crlRoot, encodeCrl, parseCrl, statusListFromCrl } from '../../credential/crl.ts';
import { FormatError } from '../../credential/errors.ts';
import { encodeIndexSet, parseIndexSet } from '../../credential/index-set.ts';
import { encodeLeb128 } from '../../credential/leb128.ts';
import { blockWithProof, openBlock } from '../../credential/list-block.ts';
import {
  applyListDeltas,
  decodeListDelta,
  encodeListDelta,
  type ListDelta,
} from '../../credential/list-delta.ts';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  statusListFromToken,
  statusListOfClaims,
  tokenFromStatusList,
  TokenStatusList,
} from '../../credential/token-status-list.ts';
import { anchorOf, bitsOf, KID, listOf, scatteredList } from '../support/lists.ts';
import { mutatedBytes, mutatedJson, mutatedText } from './mutations.ts';
import { neverCrashes, type Property } from './run.ts';

/** Enough that a number of blocks can be wrong both ways, and little enough for a million readings. */
const limits = { maxBits: bitsOf(4) };

const at = (counter: number, list: StatusList) => ({ kid: KID, counter, list });
const versions = [
  at(0, listOf(1, [])),
  at(1, listOf(1, [0, 1, 2, 3, 500, BLOCK_BITS - 1])),
  at(300, scatteredList(2, 60)),
  at(2 ** 40, scatteredList(3, 200)),
] as const;
const [, first, second, third] = versions;
const compact = versions.map(encodeCompactList);
const deltas = [
  encodeListDelta(KID, first, second),
  encodeListDelta(KID, second, third),
  encodeListDelta(KID, first, third),
  encodeListDelta(KID, third, { counter: 2 ** 40 + 1, list: third.list }),
];
const blocks = [0, 1, 2].map((number) => blockWithProof(third, number));
const token = encodeTokenStatusList(tokenFromStatusList(second.list));
const packed = [
  deflateSync(second.list.bytes()),
  deflateSync(Uint8Array.of(0xb9, 0xa3)),
  deflateSync(Uint8Array.of(1, 2, 3), { level: 0 }),
];

/** Sound as far as the code of the gaps, which is any bytes. */
const anyGaps = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 24 }))
  .map(([count, code]) => {
    const parameter =
      encodeIndexSet(
        listOf(
          1,
          Array.from({ length: count }, (_, i) => i),
        ),
      )[1] ?? 0;
    return Uint8Array.of(count, parameter, ...code);
  });
const header = encodeCompactList(at(5, listOf(1, []))).subarray(0, -2);

/** Readers of our own forms of a status list, and of the Token Status List's and the CRL's. */
export const LIST_PARSERS: readonly Property[] = [
  neverCrashes({
    name: 'LEB128',
    input: mutatedBytes(encodeLeb128(5), encodeLeb128(300), encodeLeb128(2 ** 40), encodeLeb128(2 ** 53 - 1)),
    parse: (bytes) => assert.deepEqual(encodeLeb128(parseWhole(bytes, (stream) => stream.leb128())), bytes),
  }),
  neverCrashes({
    name: 'indices in Rice code',
    input: fc.oneof(mutatedBytes(encodeIndexSet(first.list), encodeIndexSet(scatteredList(1, 300))), anyGaps),
    parse(bytes) {
      const list = new StatusList(1);
      parseWhole(bytes, (stream) => parseIndexSet(stream, BLOCK_BITS, (index) => list.set(index, true)));
      assert.deepEqual(encodeIndexSet(list), bytes);
    },
  }),
  neverCrashes({
    name: 'compact list, whole and in chunks alike',
    input: fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: mutatedBytes(...compact) },
        { weight: 1, arbitrary: anyGaps.map((gaps) => Uint8Array.of(...header, ...gaps)) },
      ),
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 30, max: 60 })),
    ),
    parse([bytes, size]) {
      const whole = outcome(() => decodeCompactList(bytes, limits));
      const reader = compactListReader(limits);
      const inChunks = outcome(() => {
        for (let start = 0; start < bytes.length; start += size) {
          reader.push(bytes.subarray(start, start + size));
        }
        return reader.end();
      });
      if (typeof whole === 'string' || typeof inChunks === 'string') assert.equal(inChunks, whole);
      else {
        assert.deepEqual(whole.root, inChunks.root);
        assert.deepEqual(encodeCompactList(whole), bytes);
        assert.deepEqual(encodeCompactList(inChunks), bytes);
      }
    },
  }),
  neverCrashes({
    name: 'change of a status list',
    input: mutatedBytes(...deltas),
    parse(bytes) {
      const { kidStart, from, to, length, indices } = decodeListDelta(bytes, limits);
      const kid = Buffer.concat([kidStart, new Uint8Array(28)]).toString('base64url');
      const before = { counter: from, list: new StatusList(length / BLOCK_BITS) };
      const after = { counter: to, list: listOf(length / BLOCK_BITS, indices) };
      assert.deepEqual(encodeListDelta(kid, before, after), bytes);
    },
  }),
  neverCrashes({
    name: 'chain of changes',
    input: fc.array(fc.oneof(mutatedBytes(...deltas), fc.constantFrom(...deltas)), { maxLength: 3 }),
    parse(chain) {
      const read = chain.flatMap((bytes): ListDelta[] => {
        const delta = outcome(() => decodeListDelta(bytes, limits));
        return typeof delta === 'string' ? [] : [delta];
      });
      const { counter, list } = applyListDeltas(first, read, anchorOf(third));
      assert.deepEqual([counter, list.revoked, list.bytes()], [third.counter, 200, third.list.bytes()]);
    },
  }),
  neverCrashes({
    name: 'block with its proof',
    input: mutatedBytes(...blocks),
    parse(bytes) {
      const { number } = openBlock(bytes, { kid: KID, ...anchorOf(third) });
      // Nothing but what the issuer made of the block is opened.
      assert.deepEqual(blocks[number], bytes);
    },
  }),
  neverCrashes({
    name: 'zlib of a Token Status List',
    input: fc.tuple(fc.constantFrom(1, 2, 4, 8), mutatedBytes(...packed)),
    parse: ([bits, bytes]) => readToken({ bits, lst: encodeBase64url(bytes) }),
  }),
  neverCrashes({
    name: 'text of a Token Status List',
    input: mutatedText(token.lst, encodeBase64url(packed[1] ?? new Uint8Array())),
    parse: (lst) => readToken({ bits: 1, lst }),
  }),
  neverCrashes({
    name: 'claims of a Status List Token',
    input: mutatedJson({ iat: 1, status_list: { ...token, aggregation_uri: 'https://a' } }),
    parse: (json) => statusListOfClaims(json, limits),
  }),
  neverCrashes({
    name: 'revocation list as a status list',
    input: mutatedJson(encodeCrl(crlFromStatusList(KID, 3, listOf(2, [0, 1, 77, BLOCK_BITS, 200_000])))),
    parse(json) {
      const crl = parseCrl(json);
      const again = crlFromStatusList(crl.kid, crl.counter, statusListFromCrl(crl, bitsOf(2)));
      assert.deepEqual(crlRoot(again.rids), crlRoot(crl.rids));
      assert.equal(again.rids.length, crl.rids.length);
    },
  }),
];

function readToken(json: unknown): void {
  const list = decodeTokenStatusList(json, limits);
  const same = new TokenStatusList(list.bits, list.bytes());
  for (let index = 0; index < list.length; index += 1013) assert.equal(same.get(index), list.get(index));
  const bits = outcome(() => statusListFromToken(list));
  if (typeof bits !== 'string') assert.deepEqual(tokenFromStatusList(bits).bytes(), list.bytes());
}

/** What it answers, or the code of its refusal. */
function outcome<Result extends object>(attempt: () => Result): Result | string {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}
