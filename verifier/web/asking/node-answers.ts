import { list, objectOf, oneOf, record, text } from '../../../credential/strict-reader.ts';
import type { Read } from '../../../credential/strict-reader.ts';
import { OUTCOME_OF_CODE } from '../../pipeline/decision.ts';
import type { CheckResult, Checks, Code } from '../../pipeline/decision.ts';

/** What of the node's decision counts here: what it found, by closed lists. */
export interface ToldDecision {
  readonly codes: readonly Code[];
  readonly checks: Checks;
}

/** A question as the node made it. */
export interface MadeRequest {
  readonly id: string;
  /** The text of its QR code. */
  readonly request: string;
}

/** What became of a question. */
export type ToldState =
  'open' | { readonly presentation: string; readonly decisions: readonly ToldDecision[] };

const CODES = Object.keys(OUTCOME_OF_CODE) as Code[];
const RESULTS: readonly CheckResult[] = [
  'passed',
  'failed',
  'undetermined',
  'not-offered',
  'not-asked',
  'not-run',
];
const check = oneOf(...RESULTS);
const readChecks = record<Checks>({
  signature: check,
  issuer: check,
  key: check,
  validity: check,
  status: check,
  rules: check,
});
const readCodes = list(oneOf(...CODES), 1);
/** A presentation of ten cards. */
const PRESENTATION = text(/^/, 500_000);

const readDecision: Read<ToldDecision> = (value) => {
  const { codes, checks } = objectOf(value);
  return { codes: readCodes(codes), checks: readChecks(checks) };
};

/** The node's decisions about an answer, of which one is written without a list; throws ShapeError. */
export function readTold(value: unknown): readonly ToldDecision[] {
  const { decisions } = objectOf(value);
  return decisions === undefined ? [readDecision(value)] : list(readDecision, 1)(decisions);
}

/** The node's new question; throws ShapeError. */
export function readMade(value: unknown): MadeRequest {
  const { id, request } = objectOf(value);
  return { id: text(/^[\w-]{16,64}$/, 64)(id), request: text(/^openid4vp:\/\//, 8000)(request) };
}

/** What became of a question; throws ShapeError. */
export function readState(value: unknown): ToldState {
  const { state, answer, presentation } = objectOf(value);
  if (oneOf('open', 'answered')(state) === 'open') return 'open';
  return { presentation: PRESENTATION(presentation), decisions: readTold(answer) };
}
