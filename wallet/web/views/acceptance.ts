import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** Whether a pass would be accepted somewhere. */
export function acceptanceView({ speaker }: Wallet, _id: string): View {
  return { title: speaker.say('acceptance'), root: element('div', { class: 'stage' }) };
}
