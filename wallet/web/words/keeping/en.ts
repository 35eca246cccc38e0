import type { KeepingWords } from './table.ts';

/** English. */
export const keepingEnglish: KeepingWords = {
  // The frame
  more: 'More',
  menu: 'Menu',
  navPasses: 'Passes',
  navScan: 'Scan',
  navAdd: 'Add',
  changedElsewhere: 'This wallet was changed in another window. Open it again to go on.',
  lockedIdle: 'The wallet was locked because nobody used it for a while.',
  working: 'One moment …',

  // The first time
  welcome: 'Your passes, on this device',
  welcomeWhat: 'This wallet keeps your health passes and shows them when you choose to.',
  welcomeWhere:
    'Everything stays on this device, encrypted. There is no account, and nobody follows what you do.',
  welcomeLost: 'Only your PIN opens it, and nobody can reset it. Keep a backup.',
  restoreBackup: 'Restore a backup',
  choosePin: 'Choose a PIN',
  pinHint: 'At least 6 digits or letters. A longer passphrase also keeps off whoever copies this device.',
  pinAgain: 'The same once more',
  notSame: 'The two are not the same.',
  showTyped: 'Show what I type',
  withLetters: 'Keyboard with letters',

  // Opening
  openTitle: 'Open your wallet',
  waitFor: 'Try again in {time}.',
  usePasskey: 'Open with a passkey',
  forgot: 'I forgot my PIN',
  whatToDo: 'What can I do?',
  forgotWhat:
    'Nobody can tell you your PIN or set another one: no server knows it. You can try as often as you like; the wait between tries grows to one hour.',
  forgotPasskey: 'Open the wallet with your passkey, write a backup, and restore it with a new PIN.',
  forgotBackup:
    'If you have a backup file and its passphrase, restore it with a new PIN. It takes the place of the wallet that is here.',
  forgotErase: 'Without a backup, erase this wallet and get your passes again from who issued them.',
  loadAgain: 'Load the page again',

  // Backup
  backupWhat:
    'One encrypted file with all passes, their names and the key of this wallet. Keep it somewhere else than on this device.',
  filePassphrase: 'Passphrase of the backup',
  filePassphraseHint: 'At least 12 characters. Write it down: without it nobody can open the file.',
  backupWrite: 'Write a backup',
  backupDone: 'The backup was written to your downloads: {file}',
  backupFile: 'Backup file',
  backupNone: 'Choose the backup file first.',
  restoreWhat: 'Choose the file, say its passphrase, and choose a PIN for this device.',
  restoreInto: 'Restore into this wallet',
  restoreIntoWhat:
    'Takes back what a backup of this same wallet holds. One that is older than what is here is refused. Your PIN stays.',
  restored: 'The backup was restored.',
  restoreReplaces: 'The wallet that is on this device now will be replaced, with all its passes.',
  typeWord: 'Type {word} to go on',
  replaceWord: 'REPLACE',

  // Settings
  language: 'Language',
  theme: 'Appearance',
  themeSystem: 'As on this device',
  themeLight: 'Light',
  themeDark: 'Dark',
  lockAfter: 'Lock by itself after',
  changePin: 'Change the PIN',
  pinNow: 'PIN or passphrase now',
  pinNew: 'New PIN or passphrase',
  pinChanged: 'The PIN was changed. A passkey has to be added again.',
  passkey: 'Passkey',
  passkeyWhat:
    'A passkey opens this wallet by fingerprint, face or screen lock, besides the PIN. It works on devices that can derive secrets (WebAuthn PRF).',
  passkeyThere: 'A passkey opens this wallet.',
  passkeyNot: 'This browser has no passkeys.',
  passkeyAdd: 'Add a passkey',
  passkeyRemove: 'Remove the passkey',
  passkeyAdded: 'The passkey was added.',
  passkeyRemoved: 'The passkey was removed.',
  trustData: 'What passes are judged by',
  trustNone: 'Nothing yet: connect once, so that issuers and revocations are known here.',
  trustInvalid: 'What was kept does not hold. Connect again to get it anew.',
  trustAge: 'Taken {time} ago',
  trustBlock: "Block {block} of the registry's chain",
  trustStale: 'Too old: passes cannot be checked until this device connects again.',
  trustUnanchored: 'It is tied to no chain: for demonstrations only.',
  trustFault: 'The last try to get newer data did not work ({code}).',
  trustRefresh: 'Get newer data',
  trustFresh: 'This is the newest there is.',
  clockOff: 'The clock of this device is wrong. Set it right, or passes cannot be checked.',
  privacy: 'What is kept and sent',
  stores:
    'On this device, encrypted under your PIN: your passes, the names you gave, what you showed to whom, and the key of this wallet. In the clear: the language and the other choices of this page.',
  sends:
    'Nothing, except to an issuer or a venue that you choose, and you see what before it is sent. Lists of issuers and revocations are fetched whole, so that nobody learns which pass is yours.',
  holderDid: 'Name of this wallet (DID)',
  holderDidWhat:
    'Issuers bind passes to it. It says nothing about you, but whoever sees it twice knows that it is the same wallet.',
  copy: 'Copy',
  copied: 'Copied.',
  version: 'Version',
  erase: 'Erase this wallet',
  eraseWhat:
    'All passes, names and the key of this wallet are gone from this device, at once and for good. Only a backup brings them back.',
  eraseWord: 'ERASE',
  erased: 'The wallet was erased.',

  // What can fail
  what_VAULT_MISSING: 'There is no wallet here any more.',
  now_VAULT_MISSING: 'It was erased, perhaps in another window. Make a new one or restore a backup.',
  what_VAULT_EXISTS: 'There is another wallet here already.',
  now_VAULT_EXISTS:
    'A backup of one wallet cannot be put into another. Erase this one first if you no longer need it.',
  what_VAULT_LOCKED: 'The wallet is locked.',
  now_VAULT_LOCKED: 'It locked itself in between. Open it and try again.',
  what_VAULT_DAMAGED: 'What is stored here is damaged.',
  now_VAULT_DAMAGED:
    'Part of it was changed, lost or put back from before. It was left as it is. Restore a backup; without one, erase this wallet and get your passes again.',
  what_VAULT_VERSION_UNKNOWN: 'A newer version of this page made this wallet.',
  now_VAULT_VERSION_UNKNOWN: 'Nothing is lost. Connect to the network and load the page again.',
  what_VAULT_CHANGED_ELSEWHERE: 'The wallet was changed in another window.',
  now_VAULT_CHANGED_ELSEWHERE:
    'Nothing of it was lost, and this change was not made. Open the wallet again and repeat it.',
  what_STORE_UNAVAILABLE: 'This browser does not keep anything.',
  now_STORE_UNAVAILABLE:
    'The device is full, or this is a private window. Make room or use an ordinary window, and load the page again.',
  what_PIN_WRONG: 'That is not the PIN of this wallet.',
  now_PIN_WRONG: 'Check capital letters and the language of the keyboard.',
  what_PIN_DELAYED: 'There were too many wrong PINs.',
  now_PIN_DELAYED: 'So that nobody can guess it, the next try has to wait.',
  what_PIN_TOO_SHORT: 'That is too short.',
  now_PIN_TOO_SHORT: 'Choose at least 6 digits or letters.',
  what_PIN_TOO_SIMPLE: 'That is too easy to guess.',
  now_PIN_TOO_SIMPLE: 'The same digit six times or 123456 is what others try first. Choose another one.',
  what_PASSKEY_UNAVAILABLE: 'No passkey opened it.',
  now_PASSKEY_UNAVAILABLE: 'You said no, or this device has none that derives secrets. Use your PIN.',
  what_PASSKEY_WRONG: 'That passkey is not the one of this wallet.',
  now_PASSKEY_WRONG: 'Choose the one that was added to it, or use your PIN.',
  what_PASSPHRASE_TOO_SHORT: 'That passphrase is too short.',
  now_PASSPHRASE_TOO_SHORT: 'Whoever has the file may guess for years: choose at least 12 characters.',
  what_BACKUP_UNKNOWN: 'That file is no backup of this wallet.',
  now_BACKUP_UNKNOWN: 'Choose the file that was written by “Write a backup”.',
  what_BACKUP_VERSION_UNKNOWN: 'A newer version of this page wrote that backup.',
  now_BACKUP_VERSION_UNKNOWN: 'Connect to the network, load the page again, and restore it then.',
  what_BACKUP_DAMAGED: 'That backup is damaged.',
  now_BACKUP_DAMAGED:
    'It was cut short or changed on its way. Fetch it again from where you kept it, or use another one.',
  what_BACKUP_NOT_OPENED: 'That passphrase does not open the backup.',
  now_BACKUP_NOT_OPENED:
    'It is the passphrase of the file, not the PIN. Check capital letters and the keyboard.',
  what_BACKUP_ROLLED_BACK: 'That backup is older than this wallet.',
  now_BACKUP_ROLLED_BACK: 'It would undo what came since, so nothing was changed. Use a newer backup.',
  what_UNKNOWN: 'That did not work.',
  now_UNKNOWN: 'It is not known why. Try again; if it goes on, load the page again.',
};
