import { element } from '../../../verifier/web/parts/element.ts';
import type { View, Wallet } from '../context.ts';
import type { Route } from '../routes.ts';
import type { WalletWords } from '../words/table.ts';
import { saidButton } from './paragraphs.ts';

/** Everything that the menu has no room for, in the order of how often it is wanted. */
const PLACES: readonly (readonly [Route, keyof WalletWords])[] = [
  [{ name: 'retrieve' }, 'retrieve'],
  [{ name: 'receipts' }, 'receipts'],
  [{ name: 'backup' }, 'backup'],
  [{ name: 'settings' }, 'settings'],
  [{ name: 'trust' }, 'trustData'],
  [{ name: 'privacy' }, 'privacy'],
];

/** The other screens. */
export function moreView({ speaker, go }: Wallet): View {
  return { title: speaker.say('more'), root: element('div', { class: 'stage' }, placeList(PLACES)) };

  function placeList(places: typeof PLACES): HTMLElement {
    const items = places.map(([route, word]) =>
      element(
        'li',
        {},
        saidButton(
          speaker.say(word),
          () => {
            go(route);
          },
          `row to-${route.name}`,
        ),
      ),
    );
    return element('ul', { class: 'rows card' }, ...items);
  }
}
