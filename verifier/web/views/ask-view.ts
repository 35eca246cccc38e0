import type { ShownQuestion } from '../asking/venue-asker.ts';
import { codePicture } from '../parts/code-picture.ts';
import { element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import type { Said } from '../parts/speaker.ts';
import type { VenueAsks } from '../parts/trust/venue-answers.ts';
import type { Speaker } from '../scanner-words.ts';

/** The code of a question on the screen, held out to a guest. */
export interface AskView {
  readonly root: HTMLElement;
  /** How many seconds it is good for. */
  readonly left: (seconds: number) => void;
  /** Something that keeps answers from being taken; undefined if it is over. */
  readonly trouble: (said: Said | undefined) => void;
}

/** Show a question: the code as large as the screen bears, what is asked and why, and for how long. */
export function askView(question: ShownQuestion, asks: VenueAsks, speaker: Speaker): AskView {
  const { say } = speaker;
  const left = element('p', { class: 'small ask-left', role: 'timer' });
  const trouble = element('p', { class: 'fault', role: 'alert', hidden: true });
  const root = element(
    'section',
    { class: 'ask' },
    element('div', { class: 'ask-code' }, codePicture(question, say('askCode').text)),
    element(
      'div',
      { class: 'ask-about' },
      element('h1', { class: 'ask-title', tabindex: '-1' }, saidNode(say('askTitle'))),
      trouble,
      element(
        'dl',
        { class: 'ask-facts' },
        element('dt', {}, saidNode(say('askWhat'))),
        ...asks.profiles.map((profile) =>
          element('dd', {}, saidNode(say(profile === 'pass' ? 'askPass' : 'askPlus'))),
        ),
        element('dt', {}, saidNode(say('askWhy'))),
        element('dd', {}, element('bdi', {}, shownText(asks.purpose))),
      ),
      left,
    ),
  );
  return {
    root,
    left: (seconds) => {
      const whole = Math.max(0, Math.ceil(seconds));
      const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
      const said = say('askLeft', { time });
      if (left.textContent !== said.text) left.replaceChildren(saidNode(said));
    },
    trouble: (said) => {
      trouble.hidden = said === undefined;
      trouble.replaceChildren(...(said === undefined ? [] : [saidNode(said)]));
    },
  };
}

/** Instead of the code, once nobody answered in time. */
export function askOverView({ say }: Speaker): HTMLElement {
  return element(
    'section',
    { class: 'ask ask-over' },
    element('h1', { class: 'ask-title', tabindex: '-1' }, saidNode(say('askOver'))),
  );
}
