import type { Said } from '../../verifier/web/parts/speaker.ts';
import { element } from '../../verifier/web/parts/element.ts';
import { saidNode } from '../../verifier/web/parts/said-text.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { Speaker } from './wallet-words.ts';

/** What failed, and why and what to do now, in words. */
export interface FaultWords {
  readonly what: Said;
  readonly now: Said;
}

/** The words of an error; one that nobody foresaw tells nothing of itself, since it may hold what is on a pass. */
export function faultWords(error: unknown, { say }: Speaker): FaultWords {
  const code = error instanceof VaultError ? error.code : 'UNKNOWN';
  return { what: say(`what_${code}`), now: say(`now_${code}`) };
}

/** The words of a fault as they are shown. */
export function faultNode({ what, now }: FaultWords): HTMLElement {
  return element(
    'div',
    { class: 'fault-words' },
    element('p', { class: 'fault-what' }, saidNode(what)),
    element('p', {}, saidNode(now)),
  );
}
