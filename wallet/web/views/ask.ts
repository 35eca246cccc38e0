import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** Who asks, why, and what would be shown. */
export function askView({ speaker }: Wallet, _code: string): View {
  return { title: speaker.say('ask'), root: element('div', { class: 'stage' }) };
}
