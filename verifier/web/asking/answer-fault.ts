import type { FailureCode } from '../../pipeline/decision.ts';
import { SUPPORT_CODES } from '../parts/support-code.ts';
import type { VerdictScreen } from '../parts/verdict.ts';
import type { Speaker } from '../scanner-words.ts';
import type { ScannerWords } from '../words/table.ts';

/** Why an answer to a question is not taken, where a decision's codes do not say enough; a closed list. */
export type AnswerFault =
  /** No question of this scanner is open. */
  | 'ANSWER_UNASKED'
  /** Its five minutes are over. */
  | 'ANSWER_LATE'
  /** The question has its answer. */
  | 'ANSWER_TWICE'
  /** It answers another question: another venue's, or an earlier one. */
  | 'ANSWER_ELSEWHERE'
  /** The signature is not its holder's, or is too old. */
  | 'ANSWER_UNPROVEN'
  /** Only the node knows whether a question was answered before. */
  | 'NODE_UNREACHABLE'
  /** What the node said is no decision. */
  | 'NODE_ANSWER';

interface AboutFault {
  /** Which outcome it makes, and which reason its words take the place of. */
  readonly code: FailureCode;
  readonly words: keyof ScannerWords;
  /** As of SUPPORT_CODES; none is given twice. */
  readonly support: string;
}

/** Everything about each fault. */
export const ANSWER_FAULTS: Readonly<Record<AnswerFault, AboutFault>> = {
  ANSWER_UNASKED: { code: 'HOLDER_NOT_PROVEN', words: 'answerUnasked', support: 'RW1' },
  ANSWER_LATE: { code: 'HOLDER_NOT_PROVEN', words: 'answerLate', support: 'RW2' },
  ANSWER_TWICE: { code: 'HOLDER_NOT_PROVEN', words: 'answerTwice', support: 'RW3' },
  ANSWER_ELSEWHERE: { code: 'HOLDER_NOT_PROVEN', words: 'answerElsewhere', support: 'RW4' },
  ANSWER_UNPROVEN: { code: 'HOLDER_NOT_PROVEN', words: 'answerUnproven', support: 'RW5' },
  // Nobody is red for a technical failure.
  NODE_UNREACHABLE: { code: 'TRUST_MISSING', words: 'answerNodeGone', support: 'CW1' },
  NODE_ANSWER: { code: 'TRUST_MISSING', words: 'answerNodeOdd', support: 'CW2' },
};

/** A decision's screen with the fault's words in the place of those of its code. */
export function withFaultWords(shown: VerdictScreen, fault: AnswerFault, { say }: Speaker): VerdictScreen {
  const { code, words, support } = ANSWER_FAULTS[fault];
  const codes = shown.supportCode.split('-').map((one) => (one === SUPPORT_CODES[code] ? support : one));
  return {
    ...shown,
    reasons: shown.reasons.map((reason) => (reason.code === code ? { code, text: say(words).text } : reason)),
    supportCode: codes.join('-'),
  };
}
