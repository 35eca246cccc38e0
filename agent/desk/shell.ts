import { LANGUAGES, type Language } from '../../verifier/pipeline/words/language.ts';
import type { Me, Scope } from './answers.ts';
import { DESK_WORDS, LANGUAGE_NAMES } from './desk-words.ts';
import { say } from './desk.ts';
import { button, element, foreign } from './elements.ts';
import { VIEWS, type DeskWords, type View } from './words/table.ts';

/** Scopes of which one opens a view. */
const SCOPES_OF_VIEW: Readonly<Record<View, readonly Scope[]>> = {
  people: ['records'],
  cards: ['issue', 'revoke', 'records'],
  corrections: ['records'],
  bulk: ['issue', 'approve', 'audit'],
  audit: ['audit'],
  counters: ['records', 'audit'],
};

/** The views that somebody may open. */
export function viewsOf({ scopes }: Me): readonly View[] {
  return VIEWS.filter((view) => SCOPES_OF_VIEW[view].some((scope) => scopes.includes(scope)));
}

/** Where things stand in the page; made once for each language and login. */
export interface Shell {
  readonly main: HTMLElement;
  readonly alarms: HTMLElement;
  readonly mark: (view: View) => void;
}

export interface ShellChoice {
  readonly language: Language;
  readonly speak: (language: Language) => void;
  /** Who is here; nobody before the login. */
  readonly here?: {
    readonly me: Me;
    readonly show: (view: View) => void;
    readonly lock: () => void;
    readonly help: () => void;
  };
}

/** Writes the frame of the page around an empty main part. */
export function makeShell(root: HTMLElement, { language, speak, here }: ShellChoice): Shell {
  const words = DESK_WORDS[language];
  document.documentElement.lang = language;
  document.title = `${words.title} · Pratique`;
  const main = element('main', { id: 'main', tabindex: '-1' });
  const alarms = element('div', { class: 'alarms', role: 'status', 'aria-label': words.alarms.title });
  const links = new Map<View, HTMLElement>();
  const skip = element('a', { class: 'skip', href: '#main' }, words.skip);
  root.replaceChildren(
    skip,
    element(
      'header',
      { class: 'top' },
      element('p', { class: 'brand' }, element('b', {}, 'Pratique'), ` ${words.title}`),
      here === undefined
        ? null
        : element(
            'p',
            { class: 'who' },
            foreign(here.me.name, 60),
            element('span', { class: 'lesser' }, foreign(here.me.iss, 80)),
          ),
      element(
        'div',
        { class: 'tools' },
        languageChoice(language, speak, words),
        here === undefined
          ? null
          : button(words.shell.shortcuts, { class: 'quiet', 'aria-keyshortcuts': '?' }, here.help),
        here === undefined
          ? null
          : button(words.shell.lock, { class: 'quiet', 'aria-keyshortcuts': 'l' }, here.lock),
      ),
    ),
    element(
      'div',
      { class: here === undefined ? 'page' : 'page with-menu' },
      here === undefined ? null : menu(words, here.me, links, here.show),
      element('div', {}, here === undefined ? null : alarms, main),
    ),
  );
  return {
    main,
    alarms,
    mark: (view) => {
      for (const [one, link] of links) {
        if (one === view) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
  };
}

function languageChoice(
  current: Language,
  speak: (language: Language) => void,
  words: DeskWords,
): HTMLElement {
  const select = element(
    'select',
    { id: 'language', 'aria-label': words.language },
    ...LANGUAGES.map((one) =>
      element('option', { value: one, lang: one, selected: one === current }, LANGUAGE_NAMES[one]),
    ),
  );
  select.addEventListener('change', () => {
    const chosen = LANGUAGES.find((one) => one === select.value);
    if (chosen !== undefined) speak(chosen);
  });
  return select;
}

function menu(
  words: DeskWords,
  me: Me,
  links: Map<View, HTMLElement>,
  show: (view: View) => void,
): HTMLElement {
  for (const [at, view] of viewsOf(me).entries()) {
    const link = button(words.views[view], { 'aria-keyshortcuts': String(at + 1) }, () => {
      show(view);
    });
    links.set(view, link);
  }
  const all = Object.keys(words.scopes) as Scope[];
  const listed = (held: boolean): string =>
    all
      .filter((scope) => me.scopes.includes(scope) === held)
      .map((scope) => words.scopes[scope])
      .join(words.comma);
  const [held, absent] = [listed(true), listed(false)];
  return element(
    'nav',
    { 'aria-label': words.menu },
    element('ul', {}, ...[...links.values()].map((link) => element('li', {}, link))),
    held === '' ? null : element('p', { class: 'hint' }, say(words.shell.scopes, { scopes: held })),
    absent === '' ? null : element('p', { class: 'hint' }, say(words.shell.absent, { scopes: absent })),
  );
}
