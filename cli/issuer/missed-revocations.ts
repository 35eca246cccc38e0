import { join } from 'node:path';
import { IssuerError } from '../../agent/issuer-error.ts';
import type { Issuer, ListAnchor } from '../../agent/issuer.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { FormatError } from '../../credential/errors.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';

/** What becomes of a list on the chain that holds revocations which this folder lacks. */
export interface MissedOptions {
  /** Folders in which it may have been published. */
  readonly lists?: readonly string[];
  /** If it is in none of them, it is known not to be this issuer's, and is anchored over; not after a restore. */
  readonly disown?: boolean;
}

/**
 * Takes over the revocations of a key's list that the chain holds and this folder, after a restore, does not, from the list
 * as it was published, in any of those folders: the next anchor would take them back. Whether some stay missing, and the
 * list cannot be anchored; the others are all the same, see `assertNoneLacking`.
 */
export async function isLacking(
  issuer: Issuer,
  kid: string,
  { lists = [], disown = false }: MissedOptions,
): Promise<boolean> {
  const lacking = issuer.restoration.lacking(kid);
  if (lacking === undefined) return false;
  for (const folder of lists) {
    const list = await publishedList(folder, kid, lacking);
    if (list === undefined) continue;
    await issuer.restoration.adopt(kid, list, Date.now() / 1000);
    return false;
  }
  return !(disown && (await issuer.restoration.disown(kid)));
}

/**
 * IssuerError REVOCATIONS_MISSING if a list was left out of an anchor because of revocations that are nowhere to be found,
 * unless its key has ended: whoever ended it knows that its cards cannot be revoked any more.
 */
export function assertNoneLacking(issuer: Issuer): void {
  const kids = issuer
    .keys()
    .flatMap(({ kid, ended }) =>
      ended === undefined && issuer.restoration.lacking(kid) !== undefined ? [kid] : [],
    );
  if (kids.length === 0) return;
  throw new IssuerError(
    'REVOCATIONS_MISSING',
    `The chain holds revocations that this folder lacks, so the list of ${kids.join(', ')} was not anchored: say by --lists where it was published last. If it is lost, retire the key, and issue its cards anew. If somebody else anchored it with the issuer's account, --disown, but after a restore nobody can know that.`,
  );
}

/** The list that the chain holds, if it lies in a folder; whoever wrote it, the root on the chain tells that it is the one. */
async function publishedList(
  folder: string,
  kid: string,
  { length, revoked, root }: ListAnchor,
): Promise<StatusList | undefined> {
  for (const path of [join(folder, 'status', `${kid}.list`), join(folder, `${kid}.list`)]) {
    const bytes = await readFileUpTo(path, maxBytes(length)).catch(() => 'too-large' as const);
    if (bytes === 'too-large') continue;
    try {
      const found = decodeCompactList(bytes, { maxBits: length });
      const isIt = `0x${Buffer.from(found.root).toString('hex')}` === root && found.list.revoked === revoked;
      if (isIt && found.kid === kid) return found.list;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return undefined;
}

/** A Rice code takes less than two bits for each bit of a list, however many are on. */
function maxBytes(length: number): number {
  return 1024 + length / 4;
}
