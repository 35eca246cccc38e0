import type { VaultCode } from '../../../vault/vault-error.ts';

/** What making, opening, backing up and setting the wallet say; `{name}` stands for a value. */
export interface KeepingWords extends FaultTexts {
  // The frame
  readonly more: string;
  readonly menu: string;
  readonly navPasses: string;
  readonly navScan: string;
  readonly navAdd: string;
  readonly changedElsewhere: string;
  readonly lockedIdle: string;
  readonly working: string;

  // The first time
  readonly welcome: string;
  readonly welcomeWhat: string;
  readonly welcomeWhere: string;
  readonly welcomeLost: string;
  readonly restoreBackup: string;
  readonly choosePin: string;
  readonly pinHint: string;
  readonly pinAgain: string;
  readonly notSame: string;
  readonly showTyped: string;
  readonly withLetters: string;

  // Opening
  readonly openTitle: string;
  readonly waitFor: string;
  readonly usePasskey: string;
  readonly forgot: string;
  readonly whatToDo: string;
  readonly forgotWhat: string;
  readonly forgotPasskey: string;
  readonly forgotBackup: string;
  readonly forgotErase: string;
  readonly loadAgain: string;

  // Backup
  readonly backupWhat: string;
  readonly filePassphrase: string;
  readonly filePassphraseHint: string;
  readonly backupWrite: string;
  readonly backupDone: string;
  readonly backupFile: string;
  readonly backupNone: string;
  readonly restoreWhat: string;
  readonly restoreInto: string;
  readonly restoreIntoWhat: string;
  readonly restored: string;
  readonly restoreReplaces: string;
  readonly typeWord: string;
  readonly replaceWord: string;

  // Settings
  readonly language: string;
  readonly theme: string;
  readonly themeSystem: string;
  readonly themeLight: string;
  readonly themeDark: string;
  readonly lockAfter: string;
  readonly changePin: string;
  readonly pinNow: string;
  readonly pinNew: string;
  readonly pinChanged: string;
  readonly passkey: string;
  readonly passkeyWhat: string;
  readonly passkeyThere: string;
  readonly passkeyNot: string;
  readonly passkeyAdd: string;
  readonly passkeyRemove: string;
  readonly passkeyAdded: string;
  readonly passkeyRemoved: string;
  readonly trustData: string;
  readonly trustNone: string;
  readonly trustInvalid: string;
  readonly trustAge: string;
  readonly trustBlock: string;
  readonly trustStale: string;
  readonly trustUnanchored: string;
  readonly trustFault: string;
  readonly trustRefresh: string;
  readonly trustFresh: string;
  readonly clockOff: string;
  readonly privacy: string;
  readonly stores: string;
  readonly sends: string;
  readonly holderDid: string;
  readonly holderDidWhat: string;
  readonly copy: string;
  readonly copied: string;
  readonly version: string;
  readonly erase: string;
  readonly eraseWhat: string;
  readonly eraseWord: string;
  readonly erased: string;
}

/** A fault that has words: the vault's, or one that nobody foresaw. */
export type FaultCode = VaultCode | 'UNKNOWN';

/** Of each fault what happened, and why and what to do now. */
type FaultTexts = Readonly<Record<`what_${FaultCode}` | `now_${FaultCode}`, string>>;
