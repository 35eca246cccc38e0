import type { Dose, HealthRecord, TestResult } from '../../../credential/health-record.ts';
import { dateWords } from '../../../verifier/web/parts/date-words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import { vaccineName } from '../../passes/vaccine-names.ts';
import type { Speaker } from '../wallet-words.ts';
import type { PassWords } from '../words/passes/table.ts';

const RESULT_WORDS: Readonly<Record<TestResult['result'], keyof PassWords>> = {
  negative: 'resultNotDetected',
  positive: 'resultDetected',
  other: 'resultOther',
};

/** What the record of a Pass Plus says, each dated fact a line. */
export function recordNodes(
  { doses, tests, unread }: HealthRecord,
  speaker: Speaker,
): readonly HTMLElement[] {
  const { say } = speaker;
  return [
    element('h3', {}, saidNode(say('record'))),
    element(
      'ol',
      { class: 'record' },
      ...doses.map((dose) => fact(dose, say('dose').text, 'vaccineCode', speaker)),
      ...tests.map((test) =>
        fact(test, say('test', { result: say(RESULT_WORDS[test.result]).text }).text, 'testCode', speaker),
      ),
    ),
    ...(unread.doses + unread.tests === 0
      ? []
      : [element('p', { class: 'small' }, saidNode(say('unreadRecords')))]),
  ];
}

function fact(
  { date, codes, performers }: Dose | TestResult,
  what: string,
  codeWords: 'vaccineCode' | 'testCode',
  { say, language }: Speaker,
): HTMLElement {
  const all = Object.values(codes).flat();
  const vaccine = 'cvx' in codes ? vaccineName(codes.cvx) : undefined;
  const more = [
    ...(vaccine === undefined ? [] : [vaccine]),
    ...(vaccine !== undefined || all.length === 0
      ? []
      : [say(codeWords, { code: shownText(all.join(', ')) }).text]),
    ...performers.map((name) => say('byPerformer', { name: `\u2068${shownText(name)}\u2069` }).text),
  ];
  return element(
    'li',
    {},
    element('strong', {}, what),
    ' ',
    element('span', {}, dateWords(date, language.tag)),
    more.length === 0 ? undefined : element('span', { class: 'small record-more' }, more.join(' · ')),
  );
}
