import type { PeopleFound, PersonFound } from './answers.ts';
import { attempt, latest, say, type Desk } from './desk.ts';
import { element, foreign, type Child } from './elements.ts';
import { nothingTyped, personForm, type Asked, type Typed } from './person-form.ts';
import { pickList, type PickList } from './pick-list.ts';
import { showRecord, type RecordState } from './record-view.ts';

/** What the view keeps: what was typed, what was found, who is shown. */
interface PeopleState {
  readonly typed: Typed;
  asked: Asked | undefined;
  found: PeopleFound | undefined;
  shown: number | undefined;
  record: RecordState | undefined;
}

/** Whom to look for when the view is shown next, from another one. */
export function lookFor(desk: Desk, asked: Typed): void {
  const state = stateOf(desk);
  Object.assign(state.typed, asked);
  state.asked = state.found = state.shown = state.record = undefined;
}

function stateOf(desk: Desk): PeopleState {
  return desk.kept<PeopleState>('people', () => ({
    typed: nothingTyped(),
    asked: undefined,
    found: undefined,
    shown: undefined,
    record: undefined,
  }));
}

/** Find a person in all sources, see what is on record, issue. */
export function showPeople(desk: Desk, main: HTMLElement): void {
  const { words, session } = desk;
  const state = stateOf(desk);
  const newest = latest();
  let picks: PickList | undefined;
  const results = element('div', { class: 'results' });
  const detail = element('section', { class: 'detail', 'aria-label': words.record.onRecord });
  const form = personForm(desk, state.typed, {
    prefix: 'person',
    withZip: true,
    ask: (asked) => {
      const isNewest = newest.begin();
      // Nobody must be issued a card of whoever was shown before.
      Object.assign(state, { asked, found: undefined, shown: undefined, record: undefined });
      show();
      void attempt(desk, form.querySelector('button'), async () => {
        desk.say(words.shell.loading);
        const found = (await session.post('records/search', asked)) as PeopleFound;
        if (!isNewest()) return;
        state.found = found;
        show();
        desk.say(summary(desk, found));
        // The clerk's next key is Enter on the person, not Tab through a page.
        if (found.people.length === 1) open(0);
        else picks?.focus(0);
      });
    },
  });

  const open = (at: number, fresh = true): void => {
    const person = state.found?.people[at];
    if (person === undefined) return;
    if (fresh) state.record = undefined;
    state.shown = at;
    picks?.mark(at);
    state.record ??= {
      check: undefined,
      cards: [...person.cards],
      sheet: undefined,
      asked: new Map(),
      issuing: false,
    };
    showRecord(desk, detail, person, state.record);
  };

  const show = (): void => {
    const { found } = state;
    detail.replaceChildren();
    if (found === undefined) {
      results.replaceChildren();
      return;
    }
    picks = pickList(words.search.results, found.people.map(pickOf), open);
    results.replaceChildren(
      ...notes(desk, found, state.asked),
      found.people.length === 0
        ? element('p', { class: 'empty' }, noneText(desk, found, state.asked))
        : picks.list,
    );
    if (found.people.length > 1) detail.replaceChildren(element('p', { class: 'empty' }, words.search.pick));
  };

  main.replaceChildren(
    element('h1', {}, words.views.people),
    form,
    element('p', { class: 'hint' }, words.search.seen),
    element('div', { class: 'split' }, results, detail),
  );
  show();
  if (state.shown === undefined) form.querySelector('input')?.focus();
  else open(state.shown, false);
}

/** While a source was not asked nobody is known not to be there. */
function noneText({ words: { search } }: Desk, { unasked }: PeopleFound, asked: Asked | undefined): string {
  if (unasked.length > 0) return search.open;
  return asked?.postalCode === undefined ? search.none : search.noneFor;
}

function summary({ words }: Desk, { people, elsewhere, unasked }: PeopleFound): string {
  const parts = [
    say(words.search.found, { count: people.length }),
    ...(elsewhere > 0 ? [say(words.search.elsewhere, { count: elsewhere })] : []),
    ...(unasked.length > 0
      ? [say(words.search.unasked, { sources: unasked.map(({ source }) => source).join(', ') })]
      : []),
  ];
  return parts.join(' · ');
}

/** What leaves open whether somebody exists is said before anything else. */
function notes(
  { words }: Desk,
  { asked, unasked, elsewhere }: PeopleFound,
  query: Asked | undefined,
): readonly HTMLElement[] {
  const { search } = words;
  const notice = (text: string): HTMLElement => element('p', { class: 'notice' }, text);
  return [
    ...(asked.length + unasked.length === 0 ? [notice(search.noSources)] : []),
    ...(unasked.length > 0
      ? [notice(say(search.unasked, { sources: unasked.map(({ source }) => source).join(', ') }))]
      : []),
    ...(elsewhere > 0 && query?.postalCode !== undefined
      ? [notice(say(search.elsewhere, { count: elsewhere }))]
      : []),
  ];
}

/** What tells people of one name apart. */
function pickOf({ names, birthDate, sources, postalCodes }: PersonFound): readonly Child[] {
  return [
    element('span', { class: 'result-name' }, foreign(names[0] ?? '')),
    element('span', { class: 'lesser' }, foreign([birthDate, ...postalCodes].join(' · '))),
    element('span', { class: 'lesser' }, foreign(sources.map(({ source }) => source).join(', '))),
  ];
}
