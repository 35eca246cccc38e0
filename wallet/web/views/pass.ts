import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** One pass: what it says, and how it stands. */
export function passView({ speaker }: Wallet, _id: string): View {
  return { title: speaker.say('pass'), root: element('div', { class: 'stage' }) };
}
