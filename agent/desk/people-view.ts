import type { PeopleFound, PersonFound } from './answers.ts';
import { attempt, latest, say, type Desk } from './desk.ts';
import { button, element, foreign } from './elements.ts';
import { nothingTyped, personForm, type Asked, type Typed } from './person-form.ts';
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
  const results = element('div', { class: 'results' });
  const detail = element('section', { class: 'detail', 'aria-label': words.record.onRecord });
  const form = personForm(desk, state.typed, {
    prefix: 'person',
    withZip: true,
    ask: (asked) => {
      const isNewest = newest.begin();
      void attempt(desk, form.querySelector('button'), async () => {
        desk.say(words.shell.loading);
        const found = (await session.post('records/search', asked)) as PeopleFound;
        if (!isNewest()) return;
        Object.assign(state, { asked, found, shown: undefined, record: undefined });
        show();
        desk.say(summary(desk, found));
        // The clerk's next key is Enter on the person, not Tab through a page.
        if (found.people.length === 1) open(0);
        else results.querySelector<HTMLElement>('button')?.focus();
      });
    },
  });

  const open = (at: number, fresh = true): void => {
    const person = state.found?.people[at];
    if (person === undefined) return;
    if (fresh) state.record = undefined;
    state.shown = at;
    for (const [place, one] of results.querySelectorAll('.result').entries()) {
      one.setAttribute('aria-current', String(place === at));
    }
    state.record ??= { check: undefined, cards: [...person.cards], sheet: undefined };
    showRecord(desk, detail, person, state.record);
  };

  const show = (): void => {
    const { found } = state;
    detail.replaceChildren();
    if (found === undefined) {
      results.replaceChildren();
      return;
    }
    results.replaceChildren(
      ...notes(desk, found, state.asked),
      found.people.length === 0
        ? element(
            'p',
            { class: 'empty' },
            state.asked?.postalCode === undefined ? words.search.none : words.search.noneFor,
          )
        : resultList(desk, found.people, open),
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

/** One button a person; the arrow keys go from one to the next. */
function resultList(
  { words }: Desk,
  people: readonly PersonFound[],
  open: (at: number) => void,
): HTMLElement {
  const buttons = people.map(({ names, birthDate, source, postalCodes }, at) => {
    const made = button('', { class: 'result', 'aria-current': 'false' }, () => {
      open(at);
    });
    made.append(
      element('span', { class: 'result-name' }, foreign(names[0] ?? '')),
      element('span', { class: 'lesser' }, foreign([birthDate, ...postalCodes].join(' · '))),
      element('span', { class: 'lesser' }, foreign(source)),
    );
    return made;
  });
  const list = element(
    'ul',
    { class: 'result-list', 'aria-label': words.search.results },
    ...buttons.map((one) => element('li', {}, one)),
  );
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = buttons.findIndex((one) => one === document.activeElement);
    if (step === 0 || at < 0) return;
    event.preventDefault();
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)]?.focus();
  });
  return list;
}
