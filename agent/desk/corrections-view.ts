import { CORRECTION_STATES, type Correction, type CorrectionState } from './answers.ts';
import { showCorrection } from './correction-detail.ts';
import { attempt, latest, say, type Desk } from './desk.ts';
import { button, element, field, foreign } from './elements.ts';
import { momentText } from './moments.ts';
import { pickList, type PickList } from './pick-list.ts';

/** What the view keeps. */
interface CorrectionsState {
  wanted: CorrectionState | '';
  number: string;
  found: readonly Correction[] | undefined;
  shown: string | undefined;
}

/** What is typed of a number: it is read out over the telephone. */
const plainNumber = (text: string): string => text.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');

/** Requests to put a record right, the oldest first. */
export function showCorrections(desk: Desk, main: HTMLElement): void {
  const { words, session, language } = desk;
  const said = words.corrections;
  const state = desk.kept<CorrectionsState>('corrections', () => ({
    wanted: 'open',
    number: '',
    found: undefined,
    shown: undefined,
  }));
  const newest = latest();
  const results = element('div', { class: 'results' });
  const detail = element('section', { class: 'detail', 'aria-label': said.request });
  let picks: PickList | undefined;

  const visible = (): readonly Correction[] => {
    const number = plainNumber(state.number);
    return (state.found ?? []).filter((one) => plainNumber(one.number).includes(number));
  };
  const open = (correction: Correction): void => {
    state.shown = correction.number;
    picks?.mark(visible().findIndex(({ number }) => number === correction.number));
    showCorrection(desk, detail, correction, (changed) => {
      state.found = state.found?.map((one) => (one.number === changed.number ? changed : one));
      list();
      open(changed);
    });
  };
  const list = (): void => {
    if (state.found === undefined) return;
    const some = visible();
    picks = pickList(
      words.views.corrections,
      some.map((one) => [
        element('span', { class: 'result-name' }, element('code', {}, one.number)),
        element('span', {}, foreign(`${one.given} ${one.family}`)),
        element(
          'span',
          { class: 'lesser' },
          `${words.states[one.state]} · ${momentText(one.filedAt, language)}`,
        ),
      ]),
      (at) => {
        const chosen = some[at];
        if (chosen !== undefined) open(chosen);
      },
    );
    results.replaceChildren(some.length === 0 ? element('p', { class: 'empty' }, said.none) : picks.list);
    picks.mark(some.findIndex(({ number }) => number === state.shown));
  };
  const load = (pressed: HTMLButtonElement | null): void => {
    const isNewest = newest.begin();
    void attempt(desk, pressed, async () => {
      const asked = state.wanted === '' ? {} : { state: state.wanted };
      const answer = (await session.post('corrections/list', asked)) as {
        readonly corrections: readonly Correction[];
      };
      if (!isNewest()) return;
      state.found = answer.corrections;
      list();
      desk.say(say(words.search.found, { count: visible().length }));
    });
  };

  const wanted = element(
    'select',
    { id: 'correction-state' },
    ...CORRECTION_STATES.map((one) =>
      element('option', { value: one, selected: one === state.wanted }, words.states[one]),
    ),
    element('option', { value: '', selected: state.wanted === '' }, said.all),
  );
  wanted.addEventListener('change', () => {
    state.wanted = CORRECTION_STATES.find((one) => one === wanted.value) ?? '';
    detail.replaceChildren();
    state.shown = undefined;
    load(null);
  });
  const number = element('input', {
    id: 'correction-number',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '40',
  });
  number.value = state.number;
  number.addEventListener('input', () => {
    state.number = number.value;
    list();
  });
  const form = element(
    'form',
    { class: 'search', novalidate: true, role: 'search' },
    field(said.state, wanted),
    field(said.number, number, { hint: said.numberHint }),
    button(words.shell.refresh, {}, load),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [first] = visible();
    if (first !== undefined) open(first);
  });
  main.replaceChildren(
    element('h1', {}, words.views.corrections),
    form,
    element('div', { class: 'split' }, results, detail),
  );
  list();
  load(null);
  const kept = visible().find((one) => one.number === state.shown);
  if (kept === undefined) wanted.focus();
  else open(kept);
}
