import { encodeBase64url } from '../../../credential/base64url.ts';
import { coordinateBytes } from '../../../credential/jwk.ts';
import type { P256Coordinates } from '../../../credential/jwk.ts';
import type { TrustedKey } from '../trust-document.ts';
import { base64urlOf, exactly, seconds, wordOf } from './log-event.ts';
import type { Rows } from './log-event.ts';
import { introduce, known, malformed } from './projection.ts';
import type { Projection } from './projection.ts';

/** IIssuerRegistry.RevocationMethod, by number. */
const REVOCATION = ['none', 'bits', 'rids'] as const;

export const KEY_EVENTS: Rows<
  'KeyRegistered' | 'KeyListed' | 'KeyRetired' | 'KeyCompromised' | 'KeyRevocationChanged' | 'KeyBurned'
> = {
  KeyRegistered(event, projection) {
    addKey(projection, event, {
      validFrom: seconds(event.validFrom),
      validUntil: seconds(event.validUntil),
      proven: true,
    });
  },

  KeyListed(event, projection) {
    addKey(projection, event, { validFrom: 0, validUntil: seconds(event.validUntil), proven: false });
  },

  KeyRetired(event, { keys }) {
    const key = livingKey(keys, event);
    if (key.state === 'retired') throw malformed('A log event retires a key a second time.');
    keys.set(nameOf(key), { ...key, state: 'retired', validUntil: seconds(event.validUntil) });
  },

  KeyCompromised(event, { keys }) {
    const key = livingKey(keys, event);
    keys.set(nameOf(key), { ...key, state: 'compromised' });
  },

  KeyRevocationChanged(event, { keys }) {
    const key = livingKey(keys, event);
    const revocation = wordOf(REVOCATION, event.revocation);
    // Another way of revoking would forget whom the first one revoked.
    if (key.revocation !== 'none' || revocation === 'none') {
      throw malformed('A log event changes how the cards of a key are revoked.');
    }
    keys.set(nameOf(key), { ...key, revocation });
  },

  KeyBurned({ x, y }, { burnedPoints }) {
    burnedPoints.add(pointOf({ x: base64urlOf(x), y: base64urlOf(y) }));
  },
};

/**
 * The keys as they count: one whose point was burned is compromised under every kid and every issuer, whenever it was
 * added and whatever is said of it afterwards.
 */
export function countedKeys({ keys, burnedPoints }: Projection): readonly TrustedKey[] {
  const all = [...keys.values()];
  if (burnedPoints.size === 0) return all;
  return all.map((key) => (burnedPoints.has(pointOf(key)) ? { ...key, state: 'compromised' } : key));
}

function addKey(
  { issuers, keys }: Projection,
  event: {
    readonly issuerId: bigint;
    readonly kid: string;
    readonly x: string;
    readonly y: string;
    readonly revocation: number;
  },
  window: Pick<TrustedKey, 'validFrom' | 'validUntil' | 'proven'>,
): void {
  for (const coordinate of [event.x, event.y]) {
    const bytes = coordinate.length / 2 - 1;
    if (bytes < 1 || bytes > 32) throw malformed('A log event gives a key coordinates that are none.');
  }
  const key: TrustedKey = {
    issuer: known(issuers, exactly(event.issuerId)).id,
    kid: base64urlOf(event.kid),
    x: base64urlOf(event.x),
    y: base64urlOf(event.y),
    ...window,
    state: 'active',
    revocation: wordOf(REVOCATION, event.revocation),
  };
  introduce(keys, nameOf(key), key);
}

/** A key that was added and not reported stolen, from which there is no way back. */
function livingKey(
  keys: Projection['keys'],
  event: { readonly issuerId: bigint; readonly kid: string },
): TrustedKey {
  const key = known(keys, nameOf({ issuer: exactly(event.issuerId), kid: base64urlOf(event.kid) }));
  if (key.state === 'compromised') throw malformed('A log event changes a key that was reported stolen.');
  return key;
}

function nameOf({ issuer, kid }: Pick<TrustedKey, 'issuer' | 'kid'>): string {
  return `${issuer}/${kid}`;
}

/** One text for one point, however short its coordinates were published. */
function pointOf({ x, y }: P256Coordinates): string {
  return `${encodeBase64url(coordinateBytes(x))}.${encodeBase64url(coordinateBytes(y))}`;
}
