import { crlRoot } from '../../../credential/crl.ts';
import type { NewAnchor } from '../../../contracts/registry-terms.ts';
import type { DirectoryIssuer } from '../../../verifier/node/vci-directory.ts';
import { newestCounter, ridsOf } from '../../../verifier/node/vci-directory.ts';
import type { ReplayedTrust } from '../../../verifier/pipeline/replay.ts';

/** Why a list is not anchored; a closed list. */
export type NotMirroredCode =
  /** A list of the key cannot be read: whom it revokes nobody knows. */
  | 'CRL_UNREADABLE'
  /** Its counter is lower than the anchored one. */
  | 'CRL_OLDER'
  /** Other entries under the anchored counter. */
  | 'CRL_COUNTER_NOT_RISING'
  /** Its issuer anchored a last list, after which none comes. */
  | 'ANCHOR_FINAL'
  /** Suspended, withdrawn or held here: it cannot anchor, and none of its cards is accepted. */
  | 'ISSUER_NOT_STANDING'
  /** The registry does not have the key, or not as one whose cards can be revoked by rids. */
  | 'KEY_NOT_REVOCABLE';

export interface NotMirrored {
  readonly code: NotMirroredCode;
  readonly iss: string;
  readonly kid: string;
}

/** One list as its issuer published it, with the number of the issuer here. */
export interface MirroredList {
  readonly issuerId: number;
  readonly iss: string;
  readonly kid: string;
  readonly counter: number;
  readonly rids: readonly string[];
}

export interface MirrorPlan {
  readonly anchors: readonly NewAnchor[];
  /** Every list that agrees with its anchor once these anchors stand, to be published. */
  readonly lists: readonly MirroredList[];
  readonly notMirrored: readonly NotMirrored[];
}

/** What is anchored of a list; counter 0 if nothing is. */
export interface HeldAnchor {
  readonly counter: number;
  readonly root: string;
  readonly final: boolean;
}

/** The lists of a directory that the registry could hold an anchor of: one for each (issuer, key). */
export function listsOf(
  directory: readonly DirectoryIssuer[],
  trust: ReplayedTrust,
): { readonly lists: readonly MirroredList[]; readonly notMirrored: readonly NotMirrored[] } {
  const issuers = new Map(trust.issuers.map((issuer) => [issuer.iss, issuer]));
  const revocable = new Set(
    trust.keys
      .filter(({ revocation, state }) => revocation === 'rids' && state !== 'compromised')
      .map(({ issuer, kid }) => `${issuer}/${kid}`),
  );
  const lists: MirroredList[] = [];
  const notMirrored: NotMirrored[] = [];
  for (const { iss, keys } of directory) {
    const issuer = issuers.get(iss);
    const issuerId = issuer?.id;
    for (const { kid, crls } of keys) {
      if (crls.length === 0) continue;
      const rids = ridsOf(crls);
      if (rids === undefined) notMirrored.push({ code: 'CRL_UNREADABLE', iss, kid });
      else if (issuerId === undefined || !revocable.has(`${issuerId}/${kid}`)) {
        notMirrored.push({ code: 'KEY_NOT_REVOCABLE', iss, kid });
      } else if (issuer?.held === true || (issuer?.status !== 'active' && issuer?.status !== 'retired')) {
        notMirrored.push({ code: 'ISSUER_NOT_STANDING', iss, kid });
      } else {
        lists.push({ issuerId, iss, kid, counter: newestCounter(crls), rids });
      }
    }
  }
  return { lists, notMirrored };
}

/**
 * What to anchor so that the registry holds what issuers elsewhere published of whom they revoked.
 *
 * A counter that falls, or stays while the entries change, is not anchored: a list that forgets could bring a revoked
 * card back.
 *
 * @param held the anchor of each list, in their order
 */
export function planMirror(lists: readonly MirroredList[], held: readonly HeldAnchor[]): MirrorPlan {
  const anchors: NewAnchor[] = [];
  const agreeing: MirroredList[] = [];
  const notMirrored: NotMirrored[] = [];
  for (const [index, list] of lists.entries()) {
    const { issuerId, iss, kid, counter, rids } = list;
    const root = crlRoot(rids);
    const anchor = held[index] ?? { counter: 0, root: '', final: false };
    const isAnchored = anchor.counter === counter && anchor.root === `0x${Buffer.from(root).toString('hex')}`;
    const why = whyNotAnchored(counter, anchor);
    if (isAnchored || why === undefined) agreeing.push(list);
    else notMirrored.push({ code: why, iss, kid });
    if (why === undefined) {
      const { length } = rids;
      anchors.push({ issuerId, list: kid, root, counter, length, revoked: length, final: false });
    }
  }
  return { anchors, lists: agreeing, notMirrored };
}

function whyNotAnchored(counter: number, anchor: HeldAnchor): NotMirroredCode | undefined {
  if (anchor.final) return 'ANCHOR_FINAL';
  if (counter > anchor.counter) return undefined;
  return counter < anchor.counter ? 'CRL_OLDER' : 'CRL_COUNTER_NOT_RISING';
}
