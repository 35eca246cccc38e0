import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** A backup, and back. */
export function backupView({ speaker }: Wallet): View {
  return { title: speaker.say('backup'), root: element('div', { class: 'stage' }) };
}
