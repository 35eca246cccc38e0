import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shelfOf } from '../../passes/pass-box.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import { searchPasses } from '../../passes/search.ts';
import { passCard } from '../cards/pass-card.ts';
import { stateOf } from '../cards/pass-state.ts';
import type { View, Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';
import { passesNow, readyPasses } from '../shown-passes.ts';
import { trustLine } from '../trust-line.ts';
import { arrangingView, personSection } from './people.ts';
import { remindersView } from './reminders.ts';

/** Fewer are seen at a glance. */
const SEARCH_FROM = 5;
/** What is shown is judged anew so often: a pass may end while somebody looks at it. */
const LOOK_AGAIN_MS = 30_000;

/** Everybody's passes. */
export function homeView(wallet: Wallet): View {
  const { speaker, vault } = wallet;
  const { say } = speaker;
  const place = element('div', { class: 'home-passes' });
  const trust = element('div', { class: 'home-trust' });
  const root = element('div', { class: 'stage home' }, place, trust);
  let isOver = false;
  let isArranging = false;
  let query = '';
  let passes = readyPasses(wallet);

  if (passes === undefined)
    place.append(element('p', { class: 'small', role: 'status' }, saidNode(say('checking'))));
  else draw();
  tellTrust();
  void look();
  const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
  const unwatch = wallet.knowledge.watch(() => {
    tellTrust();
    void look();
  });
  return {
    title: say('passes'),
    root,
    stop: () => {
      isOver = true;
      clearInterval(timer);
      unwatch();
    },
  };

  async function look(): Promise<void> {
    await wallet.attempt(async () => {
      if (vault.isLocked()) return;
      const now = await passesNow(wallet);
      if (isOver || vault.isLocked()) return;
      const isSame = passes !== undefined && signature(passes) === signature(now);
      passes = now;
      if (!isSame || place.querySelector('.home-people') === null) draw();
    });
  }

  function tellTrust(): void {
    if (isOver) return;
    trust.replaceChildren(trustLine(wallet, () => undefined));
  }

  /** What had the focus has it again: whoever moves something up presses twice. */
  function draw(): void {
    if (passes === undefined) return;
    const key =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined;
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...contents(passes));
    if (!hadFocus || key === undefined) return;
    const again = [...place.querySelectorAll<HTMLElement>('[data-key]')].find(
      ({ dataset }) => dataset['key'] === key,
    );
    again?.focus({ preventScroll: true });
  }

  function contents(all: readonly ShownPass[]): readonly HTMLElement[] {
    if (all.length === 0) return [emptyView(wallet)];
    return [
      ...remindersView(all, wallet),
      element('div', { class: 'home-tools' }, ...searchField(all), arrangeButton()),
      element('div', { class: 'home-people' }, ...peopleNodes(all)),
    ];
  }

  function peopleNodes(all: readonly ShownPass[]): readonly HTMLElement[] {
    const shelf = shelfOf(vault);
    if (isArranging) return [arrangingView(shelf, wallet, draw)];
    const found = new Set(
      searchPasses(
        query,
        all.map(({ pass }) => pass),
        shelf,
        speaker.language.base,
      ),
    );
    const shown = all.filter(({ pass }) => found.has(pass.id));
    const byId = new Map(shown.map((one) => [one.pass.id, one]));
    const cardsOf = (ids: readonly string[]): readonly HTMLElement[] =>
      ids.flatMap((id) => {
        const one = byId.get(id);
        return one === undefined ? [] : [passCard(one, wallet)];
      });
    return [
      ...(shown.length === 0 ? [element('p', { class: 'small' }, saidNode(say('foundNone')))] : []),
      ...shelf.people.flatMap((person) => personSection(person.label, person.id, cardsOf(person.passes))),
      ...apartSection(cardsOf(shelf.apart)),
    ];
  }

  function apartSection(cards: readonly HTMLElement[]): readonly HTMLElement[] {
    if (cards.length === 0) return [];
    return [
      element(
        'section',
        { class: 'person apart', 'aria-labelledby': 'apart' },
        element('h2', { id: 'apart' }, saidNode(say('apartTitle'))),
        element('p', { class: 'small' }, saidNode(say('apartMeaning'))),
        element('ul', { class: 'cards' }, ...cards.map((card) => element('li', {}, card))),
      ),
    ];
  }

  function searchField(all: readonly ShownPass[]): readonly HTMLElement[] {
    if (all.length < SEARCH_FROM || isArranging) return [];
    const field = element('input', { type: 'search', autocomplete: 'off', 'data-key': 'search' });
    field.value = query;
    const told = element('p', { class: 'small found', role: 'status' });
    field.addEventListener('input', () => {
      query = field.value;
      const people = place.querySelector('.home-people');
      people?.replaceChildren(...peopleNodes(all));
      const count = String(place.querySelectorAll('[data-pass]').length);
      told.replaceChildren(...(query.trim() === '' ? [] : [saidNode(say('found', { count }))]));
    });
    return [
      element(
        'label',
        { class: 'search' },
        element('span', { class: 'small' }, saidNode(say('search'))),
        field,
        told,
      ),
    ];
  }

  function arrangeButton(): HTMLElement {
    return saidButton(
      say(isArranging ? 'arranged' : 'arrange'),
      () => {
        isArranging = !isArranging;
        query = '';
        draw();
      },
      { class: 'quiet', 'data-key': 'arrange', 'aria-pressed': String(isArranging) },
    );
  }
}

/** What somebody would see change. */
function signature(passes: readonly ShownPass[]): string {
  return passes.map((one) => `${one.pass.id} ${stateOf(one)} ${one.facts === null}`).join();
}

/** Nothing is here yet: the three ways to the first pass, the shortest first. */
function emptyView({ speaker: { say }, go }: Wallet): HTMLElement {
  const ways = [
    ['retrieve', 'emptyRetrieve'],
    ['scan', 'emptyScan'],
    ['add', 'emptyAdd'],
  ] as const;
  return element(
    'section',
    { class: 'empty' },
    element('img', { src: '/icon.svg', alt: '', class: 'empty-icon' }),
    element('h2', {}, saidNode(say('emptyTitle'))),
    element('p', {}, saidNode(say('emptyMeaning'))),
    element(
      'ul',
      { class: 'empty-ways' },
      ...ways.map(([name, meaning]) => {
        const way = saidButton(
          say(name),
          () => {
            go({ name });
          },
          { class: name === 'retrieve' ? 'primary big' : 'quiet big' },
        );
        way.append(element('span', { class: 'button-meaning' }, saidNode(say(meaning))));
        return element('li', {}, way);
      }),
    ),
  );
}
