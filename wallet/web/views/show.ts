import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** The code of a pass, to be scanned. */
export function showView({ speaker }: Wallet, _id: string): View {
  return { title: speaker.say('show'), root: element('div', { class: 'stage' }) };
}
