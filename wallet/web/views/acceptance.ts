import { wordsOf } from '../../../verifier/pipeline/words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import { symbolNode } from '../../../verifier/web/parts/symbol.ts';
import { placesOf, wouldBeAccepted } from '../../passes/acceptance.ts';
import type { Acceptance } from '../../passes/acceptance.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import { kindWords, nameNode } from '../cards/pass-words.ts';
import type { View, Wallet } from '../context.ts';
import type { PassWords } from '../words/passes/table.ts';
import { onePass } from './one-pass.ts';
import { rulesNodes } from './rules-in-words.ts';

/** Whether a pass would be accepted somewhere: worked out here, and asked of nobody. */
export function acceptanceView(wallet: Wallet, id: string): View {
  return onePass(wallet, id, wallet.speaker.say('acceptance'), (shown, root) => {
    root.append(...askNodes(shown, wallet));
  });
}

const ANSWERS = {
  accepted: { symbol: '✓', tone: 'good', word: 'wouldYes' },
  rejected: { symbol: '✗', tone: 'bad', word: 'wouldNo' },
  undetermined: { symbol: '?', tone: 'wait', word: 'wouldUnknown' },
  unreadable: { symbol: '?', tone: 'wait', word: 'wouldUnknown' },
} as const satisfies Record<string, { symbol: string; tone: string; word: keyof PassWords }>;

function askNodes({ pass, facts }: ShownPass, wallet: Wallet): readonly HTMLElement[] {
  const { speaker, knowledge, ports, now, attempt } = wallet;
  const { say, language } = speaker;
  const { base } = language;
  const places = placesOf(knowledge.trust(), base);
  if (facts === null || places.length === 0) return [element('p', {}, saidNode(say('noPlaces')))];
  const place = element(
    'select',
    {},
    ...places.map(({ rules, title, jurisdiction }) =>
      element('option', { value: rules }, `${shownText(title)} · ${shownText(jurisdiction)}`),
    ),
  );
  const when = element('input', { type: 'datetime-local' });
  when.value = localTime(now());
  const event = element('input', { type: 'datetime-local' });
  const eventField = field('eventBegins', event);
  const answer = element('div', { class: 'acceptance-answer', role: 'status' });
  /** Raised by every question: an earlier answer may come later. */
  let number = 0;
  for (const input of [place, when, event]) input.addEventListener('change', () => void ask());
  eventField.hidden = true;
  void ask();
  return [
    element(
      'p',
      {},
      element('strong', {}, saidNode(kindWords(facts, speaker))),
      ...(facts.subject === null ? [] : [' · ', nameNode(facts.subject.name)]),
    ),
    element('div', { class: 'acceptance-form' }, field('place', place), field('when', when), eventField),
    answer,
    element('p', { class: 'small' }, saidNode(say('onDevice'))),
    element('p', { class: 'small' }, saidNode(say('noPromise'))),
  ];

  function field(key: keyof PassWords, input: HTMLElement): HTMLElement {
    return element('label', {}, element('span', { class: 'small' }, saidNode(say(key))), input);
  }

  async function ask(): Promise<void> {
    const own = ++number;
    const at = secondsOf(when.value) ?? now();
    const begins = eventField.hidden ? undefined : secondsOf(event.value);
    await attempt(async () => {
      const asked = { rules: place.value, at, ...(begins === undefined ? {} : { event: begins }) };
      const found = await wouldBeAccepted(pass, asked, { trust: knowledge.trust(), ports, language: base });
      if (own !== number) return;
      const { rules } = found;
      eventField.hidden = rules === null || typeof rules === 'string' || !rules.needsEvent;
      answer.replaceChildren(...answerNodes(found, !eventField.hidden && begins === undefined));
    });
  }

  function answerNodes(
    { decision, reasons, rules }: Acceptance,
    lacksEvent: boolean,
  ): readonly HTMLElement[] {
    const { symbol, tone, word } = ANSWERS[decision.outcome];
    return [
      element(
        'p',
        { class: `state state-${tone} acceptance-word`, 'data-outcome': decision.outcome },
        symbolNode(symbol, 'state-symbol'),
        element('strong', {}, saidNode(say(word))),
      ),
      ...(lacksEvent ? [element('p', {}, saidNode(say('eventMissing')))] : []),
      ...(decision.outcome === 'accepted' || lacksEvent
        ? []
        : reasons.map(({ text }) => element('p', { lang: base }, text))),
      ...(rules === null
        ? []
        : [
            element('h2', {}, saidNode(say('theRules'))),
            ...(typeof rules === 'string'
              ? [element('p', { lang: base }, wordsOf(base).rulesFaults[rules])]
              : rulesNodes(rules, base)),
          ]),
    ];
  }
}

/** What a field for date and time shows: the time of this device. */
function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function secondsOf(value: string): number | undefined {
  const time = value === '' ? Number.NaN : new Date(value).getTime() / 1000;
  return Number.isNaN(time) ? undefined : time;
}
