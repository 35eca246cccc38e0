import { decodeBase64url } from '../../credential/base64url.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { crlFromRids, crlRoot } from '../../credential/crl.ts';
import type { Crl } from '../../credential/crl.ts';
import { FormatError } from '../../credential/errors.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { StatusData, TrustedAnchor, TrustedKey } from './trust-document.ts';

/** How cards of one key can be found revoked, from the data held for it. */
export type KeyStatus =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'bits';
      readonly list: StatusList;
      /** Under which the data says that it is published. */
      readonly counter: number;
    }
  | { readonly kind: 'rids'; readonly list: Crl }
  | { readonly kind: 'missing' }
  /** A version that the issuer has anchored another after. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'invalid' };

/** 2^27 cards under one key: far beyond any issuer, and a bound on what a hostile list can make us allocate (16 MB). */
export const MAX_LIST_BITS = 2 ** 27;

/** What data of a list was found to be under which terms: a node that syncs every minute unpacks a list once. */
const found = new WeakMap<StatusData, { readonly terms: string; readonly status: KeyStatus }>();

/**
 * Hold the revocation data of a key against its anchor.
 *
 * Data that does not give the anchored root is `invalid`, data or an anchor that is not there is `missing`: neither
 * ever reads as "not revoked". Unanchored trust has no anchors; its data stands as stated.
 */
export function statusOfKey(
  key: TrustedKey,
  held: {
    readonly data: StatusData | undefined;
    readonly anchor: TrustedAnchor | undefined;
    readonly mustBeAnchored: boolean;
  },
): KeyStatus {
  if (key.revocation === 'none') return { kind: 'none' };
  const { data, anchor } = held;
  if (data === undefined || (held.mustBeAnchored && anchor === undefined)) return { kind: 'missing' };
  const terms = termsOf(key, anchor);
  const before = found.get(data);
  if (before?.terms === terms) return before.status;
  const status = unpacked(key, data, anchor);
  found.set(data, { terms, status });
  return status;
}

/** All that `unpacked` asks: an anchor that was stated anew, at another time, is no reason to unpack a list again. */
function termsOf({ kid, revocation }: TrustedKey, anchor: TrustedAnchor | undefined): string {
  if (anchor === undefined) return JSON.stringify([kid, revocation]);
  const { root, counter, length, revoked } = anchor;
  return JSON.stringify([kid, revocation, root, counter, length, revoked]);
}

function unpacked(key: TrustedKey, data: StatusData, anchor: TrustedAnchor | undefined): KeyStatus {
  if (data.kind !== key.revocation) return { kind: 'invalid' };
  try {
    if (data.kind === 'bits') {
      const maxBits = Math.min(anchor?.length ?? MAX_LIST_BITS, MAX_LIST_BITS);
      const { kid, counter, list, root } = decodeCompactList(decodeBase64url(data.compact), { maxBits });
      if (kid !== key.kid) return { kind: 'invalid' };
      if (agrees(anchor, root, list.length, list.revoked)) return { kind: 'bits', list, counter };
      // A version that the anchor has left behind: what was revoked since is not in it.
      return { kind: counter < (anchor?.counter ?? 0) ? 'stale' : 'invalid' };
    }
    const entries = new Set(data.rids).size;
    // Counting is cheap, hashing a million entries is not.
    if (anchor !== undefined && anchor.length !== entries) return { kind: 'invalid' };
    const list = crlFromRids(key.kid, anchor?.counter ?? 0, data.rids);
    return agrees(anchor, crlRoot(data.rids), entries, entries)
      ? { kind: 'rids', list }
      : { kind: 'invalid' };
  } catch (error) {
    if (error instanceof FormatError) return { kind: 'invalid' };
    throw error;
  }
}

function agrees(
  anchor: TrustedAnchor | undefined,
  root: Uint8Array,
  length: number,
  revoked: number,
): boolean {
  if (anchor === undefined) return true;
  return anchor.root === `0x${bytesToHex(root)}` && anchor.length === length && anchor.revoked === revoked;
}
