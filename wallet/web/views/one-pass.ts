import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import type { View, Wallet } from '../context.ts';
import { passesNow, readyPasses } from '../shown-passes.ts';

/**
 * A screen about one pass, filled once it is judged, or at once if it was a moment ago.
 *
 * @param fill is given the pass, where to put what is shown, and all others
 */
export function onePass(
  wallet: Wallet,
  id: string,
  title: Said,
  fill: (shown: ShownPass, root: HTMLElement, all: readonly ShownPass[]) => void,
  stop: () => void = () => undefined,
): View {
  const { speaker, vault, attempt } = wallet;
  const root = element('div', { class: 'stage' });
  let isOver = false;
  const ready = readyPasses(wallet);
  if (ready === undefined) {
    root.append(element('p', { class: 'small', role: 'status' }, saidNode(speaker.say('checking'))));
    void wait();
  } else draw(ready);
  return {
    title,
    root,
    stop: () => {
      isOver = true;
      stop();
    },
  };

  async function wait(): Promise<void> {
    await attempt(async () => {
      const all = await passesNow(wallet);
      if (!isOver && !vault.isLocked()) draw(all);
    });
  }

  function draw(all: readonly ShownPass[]): void {
    root.replaceChildren();
    const shown = all.find(({ pass }) => pass.id === id);
    if (shown === undefined) root.append(element('p', {}, saidNode(speaker.say('gone'))));
    else fill(shown, root, all);
  }
}
