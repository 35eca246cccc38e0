import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import type { Speaker } from '../scanner-words.ts';
import { chooser } from '../views/settings-view.ts';
import { dayWords } from './setup-views.ts';
import { SETUP_WORDS } from './setup-words.ts';
import type { CheckedVenue } from './venue-desk.ts';

/** What can be done about venues. */
interface VenueActs {
  readonly choose: (code: string) => void;
  readonly remove: (code: string) => void;
}

/** The venues of this device: which one is scanned for, and since that is a whole evening's work, only once confirmed. */
export function venuesView(
  venues: readonly CheckedVenue[],
  active: string | null,
  speaker: Speaker,
  acts: VenueActs,
): HTMLDialogElement {
  const { say } = speaker;
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'venues-title' });
  const about = element('p', { class: 'small' });
  const question = element('p', { class: 'question', role: 'status' });
  let picked = venues.find(({ text }) => text === active) ?? venues[0];
  let act = (): void => undefined;
  const confirm = button(
    '',
    () => {
      dialog.close();
      act();
    },
    { class: 'primary' },
  );
  const ask = (key: 'venueUse' | 'venueRemove', then: (code: string) => void): void => {
    const venue = picked;
    if (venue === undefined) return;
    act = () => {
      then(venue.text);
    };
    question.replaceChildren(saidNode(say(key, { venue: venueName(venue, speaker) })));
    confirm.replaceChildren(saidNode(say(key === 'venueUse' ? 'change' : 'remove')));
    question.hidden = false;
    confirm.hidden = false;
  };
  const show = (): void => {
    question.hidden = true;
    confirm.hidden = true;
    about.replaceChildren(...(picked === undefined ? [] : [aboutVenue(picked, speaker)]));
    if (picked !== undefined && picked.text !== active) ask('venueUse', acts.choose);
  };
  dialog.append(
    element('h2', { id: 'venues-title' }, saidNode(say('venues'))),
    chooser(
      say('venue').text,
      venues.map((venue) => ({ value: venue.text, name: venueName(venue, speaker) })),
      picked?.text ?? '',
      (text) => {
        picked = venues.find((venue) => venue.text === text);
        show();
      },
    ),
    about,
    question,
    confirm,
    button(
      say('remove').text,
      () => {
        ask('venueRemove', acts.remove);
      },
      { class: 'quiet' },
    ),
    button(
      say('cancel').text,
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
  );
  show();
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  return dialog;
}

/** Its name, if its node said it. */
export function venueName({ code }: CheckedVenue, speaker: Speaker): string {
  return code === null ? speaker.say('venueUnknown').text : shownText(code.name);
}

function aboutVenue({ code, fault }: CheckedVenue, speaker: Speaker): Node {
  if (fault !== null) return saidNode(speaker.say(SETUP_WORDS[fault]));
  return code === null
    ? document.createTextNode('')
    : saidNode(speaker.say('venueHolds', { date: dayWords(code.exp, speaker) }));
}
