import { button, element } from '../../../verifier/web/parts/element.ts';
import type { View, Wallet } from '../context.ts';

/** Everybody's passes. */
export function homeView({ speaker, go }: Wallet): View {
  const root = element(
    'div',
    { class: 'stage' },
    ...(['add', 'scan', 'retrieve', 'receipts', 'backup'] as const).map((name) =>
      button(
        speaker.say(name).text,
        () => {
          go({ name });
        },
        { class: 'big' },
      ),
    ),
  );
  return { title: speaker.say('passes'), root };
}
