/** Why the vault did not do what was asked; a closed list. */
export type VaultCode =
  /** There is none here yet. */
  | 'VAULT_MISSING'
  /** There is one already, of somebody else or with other contents. */
  | 'VAULT_EXISTS'
  /** It was locked, or its page was reloaded. */
  | 'VAULT_LOCKED'
  /** What is stored is not what this vault wrote last: changed, cut short, partly taken back. */
  | 'VAULT_DAMAGED'
  /** A newer program wrote it. */
  | 'VAULT_VERSION_UNKNOWN'
  /** Another page of this wallet wrote in between: open it again. */
  | 'VAULT_CHANGED_ELSEWHERE'
  /** The browser refused to store it: no room, or a private window. */
  | 'STORE_UNAVAILABLE'
  | 'PIN_WRONG'
  /** Too many wrong ones: not tried, wait. */
  | 'PIN_DELAYED'
  | 'PIN_TOO_SHORT'
  /** One of the few that everybody tries first. */
  | 'PIN_TOO_SIMPLE'
  /** No passkey was added, or the one here cannot derive secrets. */
  | 'PASSKEY_UNAVAILABLE'
  /** The passkey that answered is not the one that was added. */
  | 'PASSKEY_WRONG'
  | 'PASSPHRASE_TOO_SHORT'
  /** The file is no backup of this wallet. */
  | 'BACKUP_UNKNOWN'
  | 'BACKUP_VERSION_UNKNOWN'
  /** Cut short or changed on its way. */
  | 'BACKUP_DAMAGED'
  /** The passphrase is another one, or somebody changed the file. */
  | 'BACKUP_NOT_OPENED'
  /** Older than what this wallet holds already. */
  | 'BACKUP_ROLLED_BACK';

/** The vault refused; the message never holds anything of what it keeps. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultCode;
  /** For PIN_DELAYED: the seconds until the next try is taken. */
  readonly waitSeconds: number;

  constructor(code: VaultCode, waitSeconds = 0) {
    super(code);
    this.code = code;
    this.waitSeconds = waitSeconds;
  }
}
