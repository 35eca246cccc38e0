import { element } from '../../../../verifier/web/parts/element.ts';
import { dateWords } from '../../../../verifier/web/parts/date-words.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../../verifier/web/parts/shown-text.ts';
import type { Said } from '../../../../verifier/web/parts/speaker.ts';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import type { Offer } from '../../../asking/offer.ts';
import type { ReadRequest } from '../../../asking/read-request.ts';
import { canSend } from '../../../asking/send-answer.ts';
import type { Speaker } from '../../wallet-words.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import { kindWords } from '../../cards/pass-words.ts';
import { clockText, foreign, row, stepHeading } from '../parts.ts';
import { askerNotice } from './asker-notice.ts';

/** A pass that could answer, as a venue would judge it now without rules of its own. */
export interface JudgedOffer {
  readonly offer: Offer;
  readonly decision: Decision;
  /** Whose pass it is, by the name that the user gave. */
  readonly label: string;
}

/** What the question can lead to. */
export interface QuestionActs {
  readonly show: (offer: Offer) => void;
  readonly send: (offer: Offer) => void;
  readonly no: () => void;
  /** Nothing was chosen though there is a choice. */
  readonly chooseFirst: () => void;
}

/** What is asked, by whom and why, what would be shown, and the choice. */
export function questionStep(
  { request, asker }: ReadRequest,
  offers: readonly JudgedOffer[],
  speaker: Speaker,
  acts: QuestionActs,
): { readonly nodes: readonly Node[]; readonly tick: (left: number) => void } {
  const { say } = speaker;
  // Of several people nobody is chosen beforehand: a wrong one would be shown by a hasty hand.
  let chosen = new Set(offers.map(({ label }) => label)).size === 1 ? bestOf(offers) : undefined;
  const sees = element('dl', { class: 'facts' });
  const clock = element('p', { class: 'small', role: 'timer' });
  const drawSees = (): void => {
    sees.replaceChildren(...seenRows(chosen, speaker));
  };
  const choice =
    offers.length === 1
      ? undefined
      : choiceOf(offers, chosen, speaker, (offer) => {
          chosen = offer;
          drawSees();
        });
  const withChosen = (act: (offer: Offer) => void) => (): void => {
    if (chosen !== undefined) {
      act(chosen.offer);
      return;
    }
    acts.chooseFirst();
    choice?.querySelector('input')?.focus();
  };
  drawSees();
  const { host } = new URL(request.responseUri);
  const isKnown = asker.standing === 'known';
  const isDisowned = asker.standing === 'disowned';
  const yes = saidButton(
    say(isDisowned ? 'askAnyway' : 'askShow'),
    withChosen(acts.show),
    isKnown ? 'primary big' : 'quiet big',
  );
  const no = saidButton(say('askNo'), acts.no, isKnown ? 'quiet big' : 'primary big');
  const send =
    canSend(request) && !isDisowned
      ? saidButton(say('askSend', { host }), withChosen(acts.send), 'quiet')
      : undefined;
  return {
    nodes: [
      askerNotice(asker, speaker),
      element(
        'section',
        { class: 'card' },
        stepHeading(say('askWhy')),
        element('blockquote', { class: 'purpose' }, foreign(request.purpose, 140)),
        paragraph(say('askOwnWords'), 'small'),
      ),
      ...(choice === undefined ? [] : [choice]),
      element(
        'section',
        { class: 'card' },
        element('h2', {}, saidNode(say('askSees'))),
        sees,
        paragraph(say('askNothingElse'), 'strong'),
      ),
      clock,
      element(
        'div',
        { class: 'choices' },
        ...(isKnown ? [yes, send, no] : [no, yes, send]).filter((one) => one !== undefined),
      ),
      ...(send === undefined ? [] : [paragraph(say('askSendMeans', { host }), 'small')]),
    ],
    tick: (left) => {
      clock.replaceChildren(saidNode(say('askUntil', { time: clockText(left) })));
    },
  };
}

/** A good one before the others; offers are in the order of how little they say. */
function bestOf(offers: readonly JudgedOffer[]): JudgedOffer | undefined {
  return offers.find(({ decision }) => decision.outcome === 'accepted') ?? offers[0];
}

function choiceOf(
  offers: readonly JudgedOffer[],
  chosen: JudgedOffer | undefined,
  speaker: Speaker,
  choose: (offer: JudgedOffer) => void,
): HTMLElement {
  const choices = offers.map((one, place) => {
    const input = element('input', {
      type: 'radio',
      name: 'offer',
      value: String(place),
      checked: one === chosen,
    });
    input.addEventListener('change', () => {
      choose(one);
    });
    const { facts } = one.offer.pass;
    const kind = facts === null ? [] : [' · ', saidNode(kindWords(facts, speaker))];
    const outcome = saidNode(speaker.outcome(one.decision.outcome));
    return element(
      'label',
      { class: 'choice' },
      input,
      element('span', {}, foreign(one.label), ...kind, element('span', { class: 'small' }, ' · ', outcome)),
    );
  });
  return element(
    'fieldset',
    { class: 'card choices' },
    element('legend', {}, saidNode(speaker.say('askWhich'))),
    ...choices,
  );
}

function seenRows(chosen: JudgedOffer | undefined, speaker: Speaker): readonly Node[] {
  const { say, language } = speaker;
  const facts = chosen?.offer.pass.facts;
  const subject = facts?.subject;
  const value = (text: string | undefined): Node =>
    text === undefined ? document.createTextNode('–') : foreign(text);
  const kind: Said | undefined = facts ? kindWords(facts, speaker) : undefined;
  const born = subject?.birthDate;
  return [
    row(say('askSeesName'), value(subject?.name)),
    row(say('askSeesBorn'), value(born ? dateWords(born, language.tag) : undefined)),
    row(say('askSeesKind'), kind === undefined ? '–' : saidNode(kind)),
    row(say('askSeesIssuer'), value(facts?.issuer.name)),
    row(say('askSeesValid'), chosen === undefined ? '–' : saidNode(speaker.outcome(chosen.decision.outcome))),
    ...(facts?.profile === 'pass-plus' ? [row(say('askSeesRecord'), '✓')] : []),
    row(say('askSeesKey'), saidNode(say('askSeesKeyMeans'))),
  ];
}

/** The name that somebody in the wallet goes by, made fit to be shown. */
export function labelOf(label: string | undefined, name: string | undefined): string {
  return shownText(label ?? name ?? '?');
}
