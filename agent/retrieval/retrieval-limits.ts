import { IssuerError } from '../issuer-error.ts';
import type { Claim, Limit } from './limits.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How much may be asked, by whom. */
export interface RetrievalLimits {
  /** Retrievals begun for one person: whoever mistypes tries again, and no phone is flooded. */
  readonly personHour: Limit;
  readonly personDay: Limit;
  /** Retrievals begun from one group of addresses: a library's worth. */
  readonly address: Limit;
  /** Retrievals begun altogether, that no crowd of addresses wears out the sources and the senders. */
  readonly all: Limit;
  /** Wrong codes for one person (NIST SP 800-63B-4 §3.2.2: no more than 100), and then a lock. */
  readonly failures: Limit;
  readonly addressFailures: Limit;
  readonly allFailures: Limit;
  /** Correction requests, and looks at them, from one group of addresses. */
  readonly corrections: Limit;
  /** Correction requests altogether: they are kept, and read by people. */
  readonly allCorrections: Limit;
  readonly looks: Limit;
}

export const RETRIEVAL_LIMITS: RetrievalLimits = {
  personHour: { count: 5, seconds: HOUR },
  personDay: { count: 10, seconds: DAY },
  address: { count: 60, seconds: HOUR },
  all: { count: 5000, seconds: HOUR },
  failures: { count: 100, seconds: 365 * DAY, lockSeconds: 365 * DAY },
  addressFailures: { count: 60, seconds: HOUR },
  allFailures: { count: 2000, seconds: HOUR },
  corrections: { count: 10, seconds: DAY },
  allCorrections: { count: 5000, seconds: DAY },
  looks: { count: 120, seconds: HOUR },
};

/** Too much was asked; to be told when one may ask again tells nothing of a person. */
export class RetrievalLimited extends IssuerError {
  /** Whole seconds. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('RETRIEVAL_LIMITED', 'Too many tries; try again later.');
    this.retryAfter = retryAfter;
  }
}

/** What each limit is counted under. */
export function claimOf(limits: RetrievalLimits, name: keyof RetrievalLimits, tag = ''): Claim {
  return { name, tag, limit: limits[name] };
}
