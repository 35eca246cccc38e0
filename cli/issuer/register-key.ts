import type { Issuer, KeyWindow, SigningKey, TokenPlace } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { keyPossessionMessage, type RegistryClient } from '../../contracts/registry-client.ts';
import type { NewKey } from '../../contracts/registry-terms.ts';
import { signInto, type Signing } from '../registry/instruction.ts';

/** A key that the registry holds as proven; block and gas are missing if it had been registered before. */
export interface RegisteredKey {
  readonly key: SigningKey;
  readonly window: KeyWindow;
  readonly block?: number;
  readonly gas?: bigint;
  readonly txHash?: string;
}

/** A key whose registration somebody else may relay; the deadline is missing if it had been registered before. */
export interface SignedKey {
  readonly key: SigningKey;
  readonly window: KeyWindow;
  /** Unix seconds. */
  readonly deadline?: number;
}

export interface KeyTerms {
  /** Unix seconds. */
  readonly now: number;
  /** A key made before. */
  readonly kid?: string;
  /** The token to make a new one on; the folder unless said. */
  readonly place?: TokenPlace;
  /** A year from `now` by default. */
  readonly window?: KeyWindow;
}

/** A new signing key at least yearly. */
const YEAR = 366 * 86_400;

/**
 * Makes a key (or takes the one said, or one made before that no registry has yet), proves its possession and registers
 * it with status bits.
 *
 * Safe to repeat, however far the last try got: a key that the registry already holds is only recorded here.
 * IssuerError REGISTRY_NOT_BOUND, KEY_UNKNOWN, KEY_NOT_VALID; RegistryError.
 */
export async function registerSigningKey(
  issuer: Issuer,
  client: RegistryClient,
  options: KeyTerms,
): Promise<RegisteredKey> {
  const { key, window, terms } = await proveSigningKey(issuer, client, options);
  if (terms === undefined) return { key, window };
  const { block, gas, txHash } = await client.registerKey(terms);
  await issuer.recordKeyWindow(key.kid, window);
  return { key, window, block, gas, txHash };
}

/**
 * The same, but signed into a file for anybody to relay. Nothing is recorded of it: whoever runs either again finds the
 * key registered once it was relayed.
 *
 * Throws as `registerSigningKey` does; RegistryError FILE_EXISTS.
 */
export async function signSigningKey(
  issuer: Issuer,
  client: RegistryClient,
  options: KeyTerms & { readonly signing: Signing },
): Promise<SignedKey> {
  const { key, window, terms } = await proveSigningKey(issuer, client, options);
  if (terms === undefined) return { key, window };
  const { deadline } = await signInto(client, { instruction: 'register-key', terms }, options.signing);
  return { key, window, deadline };
}

/** A key with the proof that its issuer holds it; no terms if the registry holds it already, which is recorded then. */
async function proveSigningKey(
  issuer: Issuer,
  client: RegistryClient,
  options: KeyTerms,
): Promise<{ key: SigningKey; window: KeyWindow; terms?: NewKey }> {
  const binding = issuer.registry;
  if (binding === undefined) {
    throw new IssuerError('REGISTRY_NOT_BOUND', 'The issuer is not tied to a registry yet.');
  }
  const { issuerId } = binding;
  const key = await keyToRegister(issuer, options);
  const { kid, x, y } = key;

  const held = await client.keyOf(issuerId, kid);
  if (held.state === 'active') {
    const window = { validFrom: held.validFrom, validUntil: held.validUntil };
    await issuer.recordKeyWindow(kid, window);
    return { key, window };
  }
  if (held.state !== 'none') {
    throw new IssuerError('KEY_NOT_VALID', 'The registry holds this key as retired or compromised.');
  }

  const validFrom = Math.floor(options.now);
  const window = options.window ?? { validFrom, validUntil: validFrom + YEAR };
  const message = keyPossessionMessage({
    chainId: client.chainId,
    registry: client.address,
    issuerId,
    kid,
    ...window,
  });
  const signature = await issuer.provePossession(kid, message);
  return { key, window, terms: { issuerId, x, y, ...window, revocation: 'bits', signature } };
}

async function keyToRegister(issuer: Issuer, { kid, place }: KeyTerms): Promise<SigningKey> {
  if (kid !== undefined) return issuer.signingKeys.get(kid);
  for (const key of issuer.keys()) {
    if (key.window !== undefined || key.destroyedAt !== undefined) continue;
    const held = await issuer.placeOf(key.kid);
    const fits = place === undefined || (held?.module === place.module && held.token === place.token);
    if (fits) return key;
  }
  return issuer.createSigningKey(place);
}
