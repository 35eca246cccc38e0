import { renderTextPath } from '../../../../credential/qr.ts';
import { codePicture } from '../../../../verifier/web/parts/code-picture.ts';
import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import { answerRequest } from '../../../asking/answer-request.ts';
import type { RequestAnswer } from '../../../asking/answer-request.ts';
import type { Offer } from '../../../asking/offer.ts';
import type { ReadRequest } from '../../../asking/read-request.ts';
import { canSend, sendAnswer } from '../../../asking/send-answer.ts';
import type { HolderKey } from '../../../vault/holder-key.ts';
import type { Wallet } from '../../context.ts';
import { holdAwake } from '../../stay-awake.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import { clockText, everySecond, toneBox, showStep, stepHeading } from '../parts.ts';

/** What was agreed to, and where it is shown. */
export interface Agreed {
  readonly root: HTMLElement;
  readonly read: ReadRequest;
  readonly offer: Offer;
  readonly holder: HolderKey;
  readonly answer: RequestAnswer;
  /** The question's time is over. */
  readonly over: () => void;
}

/** A venue takes a signature for one minute: before that is over the same answer is signed anew. */
const RENEW_SECONDS = 50;

/** Show the answer as a code, as long as the question lasts; answers how to stop. */
export function showAnswerCode(agreed: Agreed, wallet: Wallet): () => void {
  const { root, read, offer, holder, over } = agreed;
  const { speaker, now, home, attempt } = wallet;
  const { say } = speaker;
  const frame = element('div', { class: 'code-frame' });
  const clock = element('p', { class: 'small', role: 'timer' });
  const draw = ({ code }: RequestAnswer): void => {
    frame.replaceChildren(codePicture(renderTextPath(code), say('askAnswerPlace').text));
  };
  draw(agreed.answer);
  // Whoever holds it up touches nothing meanwhile.
  const letSleep = holdAwake(() => undefined);
  let signedAt = now();
  const { host } = new URL(read.request.responseUri);
  let stop = (): void => undefined;
  const send = canSend(read.request)
    ? saidButton(
        say('askSend', { host }),
        () => {
          stop();
          stop = sendIt(agreed, wallet);
        },
        'quiet',
      )
    : undefined;
  showStep(
    root,
    stepHeading(say('askAnswer')),
    frame,
    clock,
    element('div', { class: 'choices' }, saidButton(say('done'), home, 'primary big'), send),
  );
  stop = everySecond(() => {
    const left = read.request.exp - now();
    if (left <= 0) {
      stop();
      over();
      return;
    }
    clock.replaceChildren(saidNode(say('askAnswerUntil', { time: clockText(left) })));
    // Abs: a clock set back must not keep an old signature on the screen.
    if (Math.abs(now() - signedAt) < RENEW_SECONDS) return;
    signedAt = now();
    void attempt(async () => {
      draw(await answerRequest(read.request, offer, holder, now()));
    });
  });
  return () => {
    letSleep();
    stop();
  };
}

/** What became of an answer that was sent, by how it is said. */
const SENT = {
  taken: ['good', 'askTaken', 'askTakenMeans'],
  refused: ['bad', 'askRefused', 'askRefusedNow'],
  unreachable: ['warn', 'askUnreachable', 'askUnreachableNow'],
} as const;

/** Send the answer where the question said; of one that is not taken the code is left. Answers how to stop. */
export function sendIt(agreed: Agreed, wallet: Wallet): () => void {
  const { root, read, offer, holder, over } = agreed;
  const { speaker, home, now, attempt } = wallet;
  const { say } = speaker;
  const { host } = new URL(read.request.responseUri);
  let stop = (): void => undefined;
  let isLeft = false;
  showStep(root, stepHeading(say('askSending', { host })));
  void attempt(async () => {
    const answer = await answerRequest(read.request, offer, holder, now());
    const sent = await sendAnswer(read.request, answer, fetch);
    if (isLeft) return;
    const isTaken = sent === 'taken';
    const [tone, title, means] = SENT[sent];
    const done = saidButton(say('done'), home, isTaken ? 'primary big' : 'quiet big');
    const code = saidButton(say('askShowCode'), () => void attempt(showCode), 'primary big');
    showStep(
      root,
      toneBox(tone, stepHeading(say(title, { host })), paragraph(say(means))),
      element('div', { class: 'choices' }, ...(isTaken ? [done] : [code, done])),
    );
  });
  return () => {
    isLeft = true;
    stop();
  };

  /** Signed anew: what was sent may be minutes old by now, and a venue takes a signature for one. */
  async function showCode(): Promise<void> {
    if (now() >= read.request.exp) {
      over();
      return;
    }
    const answer = await answerRequest(read.request, offer, holder, now());
    if (!isLeft) stop = showAnswerCode({ ...agreed, answer }, wallet);
  }
}
