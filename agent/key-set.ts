import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { P256Coordinates } from '../credential/jwk.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { IssuerError } from './issuer-error.ts';
import type { SigningKey } from './signing-keys.ts';

/** A key as SMART Health Cards has issuers publish it ("Generating and resolving cryptographic keys", RFC 7517). */
interface PublishedKey extends P256Coordinates {
  readonly kty: 'EC';
  readonly use: 'sig';
  readonly alg: 'ES256';
  readonly crv: 'P-256';
  readonly kid: string;
  /** The counter of the list of revoked cards that stands beside the key set. */
  readonly crlVersion?: number;
}

/**
 * The key set that an issuer publishes: every key that a registry has, retired ones too, since their cards stay good; a
 * compromised key is left out, and with it every card that it signed.
 *
 * @param counterOf the counter of a key's newest anchored list
 */
export function keySetOf(
  keys: readonly SigningKey[],
  counterOf: (kid: string) => number | undefined,
): { readonly keys: readonly PublishedKey[] } {
  const published = keys.filter(
    ({ window, ended }) => window !== undefined && ended?.state !== 'compromised',
  );
  return {
    keys: published.map(({ kid, x, y }): PublishedKey => {
      const crlVersion = counterOf(kid);
      const key = { kty: 'EC', kid, use: 'sig', alg: 'ES256', crv: 'P-256', x, y } as const;
      return crlVersion === undefined ? key : { ...key, crlVersion };
    }),
  };
}

/** Writes a key set where `iss` is served from; the answer is the file's path. IssuerError OUTPUT_UNWRITABLE. */
export async function writeKeySet(outDir: string, set: ReturnType<typeof keySetOf>): Promise<string> {
  const file = join(outDir, '.well-known', 'jwks.json');
  try {
    await mkdir(join(outDir, '.well-known'), { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify(set, null, 2)}\n`, 0o644);
  } catch (error) {
    throw new IssuerError('OUTPUT_UNWRITABLE', 'The key set cannot be written there.', { cause: error });
  }
  return file;
}
