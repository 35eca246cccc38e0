import { element } from '../../../verifier/web/parts/element.ts';

import type { View, Wallet } from '../context.ts';

/** The camera: a pass, or what a venue asks. */
export function scanView({ speaker }: Wallet): View {
  return { title: speaker.say('scan'), root: element('div', { class: 'stage' }) };
}
