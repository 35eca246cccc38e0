import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import { shelfOf } from '../../passes/pass-box.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import { reminders } from '../../passes/reminder.ts';
import { stateOf } from '../cards/pass-state.ts';
import { kindWords, lengthWords } from '../cards/pass-words.ts';
import type { Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';

/** Which passes end soon, and what to do about each; nothing if none does. */
export function remindersView(
  all: readonly ShownPass[],
  { speaker, vault, now, go }: Wallet,
): readonly HTMLElement[] {
  const { say } = speaker;
  const { people } = shelfOf(vault);
  // What is of no use now is not worth having again because it ends.
  const good = all.filter((shown) => stateOf(shown) === 'good');
  const due = reminders(
    good.map(({ pass }) => pass),
    now(),
  );
  const lines = due.flatMap(({ id, renewal, left }) => {
    const facts = good.find(({ pass }) => pass.id === id)?.facts;
    if (!facts) return [];
    const name = people.find(({ passes }) => passes.includes(id))?.label ?? facts.subject?.name ?? '';
    const isAgain = renewal === 'retrieve-again';
    return [
      element(
        'li',
        {},
        element(
          'p',
          {},
          saidNode(
            say('reminder', {
              kind: kindWords(facts, speaker).text,
              // Isolated: a name may run from right to left.
              name: `\u2068${shownText(name)}\u2069`,
              time: lengthWords(left, speaker),
            }),
          ),
          ' ',
          saidNode(say(isAgain ? 'reminderAgain' : 'reminderTest')),
        ),
        isAgain
          ? saidButton(
              say('getAgain'),
              () => {
                go({ name: 'retrieve' });
              },
              { class: 'quiet' },
            )
          : undefined,
      ),
    ];
  });
  if (lines.length === 0) return [];
  return [
    element(
      'section',
      { class: 'reminders', 'aria-labelledby': 'reminders' },
      element('h2', { id: 'reminders' }, saidNode(say('remindersTitle'))),
      element('ul', {}, ...lines),
    ),
  ];
}
