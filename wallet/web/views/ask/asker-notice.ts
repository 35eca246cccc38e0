import type { Asker } from '../../../asking/asker.ts';
import type { Speaker } from '../../wallet-words.ts';
import { paragraph } from '../paragraphs.ts';
import { foreign, toneBox } from '../parts.ts';
import type { Tone } from '../parts.ts';
import { element } from '../../../../verifier/web/parts/element.ts';

/** How it is said, and why it matters. */
const SAID = {
  known: ['good', 'askKnown', undefined],
  unknown: ['bad', 'askUnknown', 'askUnknownWhy'],
  disowned: ['bad', 'askDisowned', 'askDisownedWhy'],
  unchecked: ['warn', 'askUnchecked', 'askUncheckedWhy'],
} as const satisfies Record<Asker['standing'], readonly [Tone, string, string | undefined]>;

/** Who asks, by the ledger and never by their own word, and how far that can be relied on. */
export function askerNotice({ standing, listings }: Asker, { say }: Speaker): HTMLElement {
  const [tone, title, why] = SAID[standing];
  const names = listings.map(({ name }) => element('p', { class: 'asker-name' }, foreign(name)));
  // Whoever took a registration back does not stand for it any more.
  const active = listings.filter(({ status }) => status === 'active');
  const jurisdictions = [...new Set(active.map(({ jurisdiction }) => jurisdiction))];
  return element(
    'section',
    { class: 'asker' },
    ...(names.length === 0 ? [paragraph(say('askNobody'), 'asker-name')] : names),
    toneBox(
      tone,
      say(title),
      ...jurisdictions.map((jurisdiction) => {
        // The name stands in the middle of a sentence, isolated from it.
        const { text, tag, direction } = say('askKnownBy', { jurisdiction: '\u0000' });
        const [before = '', after = ''] = text.split('\u0000');
        return element('p', { lang: tag, dir: direction }, before, foreign(jurisdiction), after);
      }),
      why === undefined ? undefined : paragraph(say(why)),
    ),
  );
}
