import { element } from '../../../verifier/web/parts/element.ts';
import { setPasskey, vaultState } from '../../vault/vault.ts';
import type { View, Wallet } from '../context.ts';
import { paragraph } from './paragraphs.ts';
import { secretForm } from './secret-form.ts';

/** A passkey as another way to open the wallet: added and removed with the PIN. */
export function passkeyView(wallet: Wallet): View {
  const { speaker, keeping, attempt } = wallet;
  const { say } = speaker;
  const root = element('div', { class: 'stage' }, paragraph(say('passkeyWhat')));
  let form: ReturnType<typeof formFor> | undefined;
  void attempt(async () => {
    const { hasPasskey } = await vaultState(keeping.ports);
    if (!hasPasskey && !('PublicKeyCredential' in globalThis)) {
      root.append(paragraph(say('passkeyNot')));
      return;
    }
    form = formFor(wallet, hasPasskey);
    if (hasPasskey) root.append(paragraph(say('passkeyThere')));
    root.append(form.root);
  });
  return { title: say('passkey'), root, stop: () => form?.stop() };
}

function formFor(
  { speaker, settings, change, keeping, announce, back }: Wallet,
  hasPasskey: boolean,
): ReturnType<typeof secretForm> {
  const { say } = speaker;
  return secretForm({
    speaker,
    settings,
    change,
    asked: [{ name: 'pin', label: say('pinNow') }],
    action: say(hasPasskey ? 'passkeyRemove' : 'passkeyAdd'),
    act: async ({ pin = '' }) => {
      keeping.reopened(await setPasskey(keeping.ports, pin, hasPasskey ? undefined : keeping.passkey));
      announce(say(hasPasskey ? 'passkeyRemoved' : 'passkeyAdded'));
      back();
    },
  });
}
