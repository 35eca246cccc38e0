import { element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { ageWords } from '../../pipeline/words/age.ts';
import { wordsOf } from '../../pipeline/words.ts';
import type { Said } from '../parts/speaker.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Standing } from '../parts/trust/standing.ts';

/** How bad what the banner says is. */
export type Level = 'calm' | 'warn' | 'stop';

/** What the banner says. */
interface BannerText {
  readonly level: Level;
  readonly problems: readonly Said[];
}

/** The worst first; nothing of it is made to look better than it is. */
function problemsOf(standing: Standing, speaker: Speaker, besides: readonly Said[]): BannerText {
  const { say } = speaker;
  const { state, freshness, anchored, contact, clockOff } = standing;
  const stop: Said[] = [...besides];
  const warn: Said[] = [];
  if (state === 'missing') stop.push(say('nothingHeld'));
  if (state === 'invalid') stop.push(say('heldInvalid'));
  if (freshness === 'stale') stop.push(say('stale'));
  if (state === 'held' && !anchored) stop.push(say('unanchored'));
  if (contact?.fault !== undefined && contact.fault !== null && !UNREACHED.has(contact.fault)) {
    const isMoved = contact.fault === 'STORE_OF_ANOTHER_REGISTRY';
    warn.push(isMoved ? say('movedNode') : say('refused', { code: contact.fault }));
  }
  if (freshness === 'ageing') warn.push(say('ageing'));
  if (clockOff !== null) warn.push(say('clockOff', { time: durationWords(clockOff, speaker) }));
  return {
    level: stop.length > 0 ? 'stop' : warn.length > 0 ? 'warn' : 'calm',
    problems: [...stop, ...warn],
  };
}

/** Faults that only mean that the node, or what it needs, is not there. */
const UNREACHED: ReadonlySet<string> = new Set(['OFFLINE', 'TRUST_MISSING', 'VENUE_ANSWER']);

/** How the data stands by which this page decides, and what else keeps it from deciding. */
export function bannerView(standing: Standing, speaker: Speaker, besides: readonly Said[] = []): HTMLElement {
  const { say, language } = speaker;
  const { ageSeconds, block, lists, contact } = standing;
  const { level, problems } = problemsOf(standing, speaker, besides);
  const reached =
    contact === null ? say('connecting') : contact.fault === 'OFFLINE' ? say('offline') : say('online');
  const facts: Said[] = [];
  if (ageSeconds !== null) {
    facts.push(say('trustFrom', { age: ageWords(ageSeconds, wordsOf(language.base)) }));
    if (lists.all > 0) facts.push(say('lists', { current: String(lists.current), all: String(lists.all) }));
    if (block !== null) facts.push(say('block', { number: String(block) }));
  }
  return element(
    'div',
    { class: `banner banner-${level}`, 'data-level': level },
    element(
      'p',
      { class: 'banner-facts' },
      element(
        'span',
        { class: `reached reached-${contact?.fault === 'OFFLINE' ? 'no' : 'yes'}` },
        saidNode(reached),
      ),
      // Apart for whoever copies or hears it; the dots are drawn.
      ...facts.flatMap((fact) => [' ', element('span', {}, saidNode(fact))]),
    ),
    ...problems.map((problem) => element('p', { class: 'banner-problem' }, saidNode(problem))),
  );
}

/** In the unit that is nearest, as people say it. */
function durationWords(seconds: number, { language }: Speaker): string {
  const size = Math.abs(seconds);
  const [unit, length] = UNITS.find(([, each]) => size >= 1.5 * each) ?? (['minute', 60] as const);
  return new Intl.NumberFormat(language.tag, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.round(size / length),
  );
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
] as const;
