import { importEs256Key } from '../../../credential/es256-web.ts';
import { button, element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { consent } from '../../asking/consent.ts';
import { offersFor } from '../../asking/offer.ts';
import type { Offer } from '../../asking/offer.ts';
import { readRequest } from '../../asking/read-request.ts';
import type { ReadRequest, RequestCode } from '../../asking/read-request.ts';
import { isAnswered } from '../../asking/receipts.ts';
import type { Receipt } from '../../asking/receipts.ts';
import { judgePass } from '../../passes/judged-pass.ts';
import { evidenceOf } from '../../passes/kept-pass.ts';
import type { KeptPass } from '../../passes/kept-pass.ts';
import { keptPasses, shelfOf } from '../../passes/pass-box.ts';
import { holderKeyOf } from '../../vault/holder-key.ts';
import type { View, Wallet } from '../context.ts';
import { sendIt, showAnswerCode } from './ask/answer.ts';
import { askerNotice } from './ask/asker-notice.ts';
import { labelOf, questionStep } from './ask/question.ts';
import type { JudgedOffer } from './ask/question.ts';
import { paragraph, saidButton } from './paragraphs.ts';
import { kindWords } from '../cards/pass-words.ts';
import { everySecond, foreign, toneBox, showStep, stepHeading } from './parts.ts';

/** Who asks, why, and what would be shown; then the answer, if the holder wants to give one. */
export function askView(wallet: Wallet, code: string): View {
  const { speaker, attempt } = wallet;
  const root = element('div', { class: 'stage ask' });
  const ending = { stop: (): void => undefined, isLeft: false };
  void attempt(async () => begin(root, code, wallet, ending));
  return {
    title: speaker.say('ask'),
    root,
    stop: () => {
      ending.isLeft = true;
      ending.stop();
    },
  };
}

interface Ending {
  /** What the step on the screen has begun. */
  stop: () => void;
  isLeft: boolean;
}

async function begin(root: HTMLElement, code: string, wallet: Wallet, ending: Ending): Promise<void> {
  const { vault, knowledge, now } = wallet;
  const read = await readRequest(code, knowledge.trust(), importEs256Key);
  const fault = typeof read === 'string' ? read : isAnswered(vault, read) ? 'REQUEST_ANSWERED' : undefined;
  if (typeof read === 'string' || fault !== undefined) {
    refusal(root, fault ?? 'REQUEST_NOT_FOUND', wallet);
    return;
  }
  const holder = await holderKeyOf(vault);
  const { bound, unbound } = offersFor(read.request, keptPasses(vault), holder.did);
  const offers = await Promise.all(bound.map(async (offer) => judged(offer, wallet)));
  if (ending.isLeft) return;
  if (offers.length === 0) {
    nothingBound(root, read, unbound, wallet);
    return;
  }
  const over = (): void => {
    ending.stop();
    refusal(root, 'REQUEST_EXPIRED', wallet);
  };
  let isAgreed = false;
  const agreedTo = async (offer: Offer, by: Receipt['by']): ReturnType<typeof consent> => {
    try {
      return await consent(vault, read, offer, { holder, now: now(), by });
    } catch (error) {
      isAgreed = false;
      throw error;
    }
  };
  const agree = (offer: Offer, by: Receipt['by']): void => {
    // A finger that presses twice agrees once.
    if (isAgreed) return;
    isAgreed = true;
    void wallet.attempt(async () => {
      const answer = await agreedTo(offer, by);
      ending.stop();
      if (typeof answer === 'string') {
        refusal(root, answer, wallet);
        return;
      }
      if (ending.isLeft) return;
      const agreed = { root, read, offer, holder, answer, over };
      ending.stop = by === 'code' ? showAnswerCode(agreed, wallet) : sendIt(agreed, wallet);
    });
  };
  const { nodes, tick } = questionStep(read, offers, wallet.speaker, {
    show: (offer) => {
      if (read.asker.standing === 'disowned') reallyStep(root, offer, { read, wallet, agree });
      else agree(offer, 'code');
    },
    send: (offer) => {
      agree(offer, 'direct_post');
    },
    no: wallet.home,
    chooseFirst: () => {
      wallet.announce(wallet.speaker.say('askChoose'));
    },
  });
  showStep(root, ...nodes);
  ending.stop = everySecond(() => {
    const left = read.request.exp - now();
    if (left <= 0) over();
    else tick(left);
  });
}

async function judged(
  offer: Offer,
  { vault, knowledge, ports }: Pick<Wallet, 'vault' | 'knowledge' | 'ports'>,
): Promise<JudgedOffer> {
  const { pass } = offer;
  const { decision } = await judgePass(evidenceOf(pass), knowledge.trust(), ports);
  const person = shelfOf(vault).people.find(({ passes }) => passes.includes(pass.id));
  return { offer, decision, label: labelOf(person?.label, pass.facts?.subject?.name) };
}

/** Why nothing is answered, and what to do now. */
function refusal(root: HTMLElement, code: RequestCode, { speaker, go, home }: Wallet): void {
  const { say } = speaker;
  const tone = code === 'REQUEST_FORGED' ? 'bad' : 'warn';
  const again = (): void => {
    go({ name: 'scan' });
  };
  const text = element('textarea', { name: 'code', rows: '3', autocomplete: 'off', spellcheck: 'false' });
  const form = element(
    'form',
    { class: 'card paste' },
    paragraph(say('pasteMeans'), 'small'),
    element('label', {}, saidNode(say('paste')), text),
    element('button', { type: 'submit', class: 'quiet' }, saidNode(say('retrieveNext'))),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go({ name: 'ask', code: text.value.trim() });
  });
  showStep(
    root,
    toneBox(tone, stepHeading(say(code)), paragraph(say(`${code}_NOW`))),
    element(
      'div',
      { class: 'choices' },
      saidButton(say('scan'), again, 'primary big'),
      saidButton(say('done'), home, 'quiet big'),
    ),
    form,
  );
}

/** Nobody can prove to hold what is bound to nobody: its own code is all that there is to show. */
function nothingBound(
  root: HTMLElement,
  { asker }: ReadRequest,
  unbound: readonly KeptPass[],
  { speaker, go, home }: Wallet,
): void {
  const { say } = speaker;
  const none = unbound.length === 0;
  const ways = unbound.map((pass) => {
    const act = (): void => {
      go({ name: 'show', id: pass.id });
    };
    const shown = button('', act, { class: 'quiet big' });
    const { facts } = pass;
    shown.append(
      foreign(labelOf(undefined, facts?.subject?.name)),
      ...(facts === null ? [] : [' · ', saidNode(kindWords(facts, speaker))]),
    );
    return shown;
  });
  const retrieve = (): void => {
    go({ name: 'retrieve' });
  };
  showStep(
    root,
    askerNotice(asker, speaker),
    stepHeading(say(none ? 'askNone' : 'askUnbound')),
    paragraph(say(none ? 'askNoneNow' : 'askUnboundMeans')),
    element(
      'div',
      { class: 'choices' },
      ...ways,
      ...(none ? [saidButton(say('retrieve'), retrieve, 'primary big')] : []),
      saidButton(say('askNo'), home, 'quiet big'),
    ),
  );
}

/** A disowned venue is answered by nobody who has not been told twice. */
function reallyStep(
  root: HTMLElement,
  offer: Offer,
  {
    read,
    wallet,
    agree,
  }: {
    readonly read: ReadRequest;
    readonly wallet: Wallet;
    readonly agree: (offer: Offer, by: Receipt['by']) => void;
  },
): void {
  const { speaker, home } = wallet;
  const { say } = speaker;
  const yes = (): void => {
    agree(offer, 'code');
  };
  showStep(
    root,
    askerNotice(read.asker, speaker),
    toneBox('bad', stepHeading(say('askSure')), paragraph(say('askSureMeans'))),
    element(
      'div',
      { class: 'choices' },
      saidButton(say('askNo'), home, 'primary big'),
      saidButton(say('askSureYes'), yes, 'danger'),
    ),
  );
}
