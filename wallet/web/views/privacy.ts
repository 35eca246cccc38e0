import { element } from '../../../verifier/web/parts/element.ts';
import { holderKeyOf } from '../../vault/holder-key.ts';
import type { View, Wallet } from '../context.ts';
import { card, paragraph, saidButton } from './paragraphs.ts';

/** What is kept and sent, and the one name that others see. */
export function privacyView({ speaker, vault, announce, attempt }: Wallet): View {
  const { say } = speaker;
  const did = element('code', {
    class: 'did',
    dir: 'ltr',
    tabindex: '0',
    role: 'textbox',
    'aria-readonly': 'true',
    'aria-label': say('holderDid').text,
  });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(did.textContent);
    announce(say('copied'));
  };
  void attempt(async () => {
    did.textContent = (await holderKeyOf(vault)).did;
  });
  return {
    title: say('privacy'),
    root: element(
      'div',
      { class: 'stage' },
      card(undefined, paragraph(say('stores')), paragraph(say('sends'))),
      card(
        say('holderDid'),
        paragraph(say('holderDidWhat')),
        did,
        saidButton(say('copy'), () => void attempt(copy), 'quiet copy'),
      ),
    ),
  };
}
