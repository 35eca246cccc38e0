import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import { dateWords } from '../../../../verifier/web/parts/date-words.ts';
import { forgetCorrection, keptCorrections } from '../../../retrieval/kept-retrieval.ts';
import type { KeptCorrection } from '../../../retrieval/kept-retrieval.ts';
import { RetrievalFault } from '../../../retrieval/retrieval-fault.ts';
import type { CorrectionStatus } from '../../../retrieval/service-answers.ts';
import type { Speaker } from '../../wallet-words.ts';
import { foreign, toneBox } from '../parts.ts';
import { saidButton } from '../paragraphs.ts';
import { addressWords, faultBox } from './flow.ts';
import type { Flow } from './flow.ts';

const STATES = {
  open: ['warn', 'correctionOpen'],
  'in-work': ['warn', 'correctionInWork'],
  done: ['good', 'correctionDone'],
  refused: ['bad', 'correctionRefused'],
} as const;

/** The requests whose numbers the wallet keeps, each asked for only when somebody wants to know. */
export function correctionList({ wallet, service, isLeft }: Flow): HTMLElement | undefined {
  const { speaker, vault, attempt, again } = wallet;
  const { say } = speaker;
  const kept = keptCorrections(vault);
  if (kept.length === 0) return undefined;
  const itemOf = ({ issuer, number, filedAt }: KeptCorrection): HTMLElement => {
    const said = element('div', { 'aria-live': 'polite' });
    const ask = (): void => {
      void attempt(async () => {
        try {
          const status = await service(issuer).correctionStatus(number);
          if (!isLeft()) said.replaceChildren(statusBox(status, speaker));
        } catch (error) {
          if (!(error instanceof RetrievalFault)) throw error;
          if (!isLeft()) said.replaceChildren(faultBox(error, wallet));
        }
      });
    };
    const forget = (): void => {
      void attempt(async () => {
        await forgetCorrection(vault, number);
        again();
      });
    };
    return element(
      'li',
      { class: 'correction' },
      element('p', { class: 'tracking' }, number),
      element(
        'p',
        { class: 'small' },
        foreign(addressWords(issuer)),
        ' · ',
        dateWords(new Date(filedAt * 1000).toISOString().slice(0, 10), speaker.language.tag),
      ),
      said,
      saidButton(say('correctionsAsk'), ask, 'quiet'),
      saidButton(say('correctionForget'), forget, 'quiet'),
    );
  };
  return element(
    'section',
    { class: 'card corrections' },
    element('h2', {}, saidNode(say('corrections'))),
    element('ul', { class: 'list' }, ...kept.map(itemOf)),
  );
}

function statusBox({ state, sentence }: CorrectionStatus, { say }: Speaker): HTMLElement {
  const [tone, word] = STATES[state];
  return toneBox(tone, say(word), element('p', {}, foreign(sentence, 400)));
}
