import type { CredentialCheck } from './answers.ts';
import { say, type Desk } from './desk.ts';
import { element, foreign, table, type Child } from './elements.ts';
import { momentText } from './moments.ts';

/** The doses and tests of a record, to be compared with the person's papers. */
export function recordFacts(
  desk: Desk,
  { facts: { doses, tests, unread }, timeZone }: CredentialCheck,
): HTMLElement {
  const { words, language } = desk;
  const said = words.record;
  const rows = [
    ...doses.map(({ date, vaccine, codes, performers, counts }) => ({
      date,
      cells: [
        foreign(date),
        what(vaccine ?? said.unknownVaccine, codes),
        by(performers),
        element(
          'span',
          { class: counts ? 'state good' : 'state none' },
          counts ? said.counts : said.countsNot,
        ),
      ],
    })),
    ...tests.map(({ date, at, kinds, codes, result, performers }) => ({
      date,
      cells: [
        foreign(at === null ? date : momentText(at, language, timeZone)),
        what(kindText(desk, kinds), codes),
        by(performers),
        resultText(desk, result),
      ],
    })),
  ]
    .toSorted((a, b) => (a.date < b.date ? 1 : -1))
    .map(({ cells }): readonly Child[] => cells);
  const missing = unread.doses + unread.tests;
  return element(
    'div',
    {},
    element('h3', {}, said.onRecord),
    rows.length === 0
      ? element('p', { class: 'empty' }, said.nothing)
      : table(said.onRecord, [said.date, said.what, said.by, said.counted], rows),
    missing === 0 ? null : element('p', { class: 'notice' }, say(said.unread, { count: missing })),
  );
}

function what(name: string, codes: readonly string[]): HTMLElement {
  return element('span', {}, foreign(name), element('span', { class: 'lesser' }, foreign(codes.join(', '))));
}

function by(performers: readonly string[]): HTMLElement {
  return element('span', {}, ...performers.flatMap((one, at) => [at === 0 ? null : '; ', foreign(one)]));
}

function kindText({ words }: Desk, kinds: readonly string[]): string {
  const [kind = ''] = kinds;
  return kind === 'pcr' || kind === 'antigen' ? words.testKinds[kind] : words.record.unknownTest;
}

function resultText({ words: { results } }: Desk, result: string): HTMLElement {
  const isKnown = result === 'negative' || result === 'positive';
  const tone = result === 'negative' ? 'good' : result === 'positive' ? 'bad' : 'none';
  return element('span', { class: `state ${tone}` }, isKnown ? results[result] : results.other);
}
