import { element } from '../../../verifier/web/parts/element.ts';
import { unlockVault } from '../../vault/vault.ts';
import type { VaultState } from '../../vault/vault.ts';
import type { View } from '../context.ts';
import { faultWords } from '../fault-words.ts';
import type { LockedWallet } from './locked.ts';
import { pinForm } from './pin-form.ts';

/** Open the wallet that is here. */
export function unlockView({ speaker, ports, opened, announce }: LockedWallet, _state: VaultState): View {
  const form = pinForm(speaker, speaker.say('unlock'), async (pin) => {
    try {
      opened(await unlockVault(ports, pin));
    } catch (error) {
      announce(faultWords(error, speaker));
    }
  });
  return { title: speaker.say('title'), root: element('div', { class: 'stage' }, form) };
}
