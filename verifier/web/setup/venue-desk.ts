import type { CheckedSetup, SetupFault } from '../../pipeline/setup-check.ts';
import type { SetupCode } from '../../pipeline/setup-code.ts';
import { isSetupText } from '../../pipeline/setup-code.ts';
import { askPin } from '../lock/ask-pin.ts';
import { pinLock } from '../lock/pin-lock.ts';
import type { Standing } from '../parts/trust/standing.ts';
import type { Said } from '../parts/speaker.ts';
import type { Calls } from '../parts/worker-calls.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Screen } from '../screen.ts';
import type { SettingsActs } from '../views/settings-view.ts';
import type { ScannerWords } from '../words/table.ts';
import type { SetupAnswer, Shown } from '../venue-verifier.ts';
import { readVenues, saidBy, VENUES, withVenue, withoutVenue, writeVenues } from './kept-venues.ts';
import type { KeptVenues } from './kept-venues.ts';
import { SETUP_WORDS } from './setup-words.ts';
import { offerView, showSetupFault } from './setup-views.ts';
import { startAnewView } from './start-anew.ts';
import { venueName, venuesView } from './venues-view.ts';

/** A kept venue, with what its code says and what is against it. */
export interface CheckedVenue extends CheckedSetup {
  readonly text: string;
}

/** What the desk works with. */
interface DeskPorts {
  readonly verifier: Calls;
  readonly storage: Storage;
  readonly speaker: () => Speaker;
  readonly screen: Screen;
  readonly standing: () => Standing | undefined;
  /** No camera, no result, nobody's name. */
  readonly rest: () => void;
  /** Another venue, or the same with something against it. */
  readonly changed: () => void;
}

/** For whom this scanner scans: the venues that it was set up for, checked again and again, and the lock of the one. */
export interface VenueDesk {
  /** The name of the venue that is scanned for; undefined if there is none. */
  readonly name: () => string | undefined;
  /** Why nobody is scanned for, though a venue was chosen. */
  readonly fault: () => SetupFault | null;
  /** What the venue's PIN is held against; undefined without one. */
  readonly pin: () => string | undefined;
  readonly languages: () => readonly string[];
  /** The venue's own rules; null if it leaves them to others. */
  readonly rules: () => string | null;
  /** How things stand, with the venue's rules as fixed as the node's own. */
  readonly withRules: (standing: Standing) => Standing;
  /** Check what is kept by what is known now. */
  readonly check: () => Promise<void>;
  /** Do something if there is no PIN, or whoever stands there knows it. */
  readonly guard: (act: () => void) => void;
  /** What of it is to be said beside how things stand. */
  readonly problems: () => readonly Said[];
  /** Take up the set-up code in what was shown; false if there is none. */
  readonly takes: (shown: Shown) => boolean;
  /** Say why nobody is scanned for, instead of a result. */
  readonly tellFault: () => void;
  /** What can be done about venues in the settings. */
  readonly manage: () => Pick<SettingsActs, 'venues' | 'startAnew'>;
}

/** Larger files are no set-up code. */
const MAX_FILE_BYTES = 4096;

/** Keep the venues of this device. */
export function venueDesk(ports: DeskPorts): VenueDesk {
  const { verifier, storage, speaker, screen, standing, rest, changed } = ports;
  const { open } = screen;
  const refuse = (fault: SetupFault, title: keyof ScannerWords, more?: keyof ScannerWords): void => {
    rest();
    showSetupFault(screen, fault, speaker(), { title, more, close: rest });
  };
  let kept = readVenues(storage);
  /** Whether the browser keeps what it is given; else it is for this visit. */
  let isKept = true;
  let checked = kept.codes.map(unchecked);
  const active = (): CheckedVenue | undefined => checked.find(({ text }) => text === kept.active);

  /** What other tabs keep in the meantime is not undone. */
  const keep = (next: (kept: KeptVenues) => KeptVenues): void => {
    const before = kept;
    kept = next(isKept ? readVenues(storage) : kept);
    isKept = writeVenues(storage, kept);
    if (before.active !== kept.active) checked = kept.codes.map((text) => known(text));
    void check().then(changed);
  };
  const known = (text: string): CheckedVenue => checked.find((one) => one.text === text) ?? unchecked(text);

  const check = async (): Promise<void> => {
    const { codes } = kept;
    const answers = await ask(codes);
    const before = JSON.stringify(active());
    // Another venue was chosen in the meantime: that is checked by whoever chose it.
    if (codes === kept.codes) checked = codes.map((text, at) => ({ ...unchecked(text), ...answers[at] }));
    if (JSON.stringify(active()) !== before) changed();
  };
  const ask = async (codes: readonly string[]): Promise<readonly SetupAnswer[]> => {
    if (codes.length === 0) return [];
    try {
      return (await verifier.call('setups', codes)) as readonly SetupAnswer[];
    } catch {
      return [];
    }
  };

  // As it is kept, whatever else is against it: a lock does not open because the node cannot be asked.
  const said = (): SetupCode | undefined => (kept.active === null ? undefined : saidBy(kept.active));
  const isOpen = async (): Promise<boolean> => {
    const { id, pin } = said() ?? { id: '', pin: null };
    return pin === null || askPin(open, speaker(), pinLock(`venue-${id}`, pin, storage));
  };

  const guarded = async (act: () => void): Promise<void> => {
    if (await isOpen()) act();
  };

  const rules = (): string | null => {
    const own = active()?.code?.rules ?? 'none';
    return own === 'none' ? null : own;
  };

  const takeUp = async (text: string): Promise<void> => {
    rest();
    const [answer] = await ask([text]);
    const { code, fault, late } = answer ?? { code: null, fault: 'SETUP_UNCHECKED', late: false };
    const isHere = kept.codes.includes(text);
    if (fault !== null || code === null) refuse(fault ?? 'SETUP_UNCHECKED', 'setupRefused');
    else if (late && !isHere) refuse('SETUP_EXPIRED', 'setupRefused');
    else {
      await guarded(() => {
        const take = (): void => {
          keep((before) => withVenue(before, text));
        };
        open(offerView(code, standing()?.ruleSets ?? [], speaker(), take));
      });
    }
  };

  addEventListener('storage', ({ key }) => {
    if (key !== VENUES && key !== null) return;
    kept = readVenues(storage);
    checked = kept.codes.map(known);
    void check().then(changed);
  });

  return {
    check,
    guard: (act) => void guarded(act),
    pin: () => said()?.pin ?? undefined,
    name: () => {
      const venue = active();
      return venue && venueName(venue, speaker());
    },
    fault: () => active()?.fault ?? null,
    languages: () => active()?.code?.languages ?? [],
    rules,
    withRules: (told) => {
      const own = rules();
      return told.fixedRules === null && own !== null ? { ...told, fixedRules: own } : told;
    },
    problems: () => {
      const fault = active()?.fault ?? null;
      return fault === null ? [] : [speaker().say(SETUP_WORDS[fault])];
    },
    takes: (shown) => {
      const code = textsIn(shown)
        .map((text) => text.trim())
        .find(isSetupText);
      if (code !== undefined) void takeUp(code);
      return code !== undefined;
    },
    tellFault: () => {
      const fault = active()?.fault ?? null;
      if (fault !== null) refuse(fault, 'setupBlocked', 'setupNext');
    },
    manage: () => {
      const acts = {
        choose: (text: string): void => {
          keep((before) => withVenue(before, text));
        },
        remove: (text: string): void => {
          keep((before) => withoutVenue(before, text));
        },
      };
      const list = (): void => {
        open(venuesView(checked, kept.active, speaker(), acts));
      };
      return {
        venues: kept.codes.length === 0 ? undefined : list,
        startAnew: () => {
          open(startAnewView(verifier, storage, speaker()));
        },
      };
    },
  };
}

function unchecked(text: string): CheckedVenue {
  return { text, code: null, fault: 'SETUP_UNCHECKED' };
}

function textsIn(shown: Shown): readonly string[] {
  if ('codes' in shown) return shown.codes;
  if ('text' in shown) return [shown.text];
  return 'bytes' in shown && shown.bytes.length <= MAX_FILE_BYTES
    ? [new TextDecoder().decode(shown.bytes)]
    : [];
}
