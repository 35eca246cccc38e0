import { createHash } from 'node:crypto';
import type {
  StatusData,
  TrustDocument,
  TrustedAnchor,
  TrustedIssuer,
  TrustedKey,
} from '../../../verifier/pipeline/trust-document.ts';
import { compactList } from './compact-list.ts';
import { FORMER_STATUS_BASE, ISS, STATUS_BASE } from './cards.ts';
import { BLOCK_TIME, DAY, ISSUED, NOW, TAKEN_AT, WINDOW_FROM, WINDOW_UNTIL } from './moments.ts';
import { keyNamed, shortKeyNamed } from './p256.ts';
import { PUBLISHED, RULE_FILES } from './rules.ts';
import type { VectorKey } from './p256.ts';

// ------------------------------------------------------------------------------------------------------- issuers

export const SECOND_ISS = 'https://second.example';
export const PORTED_ISS = 'https://ported.example:8443/a+b/~c';
/** The `iss` of the issuer that is in that state and in no other trouble. */
export const issOf = (state: string): string => `https://${state}.example`;

function issuer(id: number, iss: string, content: Partial<TrustedIssuer> = {}): TrustedIssuer {
  const path = iss.slice('https://'.length).replace(':', '%3A');
  return {
    id,
    did: `did:web:${path.replaceAll('/', ':').replaceAll('+', '%2B').replaceAll('~', '%7E')}`,
    iss,
    name: `Issuer ${id} of Nowhere`,
    jurisdiction: 'US-NO',
    status: 'active',
    held: false,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 0,
    statusBase: '',
    formerStatusBases: [],
    ...content,
  };
}

const ISSUERS: readonly TrustedIssuer[] = [
  issuer(1, ISS, { statusBase: STATUS_BASE, formerStatusBases: [FORMER_STATUS_BASE], attestations: 0b1111 }),
  issuer(2, SECOND_ISS),
  issuer(3, issOf('pending'), { status: 'pending' }),
  issuer(4, issOf('suspended'), { status: 'suspended' }),
  issuer(5, issOf('withdrawn'), { status: 'withdrawn' }),
  issuer(6, issOf('retired'), { status: 'retired', accreditedUntil: WINDOW_UNTIL }),
  issuer(7, issOf('elsewhere'), { jurisdiction: 'US-SU' }),
  issuer(8, issOf('accredited'), { accreditedFrom: WINDOW_FROM, accreditedUntil: WINDOW_UNTIL }),
  issuer(9, PORTED_ISS),
  issuer(10, issOf('held'), { held: true }),
  issuer(11, issOf('retired-and-held'), { status: 'retired', held: true, accreditedUntil: WINDOW_UNTIL }),
];

// ---------------------------------------------------------------------------------------------------------- keys

/** Every key of the trust documents, and `stranger` and the holders’, which are in none. */
export const KEYS = {
  plain: keyNamed('plain'),
  second: keyNamed('second'),
  stranger: keyNamed('stranger'),
  holder: keyNamed('holder'),
  otherHolder: keyNamed('other-holder'),
  twoIssuers: keyNamed('two-issuers'),
  short: shortKeyNamed('short'),
  open: keyNamed('open'),
  windowed: keyNamed('windowed'),
  retired: keyNamed('retired'),
  compromised: keyNamed('compromised'),
  ported: keyNamed('ported'),
  ofPending: keyNamed('of-pending'),
  ofSuspended: keyNamed('of-suspended'),
  ofWithdrawn: keyNamed('of-withdrawn'),
  ofRetired: keyNamed('of-retired'),
  ofElsewhere: keyNamed('of-elsewhere'),
  ofAccredited: keyNamed('of-accredited'),
  ofHeld: keyNamed('of-held'),
  ofRetiredAndHeld: keyNamed('of-retired-and-held'),
  worst: keyNamed('worst'),
  bits: keyNamed('bits'),
  bitsWithoutList: keyNamed('bits-without-list'),
  bitsWithoutAnchor: keyNamed('bits-without-anchor'),
  bitsOfOtherRoot: keyNamed('bits-of-other-root'),
  bitsOfOtherLength: keyNamed('bits-of-other-length'),
  bitsOfOtherCount: keyNamed('bits-of-other-count'),
  bitsCutShort: keyNamed('bits-cut-short'),
  bitsAsRids: keyNamed('bits-as-rids'),
  rids: keyNamed('rids'),
  ridsNone: keyNamed('rids-none'),
  ridsWithoutList: keyNamed('rids-without-list'),
  ridsWithoutAnchor: keyNamed('rids-without-anchor'),
  ridsOfOtherRoot: keyNamed('rids-of-other-root'),
  ridsBroken: keyNamed('rids-broken'),
} as const;

function trusted(key: VectorKey, content: Partial<TrustedKey> = {}): TrustedKey {
  return {
    issuer: 1,
    kid: key.kid,
    x: key.x,
    y: key.y,
    validFrom: NOW - 101 * DAY,
    validUntil: NOW + 99 * DAY,
    state: 'active',
    revocation: 'none',
    proven: true,
    ...content,
  };
}

/** Listed by an accreditor, without a window. */
const LISTED = { validFrom: 0, validUntil: 0, proven: false };
const BITS = { revocation: 'bits' } as const;
const RIDS = { revocation: 'rids' } as const;

const TRUSTED_KEYS: readonly TrustedKey[] = [
  trusted(KEYS.plain),
  trusted(KEYS.second, { issuer: 2 }),
  trusted(KEYS.twoIssuers),
  trusted(KEYS.twoIssuers, { issuer: 2, state: 'compromised' }),
  trusted(KEYS.short, LISTED),
  trusted(KEYS.open, LISTED),
  trusted(KEYS.windowed, { validFrom: WINDOW_FROM, validUntil: WINDOW_UNTIL }),
  trusted(KEYS.retired, { state: 'retired', validUntil: WINDOW_UNTIL }),
  trusted(KEYS.compromised, { state: 'compromised' }),
  trusted(KEYS.ported, { issuer: 9 }),
  trusted(KEYS.ofPending, { issuer: 3 }),
  trusted(KEYS.ofSuspended, { issuer: 4 }),
  trusted(KEYS.ofWithdrawn, { issuer: 5 }),
  trusted(KEYS.ofRetired, { issuer: 6 }),
  trusted(KEYS.ofElsewhere, { issuer: 7 }),
  trusted(KEYS.ofAccredited, { issuer: 8 }),
  trusted(KEYS.ofHeld, { issuer: 10 }),
  trusted(KEYS.ofRetiredAndHeld, { issuer: 11 }),
  trusted(KEYS.worst, {
    issuer: 4,
    state: 'compromised',
    validFrom: WINDOW_FROM,
    validUntil: WINDOW_UNTIL,
    ...BITS,
  }),
  trusted(KEYS.bits, BITS),
  trusted(KEYS.bitsWithoutList, BITS),
  trusted(KEYS.bitsWithoutAnchor, BITS),
  trusted(KEYS.bitsOfOtherRoot, BITS),
  trusted(KEYS.bitsOfOtherLength, BITS),
  trusted(KEYS.bitsOfOtherCount, BITS),
  trusted(KEYS.bitsCutShort, BITS),
  trusted(KEYS.bitsAsRids, BITS),
  trusted(KEYS.rids, RIDS),
  trusted(KEYS.ridsNone, RIDS),
  trusted(KEYS.ridsWithoutList, RIDS),
  trusted(KEYS.ridsWithoutAnchor, RIDS),
  trusted(KEYS.ridsOfOtherRoot, RIDS),
  trusted(KEYS.ridsBroken, RIDS),
];

// ---------------------------------------------------------------------------------------------------- revocation

/** Two blocks, so 262,144 cards. */
const BLOCK_BYTES = 16_384;
export const LIST_BITS = 2 * 8 * BLOCK_BYTES;
/** One in the midst of a byte, the last of a block, the first of the next, the last of the list. */
export const REVOKED_INDICES = [9, 131_071, 131_072, LIST_BITS - 1];

function listOf(indices: readonly number[]): Buffer {
  const bytes = Buffer.alloc(LIST_BITS / 8);
  for (const index of indices) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  return bytes;
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 9162 §2.1.1 by its definition: split at the largest power of two below the number of leaves. */
function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), only);
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  return sha256(Buffer.of(1), merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

const LIST = listOf(REVOKED_INDICES);
const LIST_ROOT = merkleRoot([LIST.subarray(0, BLOCK_BYTES), LIST.subarray(BLOCK_BYTES)]);

const compactOf = ({ kid }: VectorKey): Buffer => compactList(kid, 1, LIST_BITS, REVOKED_INDICES);

function bitsOf(key: VectorKey, list = compactOf(key)): StatusData {
  return {
    kind: 'bits',
    issuer: key === KEYS.worst ? 4 : 1,
    kid: key.kid,
    compact: list.toString('base64url'),
  };
}

function ridsOf({ kid }: VectorKey, rids: readonly string[]): StatusData {
  return { kind: 'rids', issuer: 1, kid, rids };
}

function anchor(key: VectorKey, content: Partial<TrustedAnchor> = {}): TrustedAnchor {
  return {
    issuer: key === KEYS.worst ? 4 : 1,
    list: key.kid,
    root: `0x${LIST_ROOT.toString('hex')}`,
    counter: 1,
    length: LIST_BITS,
    revoked: REVOKED_INDICES.length,
    time: BLOCK_TIME,
    final: false,
    ...content,
  };
}

function ridsAnchor(key: VectorKey, rids: readonly string[]): TrustedAnchor {
  const sorted = [...new Set(rids)].toSorted();
  const root = merkleRoot(sorted.map((rid) => Buffer.from(rid)));
  return anchor(key, {
    root: `0x${root.toString('hex')}`,
    length: sorted.length,
    revoked: sorted.length,
  });
}

/** `timed` is revoked for cards issued before ISSUED; `twice` stands with two times, `both` with and without one. */
const RIDS_LISTED = [
  'listed',
  `timed.${ISSUED}`,
  `twice.${ISSUED - 100}`,
  `twice.${ISSUED + 100}`,
  `both.${ISSUED - 100}`,
  'both',
  'abcdefghijklmnopqrstuvwx',
];
const RIDS_BROKEN = ['listed', 'listed.'];
const OTHER_ROOT = `0x${'ab'.repeat(32)}`;

const LISTS: readonly StatusData[] = [
  bitsOf(KEYS.worst),
  bitsOf(KEYS.bits),
  bitsOf(KEYS.bitsWithoutAnchor),
  bitsOf(KEYS.bitsOfOtherRoot),
  bitsOf(KEYS.bitsOfOtherLength),
  bitsOf(KEYS.bitsOfOtherCount),
  bitsOf(KEYS.bitsCutShort, compactOf(KEYS.bitsCutShort).subarray(0, -4)),
  ridsOf(KEYS.bitsAsRids, []),
  ridsOf(KEYS.rids, RIDS_LISTED),
  ridsOf(KEYS.ridsNone, []),
  ridsOf(KEYS.ridsWithoutAnchor, []),
  ridsOf(KEYS.ridsOfOtherRoot, []),
  ridsOf(KEYS.ridsBroken, RIDS_BROKEN),
];

const ANCHORS: readonly TrustedAnchor[] = [
  anchor(KEYS.worst),
  anchor(KEYS.bits),
  anchor(KEYS.bitsWithoutList),
  anchor(KEYS.bitsOfOtherRoot, { root: OTHER_ROOT }),
  anchor(KEYS.bitsOfOtherLength, { length: 2 * LIST_BITS }),
  anchor(KEYS.bitsOfOtherCount, { revoked: REVOKED_INDICES.length - 1 }),
  anchor(KEYS.bitsCutShort),
  ridsAnchor(KEYS.bitsAsRids, []),
  ridsAnchor(KEYS.rids, RIDS_LISTED),
  ridsAnchor(KEYS.ridsNone, []),
  ridsAnchor(KEYS.ridsWithoutList, []),
  { ...ridsAnchor(KEYS.ridsOfOtherRoot, []), root: OTHER_ROOT },
  ridsAnchor(KEYS.ridsBroken, RIDS_BROKEN),
];

// ----------------------------------------------------------------------------------------------------- documents

const FEDERATION: TrustDocument = {
  version: 4,
  ruleFiles: [],
  source: {
    kind: 'chain',
    chainId: 31337,
    registry: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
    head: `0x${'cd'.repeat(32)}`,
    size: 64,
    block: { number: 4711, hash: `0x${'ef'.repeat(32)}`, time: BLOCK_TIME },
  },
  seen: null,
  takenAt: TAKEN_AT,
  successor: null,
  jurisdictions: [
    { code: 'US-NO', name: 'State of Nowhere', suspended: false },
    { code: 'US-SU', name: 'State of Suspense', suspended: true },
  ],
  issuers: ISSUERS,
  keys: TRUSTED_KEYS,
  venues: [
    {
      id: 1,
      did: 'did:web:arena.example',
      name: 'Arena of Nowhere',
      jurisdiction: 'US-NO',
      status: 'active',
    },
  ],
  rules: [
    {
      jurisdiction: 'US-NO',
      id: 'ENTRY',
      version: 1,
      validFrom: WINDOW_FROM,
      digest: `0x${'12'.repeat(32)}`,
      uri: 'https://rules.example/entry',
    },
  ],
  anchors: ANCHORS,
  lists: LISTS,
};

/** One issuer and one key, for documents that are wrong in one place. */
const SMALL: TrustDocument = {
  ...FEDERATION,
  jurisdictions: FEDERATION.jurisdictions.slice(0, 1),
  issuers: ISSUERS.slice(0, 1),
  keys: TRUSTED_KEYS.slice(0, 1),
  anchors: [],
  lists: [],
};

/** The trust documents by name; the last ones are to be found invalid. */
export const TRUST_DOCUMENTS: Readonly<Record<string, object>> = {
  federation: FEDERATION,
  rules: { ...SMALL, rules: PUBLISHED, ruleFiles: RULE_FILES },
  unanchored: { ...FEDERATION, source: { kind: 'unanchored', origin: 'test vectors' }, anchors: [] },
  'block-ahead': {
    ...SMALL,
    takenAt: NOW,
    source: { ...FEDERATION.source, block: { number: 4711, hash: `0x${'ef'.repeat(32)}`, time: NOW + 120 } },
  },
  'key-off-the-curve': { ...SMALL, keys: [trusted(offCurveKey())] },
  'kid-of-another-key': { ...SMALL, keys: [trusted({ ...KEYS.plain, kid: KEYS.second.kid })] },
  'another-version': { ...SMALL, version: 1 },
  'retired-without-end': {
    ...SMALL,
    issuers: SMALL.issuers.map((each) => ({ ...each, status: 'retired' as const })),
  },
  'unknown-member': { ...SMALL, keys: [{ ...trusted(KEYS.plain), frozen: true }] },
};

/** A pair of coordinates that lies on no curve, with its own thumbprint. */
export function offCurveKey(): VectorKey {
  const [x, y] = [KEYS.plain.y, KEYS.plain.x];
  const canonical = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  return { ...KEYS.plain, x, y, kid: sha256(Buffer.from(canonical)).toString('base64url') };
}
