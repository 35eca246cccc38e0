import { oneMore, waitSeconds } from '../../verifier/web/parts/pin-delay.ts';
import type { VaultHeader, PinLock } from './header.ts';
import { newDerivation } from './key-derivation.ts';
import type { Derivation, DerivationCost, DeriveKey } from './key-derivation.ts';
import { encodeTries, parseTries } from './pin-delay.ts';
import { derivedBytes, seal, sealingKey, unseal } from './sealing.ts';
import type { Bytes, VaultStore } from './store.ts';
import { VaultError } from './vault-error.ts';

/** Where the wrong PINs are counted. */
export const TRIES = 'tries';

/** Lock a data key with a PIN. */
export async function newPinLock(
  vault: string,
  pin: string,
  dataKey: Bytes,
  { cost, derive }: { readonly cost: DerivationCost; readonly derive: DeriveKey },
): Promise<PinLock> {
  const derivation = newDerivation(cost);
  const key = await wrappingKey(pin, derivation, derive);
  return { ...derivation, wrapped: await seal(key, dataKey, place(vault)) };
}

/**
 * The data key, if the PIN is the right one and it is time for another try. The try is counted first, and forgotten if
 * it was right.
 *
 * @param options `now` in Unix seconds, and who makes the key
 * @throws VaultError PIN_WRONG, PIN_DELAYED, VAULT_CHANGED_ELSEWHERE if two pages try at once
 */
export async function tryPin(
  store: VaultStore,
  { id, pin: lock }: VaultHeader,
  pin: string,
  { now, derive }: { readonly now: number; readonly derive: DeriveKey },
): Promise<Bytes> {
  const counted = (await store.read()).get(TRIES);
  const tries = parseTries(counted, now);
  const wait = waitSeconds(tries, now);
  if (wait > 0) {
    // A clock set back is written down, so that the wait that begins anew also ends.
    if (now < tries.lastAt) await count(store, counted, encodeTries({ ...tries, lastAt: now }));
    throw new VaultError('PIN_DELAYED', wait);
  }
  const raised = encodeTries(oneMore(tries, now));
  await count(store, counted, raised);
  const dataKey = await unseal(await wrappingKey(pin, lock, derive), lock.wrapped, place(id));
  if (dataKey === undefined) throw new VaultError('PIN_WRONG');
  await count(store, raised, undefined);
  return dataKey;
}

async function count(store: VaultStore, before: Bytes | undefined, after: Bytes | undefined): Promise<void> {
  if (!(await store.write(new Map([[TRIES, after]]), new Map([[TRIES, before]])))) {
    throw new VaultError('VAULT_CHANGED_ELSEWHERE');
  }
}

async function wrappingKey(pin: string, derivation: Derivation, derive: DeriveKey): Promise<CryptoKey> {
  const secret = await derive(pin, derivation);
  return sealingKey(await derivedBytes(secret, 'pratique/vault/1/pin'));
}

function place(vault: string): Bytes {
  return new TextEncoder().encode(`pratique/vault/1/${vault}/data-key/pin`);
}
