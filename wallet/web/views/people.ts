import { button, element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import { arrange } from '../../passes/pass-box.ts';
import { movedPerson, renamed } from '../../passes/shelf.ts';
import type { Person, Shelf } from '../../passes/shelf.ts';
import { nameNode } from '../cards/pass-words.ts';
import type { Wallet } from '../context.ts';

/** A person with the cards that are to be shown; nothing without one. */
export function personSection(
  label: string,
  id: string,
  cards: readonly HTMLElement[],
): readonly HTMLElement[] {
  if (cards.length === 0) return [];
  return [
    element(
      'section',
      { class: 'person', 'aria-labelledby': `person-${id}` },
      element('h2', { id: `person-${id}` }, nameNode(label)),
      element('ul', { class: 'cards' }, ...cards.map((card) => element('li', {}, card))),
    ),
  ];
}

/** Everybody with a field for the name and buttons for the place. */
export function arrangingView({ people }: Shelf, wallet: Wallet, changed: () => void): HTMLElement {
  return element(
    'ul',
    { class: 'arranging' },
    ...people.map((person, place) => personRow(person, place, { count: people.length, wallet, changed })),
  );
}

function personRow(
  { id, label }: Person,
  place: number,
  {
    count,
    wallet,
    changed,
  }: { readonly count: number; readonly wallet: Wallet; readonly changed: () => void },
): HTMLElement {
  const { speaker, vault, attempt, announce } = wallet;
  const { say } = speaker;
  const name = shownText(label);
  const field = element('input', {
    type: 'text',
    maxlength: '50',
    autocomplete: 'off',
    'data-key': `name ${id}`,
  });
  field.value = label;
  field.addEventListener('change', () => void change((shelf) => renamed(shelf, id, field.value)));
  const move = (by: -1 | 1): HTMLElement => {
    const key = by < 0 ? 'personUp' : 'personDown';
    return button(by < 0 ? '↑' : '↓', () => void moved(by), {
      class: 'quiet',
      'data-key': `${key} ${id}`,
      'aria-label': say(key, { name }).text,
      // Kept in reach: a button that goes takes the focus with it.
      'aria-disabled': (by < 0 ? place === 0 : place === count - 1) ? 'true' : undefined,
    });
  };
  return element(
    'li',
    { class: 'arranging-person' },
    element('label', {}, element('span', { class: 'small' }, saidNode(say('personName', { name }))), field),
    move(-1),
    move(1),
  );

  async function moved(by: -1 | 1): Promise<void> {
    const next = place + by;
    if (next < 0 || next >= count) return;
    await change((shelf) => movedPerson(shelf, id, by));
    announce(say('movedTo', { place: String(next + 1), all: String(count) }));
  }

  async function change(how: (shelf: Shelf) => Shelf): Promise<void> {
    await attempt(async () => {
      await arrange(vault, how);
      changed();
    });
  }
}
