import { ageWords } from '../../verifier/pipeline/words/age.ts';
import { wordsOf } from '../../verifier/pipeline/words.ts';
import { element } from '../../verifier/web/parts/element.ts';
import { saidNode } from '../../verifier/web/parts/said-text.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { Standing } from '../../verifier/web/parts/trust/standing.ts';
import type { Wallet } from './context.ts';
import { saidButton } from './said-button.ts';
import type { Speaker } from './wallet-words.ts';

/** Faults that only mean that the server, or what it needs, is not there. */
const UNREACHED: ReadonlySet<string> = new Set(['OFFLINE', 'TRUST_MISSING', 'VENUE_ANSWER']);

/** How old what passes are judged by is, without making it look better than it is; with the way to newer. */
export function trustLine(wallet: Wallet, refreshed: () => void): HTMLElement {
  const { speaker, knowledge, announce } = wallet;
  const standing = knowledge.standing();
  const problems = problemsOf(standing, speaker);
  const again = saidButton(speaker.say('refresh'), () => void refresh(), { class: 'quiet' });
  const isCalm = problems.length === 0;
  return element(
    'section',
    { class: isCalm ? 'trust' : 'trust trust-warn' },
    element('div', {}, ...linesOf(standing, speaker, problems)),
    again,
  );

  async function refresh(): Promise<void> {
    again.disabled = true;
    const { contact } = await knowledge.refresh();
    const fault = contact?.fault ?? null;
    announce(
      fault === null
        ? speaker.say('refreshed')
        : UNREACHED.has(fault)
          ? speaker.say('notReached')
          : speaker.say('trustRefused', { code: fault }),
    );
    refreshed();
  }
}

function linesOf(
  { ageSeconds, contact }: Standing,
  speaker: Speaker,
  problems: readonly Said[],
): readonly HTMLElement[] {
  const { say, language } = speaker;
  const line = (said: Said, name: string): HTMLElement => element('p', { class: name }, saidNode(said));
  return [
    ...problems.map((said) => line(said, 'trust-problem')),
    ...(ageSeconds === null
      ? []
      : [line(say('trustFrom', { age: ageWords(ageSeconds, wordsOf(language.base)) }), 'small')]),
    ...(contact?.fault === 'OFFLINE' && ageSeconds !== null ? [line(say('trustOffline'), 'small')] : []),
  ];
}

function problemsOf(standing: Standing, { say }: Speaker): readonly Said[] {
  const { state, freshness, anchored, contact, clockOff } = standing;
  const fault = contact?.fault ?? null;
  return [
    ...(state === 'missing' ? [say('trustMissing')] : []),
    ...(state === 'invalid' ? [say('dataInvalid')] : []),
    ...(freshness === 'stale' ? [say('dataStale')] : []),
    ...(freshness === 'ageing' ? [say('trustAgeing')] : []),
    ...(state === 'held' && !anchored ? [say('dataUnanchored')] : []),
    ...(fault === null || UNREACHED.has(fault) ? [] : [say('trustRefused', { code: fault })]),
    ...(clockOff === null ? [] : [say('clockOff')]),
  ];
}
