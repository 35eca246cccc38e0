import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** A pass for paper. */
export function printView({ speaker }: Wallet, _id: string): View {
  return { title: speaker.say('print'), root: element('div', { class: 'stage' }) };
}
