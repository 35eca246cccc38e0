import { button, element } from '../../verifier/web/parts/element.ts';
import { saidNode } from '../../verifier/web/parts/said-text.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { View } from './context.ts';
import type { Speaker } from './wallet-words.ts';

/** What the frame around every screen can be asked for. */
export interface FrameActs {
  readonly back: () => void;
  readonly lock: () => void;
  readonly settings: () => void;
}

/** The frame: a title with ways out of the screen, the screen, and what is said aloud. */
export interface Frame {
  /** @param ways which ways out there are */
  readonly show: (
    view: View,
    speaker: Speaker,
    ways: { readonly back: boolean; readonly open: boolean },
  ) => void;
  readonly announce: (said: Said) => void;
}

/** How long what was announced stays to be read. */
const ANNOUNCED_MS = 6000;

/** Set the frame up in that element. */
export function frameOf(root: HTMLElement, acts: FrameActs): Frame {
  const top = element('header', { class: 'top' });
  const main = element('main', {});
  const told = element('div', { class: 'told', role: 'status' });
  root.replaceChildren(top, main, told);
  let shown: View | undefined;
  let clearing: ReturnType<typeof setTimeout> | undefined;
  return {
    show: (view, speaker, { back, open }) => {
      shown?.stop?.();
      shown = view;
      const { say } = speaker;
      const title = element('h1', { tabindex: '-1' }, saidNode(view.title));
      top.replaceChildren(
        ...(back ? [button(say('back').text, acts.back, { class: 'quiet way-back' })] : []),
        title,
        ...(open
          ? [
              button(say('settings').text, acts.settings, { class: 'quiet' }),
              button(say('lock').text, acts.lock, { class: 'quiet way-lock' }),
            ]
          : []),
      );
      main.replaceChildren(view.root);
      document.title = `${view.title.text} · Pratique`;
      scrollTo(0, 0);
      if (!main.contains(document.activeElement)) title.focus({ preventScroll: true });
    },
    announce: (said) => {
      told.replaceChildren(saidNode(said));
      clearTimeout(clearing);
      clearing = setTimeout(() => {
        told.replaceChildren();
      }, ANNOUNCED_MS);
    },
  };
}
