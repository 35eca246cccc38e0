import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { objectOf, record, ShapeError, whole } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import { base64urlBytes, bearable, bytesOf, vaultId } from './header.ts';
import { assertPassphrase, DEFAULT_COST, deriveKey, newDerivation } from './key-derivation.ts';
import type { Derivation, DeriveKey } from './key-derivation.ts';
import type { OpenVault } from './open-vault.ts';
import { derivedBytes, seal, sealingKey, unseal } from './sealing.ts';
import { sameBytes } from './store.ts';
import type { Bytes } from './store.ts';
import { createVault, replaceVault } from './vault.ts';
import type { Beginning, VaultPorts } from './vault.ts';
import { VaultError } from './vault-error.ts';

const FORMAT = 'pratique-wallet-backup';
const BACKUP_VERSION = 1;
/** Some thousand passes. */
const MAX_BACKUP_CHARS = 10_000_000;

/** What a wallet is restored from: the file's text and its passphrase, and the PIN that it is to have. */
interface Given {
  readonly file: string;
  readonly passphrase: string;
  readonly pin: string;
}

/** What the file says in the clear. */
interface Envelope {
  readonly derivation: Derivation;
  readonly sealed: Bytes;
  /** SHA-256 of the sealed bytes: tells what was damaged on its way from what does not open. */
  readonly checksum: Bytes;
}

const derivation = record<Derivation>({ memoryKiB: whole, passes: whole, salt: bytesOf });
const envelope = record<Envelope>({
  derivation: bearable(derivation),
  sealed: bytesOf,
  checksum: bytesOf,
});
const records: Read<Beginning['records']> = (value) => new Map(Object.entries(objectOf(value)));
const beginning = record<Beginning>({ id: vaultId, generation: whole, records });

const utf8 = new TextEncoder();
const PLACE = utf8.encode('pratique/wallet-backup/1/content');

/**
 * Everything in the vault as the text of one file, sealed under a passphrase of its own: the holder's key is in it.
 *
 * @throws VaultError PASSPHRASE_TOO_SHORT, VAULT_LOCKED
 */
export async function writeBackup(
  vault: OpenVault,
  passphrase: string,
  { cost = DEFAULT_COST, derive = deriveKey }: Pick<VaultPorts, 'cost' | 'derive'> = {},
): Promise<string> {
  assertPassphrase(passphrase);
  const { generation, records: kept } = vault.contents();
  const content = { id: vault.id, generation, records: Object.fromEntries(kept) };
  const made = newDerivation(cost);
  const key = await backupKey(passphrase, made, derive);
  const sealed = await seal(key, utf8.encode(JSON.stringify(content)), PLACE);
  const file = {
    format: FORMAT,
    version: BACKUP_VERSION,
    derivation: made,
    sealed,
    checksum: await sha256(sealed),
  };
  return `${JSON.stringify(file, base64urlBytes)}\n`;
}

/**
 * Make a vault of a backup, under a new PIN. Where there is a vault already, it must be open and the same one, and not
 * newer than the backup: who slips somebody an old file must not undo what came since.
 *
 * @param held the vault that is open here, if there is one
 * @throws VaultError BACKUP_UNKNOWN, BACKUP_VERSION_UNKNOWN, BACKUP_DAMAGED, BACKUP_NOT_OPENED, BACKUP_ROLLED_BACK;
 *   VAULT_EXISTS for another vault, or the same one not opened; PIN_TOO_SHORT, PIN_TOO_SIMPLE
 */
export async function restoreBackup(
  ports: VaultPorts,
  { file, passphrase, pin }: Given,
  held?: OpenVault,
): Promise<OpenVault> {
  const content = await openBackup(file, passphrase, ports);
  if (held === undefined) return createVault(ports, pin, content);
  if (held.id !== content.id) throw new VaultError('VAULT_EXISTS');
  const { generation, records: now } = held.contents();
  if (generation > content.generation) throw new VaultError('BACKUP_ROLLED_BACK');
  const gone = [...now.keys()].map((name) => [name, undefined] as const);
  await held.put(new Map<string, unknown>([...gone, ...content.records]), content.generation);
  return held;
}

/**
 * Make a vault of a backup in the place of one that nobody can open any more: the backup is opened first, so that a
 * wrong file or passphrase costs nothing.
 *
 * @throws VaultError as `restoreBackup`
 */
export async function replaceByBackup(
  ports: VaultPorts,
  { file, passphrase, pin }: Given,
): Promise<OpenVault> {
  return replaceVault(ports, pin, await openBackup(file, passphrase, ports));
}

async function openBackup(
  file: string,
  passphrase: string,
  { derive = deriveKey }: VaultPorts,
): Promise<Beginning> {
  const { derivation: made, sealed, checksum } = readEnvelope(file);
  if (!sameBytes(await sha256(sealed), checksum)) throw new VaultError('BACKUP_DAMAGED');
  const plain = await unseal(await backupKey(passphrase, made, derive), sealed, PLACE);
  if (plain === undefined) throw new VaultError('BACKUP_NOT_OPENED');
  return read(() => beginning(parseJson(decodeUtf8(plain))));
}

function readEnvelope(file: string): Envelope {
  if (file.length > MAX_BACKUP_CHARS) throw new VaultError('BACKUP_UNKNOWN');
  // What begins as a backup and does not end as one was cut short.
  if (!file.startsWith(`{"format":"${FORMAT}"`)) throw new VaultError('BACKUP_UNKNOWN');
  return read(() => {
    const json = parseJson(file.trim());
    if (!isJsonObject(json)) throw new VaultError('BACKUP_UNKNOWN');
    const { format: _format, version, ...members } = json;
    if (version !== BACKUP_VERSION) throw new VaultError('BACKUP_VERSION_UNKNOWN');
    return envelope(members);
  });
}

function read<T>(from: () => T): T {
  try {
    return from();
  } catch (error) {
    if (error instanceof FormatError || error instanceof ShapeError) throw new VaultError('BACKUP_DAMAGED');
    throw error;
  }
}

async function backupKey(passphrase: string, made: Derivation, derive: DeriveKey): Promise<CryptoKey> {
  const secret = await derive(passphrase, made);
  return sealingKey(await derivedBytes(secret, 'pratique/wallet-backup/1'));
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
