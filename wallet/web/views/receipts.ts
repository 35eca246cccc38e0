import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** To whom what was shown. */
export function receiptsView({ speaker }: Wallet): View {
  return { title: speaker.say('receipts'), root: element('div', { class: 'stage' }) };
}
