import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** What can be chosen. */
export function settingsView({ speaker }: Wallet): View {
  return { title: speaker.say('settings'), root: element('div', { class: 'stage' }) };
}
