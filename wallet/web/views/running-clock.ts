import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Speaker } from '../wallet-words.ts';

/** A clock with seconds: staff see that the screen lives. Screen readers do not read it out each second. */
export function runningClock({ say, language }: Speaker): {
  readonly node: HTMLElement;
  readonly stop: () => void;
} {
  const format = new Intl.DateTimeFormat(language.tag, { timeStyle: 'medium' });
  const time = element('span', { class: 'clock-time' });
  const tell = (): void => {
    time.textContent = format.format(Date.now());
  };
  tell();
  const timer = setInterval(tell, 250);
  return {
    node: element('p', { class: 'clock', 'aria-hidden': 'true' }, saidNode(say('time')), ' ', time),
    stop: () => {
      clearInterval(timer);
    },
  };
}
