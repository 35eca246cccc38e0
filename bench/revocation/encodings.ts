import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { encodeCompactList } from '../../credential/compact-list.ts';
import { crlFromStatusList, encodeCrl } from '../../credential/crl.ts';
import { decodeBase64url } from '../../credential/base64url.ts';
import { encodeStatusList } from '../../credential/encoded-list.ts';
import { riceParameter } from '../../credential/golomb-rice.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { encodeTokenStatusList, tokenFromStatusList } from '../../credential/token-status-list.ts';

/** Schanck, "Clubcards for the WebPKI" (IEEE S&P 2025): 8 million revoked of 900 million in 6.7 MB. */
export const CLUBCARD_BITS_PER_REVOCATION = 6.7;

/** Every form of one list, by the bytes that travel. Ours first; the last ones without base64url or JSON around them. */
export const ENCODINGS: Readonly<Record<string, (list: StatusList) => number>> = {
  ours: (list) => encodeCompactList({ kid: 'A'.repeat(43), counter: 1, list }).length,
  'W3C encodedList': (list) => encodeStatusList(list).length,
  'W3C, as gzip': (list) => decodeBase64url(encodeStatusList(list).slice(1)).length,
  'IETF lst': (list) => encodeTokenStatusList(tokenFromStatusList(list)).lst.length,
  'SHC CRL': (list) => crl(list).length,
  'SHC CRL, gzip': (list) => gzipSync(crl(list), { level: 9 }).length,
  '64-bit ids, sorted': (list) => sortedIds(list.revoked),
  bits: (list) => list.length / 8,
};

function crl(list: StatusList): string {
  return JSON.stringify(encodeCrl(crlFromStatusList('A'.repeat(43), 1, list)));
}

/**
 * Without an index in the card: random ids of 64 bits, sorted, their gaps in the same Rice code. What it costs does not
 * depend on how many cards there are.
 */
function sortedIds(count: number): number {
  if (count === 0) return 0;
  const ids = new BigUint64Array(randomBytes(8 * count).buffer.slice(0, 8 * count)).toSorted();
  // The parameter of as many of 2³² carries over: the density is the same at every scale.
  const parameter = BigInt(riceParameter(2 ** 32 - (2 ** 32 % 131_072), count) + 32);
  let bits = 0n;
  let before = 0n;
  for (const id of ids) {
    bits += ((id - before) >> parameter) + 1n + parameter;
    before = id;
  }
  return Number(bits / 8n) + 1;
}
