import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { decodeCompactList, encodeCompactList } from '../../credential/compact-list.ts';
import { FormatError } from '../../credential/errors.ts';
import { applyListDeltas } from '../../credential/list-delta.ts';
import type { ListDelta } from '../../credential/list-delta.ts';
import type { ListVersion } from '../../credential/status-list.ts';
import type { StatusData, TrustedAnchor, TrustedKey } from '../pipeline/trust-document.ts';
import { MAX_LIST_BITS, statusOfKey } from '../pipeline/status-data.ts';
import { bitsOf, readPublishedList } from './published-list.ts';
import type { PublishedList } from './published-list.ts';

/** A file that the operator gave, under the name to speak of it. */
export interface StatusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Why a file of status data was not held; a closed list. */
export type RefusalReason = 'MALFORMED' | 'KEY_UNKNOWN' | 'NOT_ANCHORED' | 'ROOT_DIFFERS' | 'DELTA_UNUSABLE';

/** A file of status data that was not held. */
export interface RefusedList {
  readonly file: string;
  /** Whose it says it is; null if even that cannot be read. */
  readonly kid: string | null;
  readonly reason: RefusalReason;
}

/** Status data that agrees with its anchor, what was held before and may be brought up to it, and the files refused. */
export interface HeldLists {
  readonly lists: readonly StatusData[];
  /** How many of them agree with their anchors. */
  readonly current: number;
  readonly refused: readonly RefusedList[];
}

interface Known {
  readonly keys: readonly TrustedKey[];
  readonly anchors: readonly TrustedAnchor[];
}

/**
 * Hold files of status data, and the data held before, against the anchors: only what gives the anchored root counts.
 * Of a list that the anchor has left behind the last version stays, to apply a delta to.
 *
 * A file says which kid it is of, not which issuer's; where issuers share a key, each anchor decides for itself.
 */
export function holdLists(
  known: Known,
  files: readonly StatusFile[],
  heldBefore: readonly StatusData[],
): HeldLists {
  const anchorOf = anchorsByName(known.anchors);
  const held = new Map<string, StatusData>();
  const current = new Set<string>();
  const hold = (data: StatusData, key: TrustedKey, anchor: TrustedAnchor | undefined): boolean => {
    const agreeing = agreed(data, key, anchor);
    if (agreeing === undefined) return false;
    held.set(nameOf(key), agreeing);
    current.add(nameOf(key));
    return true;
  };

  const keys = new Map(known.keys.map((key) => [nameOf(key), key]));
  for (const data of heldBefore) {
    const key = keys.get(nameOf(data));
    if (key === undefined || key.revocation !== data.kind) continue;
    if (data.kind === 'bits') held.set(nameOf(key), data);
    hold(data, key, anchorOf.get(nameOf(key)));
  }

  const refused: RefusedList[] = [];
  const deltas: { readonly file: string; readonly delta: Extract<PublishedList, { form: 'delta' }> }[] = [];
  for (const { name: file, bytes } of files) {
    const list = published(bytes);
    if (list === undefined) {
      refused.push({ file, kid: null, reason: 'MALFORMED' });
      continue;
    }
    if (list.form === 'delta') {
      deltas.push({ file, delta: list });
      continue;
    }
    const reason = refusalOf(list, known.keys, anchorOf, hold);
    if (reason !== undefined) refused.push({ file, kid: list.kid, reason });
  }

  const used = new Set<string>();
  for (const [name, key] of keys) {
    const own = deltas.filter(({ delta }) => startsWith(decodeBase64url(key.kid), delta.kidStart));
    // A list that is current needs none of them, which is no fault of theirs.
    if (
      current.has(name) ||
      bringForward(key, { data: held.get(name), anchor: anchorOf.get(name) }, own, hold)
    ) {
      for (const { file } of own) used.add(file);
    }
  }
  for (const { file } of deltas) {
    if (!used.has(file)) refused.push({ file, kid: null, reason: 'DELTA_UNUSABLE' });
  }
  // In the order of the keys, so that what is held does not tell when it came.
  const lists = known.keys.flatMap((key) => held.get(nameOf(key)) ?? []);
  return { lists, current: current.size, refused };
}

type Hold = (data: StatusData, key: TrustedKey, anchor: TrustedAnchor | undefined) => boolean;

/** Hold one file for every key it may be of; undefined if it agrees with an anchor, else why it does not. */
function refusalOf(
  list: Exclude<PublishedList, { form: 'delta' }>,
  known: readonly TrustedKey[],
  anchorOf: ReadonlyMap<string, TrustedAnchor>,
  hold: Hold,
): RefusalReason | undefined {
  const keys = known.filter(({ kid, revocation }) => kid === list.kid && revocation !== 'none');
  if (keys.length === 0) return 'KEY_UNKNOWN';
  const reasons = keys.map((key) => {
    const anchor = anchorOf.get(nameOf(key));
    if (anchor === undefined) return 'NOT_ANCHORED';
    try {
      const data = dataOf(list, key, anchor);
      return data !== undefined && hold(data, key, anchor) ? undefined : 'ROOT_DIFFERS';
    } catch (error) {
      if (error instanceof FormatError) return error.code === 'TOO_LARGE' ? 'ROOT_DIFFERS' : 'MALFORMED';
      throw error;
    }
  });
  return reasons.includes(undefined) ? undefined : REASONS.find((reason) => reasons.includes(reason));
}

/** Of several keys the one that came closest says why. */
const REASONS = ['ROOT_DIFFERS', 'MALFORMED', 'NOT_ANCHORED'] as const satisfies readonly RefusalReason[];

/** What was published as it is held; undefined if it is of another kind than the key revokes by. */
function dataOf(
  list: Exclude<PublishedList, { form: 'delta' }>,
  key: TrustedKey,
  anchor: TrustedAnchor,
): StatusData | undefined {
  const { issuer, kid } = key;
  if (key.revocation === 'bits') {
    const bits = bitsOf(list, key, Math.min(anchor.length, MAX_LIST_BITS));
    return bits && bitsData(issuer, { kid, counter: anchor.counter, list: bits });
  }
  if (list.form !== 'crl') return undefined;
  // The root is over the sorted entries: in whatever order they were published, one list is held.
  return { kind: 'rids', issuer, kid, rids: [...new Set(list.read().rids)].toSorted() };
}

/** Apply the deltas that lead from a held version of a list to the anchored one, if there are such. */
function bringForward(
  key: TrustedKey,
  { data, anchor }: { readonly data: StatusData | undefined; readonly anchor: TrustedAnchor | undefined },
  own: readonly { readonly delta: Extract<PublishedList, { form: 'delta' }> }[],
  hold: Hold,
): boolean {
  if (data?.kind !== 'bits' || anchor === undefined || own.length === 0) return false;
  try {
    const from = decodeCompactList(decodeBase64url(data.compact), { maxBits: MAX_LIST_BITS });
    const maxBits = Math.min(anchor.length, MAX_LIST_BITS);
    const chain = chainOf(
      own.flatMap(({ delta }) => readable(delta, maxBits)),
      from.counter,
      anchor.counter,
    );
    const root = Buffer.from(anchor.root.slice(2), 'hex');
    const { counter, length, revoked } = anchor;
    const version = applyListDeltas(from, chain, { root, counter, length, revoked });
    return hold(bitsData(key.issuer, version), key, anchor);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** The deltas from one counter to another, the widest step first; as far as they lead. */
function chainOf(deltas: readonly ListDelta[], from: number, to: number): readonly ListDelta[] {
  const chain: ListDelta[] = [];
  let at = from;
  while (at < to) {
    const steps = deltas.filter((delta) => delta.from === at && delta.to <= to);
    const widest = steps.toSorted((one, other) => other.to - one.to)[0];
    if (widest === undefined) break;
    chain.push(widest);
    at = widest.to;
  }
  return chain;
}

function readable(delta: Extract<PublishedList, { form: 'delta' }>, maxBits: number): readonly ListDelta[] {
  try {
    return [delta.read(maxBits)];
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

function published(bytes: Uint8Array): PublishedList | undefined {
  try {
    return readPublishedList(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function bitsData(issuer: number, version: ListVersion): StatusData {
  return { kind: 'bits', issuer, kid: version.kid, compact: encodeBase64url(encodeCompactList(version)) };
}

function anchorsByName(anchors: readonly TrustedAnchor[]): ReadonlyMap<string, TrustedAnchor> {
  return new Map(anchors.map((anchor) => [`${anchor.issuer}/${anchor.list}`, anchor]));
}

function nameOf({ issuer, kid }: { readonly issuer: number; readonly kid: string }): string {
  return `${issuer}/${kid}`;
}

/** The data under the anchor's counter, from which deltas go on; undefined if it does not agree with the anchor. */
function agreed(
  data: StatusData,
  key: TrustedKey,
  anchor: TrustedAnchor | undefined,
): StatusData | undefined {
  if (anchor === undefined) return undefined;
  const status = statusOfKey(key, { data, anchor, mustBeAnchored: true });
  if (status.kind === 'rids') return data;
  if (status.kind !== 'bits') return undefined;
  const { counter } = anchor;
  return status.counter === counter
    ? data
    : bitsData(key.issuer, { kid: key.kid, counter, list: status.list });
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length > 0 && start.every((byte, index) => bytes[index] === byte);
}
