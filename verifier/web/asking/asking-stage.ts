import { button } from '../parts/element.ts';
import type { Said } from '../parts/speaker.ts';
import type { VenueAsks } from '../parts/trust/venue-answers.ts';
import type { Calls } from '../parts/worker-calls.ts';
import type { Screen } from '../screen.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Chosen, Verdict } from '../venue-verifier.ts';
import { askOverView, askView } from '../views/ask-view.ts';
import type { Polled, ShownQuestion } from './venue-asker.ts';

/** A question that stands before a guest until it is answered, over, or no longer wanted. */
export interface AskingStage {
  /** Hold it out, with what keeps somebody from doing otherwise. */
  readonly show: (trouble?: Said) => void;
  /** Something else is on the screen, such as the camera; answers are waited for all the same. */
  readonly watch: () => void;
  /** Somebody's result is on the screen: what comes meanwhile is told later. */
  readonly rest: () => void;
  readonly end: () => void;
}

/** What a question is asked with. */
export interface AskingTerms {
  readonly verifier: Calls;
  readonly screen: Screen;
  readonly speaker: Speaker;
  readonly asks: VenueAsks;
  readonly chosen: Chosen;
  /** What a wallet sent. */
  readonly answered: (verdicts: readonly Verdict[]) => void;
  /** Its time is over, and it wants the screen to say so. */
  readonly over: () => void;
  readonly scan: () => void;
  readonly again: () => void;
  readonly stop: () => void;
}

/** A guest waits for the screen to change. */
const POLL_MS = 1000;

/** Have the node make a question; rejects if it does not. */
export async function beginAsking(terms: AskingTerms): Promise<AskingStage> {
  const { verifier, screen, speaker, asks, chosen } = terms;
  const { say } = speaker;
  const question = (await verifier.call('ask', chosen)) as ShownQuestion;
  const endsAt = performance.now() + question.seconds * 1000;
  const view = askView(question, asks, speaker);
  let state: 'open' | 'over' | 'ended' = 'open';
  let rests = true;
  let waiting: readonly Verdict[] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clock = setInterval(tick, 250);
  tick();
  void poll();
  return {
    show: (trouble) => {
      view.trouble(trouble);
      draw();
      wake();
    },
    watch: wake,
    rest: () => {
      rests = true;
    },
    end: () => {
      state = 'ended';
      clearInterval(clock);
      clearTimeout(timer);
      void verifier.call('askNoMore', question.id).catch(() => undefined);
    },
  };

  function tick(): void {
    view.left((endsAt - performance.now()) / 1000);
  }

  function wake(): void {
    rests = false;
    if (waiting === undefined) return;
    const verdicts = waiting;
    waiting = undefined;
    terms.answered(verdicts);
  }

  function draw(): void {
    if (state === 'over') {
      const again = button(say('askAgain').text, terms.again, { class: 'primary big' });
      screen.showAsking(askOverView(speaker), [again, stopButton()]);
      return;
    }
    const scan = button(say('askScan').text, terms.scan, { class: 'primary big' });
    screen.showAsking(view.root, [scan, stopButton()]);
  }

  function stopButton(): HTMLElement {
    return button(say('stop').text, terms.stop, { class: 'quiet' });
  }

  async function poll(): Promise<void> {
    const polled = rests ? 'open' : await asked();
    if (state !== 'open') return;
    if (typeof polled === 'object') {
      waiting = polled;
      if (!rests) wake();
      return;
    }
    if (polled === 'over' && !rests) {
      state = 'over';
      terms.over();
      return;
    }
    if (!rests) view.trouble(polled === 'unreachable' ? say('askOffline') : undefined);
    timer = setTimeout(() => void poll(), POLL_MS);
  }

  async function asked(): Promise<Polled> {
    try {
      return (await verifier.call('poll')) as Polled;
    } catch {
      return 'unreachable';
    }
  }
}
