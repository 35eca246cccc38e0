import { decodeBase64url } from '../../credential/base64url.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { FormatError } from '../../credential/errors.ts';
import { statusListUrl } from '../../credential/verifiable-credential.ts';
import { MAX_LIST_BITS } from '../pipeline/status-data.ts';
import type { StatusData, TrustedAnchor, TrustedKey } from '../pipeline/trust-document.ts';

/** URLs of files that lead to a list only together. */
export type Place = readonly string[];

/** An issuer keeps its last 32 steps; beyond a few the whole list is less to ask for. */
const MAX_STEPS = 8;

/**
 * Where the list of a key may be found under the base that the registry names, what is least to fetch first: the change
 * since the version held, the whole in its fewest bytes, the form that VCs name; for a list of rids where SMART Health
 * Cards have it, then where a mirror puts it.
 */
export function placesOf(
  key: TrustedKey,
  statusBase: string,
  { data, anchor }: { readonly data: StatusData | undefined; readonly anchor: TrustedAnchor },
): readonly Place[] {
  const { kid, issuer } = key;
  if (key.revocation === 'rids') {
    return [[`${statusBase}/.well-known/crl/${kid}.json`], [`${statusBase}/${issuer}/crl/${kid}.json`]];
  }
  const url = statusListUrl({ statusBase, kid });
  const held = data?.kind === 'bits' ? counterOf(data.compact) : undefined;
  return [...changes(url, held, anchor.counter), [`${url}.list`], [url]];
}

function changes(url: string, from: number | undefined, to: number): readonly Place[] {
  if (from === undefined || from >= to) return [];
  const step = (one: number, other: number): string => `${url}.${one}-${other}.delta`;
  const count = to - from;
  const steps =
    count === 1 || count > MAX_STEPS
      ? []
      : [Array.from({ length: count }, (_, at) => step(from + at, from + at + 1))];
  return [[step(from, to)], ...steps];
}

/** Undefined of a list that is damaged: no change leads on from it, and the whole is there to be had. */
function counterOf(compact: string): number | undefined {
  try {
    return decodeCompactList(decodeBase64url(compact), { maxBits: MAX_LIST_BITS }).counter;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
