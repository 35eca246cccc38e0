import { isAnswer, parseAnswer } from '../../../credential/compact-answer.ts';
import { FormatError } from '../../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../../credential/json.ts';
import { parseCompactJws } from '../../../credential/jws.ts';
import { renderTextPath } from '../../../credential/qr.ts';
import { objectOf, ShapeError, text } from '../../../credential/strict-reader.ts';
import type { Challenge } from '../../pipeline/checks.ts';
import { conclude } from '../../pipeline/conclude.ts';
import type { Decision } from '../../pipeline/decision.ts';
import type { CodeOutline } from '../parts/code-picture.ts';
import type { Chosen, Shown, Verdict, VenueVerifier } from '../venue-verifier.ts';
import { ANSWER_FAULTS } from './answer-fault.ts';
import type { AnswerFault } from './answer-fault.ts';
import { readMade, readState, readTold } from './node-answers.ts';
import type { ToldDecision, ToldState } from './node-answers.ts';
import { withFailure, worseDecision } from './worse-decision.ts';

/** A question as a code to show. */
export interface ShownQuestion extends CodeOutline {
  readonly id: string;
  /** How long it is good for. */
  readonly seconds: number;
}

/** What became of the question: what was answered, or that nobody did in time, or that the node cannot be asked. */
export type Polled = 'open' | 'over' | 'unreachable' | readonly Verdict[];

/** Asks holders in the node's name, one question at a time. */
export interface VenueAsker {
  /** Rejects where the node makes no question. */
  readonly ask: (chosen: Chosen) => Promise<ShownQuestion>;
  readonly poll: () => Promise<Polled>;
  /** Decide about the text of an answer's code, wherever it was seen. */
  readonly answer: (code: string) => Promise<readonly Verdict[]>;
  /** Ask that no more: no answer to it is taken from now on. */
  readonly end: (id: string) => void;
}

/** What the platform does for it. */
export interface AskerPorts {
  readonly verifier: Pick<VenueVerifier, 'present'>;
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, body: object) => Promise<Response>;
  /** Milliseconds, of a clock that nobody sets. */
  readonly tick: () => number;
}

interface Question {
  readonly id: string;
  readonly challenge: Challenge;
  readonly chosen: Chosen;
  readonly endsAt: number;
  readonly state: 'open' | 'answering' | 'answered';
}

/** As the node has them; counted here, whatever two clocks say. */
const QUESTION_SECONDS = 300;

/** Begin with nothing asked. */
export function openAsker({ verifier, get, post, tick }: AskerPorts): VenueAsker {
  let question: Question | undefined;
  let count = 0;

  /** Of the question that it is about, unless another was asked meanwhile. */
  const become = ({ id }: Question, state: Question['state']): void => {
    if (question?.id === id) question = { ...question, state };
  };
  const judge = async (
    asked: Question,
    presentation: string,
    told: readonly ToldDecision[] | AnswerFault,
  ): Promise<readonly Verdict[]> => {
    const own = await verifier.present(presentation, asked.chosen, asked.challenge);
    if (typeof told === 'string') return own.map((decision) => faulty(decision, told));
    if (told.length !== own.length) return own.map((decision) => faulty(decision, 'NODE_ANSWER'));
    const decisions = own.map((decision, at) => {
      const one = told[at];
      return one === undefined ? decision : worseDecision(decision, one);
    });
    if (told.some(isProven)) become(asked, 'answered');
    if (decisions.some(isProven)) {
      return decisions.map((decision) => ({ decision, specimen: false, byWallet: isProven(decision) }));
    }
    const fault = own.some(isProven) ? await whyNot(asked) : 'ANSWER_UNPROVEN';
    return decisions.map((decision) => ({ decision, specimen: false, fault }));
  };
  /** The signature holds here, and the node did not take it. */
  const whyNot = async ({ id }: Question): Promise<AnswerFault> => {
    const state = await stateOf(id);
    if (state === 'over') return 'ANSWER_LATE';
    return typeof state === 'object' ? 'ANSWER_TWICE' : 'ANSWER_UNPROVEN';
  };
  const stateOf = async (id: string): Promise<ToldState | 'over' | 'unreachable'> => {
    try {
      const response = await get(`/requests/${id}`);
      if (response.status === 404) return 'over';
      return response.ok ? readState(await response.json()) : 'unreachable';
    } catch {
      return 'unreachable';
    }
  };

  return {
    ask: async (chosen) => {
      question = undefined;
      const own = ++count;
      const endsAt = tick() + QUESTION_SECONDS * 1000;
      const { rules, event } = chosen;
      const response = await post('/requests', { ...(rules === 'none' ? {} : { rules }), event });
      if (!response.ok) throw new ShapeError('no question');
      const { id, request } = readMade(await response.json());
      const symbol = renderTextPath(request);
      const made: Question = { id, challenge: challengeOf(request), chosen, endsAt, state: 'open' };
      // Of two that were asked for at once the later one stands.
      if (own === count) question = made;
      return { id, ...symbol, seconds: Math.max(0, (endsAt - tick()) / 1000) };
    },
    poll: async () => {
      const asked = question;
      if (asked === undefined || asked.state === 'answered') return 'over';
      // The code of its answer is being judged.
      if (asked.state === 'answering') return 'open';
      if (tick() >= asked.endsAt) return 'over';
      const state = await stateOf(asked.id);
      if (typeof state === 'string') return state;
      become(asked, 'answered');
      return judge(asked, state.presentation, state.decisions);
    },
    answer: async (code) => {
      const asked = question;
      try {
        const { nonce, presentation } = parseAnswer(code);
        if (asked === undefined) return [refused('ANSWER_UNASKED')];
        if (nonce !== asked.challenge.nonce) return [refused('ANSWER_ELSEWHERE')];
        if (asked.state === 'answered') return [refused('ANSWER_TWICE')];
        if (tick() >= asked.endsAt) return [refused('ANSWER_LATE')];
        become(asked, 'answering');
        const rebuilt = presentation(asked.challenge.audience);
        return await judge(asked, rebuilt, await toldOf(post, code));
      } catch (error) {
        if (error instanceof FormatError) return [plain(conclude({ codes: [error.code] }))];
        throw error;
      } finally {
        if (question?.id === asked?.id && question?.state === 'answering') become(question, 'open');
      }
    },
    end: (id) => {
      if (question?.id === id) question = undefined;
    },
  };
}

/** The text of an answer's code in what was shown, if there is one. */
export function answerIn(shown: Shown): string | undefined {
  if ('codes' in shown) return shown.codes.find(isAnswer);
  if ('code' in shown) return undefined;
  const said = 'text' in shown ? shown.text : new TextDecoder().decode(shown.bytes.subarray(0, 30_000));
  const trimmed = said.trim();
  return isAnswer(trimmed) ? trimmed : undefined;
}

async function toldOf(
  post: AskerPorts['post'],
  answer: string,
): Promise<readonly ToldDecision[] | AnswerFault> {
  let response: Response;
  try {
    response = await post('/presentations', { answer });
  } catch {
    return 'NODE_UNREACHABLE';
  }
  try {
    return response.ok ? readTold(await response.json()) : 'NODE_ANSWER';
  } catch {
    return 'NODE_ANSWER';
  }
}

/** What the node has the holder sign: read from its own question. */
function challengeOf(request: string): Challenge {
  const jwt = new URLSearchParams(request.slice(request.indexOf('?') + 1)).get('request') ?? '';
  const { nonce, client_id: audience } = objectOf(parseJson(decodeUtf8(parseCompactJws(jwt).payload)));
  return {
    nonce: text(/^[\w-]{22,128}$/, 128)(nonce),
    audience: text(/^decentralized_identifier:/, 2000)(audience),
  };
}

function isProven({ codes }: ToldDecision): boolean {
  return !codes.includes('HOLDER_NOT_PROVEN');
}

function plain(decision: Decision): Verdict {
  return { decision, specimen: false };
}

function refused(fault: AnswerFault): Verdict {
  return { decision: conclude({ codes: [ANSWER_FAULTS[fault].code] }), specimen: false, fault };
}

function faulty(decision: Decision, fault: AnswerFault): Verdict {
  return { decision: withFailure(decision, ANSWER_FAULTS[fault].code), specimen: false, fault };
}
