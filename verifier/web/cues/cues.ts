import type { Said } from '../parts/speaker.ts';
import type { CameraEvent } from '../parts/camera-turn.ts';
import type { VerdictKind } from '../parts/verdict.ts';
import type { Speaker } from '../scanner-words.ts';
import type { ScannerWords } from '../words/table.ts';
import { ownVoice, speech } from './own-voice.ts';

/** Speaks to guests who do not see the screen: what to do, and how it ended; never who they are. */
export interface Cues {
  readonly camera: (event: CameraEvent, speaker: Speaker) => void;
  readonly outcome: (kind: VerdictKind, speaker: Speaker) => void;
  readonly silence: () => void;
}

const OUTCOMES: Readonly<Record<VerdictKind, readonly (keyof ScannerWords)[]>> = {
  accepted: ['cueAccepted'],
  rejected: ['cueRejected', 'askStaff'],
  undetermined: ['askStaff'],
  unreadable: ['askStaff'],
  specimen: ['askStaff'],
};

/** What is said again, is said so much later at the earliest. */
const PAUSE_MS = 6000;
/** An empty door is not talked to all day: after so many calls they become rare. */
const CALLS = 3;
const RARE_PAUSE_MS = 60_000;

/** Cues that are silent for as long as nobody wants them, or this device has no voice of its own. */
export function cuesOf(isWanted: () => boolean, now = (): number => performance.now()): Cues {
  let last = { text: '', at: -Infinity };
  let calls = 0;

  const speak = (said: readonly Said[]): void => {
    const [first] = said;
    const voice = first === undefined ? undefined : ownVoice(first.tag);
    if (voice === undefined || !isWanted()) return;
    const utterance = new SpeechSynthesisUtterance(said.map(({ text }) => text).join(' '));
    utterance.voice = voice;
    utterance.lang = voice.lang;
    // The newest is what counts: whoever is told to hold still has done so by now.
    speech()?.cancel();
    speech()?.speak(utterance);
  };
  const remind = (said: Said): void => {
    if (said.text === last.text && now() - last.at < PAUSE_MS) return;
    last = { text: said.text, at: now() };
    speak([said]);
  };

  return {
    camera: (event, { say }) => {
      if (event.kind === 'codes') return;
      if (event.kind === 'nothing') {
        // Whoever was just told something else is given the time to do it.
        if (now() - last.at < (calls < CALLS ? PAUSE_MS : RARE_PAUSE_MS)) return;
        calls += 1;
        remind(say('cueTurn'));
        return;
      }
      calls = 0;
      if (event.kind === 'unclear') remind(say('cueHold'));
      else if (event.kind === 'several') remind(say('oneCode'));
      else remind(say('cuePart', { have: String(event.have), all: String(event.total) }));
    },
    outcome: (kind, { say }) => {
      calls = 0;
      last = { text: '', at: now() };
      speak(OUTCOMES[kind].map((key) => say(key)));
    },
    silence: () => {
      speech()?.cancel();
    },
  };
}
