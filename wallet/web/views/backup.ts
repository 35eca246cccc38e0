import { element } from '../../../verifier/web/parts/element.ts';
import { restoreBackup, writeBackup } from '../../vault/backup.ts';
import { assertPassphrase } from '../../vault/key-derivation.ts';
import type { View, Wallet } from '../context.ts';
import { backupFileField } from './backup-file.ts';
import { card, paragraph } from './paragraphs.ts';
import { saveFile } from './save-file.ts';
import { secretForm } from './secret-form.ts';

/** Write a backup of the open wallet, and take one of it back. */
export function backupView(wallet: Wallet): View {
  const { speaker, settings, change, vault, keeping, announce } = wallet;
  const { say } = speaker;
  const common = { speaker, settings, change };
  const writing = secretForm({
    ...common,
    asked: [
      {
        name: 'passphrase',
        label: say('filePassphrase'),
        hint: say('filePassphraseHint'),
        check: assertPassphrase,
      },
      { name: 'again', label: say('pinAgain'), repeats: 'passphrase' },
    ],
    action: say('backupWrite'),
    act: async ({ passphrase = '' }) => {
      const text = await writeBackup(vault, passphrase, keeping.ports);
      const name = `pratique-wallet-${new Date().toISOString().slice(0, 10)}.json`;
      saveFile(name, text);
      announce(say('backupDone', { file: name }));
    },
  });
  const file = backupFileField(speaker);
  const restoring = secretForm({
    ...common,
    before: [file.root],
    asked: [{ name: 'restore-passphrase', label: say('filePassphrase') }],
    action: say('restoreInto'),
    act: async (values) => {
      const text = await file.text();
      if (text === undefined) return;
      const passphrase = values['restore-passphrase'] ?? '';
      await restoreBackup(keeping.ports, { file: text, passphrase, pin: '' }, vault);
      announce(say('restored'));
    },
  });
  return {
    title: say('backup'),
    stop: () => {
      writing.stop();
      restoring.stop();
    },
    root: element(
      'div',
      { class: 'stage' },
      card(say('backupWrite'), paragraph(say('backupWhat')), writing.root),
      card(say('restoreInto'), paragraph(say('restoreIntoWhat')), restoring.root),
    ),
  };
}
