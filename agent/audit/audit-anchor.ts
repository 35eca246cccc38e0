import type { Examination } from './examine-log.ts';
import type { Finding } from './finding.ts';

/** The name under which the registry holds the head of an issuer's audit log, beside the lists of its keys. */
export const AUDIT_LIST = 'name:audit';

/** What the chain holds of a log: the number of records, and the hash of the last of them as 0x-hex. */
export interface AnchoredLog {
  readonly length: number;
  readonly root: string;
}

/** The root under which a place of the log is anchored: 32 bytes. */
export function rootOfPlace(hash: string): Buffer {
  return Buffer.from(hash, 'base64url');
}

/**
 * Holds a log against what the chain holds of it: not even whoever has the passphrase can rewrite or cut what was
 * anchored. `hash` is that of the log's own record of that number.
 *
 * What a restore from a backup lost is lost in the open: the log says so, and goes on in another way from there.
 */
export function chainFinding(
  { length, root }: AnchoredLog,
  hash: string | undefined,
  { restores }: Pick<Examination, 'restores'>,
): Finding | undefined {
  if (hash !== undefined && rootOfPlace(hash).equals(Buffer.from(root.slice(2), 'hex'))) return undefined;
  if (restores.some((n) => n <= length)) return undefined;
  return { code: hash === undefined ? 'CHAIN_AHEAD' : 'CHAIN_DIFFERS', at: length };
}
