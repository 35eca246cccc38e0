import type { AuditPage } from './answers.ts';
import { attempt, may, type Desk } from './desk.ts';
import { button, element, foreign, table, type Child } from './elements.ts';
import { momentText } from './moments.ts';

/** What the view keeps. */
interface AuditState {
  records: AuditPage['records'];
  /** Where the next page begins: 0 at first, null at the end. */
  next: number | null;
}

const PAGE = 50;

/** What was done and on whose word, the newest first, a page at a time. */
export function showAudit(desk: Desk, main: HTMLElement): void {
  const { words, session } = desk;
  const said = words.audit;
  const state = desk.kept<AuditState>('audit', () => ({ records: [], next: 0 }));
  const place = element('div', {});
  const load = (pressed: HTMLButtonElement | null, before: number): void => {
    void attempt(desk, pressed, async () => {
      const page = (await session.get(`audit?before=${before}&limit=${PAGE}`)) as AuditPage;
      state.records = before === 0 ? page.records : [...state.records, ...page.records];
      state.next = page.next;
      show();
    });
  };
  const older = button(said.older, {}, (pressed) => {
    if (state.next !== null) load(pressed, state.next);
  });
  const show = (): void => {
    older.hidden = state.next === null || state.next === 0;
    place.replaceChildren(
      table(
        words.views.audit,
        [said.number, said.time, said.deed, said.about],
        state.records.flatMap(({ n, at, entries }) => entries.map((entry) => rowOf(desk, n, at, entry))),
      ),
    );
  };
  const refresh = button(words.shell.refresh, {}, (pressed) => {
    load(pressed, 0);
  });
  main.replaceChildren(
    element('div', { class: 'heading' }, element('h1', {}, words.views.audit), refresh),
    element('p', { class: 'hint' }, said.nobody),
    place,
    element('div', { class: 'buttons start' }, older),
  );
  show();
  if (may(desk, 'audit')) load(null, 0);
  refresh.focus();
}

function rowOf(
  { words, language }: Desk,
  n: number,
  at: number,
  { kind, ...about }: AuditPage['records'][number]['entries'][number],
): readonly Child[] {
  const { deeds } = words;
  return [
    element('code', {}, String(n)),
    momentText(at, language),
    deeds[kind] ?? kind,
    element(
      'span',
      { class: 'about' },
      ...Object.entries(about).map(([name, value]) =>
        element(
          'span',
          {},
          element('span', { class: 'about-name' }, name),
          ' ',
          foreign(plain(value), 90),
          ' ',
        ),
      ),
    ),
  ];
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
