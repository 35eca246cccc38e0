import type { CheckResult, Subject } from '../../pipeline/decision.ts';
import { wordsOf } from '../../pipeline/words.ts';
import type { Speaker } from '../scanner-words.ts';
import type { ScannerWords } from '../words/table.ts';
import { dateWords } from '../parts/date-words.ts';
import { element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import { symbolNode } from '../parts/symbol.ts';
import type { Mark, VerdictScreen } from '../parts/verdict.ts';

/** What stands on the screen besides the verdict itself. */
export interface VerdictSurroundings {
  /** For whom is scanned. */
  readonly venue?: string | undefined;
  /** The name of the rule set that the card was held against. */
  readonly mode: string;
  /** Such as “Already scanned in this shift.” */
  readonly notes: readonly string[];
  /** It is read by the guest, who is told nothing that the staff are to do. */
  readonly isForGuest: boolean;
}

const MARK_WORDS: Readonly<Record<Mark['name'], keyof ScannerWords>> = {
  signature: 'markSignature',
  status: 'markStatus',
  rules: 'markRules',
};

const MARK_SYMBOLS: Readonly<Record<CheckResult, string>> = {
  passed: '✓',
  failed: '✗',
  undetermined: '?',
  'not-offered': '–',
  'not-asked': '–',
  'not-run': '–',
};

/**
 * A decision as one screen: colour, symbol and word; whom to compare with the ID; three marks; why, and what to do.
 *
 * What comes from a card is set as text, isolated, in a place of its own below the verdict, which it cannot reach.
 */
export function verdictView(
  screen: VerdictScreen,
  speaker: Speaker,
  { venue, mode, notes, isForGuest }: VerdictSurroundings,
): HTMLElement {
  const { kind, symbol, marks, reasons, warnings, steps, supportCode } = screen;
  const word = kind === 'specimen' ? speaker.say('specimen') : speaker.outcome(kind);
  const base = wordsOf(speaker.language.base);
  const baseTag = speaker.language.base;
  const [first, ...others] = reasons;
  return element(
    'section',
    { class: `verdict verdict-${kind}`, 'data-kind': kind },
    element(
      'div',
      { class: 'verdict-head' },
      symbolNode(symbol, 'verdict-symbol'),
      element('h1', { class: 'verdict-word', tabindex: '-1' }, saidNode(word)),
    ),
    element(
      'div',
      { class: 'verdict-body' },
      kind === 'specimen' ? paragraph('reason', saidNode(speaker.say('specimenMeaning'))) : undefined,
      first === undefined ? undefined : element('p', { class: 'reason', lang: baseTag }, first.text),
      isForGuest && kind !== 'accepted' ? paragraph('reason', saidNode(speaker.say('askStaff'))) : undefined,
      subjectView(screen, speaker, isForGuest),
      kind === 'unreadable' ? undefined : marksView(marks, speaker),
      ...notes.map((note) => paragraph('note', note)),
      ...warnings.map((warning) => element('p', { class: 'note', lang: baseTag }, base.warnings[warning])),
      kind === 'accepted' || steps.length === 0 || isForGuest
        ? undefined
        : element(
            'details',
            { class: 'steps' },
            element('summary', {}, saidNode(speaker.say('whatToDo'))),
            element('ul', { lang: baseTag }, ...steps.map((step) => element('li', {}, base.steps[step]))),
            ...others.map(({ text }) => element('p', { lang: baseTag }, text)),
          ),
      element(
        'p',
        { class: 'small' },
        ...(venue === undefined ? [] : [element('bdi', { class: 'venue' }, venue), ' · ']),
        element('bdi', {}, shownText(mode)),
        supportCode === '' ? undefined : ' · ',
        supportCode === '' ? undefined : saidNode(speaker.say('supportCode', { code: supportCode })),
      ),
    ),
  );
}

function subjectView(
  { subject, kind }: VerdictScreen,
  speaker: Speaker,
  isForGuest: boolean,
): HTMLElement | undefined {
  if (subject === null) return undefined;
  return personView(subject, speaker, kind === 'accepted' && !isForGuest);
}

/** A longer name takes smaller letters rather than the place of the verdict. */
const LONG_NAME = 24;

/** Large enough to be read beside an ID at arm's length; nothing else is made of what the card says. */
function personView({ name, birthDate }: Subject, speaker: Speaker, asks = false): HTMLElement {
  const shown = shownText(name);
  return element(
    'div',
    { class: 'subject' },
    asks ? paragraph('small', saidNode(speaker.say('compare'))) : undefined,
    element('p', { class: 'subject-name', 'data-long': shown.length > LONG_NAME }, element('bdi', {}, shown)),
    element(
      'p',
      { class: 'subject-born' },
      saidNode(speaker.say('born')),
      ' ',
      birthDate === null
        ? saidNode(speaker.say('noBirthDate'))
        : element('bdi', {}, dateWords(birthDate, speaker.language.tag)),
    ),
  );
}

function marksView(marks: readonly Mark[], speaker: Speaker): HTMLElement {
  const results = wordsOf(speaker.language.base).results;
  return element(
    'ul',
    { class: 'marks' },
    ...marks.map(({ name, result }) =>
      element(
        'li',
        { class: `mark mark-${result}` },
        symbolNode(MARK_SYMBOLS[result], 'mark-symbol'),
        element('span', { class: 'mark-name' }, saidNode(speaker.say(MARK_WORDS[name]))),
        element('span', { class: 'mark-result', lang: speaker.language.base }, results[result]),
      ),
    ),
  );
}

function paragraph(name: string, child: Node | string): HTMLElement {
  return element('p', { class: name }, child);
}

/** Whom to compare with the ID, before anything is green. */
export function compareView({ name, birthDate }: Subject, speaker: Speaker): HTMLElement {
  return element(
    'section',
    { class: 'verdict verdict-compare', 'data-kind': 'compare' },
    element(
      'div',
      { class: 'verdict-head' },
      element('h1', { class: 'verdict-word', tabindex: '-1' }, saidNode(speaker.say('compare'))),
    ),
    element('div', { class: 'verdict-body' }, personView({ name, birthDate }, speaker)),
  );
}
