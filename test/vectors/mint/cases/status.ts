import { card, cardPayload, ridOf } from '../cards.ts';
import { cardOfText } from '../jws.ts';
import { ISSUED } from '../moments.ts';
import { KEYS, LIST_BITS } from '../trust.ts';
import type { VectorKey } from '../p256.ts';
import { folder } from '../vector.ts';

const VALID = 'accepted: VALID';
const REVOKED = 'rejected: REVOKED';
const MALFORMED = 'unreadable: MALFORMED';

const withRid = (key: VectorKey, rid: unknown, members: object = {}): string => card(key, members, { rid });
const atIndex = (index: number): string => withRid(KEYS.bits, ridOf(index));
const listed = (rid: string, nbf = ISSUED): string => withRid(KEYS.rids, rid, { nbf });

export const STATUS_BITS = folder('status/bits', 'Status list; W3C Bitstring Status List §2.1', {
  'index-0': { why: 'The first bit, off.', input: atIndex(0), expect: VALID, checks: { status: 'passed' } },
  'index-8': { why: 'The bit before a revoked one.', input: atIndex(8), expect: VALID },
  'index-9': {
    why: 'A bit that is on, the second from the left of its byte.',
    input: atIndex(9),
    expect: REVOKED,
    checks: { signature: 'passed', issuer: 'passed', key: 'passed', validity: 'passed', status: 'failed' },
  },
  'index-10': { why: 'The bit after a revoked one.', input: atIndex(10), expect: VALID },
  'index-14': {
    why: 'Where index 9 would stand if bits were counted from the right.',
    input: atIndex(14),
    expect: VALID,
  },
  'last-of-block': { why: 'The last bit of the first block, on.', input: atIndex(131_071), expect: REVOKED },
  'first-of-next-block': {
    why: 'The first bit of the second block, on.',
    input: atIndex(131_072),
    expect: REVOKED,
  },
  'second-of-next-block': { why: 'The bit after it, off.', input: atIndex(131_073), expect: VALID },
  'last-but-one': {
    why: 'The last bit of the list but one, off.',
    input: atIndex(LIST_BITS - 2),
    expect: VALID,
  },
  last: { why: 'The last bit of the list, on.', input: atIndex(LIST_BITS - 1), expect: REVOKED },
  beyond: {
    why: 'An issuer issues no index beyond its anchored length: ours is the older list.',
    input: atIndex(LIST_BITS),
    expect: 'undetermined: STATUS_STALE',
    checks: { status: 'undetermined', validity: 'passed' },
  },
  'far-beyond': {
    why: 'The largest index that four bytes hold.',
    input: atIndex(2 ** 32 - 1),
    expect: 'undetermined: STATUS_STALE',
  },
  'rid-missing': {
    why: 'A card that names no place in the list could not be revoked.',
    input: card(KEYS.bits),
    expect: MALFORMED,
  },
  'rid-5-characters': { why: 'Not four bytes.', input: withRid(KEYS.bits, 'AAAAC'), expect: MALFORMED },
  'rid-7-characters': { why: 'Not four bytes.', input: withRid(KEYS.bits, 'AAAACQA'), expect: MALFORMED },
  'rid-loose-bits': {
    why: 'The revoked index in another spelling: it must be none, or the list would not name it.',
    input: withRid(KEYS.bits, 'AAAACR'),
    expect: MALFORMED,
  },
  'rid-decimal': {
    why: 'Six digits are base64url too, and no canonical text of four bytes.',
    input: withRid(KEYS.bits, '000009'),
    expect: MALFORMED,
  },
  'revoked-in-other-bytes': {
    why: 'The revoked card signed anew with white space in it: the same rid, the same answer.',
    input: cardOfText(KEYS.bits, JSON.stringify(cardPayload({}, { rid: ridOf(9) }), null, 1)),
    expect: REVOKED,
  },
  'list-missing': {
    why: 'Nothing is known of the list: not "not revoked".',
    input: withRid(KEYS.bitsWithoutList, ridOf(0)),
    expect: 'undetermined: STATUS_MISSING',
    checks: { status: 'undetermined' },
  },
  'anchor-missing': {
    why: 'A list that nothing on the chain vouches for counts as none.',
    input: withRid(KEYS.bitsWithoutAnchor, ridOf(0)),
    expect: 'undetermined: STATUS_MISSING',
  },
  'root-of-another-list': {
    why: 'The list does not give the anchored root.',
    input: withRid(KEYS.bitsOfOtherRoot, ridOf(0)),
    expect: 'undetermined: STATUS_INVALID',
    checks: { status: 'undetermined' },
  },
  'root-of-another-list-though-revoked': {
    why: 'A list that does not hold revokes nobody either.',
    input: withRid(KEYS.bitsOfOtherRoot, ridOf(9)),
    expect: 'undetermined: STATUS_INVALID',
  },
  'length-of-another-list': {
    why: 'The list is not as long as anchored.',
    input: withRid(KEYS.bitsOfOtherLength, ridOf(0)),
    expect: 'undetermined: STATUS_INVALID',
  },
  'count-of-another-list': {
    why: 'As many are revoked as the list says, not as the anchor does.',
    input: withRid(KEYS.bitsOfOtherCount, ridOf(0)),
    expect: 'undetermined: STATUS_INVALID',
  },
  'list-cut-short': {
    why: 'The code of the gaps ends before the last of them.',
    input: withRid(KEYS.bitsCutShort, ridOf(0)),
    expect: 'undetermined: STATUS_INVALID',
  },
  'list-of-the-other-kind': {
    why: 'A list of rids where the key revokes by bits.',
    input: withRid(KEYS.bitsAsRids, ridOf(0)),
    expect: 'undetermined: STATUS_INVALID',
  },
});

export const STATUS_RIDS = folder('status/rids', 'SMART Health Cards, "Revocation"', {
  'not-listed': {
    why: 'A rid that the list does not hold.',
    input: listed('other'),
    expect: VALID,
    checks: { status: 'passed' },
  },
  listed: {
    why: 'A rid listed without a time: every card of it.',
    input: listed('listed'),
    expect: REVOKED,
    checks: { status: 'failed' },
  },
  'listed-24-characters': {
    why: 'The longest rid.',
    input: listed('abcdefghijklmnopqrstuvwx'),
    expect: REVOKED,
  },
  'other-case': { why: 'rids compare exactly.', input: listed('LISTED'), expect: VALID },
  'beginning-of-one': {
    why: 'The first characters of a listed rid are another rid.',
    input: listed('liste'),
    expect: VALID,
  },
  'issued-before': {
    why: 'Issued a second before the time in the list.',
    input: listed('timed', ISSUED - 1),
    expect: REVOKED,
  },
  'issued-just-before': {
    why: 'Issued a fraction of a second before the time in the list.',
    input: listed('timed', ISSUED - 0.5),
    expect: REVOKED,
  },
  'issued-at': {
    why: 'Issued at that time: only cards strictly before it are revoked.',
    input: listed('timed', ISSUED),
    expect: VALID,
  },
  'issued-after': { why: 'Issued anew, after it.', input: listed('timed', ISSUED + 1), expect: VALID },
  'two-times': {
    why: 'Listed with two times: the later one holds.',
    input: listed('twice'),
    expect: REVOKED,
  },
  'two-times-issued-after': {
    why: 'Issued after both.',
    input: listed('twice', ISSUED + 100),
    expect: VALID,
  },
  'with-and-without-time': {
    why: 'Listed with and without a time: the stricter holds.',
    input: listed('both'),
    expect: REVOKED,
  },
  'card-without-rid': {
    why: 'A foreign card without a rid cannot be looked up, and is not blocked by that.',
    input: card(KEYS.rids),
    expect: VALID,
    checks: { status: 'not-offered' },
  },
  'empty-list': {
    why: 'A list that revokes nobody.',
    input: withRid(KEYS.ridsNone, 'listed'),
    expect: VALID,
    checks: { status: 'passed' },
  },
  'list-missing': {
    why: 'Nothing is known of the list: not "not revoked".',
    input: withRid(KEYS.ridsWithoutList, 'listed'),
    expect: 'undetermined: STATUS_MISSING',
  },
  'anchor-missing': {
    why: 'A list that nothing on the chain vouches for counts as none.',
    input: withRid(KEYS.ridsWithoutAnchor, 'listed'),
    expect: 'undetermined: STATUS_MISSING',
  },
  'root-of-another-list': {
    why: 'The list does not give the anchored root.',
    input: withRid(KEYS.ridsOfOtherRoot, 'listed'),
    expect: 'undetermined: STATUS_INVALID',
  },
  'entry-broken': {
    why: 'One entry that cannot be read makes the list unusable: leaving it out could let a revoked card pass.',
    input: withRid(KEYS.ridsBroken, 'other'),
    expect: 'undetermined: STATUS_INVALID',
  },
});

export const STATUS_NONE = folder('status/none', 'Decision codes, revocation not offered', {
  'without-rid': {
    why: 'A key that offers no revocation blocks nothing.',
    input: card(KEYS.plain),
    expect: VALID,
    checks: { status: 'not-offered' },
  },
  'with-rid': {
    why: 'A rid under a key that offers no revocation cannot be looked up.',
    input: withRid(KEYS.plain, 'listed'),
    expect: VALID,
    checks: { status: 'not-offered' },
  },
});
