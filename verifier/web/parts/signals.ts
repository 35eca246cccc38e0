import type { VerdictKind } from './verdict.ts';

/** Pitches in hertz, one after the other, and the pattern of vibration in milliseconds: told apart without looking. */
const SIGNALS: Readonly<
  Record<VerdictKind, { readonly tones: readonly number[]; readonly pattern: number[] }>
> = {
  accepted: { tones: [660, 880], pattern: [80] },
  rejected: { tones: [220, 220, 220], pattern: [250, 100, 250] },
  undetermined: { tones: [440, 330], pattern: [120, 80, 120] },
  unreadable: { tones: [330], pattern: [60] },
  specimen: { tones: [330], pattern: [60] },
};

const TONE_SECONDS = 0.12;

let audio: AudioContext | undefined;

/** Let the outcome be heard or felt, where somebody chose so. */
export function signal(
  kind: VerdictKind,
  { sounds, vibration }: { readonly sounds: boolean; readonly vibration: boolean },
): void {
  const { tones, pattern } = SIGNALS[kind];
  // Safari has no vibration.
  if (vibration && 'vibrate' in navigator) navigator.vibrate(pattern);
  if (!sounds) return;
  audio ??= new AudioContext();
  const begin = audio.currentTime;
  for (const [place, pitch] of tones.entries()) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    tone.connect(new GainNode(audio, { gain: 0.2 })).connect(audio.destination);
    tone.start(begin + place * TONE_SECONDS * 1.3);
    tone.stop(begin + place * TONE_SECONDS * 1.3 + TONE_SECONDS);
  }
}
