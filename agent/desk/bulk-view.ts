import type { BulkOrder } from './answers.ts';
import { productText } from './card-table.ts';
import { showOrder } from './order-detail.ts';
import { attempt, latest, say, type Desk } from './desk.ts';
import { button, element } from './elements.ts';
import { momentText } from './moments.ts';
import { pickList, type PickList } from './pick-list.ts';

/** What the view keeps. */
interface BulkState {
  orders: readonly BulkOrder[];
  shown: string | undefined;
}

/** The queue of bulk orders: what waits for a second pair of eyes comes first. */
export function showBulk(desk: Desk, main: HTMLElement): void {
  const { words, session, language } = desk;
  const said = words.bulk;
  const state = desk.kept<BulkState>('bulk', () => ({ orders: [], shown: undefined }));
  const newest = latest();
  const results = element('div', { class: 'results' });
  const detail = element('section', { class: 'detail', 'aria-label': said.order });
  let picks: PickList | undefined;

  const open = (order: BulkOrder): void => {
    state.shown = order.id;
    picks?.mark(state.orders.findIndex(({ id }) => id === order.id));
    showOrder(desk, detail, order, (changed) => {
      state.orders = state.orders.map((one) => (one.id === changed.id ? changed : one));
      list();
      open(changed);
    });
  };
  const list = (): void => {
    const { orders } = state;
    picks = pickList(
      words.views.bulk,
      orders.map(({ product, lines, state: standing, filedAt }) => [
        element('span', { class: 'result-name' }, productText(words, product)),
        element('span', {}, `${say(said.lines, { lines })} · ${words.orderStates[standing]}`),
        element('span', { class: 'lesser' }, momentText(filedAt, language)),
      ]),
      (at) => {
        const chosen = orders[at];
        if (chosen !== undefined) open(chosen);
      },
    );
    results.replaceChildren(orders.length === 0 ? element('p', { class: 'empty' }, said.none) : picks.list);
    picks.mark(orders.findIndex(({ id }) => id === state.shown));
  };
  const load = (pressed: HTMLButtonElement | null): void => {
    const isNewest = newest.begin();
    void attempt(desk, pressed, async () => {
      const { orders } = (await session.get('bulk-orders')) as { readonly orders: readonly BulkOrder[] };
      if (!isNewest()) return;
      const waiting = orders.filter((one) => one.state === 'pending');
      state.orders = [...waiting, ...orders.filter((one) => one.state !== 'pending').toReversed()];
      list();
      const shown = state.orders.find(({ id }) => id === state.shown);
      if (shown !== undefined) open(shown);
      desk.say(say(said.waiting, { count: waiting.length }));
    });
  };
  const refresh = button(words.shell.refresh, {}, load);
  main.replaceChildren(
    element('div', { class: 'heading' }, element('h1', {}, words.views.bulk), refresh),
    element('p', { class: 'hint' }, said.fourEyes),
    element('div', { class: 'split' }, results, detail),
  );
  list();
  load(null);
  refresh.focus();
}
