import { element } from '../../../verifier/web/parts/element.ts';
import { replaceByBackup, restoreBackup } from '../../vault/backup.ts';
import { assertPin } from '../../vault/key-derivation.ts';
import type { View } from '../context.ts';
import { backupFileField } from './backup-file.ts';
import type { LockedWallet } from './locked.ts';
import { paragraph } from './paragraphs.ts';
import { secretForm } from './secret-form.ts';
import { typedWord } from './typed-word.ts';

/**
 * Make this wallet from a backup.
 *
 * @param replaces whether there is one here, which is then gone
 */
export function restoreView(wallet: LockedWallet, replaces: boolean): View {
  const { speaker, settings, change, ports, opened, announce } = wallet;
  const { say } = speaker;
  const file = backupFileField(speaker);
  const word = typedWord(speaker, 'replaceWord');
  const { root, stop } = secretForm({
    speaker,
    settings,
    change,
    before: [file.root],
    asked: [
      { name: 'passphrase', label: say('filePassphrase') },
      { name: 'pin', label: say('pinNew'), hint: say('pinHint'), check: assertPin },
      { name: 'again', label: say('pinAgain'), repeats: 'pin' },
    ],
    after: replaces ? [paragraph(say('restoreReplaces'), 'warning'), word.root] : [],
    action: say('restoreBackup'),
    isDangerous: replaces,
    act: async ({ passphrase = '', pin = '' }) => {
      const text = await file.text();
      if (text === undefined) return;
      const given = { file: text, passphrase, pin };
      if (replaces) {
        if (!word.isTyped()) {
          word.ask();
          return;
        }
        opened(await replaceByBackup(ports, given));
      } else opened(await restoreBackup(ports, given));
      announce(say('restored'));
    },
  });
  return {
    title: say('restoreBackup'),
    stop,
    root: element('div', { class: 'stage' }, paragraph(say('restoreWhat')), root),
  };
}
