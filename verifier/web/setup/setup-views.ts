import type { SetupFault } from '../../pipeline/setup-check.ts';
import type { SetupCode } from '../../pipeline/setup-code.ts';
import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import { symbolNode } from '../parts/symbol.ts';
import { SCANNER_LANGUAGES } from '../scanner-words.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Screen } from '../screen.ts';
import type { RuleChoice } from '../parts/trust/standing.ts';
import { modeWords } from '../views/mode-view.ts';
import type { ScannerWords } from '../words/table.ts';
import { SETUP_WORDS } from './setup-words.ts';

/** A dialog with a question, that does something only once it is confirmed. */
export function confirmView(
  title: Node,
  body: readonly (Node | undefined)[],
  speaker: Speaker,
  { confirm, act }: { readonly confirm: keyof ScannerWords; readonly act: () => void },
): HTMLDialogElement {
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'confirm-title' });
  dialog.append(
    element('h2', { id: 'confirm-title' }, title),
    ...body.filter((part) => part !== undefined),
    button(
      speaker.say(confirm).text,
      () => {
        dialog.close();
        act();
      },
      { class: 'primary' },
    ),
    button(
      speaker.say('cancel').text,
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  return dialog;
}

/** What a set-up code will do, before it does it. */
export function offerView(
  code: SetupCode,
  ruleSets: readonly RuleChoice[],
  speaker: Speaker,
  act: () => void,
): HTMLDialogElement {
  const { say } = speaker;
  const languages = code.languages.map(
    (tag) => SCANNER_LANGUAGES.find((one) => one.tag === tag)?.name ?? tag,
  );
  const row = (name: keyof ScannerWords, ...value: readonly Node[]): readonly HTMLElement[] => [
    element('dt', {}, saidNode(say(name))),
    element('dd', {}, ...value),
  ];
  const rules =
    code.rules === 'none'
      ? saidNode(say('setupRulesFree'))
      : element('bdi', {}, modeWords(code.rules, ruleSets, speaker));
  return confirmView(
    saidNode(say('setupOffer')),
    [
      element(
        'dl',
        { class: 'setup' },
        ...row('venue', element('bdi', {}, shownText(code.name))),
        ...row('mode', rules),
        ...(languages.length === 0 ? [] : row('language', element('bdi', {}, languages.join(', ')))),
        ...row('setupLock', saidNode(say(code.pin === null ? 'setupNoPin' : 'setupPin'))),
        ...row('setupUntil', document.createTextNode(dayWords(code.exp, speaker))),
      ),
    ],
    speaker,
    { confirm: 'setupTake', act },
  );
}

/** Why a set-up code is not taken, or why nobody is scanned for: orange, or grey for what cannot be read; never green. */
export function showSetupFault(
  screen: Screen,
  fault: SetupFault,
  speaker: Speaker,
  about: {
    readonly title: keyof ScannerWords;
    readonly more: keyof ScannerWords | undefined;
    readonly close: () => void;
  },
): void {
  const { say } = speaker;
  const { title, more } = about;
  const kind = fault === 'SETUP_MALFORMED' ? 'unreadable' : 'undetermined';
  const view = element(
    'section',
    { class: `verdict verdict-${kind}`, 'data-kind': kind },
    element(
      'div',
      { class: 'verdict-head' },
      symbolNode('?', 'verdict-symbol'),
      element('h1', { class: 'verdict-word', tabindex: '-1' }, saidNode(say(title))),
    ),
    element(
      'div',
      { class: 'verdict-body' },
      element('p', { class: 'reason' }, saidNode(say(SETUP_WORDS[fault]))),
      more === undefined ? undefined : element('p', { class: 'note' }, saidNode(say(more))),
      element('p', { class: 'small' }, fault),
    ),
  );
  const close = button(say('close').text, about.close, { class: 'primary big' });
  screen.showResult(view, [close], `${say(title).text} ${say(SETUP_WORDS[fault]).text}`);
}

/** A day in the words of the language. */
export function dayWords(seconds: number, { language }: Speaker): string {
  return new Intl.DateTimeFormat(language.tag, { dateStyle: 'long', calendar: 'gregory' }).format(
    new Date(seconds * 1000),
  );
}
