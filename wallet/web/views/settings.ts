import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { THEMES } from '../../../verifier/web/parts/theme.ts';
import { IDLE_SECONDS } from '../../vault/auto-lock.ts';
import type { View, Wallet } from '../context.ts';
import { IDLE_CHOICES } from '../settings.ts';
import { chooser } from './chooser.ts';
import { languageChoice } from './language-choice.ts';
import { card, saidButton } from './paragraphs.ts';
import { spanWords } from './wait-words.ts';

const THEME_WORDS = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

/** What can be chosen. */
export function settingsView({ speaker, settings, change, go, keeping }: Wallet): View {
  const { say } = speaker;
  const rows = (
    [
      ['change-pin', 'changePin'],
      ['passkey', 'passkey'],
      ['backup', 'backup'],
      ['privacy', 'privacy'],
      ['erase', 'erase'],
    ] as const
  ).map(([name, word]) =>
    element(
      'li',
      {},
      saidButton(
        say(word),
        () => {
          go({ name });
        },
        `row to-${name}`,
      ),
    ),
  );
  return {
    title: say('settings'),
    root: element(
      'div',
      { class: 'stage' },
      card(
        undefined,
        languageChoice(speaker, (language) => {
          change({ language });
        }),
        chooser(
          'theme',
          say('theme'),
          THEMES.map((theme) => ({ value: theme, text: say(THEME_WORDS[theme]).text })),
          settings.theme,
          (value) => {
            change({ theme: THEMES.find((theme) => theme === value) ?? THEMES[0] });
          },
        ),
        chooser(
          'idle',
          say('lockAfter'),
          IDLE_CHOICES.map((seconds) => ({ value: String(seconds), text: spanWords(seconds, speaker) })),
          String(settings.idleSeconds),
          (value) => {
            change({ idleSeconds: IDLE_CHOICES.find((one) => String(one) === value) ?? IDLE_SECONDS });
          },
        ),
      ),
      element('ul', { class: 'rows card' }, ...rows),
      element('p', { class: 'small' }, saidNode(say('version')), ` ${keeping.version}`),
    ),
  };
}
