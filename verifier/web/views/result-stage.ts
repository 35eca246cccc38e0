import type { Subject } from '../../pipeline/decision.ts';
import { withFaultWords } from '../asking/answer-fault.ts';
import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import { verdictView, compareView } from './verdict-view.ts';
import { verdictScreen } from '../parts/verdict.ts';
import type { VerdictScreen } from '../parts/verdict.ts';
import type { Screen } from '../screen.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Settings } from '../settings.ts';
import type { Verdict } from '../venue-verifier.ts';

/** What is shown until somebody, or time, says that it is over. */
export interface ResultStage {
  readonly end: () => void;
}

/** What a result is shown with. */
export interface ResultTerms {
  readonly speaker: Speaker;
  readonly settings: Settings;
  readonly screen: Screen;
  /** When the code was seen, by performance.now(). */
  readonly at: number;
  /** For whom is scanned. */
  readonly venue: string | undefined;
  readonly mode: string;
  /** Notes a guest who was let in; answers whether they were before. */
  readonly meet: (subject: Subject) => Promise<boolean>;
  /** Let it be heard or felt. */
  readonly tell: (kind: VerdictScreen['kind']) => void;
  readonly over: () => void;
}

/** Anything but green stays long enough to be read and explained. */
const OTHERS_SECONDS = 30;

/** Show decisions one after the other; with two steps nothing is green before somebody says that the details match. */
export function resultStage(verdicts: readonly Verdict[], terms: ResultTerms): ResultStage {
  const { speaker, settings, screen, at, venue, mode, meet, tell, over } = terms;
  const { say, language } = speaker;
  const { kiosk } = settings;
  let place = 0;
  /** The card whose details somebody has answered for: a second tap, while the first is still at work, changes nothing. */
  let answeredPlace = -1;
  let stopClock = (): void => undefined;
  let isOver = false;
  show();
  return {
    end: () => {
      isOver = true;
      stopClock();
    },
  };

  function show(): void {
    const verdict = verdicts[place];
    if (verdict === undefined) {
      over();
      return;
    }
    const { decision, specimen, fault } = verdict;
    const plain = verdictScreen(decision, { specimen, language: language.base });
    const shown = fault === undefined ? plain : withFaultWords(plain, fault, speaker);
    // Nobody compares a guest with an ID where guests are by themselves.
    const asks = settings.twoStep && kiosk === undefined;
    if (shown.kind === 'accepted' && asks && shown.subject !== null) ask(shown, shown.subject);
    else void answer(shown);
  }

  function ask(shown: VerdictScreen, subject: Subject): void {
    const view = compareView(subject, speaker);
    const match = button(say('match').text, () => void answer(shown), { class: 'primary big' });
    const differ = button(say('differ').text, () => void answer(differing(shown)), { class: 'quiet big' });
    screen.showResult(view, [match, differ], say('compare').text);
    runClock(OTHERS_SECONDS);
  }

  /** Signature and rules hold; it is somebody else's card. */
  function differing(shown: VerdictScreen): VerdictScreen {
    return {
      ...shown,
      kind: 'rejected',
      symbol: '✗',
      reasons: [{ code: 'HOLDER_NOT_PROVEN', text: say('differMeaning').text }],
      steps: ['do-not-accept'],
      supportCode: 'ID',
    };
  }

  async function answer(shown: VerdictScreen): Promise<void> {
    if (answeredPlace === place) return;
    answeredPlace = place;
    const { kind, subject, reasons } = shown;
    const isAgain = kind === 'accepted' && subject !== null && (await meet(subject));
    if (isOver) return;
    const notes = isAgain ? [say('again').text] : [];
    if (verdicts[place]?.byWallet === true) notes.push(say('shownByWallet').text);
    if (verdicts.length > 1) {
      notes.unshift(say('cardOf', { number: String(place + 1), all: String(verdicts.length) }).text);
    }
    const view = verdictView(shown, speaker, { venue, mode, notes, isForGuest: kiosk !== undefined });
    const isLast = place === verdicts.length - 1;
    const next = button(say(isLast ? 'scanNext' : 'nextCard').text, advance, { class: 'primary big' });
    const word = kind === 'specimen' ? say('specimen') : speaker.outcome(kind);
    const spoken = [
      word.text,
      reasons[0]?.text,
      kiosk === undefined || kind === 'accepted' ? undefined : say('askStaff').text,
      subject === null ? undefined : shownText(subject.name),
      ...notes,
    ];
    screen.showResult(view, [next], spoken.filter((part) => part !== undefined).join(' '));
    tell(kind);
    requestAnimationFrame(() => {
      view.dataset['took'] = String(Math.round(performance.now() - at));
    });
    if (kiosk !== undefined) runClock(kiosk.seconds, advance);
    else if (isLast) runClock(kind === 'accepted' ? settings.greenSeconds : OTHERS_SECONDS);
    // Several cards are somebody's to go through.
    else stopClock();
  }

  function advance(): void {
    place += 1;
    show();
  }

  /** Time is up for whoever stands there, unless somebody of the staff wants to go on reading. */
  function runClock(seconds: number, then = over): void {
    stopClock();
    const endsAt = performance.now() + seconds * 1000;
    const left = element('span', { class: 'left' });
    const keep = button(
      say('keepOpen').text,
      () => {
        stopClock();
      },
      { class: 'quiet' },
    );
    const line = element('p', { class: 'clock' }, left, kiosk === undefined ? keep : undefined);
    const tick = (): void => {
      const rest = (endsAt - performance.now()) / 1000;
      if (rest <= 0) {
        stopClock();
        then();
        return;
      }
      left.replaceChildren(saidNode(say('closesIn', { seconds: String(Math.ceil(rest)) })));
    };
    const timer = setInterval(tick, 100);
    stopClock = () => {
      clearInterval(timer);
      line.remove();
    };
    tick();
    screen.addToResult(line);
  }
}
