import { element } from '../../../verifier/web/parts/element.ts';
import type { View } from '../context.ts';
import type { LockedWallet } from './locked.ts';
import { card, paragraph, saidButton } from './paragraphs.ts';

/** What can be done without a PIN. */
export function forgottenView({ speaker, state, go, back }: LockedWallet): View {
  const { say } = speaker;
  const hasPasskey = 'hasPasskey' in state && state.hasPasskey;
  return {
    title: say('forgot'),
    root: element(
      'div',
      { class: 'stage' },
      paragraph(say('forgotWhat')),
      hasPasskey
        ? card(say('passkey'), paragraph(say('forgotPasskey')), saidButton(say('back'), back, 'quiet'))
        : undefined,
      card(
        say('restoreBackup'),
        paragraph(say('forgotBackup')),
        saidButton(
          say('restoreBackup'),
          () => {
            go({ name: 'restore' });
          },
          'primary restore',
        ),
      ),
      card(
        say('erase'),
        paragraph(say('forgotErase')),
        saidButton(
          say('erase'),
          () => {
            go({ name: 'erase-locked' });
          },
          'quiet erase',
        ),
      ),
    ),
  };
}
