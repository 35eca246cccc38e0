import { element } from '../../../verifier/web/parts/element.ts';
import type { Standing } from '../../../verifier/web/parts/trust/standing.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { View, Wallet } from '../context.ts';
import { card, paragraph, saidButton } from './paragraphs.ts';
import { spanWords } from './wait-words.ts';
import type { Speaker } from '../wallet-words.ts';

/** What passes are judged by: how old it is, and newer data. */
export function trustView({ speaker, knowledge, announce, again, attempt }: Wallet): View {
  const { say } = speaker;
  const refresh = async (): Promise<void> => {
    const { contact } = await knowledge.refresh();
    again();
    if (contact?.fault === null) announce(say('trustFresh'));
  };
  return {
    title: say('trustData'),
    root: element(
      'div',
      { class: 'stage' },
      card(undefined, ...linesOf(knowledge.standing(), speaker).map((said) => paragraph(said))),
      saidButton(say('trustRefresh'), () => void attempt(refresh), 'primary big'),
    ),
  };
}

function linesOf(standing: Standing, speaker: Speaker): readonly Said[] {
  const { say } = speaker;
  const { state, ageSeconds, block, freshness, anchored, clockOff, contact } = standing;
  const fault = contact?.fault ?? null;
  const last = fault === null ? [] : [say('trustFault', { code: fault })];
  if (state !== 'held') return [say(state === 'missing' ? 'trustNone' : 'trustInvalid'), ...last];
  return [
    say('trustAge', { time: spanWords(ageSeconds ?? 0, speaker) }),
    ...(block === null ? [] : [say('trustBlock', { block: block.toLocaleString(speaker.language.tag) })]),
    ...(freshness === 'stale' ? [say('trustStale')] : []),
    ...(anchored ? [] : [say('trustUnanchored')]),
    ...(clockOff === null ? [] : [say('clockOff')]),
    ...last,
  ];
}
