import type { Said } from '../parts/speaker.ts';
import type { Standing } from '../parts/trust/standing.ts';
import type { Verdict } from '../venue-verifier.ts';
import type { ScannerWords } from '../words/table.ts';
import { beginAsking } from './asking-stage.ts';
import type { AskingStage, AskingTerms } from './asking-stage.ts';

/** The scanner's questions to wallets: one stands at a time, or none. */
export interface Asking {
  readonly isOpen: () => boolean;
  readonly begin: () => Promise<void>;
  /** Hold the question out again; false if none stands. */
  readonly show: (trouble?: Said) => boolean;
  /** The camera looks for an answer, or for a card. */
  readonly watch: () => void;
  /** Something is being decided or shown. */
  readonly rest: () => void;
  /** That is shown now. */
  readonly shows: (verdicts: readonly Verdict[]) => void;
  /** After a result: a new question if the last one was answered; false if it is not for this to go on. */
  readonly goOn: (hasCamera: boolean) => boolean;
  /** What is asked for, or by which rules an answer is judged, may have changed: a question of before counts no more. */
  readonly check: () => void;
  readonly end: () => void;
}

/** What the scanner does for its questions. */
export interface AskingActs extends Pick<AskingTerms, 'verifier' | 'screen' | 'answered' | 'scan'> {
  readonly asks: () => Standing['asks'];
  readonly speaker: () => AskingTerms['speaker'];
  readonly chosen: () => AskingTerms['chosen'];
  /** End whatever is on the screen; answers with the turn that began. */
  readonly clear: () => number;
  readonly isCurrent: (turn: number) => boolean;
  readonly idle: (fault?: keyof ScannerWords) => void;
  readonly begun: () => void;
  /** Close the camera and hold the question out. */
  readonly over: () => void;
}

/** Begin with no question. */
export function askingOf(acts: AskingActs): Asking {
  let stage: AskingStage | undefined;
  /** Whether what is on the screen answered it. */
  let isAnswered = false;
  /** Somebody's result is on the screen, or is looked for. */
  let isResting = false;
  let basis = '';
  const basisNow = (): string => JSON.stringify([acts.asks(), acts.chosen()]);
  const isOutdated = (): boolean => stage !== undefined && basis !== basisNow();

  const begin = async (): Promise<void> => {
    const asks = acts.asks();
    if (asks === null) {
      acts.idle();
      return;
    }
    const turn = acts.clear();
    const asked = basisNow();
    try {
      const begun = await beginAsking({
        ...acts,
        answered: (verdicts) => {
          if (isOutdated()) void begin();
          else acts.answered(verdicts);
        },
        asks,
        speaker: acts.speaker(),
        chosen: acts.chosen(),
        again: () => void begin(),
        stop: acts.idle,
      });
      if (acts.isCurrent(turn)) {
        stage = begun;
        basis = asked;
        acts.begun();
        show();
      } else begun.end();
    } catch {
      if (acts.isCurrent(turn)) acts.idle('askFailed');
    }
  };
  const show = (trouble?: Said): boolean => {
    isResting = false;
    if (isOutdated()) void begin();
    else stage?.show(trouble);
    return stage !== undefined;
  };
  return {
    isOpen: () => stage !== undefined,
    begin,
    show,
    watch: () => {
      isResting = false;
      stage?.watch();
    },
    rest: () => {
      isResting = true;
      stage?.rest();
    },
    shows: (verdicts) => {
      isResting = true;
      stage?.rest();
      isAnswered = verdicts.some(({ byWallet }) => byWallet === true);
    },
    goOn: (hasCamera) => {
      if (stage === undefined) return false;
      const isNew = isAnswered || isOutdated();
      if (isNew) void begin();
      return isNew || (!hasCamera && show());
    },
    check: () => {
      if (!isOutdated()) return;
      // What is on the screen stays; nobody answers meanwhile what is asked no more.
      if (isResting) stage?.end();
      else void begin();
    },
    end: () => {
      stage?.end();
      stage = undefined;
    },
  };
}
