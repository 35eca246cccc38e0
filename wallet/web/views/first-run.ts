import { element } from '../../../verifier/web/parts/element.ts';
import { createVault } from '../../vault/vault.ts';
import type { View } from '../context.ts';
import { faultWords } from '../fault-words.ts';
import type { LockedWallet } from './locked.ts';
import { pinForm } from './pin-form.ts';

/** Make a wallet: nothing is here yet. */
export function firstRunView({ speaker, ports, opened, announce }: LockedWallet): View {
  const form = pinForm(speaker, speaker.say('create'), async (pin) => {
    try {
      opened(await createVault(ports, pin));
    } catch (error) {
      announce(faultWords(error, speaker));
    }
  });
  return { title: speaker.say('title'), root: element('div', { class: 'stage' }, form) };
}
