import { button, element } from '../../verifier/web/parts/element.ts';
import { saidNode } from '../../verifier/web/parts/said-text.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { View } from './context.ts';
import { faultNode } from './fault-words.ts';
import type { FaultWords } from './fault-words.ts';
import { keepFocus } from './focus.ts';
import { MENU } from './menu.ts';
import type { MenuPlace } from './menu.ts';
import type { Speaker } from './wallet-words.ts';

/** What the frame around every screen can be asked for. */
export interface FrameActs {
  readonly back: () => void;
  readonly lock: () => void;
  readonly menu: (place: MenuPlace) => void;
}

/** Where a screen stands. */
export interface Ways {
  readonly back: boolean;
  /** The wallet is open: there is a menu, and a lock. */
  readonly open: boolean;
  /** The screen's name, and whether it was there before and is drawn anew. */
  readonly name: string;
  readonly isSame: boolean;
}

/** The frame: a title with ways out of the screen, the screen, a menu, and what is said aloud. */
export interface Frame {
  readonly show: (view: View, speaker: Speaker, ways: Ways) => void;
  /** Say something in passing. */
  readonly announce: (said: Said) => void;
  /** Say what failed, until it is closed or another screen comes. */
  readonly fault: (words: FaultWords, close: Said) => void;
  /** Leave nothing of the screen, at once. */
  readonly clear: () => void;
  /** Whether somebody is typing, or something is being worked at: no moment to load the page anew. */
  readonly isBusy: () => boolean;
}

/** How long what was announced stays to be read. */
const ANNOUNCED_MS = 6000;

/** Set the frame up in that element. */
export function frameOf(root: HTMLElement, acts: FrameActs): Frame {
  const top = element('header', { class: 'top' });
  const main = element('main', {});
  const menu = element('nav', { class: 'menu', hidden: true });
  const alert = element('div', { class: 'alert', role: 'alert' });
  const told = element('div', { class: 'told', role: 'status' });
  const parts = [top, alert, main, menu, told];
  root.replaceChildren(...parts);
  let shown: View | undefined;
  let clearing: ReturnType<typeof setTimeout> | undefined;

  const leave = (): void => {
    shown?.stop?.();
    shown = undefined;
  };
  const hush = (): void => {
    clearTimeout(clearing);
    told.replaceChildren();
  };
  return {
    show: (view, speaker, ways) => {
      const refocus = ways.isSame ? keepFocus(main) : undefined;
      leave();
      shown = view;
      const { say } = speaker;
      const title = element('h1', { tabindex: '-1' }, saidNode(view.title));
      top.replaceChildren(
        ...(ways.back ? [button(say('back').text, acts.back, { class: 'quiet way-back' })] : []),
        ...(ways.open ? [button(say('lock').text, acts.lock, { class: 'quiet way-lock' })] : []),
        title,
      );
      main.replaceChildren(view.root);
      menu.hidden = !ways.open || view.isBare === true;
      menu.setAttribute('aria-label', say('menu').text);
      menu.replaceChildren(...(menu.hidden ? [] : menuItems(speaker, ways.name)));
      document.title = `${view.title.text} · Pratique`;
      if (refocus?.() === true) return;
      if (!ways.isSame) {
        alert.replaceChildren();
        scrollTo(0, 0);
      }
      if (!main.contains(document.activeElement)) title.focus({ preventScroll: true });
    },
    announce: (said) => {
      hush();
      told.replaceChildren(saidNode(said));
      clearing = setTimeout(hush, ANNOUNCED_MS);
    },
    fault: (words, close) => {
      const shut = (): void => {
        alert.replaceChildren();
        top.querySelector('h1')?.focus();
      };
      alert.replaceChildren(faultNode(words), button(close.text, shut, { class: 'quiet' }));
      alert.scrollIntoView({ block: 'nearest' });
    },
    clear: () => {
      leave();
      hush();
      for (const part of parts) part.replaceChildren();
      // Whatever a screen put beside the frame: dialogs.
      root.replaceChildren(...parts);
      menu.hidden = true;
      document.title = 'Pratique';
    },
    isBusy: () =>
      main.querySelector('[aria-busy=true]') !== null ||
      [...main.querySelectorAll('input')].some(({ type, value }) => type !== 'checkbox' && value !== ''),
  };

  function menuItems({ say }: Speaker, here: string): readonly HTMLElement[] {
    return MENU.map(({ place, word }) => {
      const item = button(
        '',
        () => {
          acts.menu(place);
        },
        { class: 'menu-item', 'aria-current': place === here ? 'page' : undefined },
      );
      item.append(
        element('span', { class: `menu-icon icon-${place}`, 'aria-hidden': 'true' }),
        element('span', {}, saidNode(say(word))),
      );
      return item;
    });
  }
}
