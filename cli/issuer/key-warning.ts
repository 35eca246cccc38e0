import type { Issuer, SigningKey } from '../../agent/issuer.ts';
import { keyAge } from '../../agent/signing-keys.ts';
import type { IssuerOptions } from './session.ts';

/** That the key that signs needs a successor, and how to make one. */
export interface KeyWarning {
  readonly kid: string;
  /** `due` once nine tenths of its window, or of its first year, are over. */
  readonly age: 'due' | 'over';
  /** Unix seconds; 0 has no end. */
  readonly validUntil: number;
  readonly command: string;
}

/** The newest key whose list stands on the chain and which has not ended, over or not; undefined if there is none yet. */
export function signingKeyOf(issuer: Issuer): SigningKey | undefined {
  return issuer
    .keys()
    .findLast(
      ({ kid, ended, destroyedAt }) =>
        ended === undefined && destroyedAt === undefined && issuer.anchorOf(kid) !== undefined,
    );
}

/**
 * Warn on standard error if the key that signs is due for a successor or over; of `--json` nothing is printed, and the
 * answer stands in its object instead. `now` in Unix seconds.
 */
export function warnOfKey(
  issuer: Issuer,
  { dir, json }: Pick<IssuerOptions, 'dir' | 'json'>,
  now = Date.now() / 1000,
): KeyWarning | undefined {
  const key = signingKeyOf(issuer);
  const age = key === undefined ? undefined : keyAge(key, now);
  if (key === undefined || (age !== 'due' && age !== 'over')) return undefined;
  const { kid } = key;
  const validUntil = key.window?.validUntil ?? 0;
  const command = `pratique issuer rotate --dir ${dir}`;
  if (json !== true) {
    const until = validUntil === 0 ? '' : ` (${new Date(validUntil * 1000).toISOString()})`;
    const said = age === 'over' ? `signs no more${until}` : `is close to its end${until}, or a year old`;
    process.stderr.write(`Warning: key ${kid} ${said}: \`${command}\`\n`);
  }
  return { kid, age, validUntil, command };
}
