import { loadTrust } from '../../verifier/node/load-trust.ts';
import { shippedTexts } from '../../verifier/node/shipped-rules.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { UsageError } from '../exit.ts';
import type { KnownOptions } from '../rules.ts';

/**
 * The trust data that says what is published, with the files that come with the program; undefined if none was named and
 * none is there.
 *
 * @throws TrustError FILE_UNREADABLE if what was named is not there, DOCUMENT_MALFORMED if it does not hold; STORE_LOCKED
 */
export async function trustAtHand(options: KnownOptions, config: Config): Promise<Trust | undefined> {
  const { store, trust: bundle } = options;
  if (store !== undefined && bundle !== undefined) {
    throw new UsageError('Give either --trust or --store, not both.');
  }
  const trust = await loadTrust(
    bundle === undefined ? { store: store ?? config.trustStore } : { bundle },
    shippedTexts(),
  );
  if (trust === 'invalid') {
    throw new TrustError('DOCUMENT_MALFORMED', 'The trust data does not hold: see pratique trust show.');
  }
  if (trust !== 'missing') return trust;
  if (store === undefined && bundle === undefined) return undefined;
  throw new TrustError('FILE_UNREADABLE', `There is no trust data at ${store ?? bundle}.`);
}
