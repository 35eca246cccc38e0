import type { Card } from './answers.ts';
import { cardTable } from './card-table.ts';
import { attempt, type Desk } from './desk.ts';
import { element, field } from './elements.ts';
import { nothingTyped, personForm, type Asked, type Typed } from './person-form.ts';

/** What the view keeps. */
interface CardsState {
  readonly typed: Typed;
  number: string;
  cards: readonly Card[] | undefined;
}

/** Cards by their number, or by the person as on the card: for whoever has no sight of records, or no person there. */
export function showCards(desk: Desk, main: HTMLElement): void {
  const { words, session } = desk;
  const said = words.cards;
  const state = desk.kept<CardsState>('cards', () => ({
    typed: nothingTyped(),
    number: '',
    cards: undefined,
  }));
  const results = element('section', { class: 'detail', 'aria-label': words.views.cards });

  const show = (): void => {
    const { cards } = state;
    if (cards === undefined) return;
    results.replaceChildren(
      cards.length === 0
        ? element('p', { class: 'empty' }, said.none)
        : cardTable(desk, cards, undefined, (changed) => {
            state.cards = cards.map((card) => (card.id === changed.id ? changed : card));
            show();
          }),
    );
  };
  const number = element('input', {
    id: 'card-number',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '100',
  });
  number.value = state.number;
  const byNumber = element(
    'form',
    { class: 'search', novalidate: true },
    field(said.number, number, { hint: said.numberHint }),
    element('button', { type: 'submit', class: 'first' }, said.show),
  );
  byNumber.addEventListener('submit', (event) => {
    event.preventDefault();
    state.number = number.value.trim();
    if (state.number === '') {
      number.focus();
      return;
    }
    void attempt(desk, byNumber.querySelector('button'), async () => {
      state.cards = [(await session.post('cards/show', { id: state.number })) as Card];
      show();
      desk.say(`${words.views.cards}: 1`);
    });
  });
  const byPerson = personForm(desk, state.typed, {
    prefix: 'bearer',
    withZip: false,
    ask: (asked: Asked) => {
      void attempt(desk, byPerson.querySelector('button'), async () => {
        const found = (await session.post('cards/search', asked)) as { readonly cards: readonly Card[] };
        state.cards = found.cards;
        show();
        desk.say(`${words.views.cards}: ${found.cards.length}`);
      });
    },
  });
  main.replaceChildren(
    element('h1', {}, words.views.cards),
    element('h2', {}, said.byNumber),
    byNumber,
    element('h2', {}, said.byPerson),
    byPerson,
    element('p', { class: 'hint' }, `${said.noPerson} ${words.search.seen}`),
    results,
  );
  show();
  number.focus();
}
