/** What is wrong with a log or with the store that it tells of; a closed list. */
export type FindingCode =
  | 'RECORD_MISSING'
  | 'RECORD_CHANGED'
  | 'RECORD_SURPLUS'
  | 'SEAL_MISSING'
  | 'SEAL_CHANGED'
  | 'SEAL_SURPLUS'
  | 'HEAD_MISSING'
  | 'HEAD_CHANGED'
  | 'WITNESS_MISSING'
  | 'WITNESS_AHEAD'
  | 'WITNESS_DIFFERS'
  | 'EFFECT_MISSING'
  | 'EFFECT_CHANGED'
  | 'EFFECT_SURPLUS'
  | 'CHAIN_AHEAD'
  | 'CHAIN_DIFFERS';

export interface Finding {
  readonly code: FindingCode;
  /** Number of the record of the log, or of the segment of a seal. */
  readonly at?: number;
  /** The last of several. */
  readonly upTo?: number;
  /** Key of the record of the store that was written, or that nobody wrote. */
  readonly key?: string;
}

/** A log that was torn to pieces has as many findings as records; whoever reads them needs the first ones. */
const MOST = 100;

/** Findings as they come. */
export class Findings {
  readonly #found: Finding[] = [];
  #more = false;

  add(finding: Finding): void {
    if (this.#found.length < MOST) this.#found.push(finding);
    else this.#more = true;
  }

  get none(): boolean {
    return this.#found.length === 0;
  }

  get all(): readonly Finding[] {
    return this.#found;
  }

  /** Whether there are more than were kept. */
  get more(): boolean {
    return this.#more;
  }
}

const WORDS: Readonly<Record<FindingCode, (finding: Finding) => string>> = {
  RECORD_MISSING: (is) => `${records(is)} of the log ${is.upTo === undefined ? 'is' : 'are'} missing`,
  RECORD_CHANGED: (is) => `${records(is)} of the log was changed`,
  RECORD_SURPLUS: (is) => `${records(is)} lies behind the head of the log`,
  SEAL_MISSING: ({ at }) => `the seal of segment ${at} is missing`,
  SEAL_CHANGED: ({ at }) => `segment ${at} and its seal do not match`,
  SEAL_SURPLUS: ({ at }) => `segment ${at} has a seal that the head does not know of`,
  HEAD_MISSING: () => 'the head of the log is missing',
  HEAD_CHANGED: () => 'the head of the log was changed',
  WITNESS_MISSING: () => 'the witness of the log is missing, or was changed',
  WITNESS_AHEAD: ({ at }) => `the witness has seen record ${at}, and the log ends before it`,
  WITNESS_DIFFERS: (is) => `${records(is)} of the log is not the one that the witness has seen`,
  EFFECT_MISSING: (is) => `the store has lost ${is.key}${since(is)}`,
  EFFECT_CHANGED: (is) => `in the store ${is.key} is not as it was written${since(is)}`,
  EFFECT_SURPLUS: ({ key }) => `the store holds ${key}, which the log does not know of`,
  CHAIN_AHEAD: ({ at }) => `the chain holds record ${at}, and the log ends before it`,
  CHAIN_DIFFERS: (is) => `${records(is)} of the log is not the one that the chain holds`,
};

/** A finding as part of a sentence. */
export function findingInWords(finding: Finding): string {
  return WORDS[finding.code](finding);
}

function records({ at, upTo }: Finding): string {
  return upTo === undefined ? `record ${at}` : `records ${at} to ${upTo}`;
}

function since({ at }: Finding): string {
  return at === undefined ? '' : ` (record ${at} of the log)`;
}
