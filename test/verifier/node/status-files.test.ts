import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeBase64url, encodeBase64url } from '../../../credential/base64url.ts';
import { decodeCompactList, encodeCompactList } from '../../../credential/compact-list.ts';
import { crlFromStatusList, encodeCrl } from '../../../credential/crl.ts';
import { encodeStatusList } from '../../../credential/encoded-list.ts';
import { encodeListDelta } from '../../../credential/list-delta.ts';
import { statusListCredential } from '../../../credential/status-list-credential.ts';
import { BLOCK_BITS, StatusList } from '../../../credential/status-list.ts';
import { encodeTokenStatusList, tokenFromStatusList } from '../../../credential/token-status-list.ts';
import { holdLists } from '../../../verifier/node/status-files.ts';
import type { HeldLists, StatusFile } from '../../../verifier/node/status-files.ts';
import type { StatusData, TrustedAnchor, TrustedKey } from '../../../verifier/pipeline/trust-document.ts';
import {
  anchoredBits,
  anchoredRids,
  DID,
  mintJws,
  newKey,
  NOW,
  STATUS_BASE,
  trustedKey,
} from '../../support/cards.ts';

const KEY = newKey();
const KID = KEY.kid;
const BITS = trustedKey(KEY, { revocation: 'bits' });

/** The list under a counter: the higher, the more are revoked; from the fourth on it is longer. */
function version(counter: number): StatusList {
  const list = new StatusList(counter < 4 ? 1 : 2);
  for (let index = 0; index < counter * 3; index++) list.set((index * 7919) % BLOCK_BITS, true);
  return list;
}
function anchorAt(counter: number, content: Partial<TrustedAnchor> = {}): TrustedAnchor {
  return { ...anchoredBits(KEY, version(counter)).anchor, counter, ...content };
}
const compact = (counter: number): Uint8Array =>
  encodeCompactList({ kid: KID, counter, list: version(counter) });
const heldAt = (counter: number): StatusData => ({
  kind: 'bits',
  issuer: 1,
  kid: KID,
  compact: encodeBase64url(compact(counter)),
});
const file = (bytes: Uint8Array | string, name = 'file'): StatusFile => ({ name, bytes: Buffer.from(bytes) });
const delta = (from: number, to: number, kid = KID): StatusFile =>
  file(
    encodeListDelta(kid, { counter: from, list: version(from) }, { counter: to, list: version(to) }),
    `${from}-${to}`,
  );

function hold(
  files: readonly StatusFile[],
  {
    counter = 3,
    before = [],
    keys = [BITS],
    anchors = [anchorAt(counter)],
  }: {
    counter?: number;
    before?: readonly StatusData[];
    keys?: readonly TrustedKey[];
    anchors?: readonly TrustedAnchor[];
  } = {},
): HeldLists {
  return holdLists({ keys, anchors }, files, before);
}
const reasons = ({ refused }: HeldLists): readonly string[] => refused.map(({ reason }) => reason);

const signed = (typ: string, payload: object, by = KEY): string =>
  mintJws(by, Buffer.from(JSON.stringify(payload)), { kid: `${DID}#${KID}`, typ, zip: undefined } as object);
const credential = (list: StatusList): object =>
  statusListCredential({ did: DID, statusBase: STATUS_BASE, kid: KID }, { list, validFrom: NOW });
const token = (list: StatusList): object => ({
  sub: `${STATUS_BASE}/status/${KID}`,
  iat: NOW,
  status_list: encodeTokenStatusList(tokenFromStatusList(list)),
});

/** Every form in which the list of a key may come. */
const FORMS: Readonly<Record<string, (list: StatusList) => Uint8Array | string>> = {
  'compact download': (list) => encodeCompactList({ kid: KID, counter: 3, list }),
  BitstringStatusListCredential: (list) => signed('vc+jwt', credential(list)),
  'Status List Token': (list) => signed('statuslist+jwt', token(list)),
  'revocation list of SMART Health Cards': (list) =>
    JSON.stringify(encodeCrl(crlFromStatusList(KID, 3, list))),
  'JSON around an encodedList': (list) =>
    JSON.stringify({ kid: KID, counter: 3, encodedList: encodeStatusList(list) }),
};

for (const [form, encode] of Object.entries(FORMS)) {
  describe(`a ${form}`, () => {
    test('is held if it gives the anchored root, and is then the same as every other form', () => {
      const held = hold([file(encode(version(3)))]);
      assert.deepEqual(held, { lists: [heldAt(3)], current: 1, refused: [] });
    });

    test('with one more or one less revoked is ROOT_DIFFERS', () => {
      for (const revoked of [true, false]) {
        const other = version(3);
        other.set(revoked ? 5 : 0, revoked);
        assert.deepEqual(reasons(hold([file(encode(other))])), ['ROOT_DIFFERS']);
      }
    });

    test('longer than its anchor is refused before it is unpacked', () => {
      const held = hold([file(encode(new StatusList(64)))]);
      // A list of rids does not say how long it is.
      if (!form.startsWith('revocation')) assert.deepEqual(reasons(held), ['ROOT_DIFFERS']);
      assert.equal(held.current, 0);
    });

    test('cut short, or with something after it, is refused', () => {
      const whole = Buffer.from(encode(version(3)));
      for (const bytes of [
        whole.subarray(0, -3),
        whole.subarray(0, 20),
        Buffer.concat([whole, Buffer.of(0x41)]),
      ]) {
        const held = hold([file(bytes)]);
        assert.deepEqual([held.lists, held.refused.length], [[], 1]);
      }
    });

    test('of a key that is not known, or whose list is not anchored, is refused by that name', () => {
      const published = file(encode(version(3)));
      assert.deepEqual(reasons(hold([published], { keys: [] })), ['KEY_UNKNOWN']);
      assert.deepEqual(reasons(hold([published], { keys: [{ ...BITS, revocation: 'none' }] })), [
        'KEY_UNKNOWN',
      ]);
      assert.deepEqual(reasons(hold([published], { anchors: [] })), ['NOT_ANCHORED']);
    });
  });
}

test('a token that another key signed, or that says another thing than it is, is MALFORMED', () => {
  for (const text of [
    signed('vc+jwt', credential(version(3)), newKey()),
    signed('statuslist+jwt', token(version(3)), newKey()),
    signed('JWT', credential(version(3))),
    signed('vc+jwt', token(version(3))),
    signed('vc+jwt', { ...credential(version(3)), credentialSubject: { type: 'BitstringStatusList' } }),
  ]) {
    assert.deepEqual(reasons(hold([file(text)])), ['MALFORMED']);
  }
});

test('what is no revocation data at all is MALFORMED: nothing, noise, an archive, a page', () => {
  for (const bytes of [
    '',
    ' ',
    '{}',
    '[]',
    '<!doctype html>',
    Buffer.alloc(100),
    gzipSync('{}'),
    Buffer.of(0xcc),
    Buffer.of(0xc4),
  ]) {
    const held = hold([file(bytes)]);
    assert.deepEqual([held.lists, held.refused.length], [[], 1]);
  }
});

test('a list that stands anew under a higher counter is held under that counter', () => {
  const held = hold([], { before: [heldAt(3)], anchors: [anchorAt(3, { counter: 9 })] });
  assert.equal(held.current, 1);
  const [list] = held.lists;
  assert.ok(list?.kind === 'bits');
  assert.equal(decodeCompactList(decodeBase64url(list.compact), { maxBits: BLOCK_BITS }).counter, 9);
});

describe('deltas', () => {
  test('lead from the held version to the anchored one, in any order, over a list that grew, widest step first', () => {
    for (const [files, from, to] of [
      [[delta(1, 2)], 1, 2],
      [[delta(2, 3), delta(1, 2)], 1, 3],
      [[delta(3, 5), delta(1, 2), delta(2, 3)], 1, 5],
      [[delta(1, 2), delta(1, 4), delta(4, 5)], 1, 5],
    ] as const) {
      const held = hold(files, { counter: to, before: [heldAt(from)] });
      assert.deepEqual(held, { lists: [heldAt(to)], current: 1, refused: [] });
    }
  });

  test('without the version they start from, or with a step missing, are DELTA_UNUSABLE, and the held version stays', () => {
    assert.deepEqual(reasons(hold([delta(1, 3)])), ['DELTA_UNUSABLE']);
    for (const files of [[delta(2, 3)], [delta(1, 2)], [delta(1, 2), delta(3, 4)]]) {
      const held = hold(files, { before: [heldAt(1)] });
      assert.deepEqual(held.lists, [heldAt(1)]);
      assert.equal(held.current, 0);
      assert.deepEqual(new Set(reasons(held)), new Set(['DELTA_UNUSABLE']));
    }
  });

  test('of another history, or of another key, are DELTA_UNUSABLE: the root does not come out', () => {
    const other = version(3);
    other.set(4711, true);
    const forked = encodeListDelta(KID, { counter: 1, list: version(1) }, { counter: 3, list: other });
    for (const wrong of [file(forked), delta(1, 3, newKey().kid)]) {
      const held = hold([wrong], { before: [heldAt(1)] });
      assert.deepEqual([held.lists, held.current, reasons(held)], [[heldAt(1)], 0, ['DELTA_UNUSABLE']]);
    }
  });

  test('that are not needed, since the list is current, are no fault', () => {
    const held = hold([delta(1, 2), delta(2, 3)], { before: [heldAt(3)] });
    assert.deepEqual(held, { lists: [heldAt(3)], current: 1, refused: [] });
    assert.deepEqual(hold([delta(1, 2), file(compact(3))], { before: [heldAt(1)] }).refused, []);
  });

  test('that are damaged are refused, each byte of them', () => {
    const whole = delta(1, 3).bytes;
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const held = hold([file(bytes)], { before: [heldAt(1)] });
      assert.deepEqual([held.lists, held.current], [[heldAt(1)], 0], `byte ${at}`);
    }
  });
});

test('keys of several issuers share a file, and what lists say of rids stays apart', () => {
  const second = { ...BITS, issuer: 2 };
  const [rids, other] = [newKey(), newKey()];
  const ridsKey = trustedKey(rids, { revocation: 'rids' });
  const crl = anchoredRids(rids, ['abc', 'def.5']);
  const held = hold(
    [
      file(compact(3)),
      file(JSON.stringify({ kid: rids.kid, method: 'rid', ctr: '7', rids: ['def.5', 'abc', 'abc'] })),
      file(encodeCompactList({ kid: rids.kid, counter: 1, list: version(1) }), 'wrong kind'),
      file(encodeCompactList({ kid: other.kid, counter: 1, list: version(1) }), 'nobody'),
    ],
    { keys: [BITS, second, ridsKey], anchors: [anchorAt(3), anchorAt(3, { issuer: 2 }), crl.anchor] },
  );
  assert.deepEqual(held.lists, [heldAt(3), { ...heldAt(3), issuer: 2 }, crl.data]);
  assert.deepEqual(
    held.refused.map(({ file: name, reason }) => [name, reason]),
    [
      ['wrong kind', 'ROOT_DIFFERS'],
      ['nobody', 'KEY_UNKNOWN'],
    ],
  );
});
