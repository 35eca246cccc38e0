import { REASONS, STEPS, type Counters } from './answers.ts';
import { attempt, say, type Desk } from './desk.ts';
import { button, element, table } from './elements.ts';

/** How retrievals end, and what became of cards: of nobody in particular. */
export function showCounters(desk: Desk, main: HTMLElement): void {
  const { words, session } = desk;
  const said = words.counters;
  const state = desk.kept<{ counters: Counters | undefined }>('counters', () => ({ counters: undefined }));
  const place = element('div', { 'aria-busy': 'true' });
  const show = (): void => {
    if (state.counters === undefined) return;
    place.replaceChildren(...retrievalPart(desk, state.counters), ...cardPart(desk, state.counters));
    place.removeAttribute('aria-busy');
  };
  const load = (pressed: HTMLButtonElement | null): void => {
    void attempt(desk, pressed, async () => {
      state.counters = (await session.get('counters')) as Counters;
      show();
    });
  };
  const refresh = button(words.shell.refresh, {}, load);
  main.replaceChildren(
    element('div', { class: 'heading' }, element('h1', {}, words.views.counters), refresh),
    element('p', { class: 'hint' }, said.nobody),
    place,
  );
  show();
  load(null);
  refresh.focus();
}

function tile(label: string, value: string): HTMLElement {
  return element('div', { class: 'tile' }, element('dt', {}, label), element('dd', {}, value));
}

function retrievalPart({ words, language }: Desk, { days, retrieval }: Counters): readonly HTMLElement[] {
  const said = words.counters;
  const heading = element('h2', {}, said.retrievals);
  if (retrieval === null) return [heading, element('p', { class: 'empty' }, said.notServed)];
  const { steps, successRate } = retrieval;
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat(language);
  const count = (step: string): number => steps[step] ?? 0;
  const most = Math.max(1, ...STEPS.map(count));
  return [
    heading,
    element('p', { class: 'hint' }, say(said.days, { days })),
    element(
      'dl',
      { class: 'tiles' },
      tile(said.success, successRate === null ? '–' : percent.format(successRate)),
      tile(words.steps.begun, number.format(count('begun'))),
      tile(words.steps.completed, number.format(count('completed'))),
      tile(words.steps.correction, number.format(count('correction'))),
    ),
    table(
      said.steps,
      [said.step, said.count, said.share],
      STEPS.map((step) => [
        words.steps[step],
        number.format(count(step)),
        // A picture of the number beside it, which nobody needs read out twice.
        element('meter', { min: '0', max: String(most), value: String(count(step)), 'aria-hidden': 'true' }),
      ]),
    ),
  ];
}

function cardPart(
  { words, language }: Desk,
  { cards: { taken, revoked, waiting } }: Counters,
): readonly HTMLElement[] {
  const said = words.counters;
  const number = new Intl.NumberFormat(language);
  const total = Object.values(revoked).reduce((sum, count) => sum + count, 0);
  const rows = [...REASONS, 'restored' as const].filter((reason) => (revoked[reason] ?? 0) > 0);
  return [
    element('h2', {}, said.cards),
    element(
      'dl',
      { class: 'tiles' },
      tile(said.taken, number.format(taken)),
      tile(said.revoked, number.format(total)),
      tile(said.waiting, number.format(waiting)),
    ),
    ...(rows.length === 0
      ? []
      : [
          table(
            said.revoked,
            [words.revoke.reason, said.count],
            rows.map((reason) => [words.reasons[reason], number.format(revoked[reason] ?? 0)]),
          ),
        ]),
  ];
}
