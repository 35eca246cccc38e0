import { sentenceIn } from '../../pipeline/words.ts';
import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { shownText } from '../parts/shown-text.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Settings } from '../settings.ts';
import type { RuleChoice, Standing } from '../parts/trust/standing.ts';
import { chooser } from './settings-view.ts';

/** The rule set that cards are held against: the venue's own, else the one chosen. */
export function modeName(
  { fixedRules }: Pick<Standing, 'fixedRules'>,
  { rules }: Pick<Settings, 'rules'>,
): string {
  return fixedRules ?? rules;
}

/** What a rule set is called in that language: its title, and its name beside it. */
export function modeWords(name: string, ruleSets: readonly RuleChoice[], speaker: Speaker): string {
  if (name === 'none') return speaker.say('noRules').text;
  const known = ruleSets.find((one) => isNamed(one.name, name));
  return known === undefined ? shownText(name) : shownText(sentenceIn(known.title, speaker.language.base));
}

/** Whether whoever scans has something to say about the rules: which, or where they are set, when the event begins. */
export function mayChangeMode({ fixedRules, ruleSets }: Standing): boolean {
  return (
    fixedRules === null || ruleSets.some(({ name, needsEvent }) => needsEvent && isNamed(name, fixedRules))
  );
}

function isNamed(name: string, asked: string): boolean {
  return name === asked || name.endsWith(`/${asked}`);
}

/** Choose other rules, and say so twice: a slip would hold a whole evening's guests against the wrong ones. */
export function modeView(
  standing: Standing,
  settings: Settings,
  speaker: Speaker,
  choose: (changed: Pick<Settings, 'rules' | 'event'>) => void,
): HTMLDialogElement {
  const { say } = speaker;
  const { ruleSets, fixedRules } = standing;
  const asked = modeName(standing, settings);
  const current = ruleSets.find(({ name }) => isNamed(name, asked))?.name ?? asked;
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'mode-title' });
  const question = element('p', { class: 'question', role: 'status' });
  const begins = element('input', { type: 'datetime-local' });
  const event = element(
    'label',
    { class: 'setting' },
    element('span', {}, saidNode(say('eventBegins'))),
    begins,
  );
  const confirm = button(
    say('change').text,
    () => {
      dialog.close();
      choose({
        rules: fixedRules === null ? picked : settings.rules,
        event: begins.value === '' ? undefined : new Date(begins.value).getTime() / 1000,
      });
    },
    { class: 'primary' },
  );
  let picked = current;
  const pick = (rules: string): void => {
    picked = rules;
    event.hidden = ruleSets.find(({ name }) => name === rules)?.needsEvent !== true;
    question.replaceChildren(saidNode(say('modeConfirm', { mode: modeWords(rules, ruleSets, speaker) })));
    confirm.disabled = rules === current && event.hidden;
    question.hidden = confirm.disabled;
  };
  const names = fixedRules === null ? ['none', ...ruleSets.map(({ name }) => name)] : [current];
  dialog.append(
    element('h2', { id: 'mode-title' }, saidNode(say('mode'))),
    chooser(
      say('mode').text,
      names.map((value) => ({ value, name: modeWords(value, ruleSets, speaker) })),
      names.includes(picked) ? picked : 'none',
      pick,
    ),
    event,
    question,
    confirm,
    button(
      say('cancel').text,
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
  );
  pick(picked);
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  return dialog;
}
