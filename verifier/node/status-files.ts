import { parseCrl } from '../../credential/crl.ts';
import { FormatError } from '../../credential/errors.ts';
import { isJsonObject } from '../../credential/json.ts';
import { isThumbprint } from '../../credential/jwk.ts';
import type { StatusData, TrustedAnchor, TrustedKey } from '../pipeline/trust-document.ts';
import { statusOfKey } from '../pipeline/status-data.ts';

/** A JSON file that the operator gave, under the name to speak of it. */
export interface JsonFile {
  readonly name: string;
  readonly json: unknown;
}

/** Why a file of status data was not held; a closed list. */
export type RefusalReason = 'MALFORMED' | 'KEY_UNKNOWN' | 'NOT_ANCHORED' | 'ROOT_DIFFERS';

/** A file of status data that was not held. */
export interface RefusedList {
  readonly file: string;
  /** Whose it says it is; null if even that cannot be read. */
  readonly kid: string | null;
  readonly reason: RefusalReason;
}

/** Status data that agrees with its anchor, and the files that do not. */
export interface HeldLists {
  readonly lists: readonly StatusData[];
  readonly refused: readonly RefusedList[];
}

/** Status data as an agent or a health card issuer publishes it: of a key, whoever it stands under. */
type PublishedList =
  | { readonly kind: 'bits'; readonly kid: string; readonly encodedList: string }
  | { readonly kind: 'rids'; readonly kid: string; readonly rids: readonly string[] };

/**
 * Hold files of status data, and the data held before, against the anchors: only what gives the anchored root stays.
 *
 * A file says which kid it is of, not which issuer's; where issuers share a key, each anchor decides for itself.
 */
export function holdLists(
  known: { readonly keys: readonly TrustedKey[]; readonly anchors: readonly TrustedAnchor[] },
  files: readonly JsonFile[],
  heldBefore: readonly StatusData[],
): HeldLists {
  const anchors = new Map(known.anchors.map((anchor) => [`${anchor.issuer}/${anchor.list}`, anchor]));
  const refused: RefusedList[] = [];
  const held = new Map<string, StatusData>();
  const hold = (data: StatusData, key: TrustedKey, anchor: TrustedAnchor | undefined): boolean => {
    const { kind } = statusOfKey(key, { data, anchor, mustBeAnchored: true });
    const agrees = kind === 'bits' || kind === 'rids';
    if (agrees) held.set(`${key.issuer}/${key.kid}`, data);
    return agrees;
  };

  for (const data of heldBefore) {
    const key = known.keys.find(({ issuer, kid }) => issuer === data.issuer && kid === data.kid);
    if (key !== undefined) hold(data, key, anchors.get(`${key.issuer}/${key.kid}`));
  }
  for (const { name: file, json } of files) {
    const list = readPublishedList(json);
    if ('refused' in list) {
      refused.push({ file, kid: list.refused, reason: 'MALFORMED' });
      continue;
    }
    const keys = known.keys.filter(({ kid, revocation }) => kid === list.kid && revocation !== 'none');
    const anchored = keys.filter(({ issuer, kid }) => anchors.has(`${issuer}/${kid}`));
    const agreeing = anchored.filter((key) =>
      hold({ ...list, issuer: key.issuer }, key, anchors.get(`${key.issuer}/${key.kid}`)),
    );
    if (agreeing.length > 0) continue;
    const reason =
      keys.length === 0 ? 'KEY_UNKNOWN' : anchored.length === 0 ? 'NOT_ANCHORED' : 'ROOT_DIFFERS';
    refused.push({ file, kid: list.kid, reason });
  }
  // In the order of the keys, so that what is held does not tell when it came.
  const lists = known.keys.flatMap(({ issuer, kid }) => held.get(`${issuer}/${kid}`) ?? []);
  return { lists, refused };
}

/** A status list `{kid, counter, encodedList}` as an agent publishes it, or a SMART Health Cards revocation list. */
function readPublishedList(json: unknown): PublishedList | { readonly refused: string | null } {
  if (!isJsonObject(json)) return { refused: null };
  const { kid, encodedList } = json;
  if (typeof kid !== 'string' || !isThumbprint(kid)) return { refused: null };
  if (typeof encodedList === 'string') return { kind: 'bits', kid, encodedList };
  try {
    // The root is over the sorted entries: in whatever order they were published, one list is held.
    return { kind: 'rids', kid, rids: [...new Set(parseCrl(json).rids)].toSorted() };
  } catch (error) {
    if (error instanceof FormatError) return { refused: kid };
    throw error;
  }
}
