import { encodeBase64url } from '../../credential/base64url.ts';
import { waitSeconds } from '../../verifier/web/parts/pin-delay.ts';
import { contentKeys, MANIFEST, NO_CONTENTS, readRecords, writeRecords } from './contents.ts';
import type { Records } from './contents.ts';
import { encodeHeader, parseHeader, VAULT_VERSION } from './header.ts';
import type { VaultHeader } from './header.ts';
import { assertPin, DEFAULT_COST, deriveKey } from './key-derivation.ts';
import type { DerivationCost, DeriveKey } from './key-derivation.ts';
import { openVault } from './open-vault.ts';
import type { OpenVault } from './open-vault.ts';
import { newPasskeyLock, openPasskeyLock } from './passkey-lock.ts';
import type { Passkey } from './passkey-lock.ts';
import { parseTries } from './pin-delay.ts';
import { newPinLock, TRIES, tryPin } from './pin-lock.ts';
import { KEY_BYTES, randomBytes } from './sealing.ts';
import { sameBytes } from './store.ts';
import type { Bytes, Changes, VaultStore } from './store.ts';
import { VaultError } from './vault-error.ts';

const HEADER = 'header';
const ID_BYTES = 16;

/** What a vault needs of the platform. */
export interface VaultPorts {
  readonly store: VaultStore;
  /** Unix seconds. */
  readonly clock: () => number;
  /** Of a PIN's derivation; a telephone's by default. */
  readonly cost?: DerivationCost;
  /** In the page's own thread by default. */
  readonly derive?: DeriveKey;
}

/** What is there before anybody says a PIN. */
export interface VaultState {
  readonly exists: boolean;
  readonly hasPasskey: boolean;
  /** Until the next PIN is tried. */
  readonly waitSeconds: number;
}

/**
 * What is stored here.
 *
 * @throws VaultError VAULT_DAMAGED, VAULT_VERSION_UNKNOWN
 */
export async function vaultState({ store, clock }: VaultPorts): Promise<VaultState> {
  const stored = await store.read();
  const header = stored.get(HEADER);
  if (header === undefined) return { exists: false, hasPasskey: false, waitSeconds: 0 };
  const now = clock();
  return {
    exists: true,
    hasPasskey: parseHeader(header).passkey !== null,
    waitSeconds: waitSeconds(parseTries(stored.get(TRIES), now), now),
  };
}

/** What a vault begins with: nothing, or what a backup held. */
export interface Beginning {
  readonly id: string;
  readonly generation: number;
  readonly records: Records;
}

/**
 * Make a vault, and open it.
 *
 * @throws VaultError VAULT_EXISTS, PIN_TOO_SHORT, PIN_TOO_SIMPLE
 */
export async function createVault(
  ports: VaultPorts,
  pin: string,
  from: Beginning = nothingYet(),
): Promise<OpenVault> {
  assertPin(pin);
  if ((await ports.store.read()).has(HEADER)) throw new VaultError('VAULT_EXISTS');
  return replaceVault(ports, pin, from);
}

/**
 * Make a vault in the place of whatever is there, which is gone in the same moment and not before.
 *
 * @throws VaultError PIN_TOO_SHORT, PIN_TOO_SIMPLE; VAULT_EXISTS if another page made one meanwhile
 */
export async function replaceVault(ports: VaultPorts, pin: string, from: Beginning): Promise<OpenVault> {
  assertPin(pin);
  const stored = await ports.store.read();
  const sealed = await sealAnew(ports, { ...from, pin });
  // What the new header does not open is lost, and would count as damage of the new vault.
  const lost = [...stored.keys()].map((name) => [name, undefined] as const);
  const changes = new Map([...lost, ...sealed.changes]);
  const written = await ports.store.write(changes, new Map([[HEADER, stored.get(HEADER)]]));
  if (!written) throw new VaultError('VAULT_EXISTS');
  return open(ports, sealed.header, sealed.dataKey);
}

function nothingYet(): Beginning {
  return { id: encodeBase64url(randomBytes(ID_BYTES)), generation: 0, records: new Map() };
}

/**
 * Open the vault with its PIN.
 *
 * @throws VaultError VAULT_MISSING, PIN_WRONG, PIN_DELAYED, VAULT_DAMAGED
 */
export async function unlockVault(ports: VaultPorts, pin: string): Promise<OpenVault> {
  const header = await readHeader(ports.store);
  return open(ports, header, await dataKeyOf(ports, header, pin));
}

/**
 * Open the vault with the passkey that was added to it.
 *
 * @throws VaultError VAULT_MISSING, PASSKEY_UNAVAILABLE, PASSKEY_WRONG, VAULT_DAMAGED
 */
export async function unlockWithPasskey(ports: VaultPorts, passkey: Passkey): Promise<OpenVault> {
  const header = await readHeader(ports.store);
  if (header.passkey === null) throw new VaultError('PASSKEY_UNAVAILABLE');
  return open(ports, header, await openPasskeyLock(header.id, header.passkey, passkey));
}

/**
 * Give the vault another PIN. Everything is sealed anew under a new data key, since somebody may have had the old one;
 * a passkey has to be added again, and pages that have the vault open have to open it again.
 *
 * @throws VaultError PIN_TOO_SHORT, PIN_TOO_SIMPLE for the new one, else as `unlockVault`
 */
export async function changePin(ports: VaultPorts, pin: string, newPin: string): Promise<OpenVault> {
  assertPin(newPin);
  const vault = await unlockVault(ports, pin);
  const { generation, records, written } = vault.contents();
  const sealed = await sealAnew(ports, { id: vault.id, pin: newPin, generation, records });
  const removed = [...written.keys()].map((place) => [place, undefined] as const);
  await replace(ports.store, vault, new Map([...removed, ...sealed.changes]));
  return open(ports, sealed.header, sealed.dataKey);
}

/**
 * Let a passkey open the vault as well; undefined: no passkey any more.
 *
 * @throws VaultError PASSKEY_UNAVAILABLE, else as `unlockVault`
 */
export async function setPasskey(
  ports: VaultPorts,
  pin: string,
  passkey: Passkey | undefined,
): Promise<OpenVault> {
  const before = await readHeader(ports.store);
  const dataKey = await dataKeyOf(ports, before, pin);
  const vault = await open(ports, before, dataKey);
  const lock = passkey === undefined ? null : await newPasskeyLock(before.id, dataKey, passkey);
  const header = { ...before, passkey: lock };
  await replace(ports.store, vault, new Map([[HEADER, encodeHeader(header)]]));
  return open(ports, header, dataKey);
}

async function dataKeyOf(
  { store, clock, derive = deriveKey }: VaultPorts,
  header: VaultHeader,
  pin: string,
): Promise<Bytes> {
  return tryPin(store, header, pin, { now: clock(), derive });
}

/** Write over what an opened vault holds, which is then of the past. */
async function replace(store: VaultStore, vault: OpenVault, changes: Changes): Promise<void> {
  const written = await store.write(changes, vault.held());
  vault.lock();
  if (!written) throw new VaultError('VAULT_CHANGED_ELSEWHERE');
}

/** Forget everything that is stored: there is no way back but a backup. */
export async function eraseVault({ store }: Pick<VaultPorts, 'store'>): Promise<void> {
  const names = [...(await store.read()).keys()];
  await store.write(new Map(names.map((name) => [name, undefined])), new Map());
}

/** The records under the data key, ready to be read and written. */
async function open({ store }: VaultPorts, header: VaultHeader, dataKey: Bytes): Promise<OpenVault> {
  const records = new Map(await store.read());
  // What another page wrote since the PIN was tried is no damage.
  const headerBytes = records.get(HEADER);
  if (!sameBytes(headerBytes, encodeHeader(header))) throw new VaultError('VAULT_CHANGED_ELSEWHERE');
  for (const name of [HEADER, TRIES]) records.delete(name);
  const keys = await contentKeys(dataKey, header.id);
  return openVault({
    store,
    keys,
    contents: await readRecords(keys, records),
    held: new Map([
      [HEADER, headerBytes],
      [MANIFEST, records.get(MANIFEST)],
    ]),
  });
}

interface SealedAnew {
  readonly header: VaultHeader;
  readonly dataKey: Bytes;
  readonly changes: Changes;
}

async function sealAnew(
  { cost = DEFAULT_COST, derive = deriveKey }: VaultPorts,
  { id, pin, generation, records }: Beginning & { readonly pin: string },
): Promise<SealedAnew> {
  const dataKey = randomBytes(KEY_BYTES);
  const keys = await contentKeys(dataKey, id);
  const { changes } = await writeRecords(keys, { ...NO_CONTENTS, generation }, records);
  const header: VaultHeader = {
    version: VAULT_VERSION,
    id,
    pin: await newPinLock(id, pin, dataKey, { cost, derive }),
    passkey: null,
  };
  return { header, dataKey, changes: new Map([...changes, [HEADER, encodeHeader(header)]]) };
}

async function readHeader(store: VaultStore): Promise<VaultHeader> {
  const bytes = (await store.read()).get(HEADER);
  if (bytes === undefined) throw new VaultError('VAULT_MISSING');
  return parseHeader(bytes);
}
