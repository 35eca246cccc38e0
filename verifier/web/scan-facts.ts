import type { Standing } from './parts/trust/standing.ts';
import type { Speaker } from './scanner-words.ts';
import type { IdleFacts } from './screen.ts';
import { eventNow } from './settings.ts';
import type { Settings } from './settings.ts';
import type { VenueDesk } from './setup/venue-desk.ts';
import type { Chosen } from './venue-verifier.ts';
import { mayChangeMode, modeName, modeWords } from './views/mode-view.ts';

/** What cards are held against now, unless the node has rules of its own. */
export function chosenNow(venues: VenueDesk, settings: Settings, now: number): Chosen {
  return { rules: venues.rules() ?? settings.rules, event: eventNow(settings, now) };
}

/** For whom and by which rules is scanned, in the words of the speaker. */
export type ScanFacts = Omit<IdleFacts, 'introduced' | 'fault'>;

/** What is said of it wherever somebody scans; before anything is known of the node, too. */
export function scanFacts(
  standing: Standing | undefined,
  venues: VenueDesk,
  settings: Settings,
  speaker: Speaker,
  mayAsk: boolean,
): ScanFacts {
  const told = standing && venues.withRules(standing);
  const name = told === undefined ? (venues.rules() ?? settings.rules) : modeName(told, settings);
  return {
    venue: venues.name(),
    blocked: venues.fault() !== null,
    mode: modeWords(name, told?.ruleSets ?? [], speaker),
    mayAsk,
    mayChangeMode: told !== undefined && mayChangeMode(told),
  };
}
