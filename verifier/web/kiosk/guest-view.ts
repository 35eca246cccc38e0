import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { SCANNER_LANGUAGES } from '../scanner-words.ts';
import type { Speaker } from '../scanner-words.ts';
import { chooser } from '../views/settings-view.ts';

/** What a guest, or the staff, can do on a screen that is for guests. */
export interface GuestActs {
  /** Into full screen, and on with the camera. */
  readonly touch: () => void;
  /** In the words of that language until the guest has gone. */
  readonly speak: (tag: string) => void;
  /** Out, for whoever knows the PIN. */
  readonly staff: () => void;
}

/** Before guests scan: after the page was loaded, after somebody left full screen, or without a camera. */
export function guestIdleView({ say }: Speaker, fault: Node | undefined): HTMLElement {
  return element(
    'section',
    { class: 'idle' },
    element('img', { src: '/icon.svg', alt: '', class: 'logo' }),
    element('h1', { class: 'idle-title' }, saidNode(say('kioskHold'))),
    fault === undefined ? undefined : element('p', { class: 'fault', role: 'alert' }, fault),
    fault === undefined ? undefined : element('p', {}, saidNode(say('askStaff'))),
  );
}

/** What starts scanning: full screen needs somebody's touch. */
export function touchButton({ say }: Speaker, { touch }: GuestActs): HTMLElement {
  return button(say('kioskTouch').text, touch, { class: 'primary big' });
}

/** The guest's own language. */
export function guestLanguage({ say, language }: Speaker, { speak }: GuestActs): HTMLElement {
  return chooser(
    say('language').text,
    SCANNER_LANGUAGES.map(({ tag, name }) => ({ value: tag, name, lang: tag })),
    language.tag,
    speak,
  );
}
