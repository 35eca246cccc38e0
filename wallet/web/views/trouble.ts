import { element } from '../../../verifier/web/parts/element.ts';
import { VaultError } from '../../vault/vault-error.ts';
import type { View } from '../context.ts';
import { faultNode, faultWords } from '../fault-words.ts';
import type { LockedWallet } from './locked.ts';
import { saidButton } from './paragraphs.ts';

/** What is stored here cannot be used: why, and every way out. Nothing of it is touched before somebody says so. */
export function troubleView({ speaker, go }: LockedWallet, fault: unknown): View {
  const { say } = speaker;
  const isDamaged = fault instanceof VaultError && fault.code === 'VAULT_DAMAGED';
  return {
    title: say('title'),
    root: element(
      'div',
      { class: 'stage trouble' },
      element('div', { role: 'alert' }, faultNode(faultWords(fault, speaker))),
      saidButton(
        say('loadAgain'),
        () => {
          location.reload();
        },
        isDamaged ? 'quiet' : 'primary big',
      ),
      isDamaged
        ? saidButton(
            say('whatToDo'),
            () => {
              go({ name: 'forgotten' });
            },
            'primary big what-to-do',
          )
        : undefined,
    ),
  };
}
