import { element } from '../../../verifier/web/parts/element.ts';
import { VaultError } from '../../vault/vault-error.ts';
import { unlockVault, unlockWithPasskey } from '../../vault/vault.ts';
import type { VaultState } from '../../vault/vault.ts';
import type { View } from '../context.ts';
import { faultNode, faultWords } from '../fault-words.ts';
import { languageChoice } from './language-choice.ts';
import type { LockedWallet } from './locked.ts';
import { paragraph, saidButton } from './paragraphs.ts';
import { secretForm } from './secret-form.ts';

/** Open the wallet that is here. */
export function unlockView(wallet: LockedWallet, { hasPasskey, waitSeconds }: VaultState): View {
  const { speaker, settings, change, ports, passkey, notice, go, opened } = wallet;
  const { say } = speaker;
  const forgotten = (): void => {
    go({ name: 'forgotten' });
  };
  const { root, stop } = secretForm({
    speaker,
    settings,
    change,
    asked: [{ name: 'pin', label: say('pin') }],
    action: say('unlock'),
    waitSeconds,
    act: async ({ pin = '' }) => {
      opened(await unlockVault(ports, pin));
    },
    helpFor: (error) =>
      error instanceof VaultError && error.code === 'VAULT_DAMAGED'
        ? saidButton(say('whatToDo'), forgotten, 'quiet')
        : undefined,
  });
  const refused = element('div', { class: 'answer', role: 'alert' });
  const byPasskey = async (): Promise<void> => {
    refused.replaceChildren();
    try {
      opened(await unlockWithPasskey(ports, passkey));
    } catch (error) {
      refused.replaceChildren(faultNode(faultWords(error, speaker)));
    }
  };
  return {
    title: say('openTitle'),
    stop,
    root: element(
      'div',
      { class: 'stage' },
      notice === undefined ? undefined : paragraph(notice, 'notice'),
      root,
      hasPasskey ? saidButton(say('usePasskey'), () => void byPasskey(), 'quiet use-passkey') : undefined,
      refused,
      saidButton(say('forgot'), forgotten, 'link forgot'),
      languageChoice(speaker, (language) => {
        change({ language });
      }),
    ),
  };
}
