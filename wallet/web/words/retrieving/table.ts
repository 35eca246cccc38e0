import type { RetrievalCode } from '../../../retrieval/retrieval-fault.ts';

/** Why an issuer has no pass of a kind, by its own reasons. */
export type ReasonWord =
  | 'NO_ACCEPTED_DOSE'
  | 'SERIES_INCOMPLETE'
  | 'NO_NEGATIVE_RESULT'
  | 'TEST_TIME_MISSING'
  | 'POSITIVE_RESULT'
  | 'TOO_EARLY'
  | 'WINDOW_OVER'
  | 'NOTHING_ATTESTED'
  | 'TOO_MANY_CARDS';

/** What is said about getting passes and putting records right; of what failed why, and what to do now. */
export interface RetrievingWords extends Readonly<
  Record<RetrievalCode | `${RetrievalCode}_NOW` | ReasonWord, string>
> {
  readonly retrieveStep: string;
  readonly retrieveIssuer: string;
  readonly retrieveOther: string;
  readonly retrieveAddress: string;
  readonly retrieveAddressWrong: string;
  readonly retrieveAsks: string;
  readonly retrieveNext: string;
  readonly retrieveBack: string;
  readonly retrieveWho: string;
  readonly retrieveFamily: string;
  readonly retrieveGiven: string;
  readonly retrieveBorn: string;
  readonly retrieveBornHint: string;
  readonly retrieveZip: string;
  readonly retrieveWhoMeans: string;
  readonly retrieveBegin: string;
  readonly retrieveCode: string;
  readonly retrieveCodeMeans: string;
  readonly retrieveCodeField: string;
  readonly retrieveCodeUntil: string;
  readonly retrieveDown: string;
  readonly retrieveTries: string;
  readonly retrieveOpen: string;
  readonly retrieveAnew: string;
  readonly retrieveGetting: string;
  readonly retrieveGot: string;
  readonly retrieveGotNone: string;
  readonly retrieveKept: string;
  readonly retrieveHeld: string;
  readonly retrieveApart: string;
  readonly retrieveNotTaken: string;
  readonly retrieveFull: string;
  readonly retrieveNot: string;
  readonly retrieveWait: string;
  readonly retrieveToPasses: string;

  readonly correct: string;
  readonly correctMeans: string;
  readonly correctWords: string;
  readonly correctReach: string;
  readonly correctSend: string;
  readonly correctFiled: string;
  readonly correctKept: string;
  readonly corrections: string;
  readonly correctionsAsk: string;
  readonly correctionForget: string;
  readonly correctionAt: string;
  readonly correctionOpen: string;
  readonly correctionInWork: string;
  readonly correctionDone: string;
  readonly correctionRefused: string;
}
