import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../../verifier/web/parts/speaker.ts';
import { wordsOf } from '../../../../verifier/pipeline/words.ts';
import { PASS_PRODUCTS } from '../../../retrieval/pass-product.ts';
import type { PassProduct } from '../../../retrieval/pass-product.ts';
import type { PendingRetrieval } from '../../../retrieval/kept-retrieval.ts';
import type { Outcome } from '../../../retrieval/retrieve-passes.ts';
import type { Speaker } from '../../wallet-words.ts';
import type { ReasonWord } from '../../words/retrieving/table.ts';
import { kindWords } from '../../cards/pass-words.ts';
import { stepHeading, toneBox } from '../parts.ts';
import type { Tone } from '../parts.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import type { Flow } from './flow.ts';

/** What became of each kind of pass. */
export function outcomeStep(
  { wallet, toCorrection }: Flow,
  outcomes: readonly Outcome[],
  { issuer, id }: PendingRetrieval,
): readonly Node[] {
  const { speaker, home } = wallet;
  const { say } = speaker;
  const had = outcomes.filter((one) => 'added' in one);
  const not = outcomes.filter((one) => 'fault' in one);
  return [
    stepHeading(say('retrieveGot')),
    ...(had.length === 0 ? [toneBox('warn', say('retrieveGotNone'))] : []),
    ...had.map(({ product, added }) => {
      const [tone, said] = saidOf(added);
      return toneBox(tone, productWords(product, speaker), paragraph(say(said)), ...codesOf(added, speaker));
    }),
    ...(not.length === 0
      ? []
      : [
          element(
            'section',
            { class: 'card not-had' },
            element('h2', {}, saidNode(say('retrieveNot'))),
            element(
              'ul',
              { class: 'list' },
              ...not.map(({ product, fault }) =>
                element(
                  'li',
                  {},
                  element('span', { class: 'strong' }, saidNode(productWords(product, speaker))),
                  ': ',
                  saidNode(reasonOf(fault, speaker)),
                ),
              ),
            ),
          ),
        ]),
    saidButton(say('retrieveToPasses'), home, 'primary big'),
    saidButton(
      say('correct'),
      () => {
        toCorrection(issuer, id);
      },
      'quiet',
    ),
  ];
}

type Added = Extract<Outcome, { readonly added: unknown }>['added'];
type Fault = Extract<Outcome, { readonly fault: unknown }>['fault'];

function saidOf(
  added: Added,
): readonly [Tone, 'retrieveKept' | 'retrieveHeld' | 'retrieveApart' | 'retrieveNotTaken' | 'retrieveFull'] {
  switch (added.kind) {
    case 'kept':
      return ['good', 'retrieveKept'];
    case 'held':
      return ['good', 'retrieveHeld'];
    case 'apart':
      return ['warn', 'retrieveApart'];
    case 'refused':
      return added.codes.includes('WALLET_FULL') ? ['warn', 'retrieveFull'] : ['bad', 'retrieveNotTaken'];
  }
}

/** Why a card was not taken, as a venue would say it. */
function codesOf(added: Added, { language: { base } }: Speaker): readonly HTMLElement[] {
  if (added.kind !== 'refused') return [];
  return added.codes
    .filter((code) => code !== 'WALLET_FULL')
    .map((code) => paragraph({ text: wordsOf(base).codes[code], tag: base, direction: 'ltr' }));
}

function productWords(product: PassProduct, speaker: Speaker): Said {
  const { passType, scheme } = PASS_PRODUCTS[product];
  const kind = kindWords({ profile: 'pass', passType }, speaker);
  const plus = wordsOf(speaker.language.base).profiles['pass-plus'];
  return scheme === 'shc' ? { ...kind, text: `${kind.text} (${plus})` } : kind;
}

const REASONS: Readonly<Record<ReasonWord, true>> = {
  NO_ACCEPTED_DOSE: true,
  SERIES_INCOMPLETE: true,
  NO_NEGATIVE_RESULT: true,
  TEST_TIME_MISSING: true,
  POSITIVE_RESULT: true,
  TOO_EARLY: true,
  WINDOW_OVER: true,
  NOTHING_ATTESTED: true,
  TOO_MANY_CARDS: true,
};

function reasonOf({ code, reason }: Fault, { say }: Speaker): Said {
  return reason !== null && isReason(reason) ? say(reason) : say(code);
}

function isReason(reason: string): reason is ReasonWord {
  return Object.hasOwn(REASONS, reason);
}
