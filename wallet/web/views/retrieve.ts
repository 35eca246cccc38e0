import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** Get passes from an issuer. */
export function retrieveView({ speaker }: Wallet): View {
  return { title: speaker.say('retrieve'), root: element('div', { class: 'stage' }) };
}
