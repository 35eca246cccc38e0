import { element } from '../../../verifier/web/parts/element.ts';
import { assertPin } from '../../vault/key-derivation.ts';
import { changePin } from '../../vault/vault.ts';
import type { View, Wallet } from '../context.ts';
import { secretForm } from './secret-form.ts';

/** Another PIN: everything is sealed anew. */
export function changePinView({ speaker, settings, change, keeping, announce, back }: Wallet): View {
  const { say } = speaker;
  const { root, stop } = secretForm({
    speaker,
    settings,
    change,
    asked: [
      { name: 'pin', label: say('pinNow') },
      { name: 'new-pin', label: say('pinNew'), hint: say('pinHint'), check: assertPin },
      { name: 'again', label: say('pinAgain'), repeats: 'new-pin' },
    ],
    action: say('changePin'),
    act: async (values) => {
      keeping.reopened(await changePin(keeping.ports, values['pin'] ?? '', values['new-pin'] ?? ''));
      announce(say('pinChanged'));
      back();
    },
  });
  return { title: say('changePin'), root: element('div', { class: 'stage' }, root), stop };
}
