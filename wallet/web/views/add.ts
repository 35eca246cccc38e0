import { element } from '../../../verifier/web/parts/element.ts';
import type { PassInput } from '../../passes/found-cards.ts';
import type { View, Wallet } from '../context.ts';

/** Ways to add a pass, and what became of one. */
export function addView({ speaker }: Wallet, _input?: PassInput): View {
  return { title: speaker.say('add'), root: element('div', { class: 'stage' }) };
}
