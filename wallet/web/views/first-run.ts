import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { assertPin } from '../../vault/key-derivation.ts';
import { holderKeyOf } from '../../vault/holder-key.ts';
import { createVault } from '../../vault/vault.ts';
import type { View } from '../context.ts';
import { languageChoice } from './language-choice.ts';
import type { LockedWallet } from './locked.ts';
import { paragraph, saidButton } from './paragraphs.ts';
import { secretForm } from './secret-form.ts';

/** Nothing is here yet: what a wallet is, and the ways to one. */
export function firstRunView({ speaker, change, go }: LockedWallet): View {
  const { say } = speaker;
  const points = (['welcomeWhat', 'welcomeWhere', 'welcomeLost'] as const).map((key) =>
    element('li', {}, saidNode(say(key))),
  );
  return {
    title: say('welcome'),
    root: element(
      'div',
      { class: 'stage welcome' },
      languageChoice(speaker, (language) => {
        change({ language });
      }),
      element('ul', { class: 'points card' }, ...points),
      saidButton(
        say('create'),
        () => {
          go({ name: 'make' });
        },
        'primary big make',
      ),
      saidButton(
        say('restoreBackup'),
        () => {
          go({ name: 'restore' });
        },
        'quiet restore',
      ),
    ),
  };
}

/** Make a wallet: choose its PIN. */
export function makeView({ speaker, settings, change, ports, opened }: LockedWallet): View {
  const { say } = speaker;
  const { root, stop } = secretForm({
    speaker,
    settings,
    change,
    asked: [
      { name: 'pin', label: say('pin'), hint: say('pinHint'), check: assertPin },
      { name: 'again', label: say('pinAgain'), repeats: 'pin' },
    ],
    action: say('create'),
    act: async ({ pin = '' }) => {
      const vault = await createVault(ports, pin);
      await holderKeyOf(vault);
      opened(vault);
    },
  });
  return {
    title: say('choosePin'),
    root: element('div', { class: 'stage' }, paragraph(say('welcomeLost')), root),
    stop,
  };
}
