import type { Code, Decision } from '../../verifier/pipeline/decision.ts';
import type { PassFacts } from './judged-pass.ts';
import type { KeptPass } from './kept-pass.ts';

/** How a pass of the wallet stands, in one word; the codes of the decision say why. */
export type Standing =
  | 'good'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  /** The issuer or its key lost its standing, or the card is refused for another reason. */
  | 'refused'
  /** It could not be checked now: the trust data here is old or lacks something. */
  | 'unchecked'
  /** Nobody accredited its issuer. */
  | 'apart';

/** In this order: what newer data cannot undo first. */
const STANDING_OF_CODE: readonly (readonly [Code, Standing])[] = [
  ['ISSUER_UNKNOWN', 'apart'],
  ['REVOKED', 'revoked'],
  ['EXPIRED', 'expired'],
  ['NOT_YET_VALID', 'not-yet-valid'],
];

/** The standing that a decision comes to. */
export function standingOf({ outcome, codes }: Pick<Decision, 'outcome' | 'codes'>): Standing {
  if (outcome === 'accepted') return 'good';
  if (outcome === 'undetermined') return codes.includes('ISSUER_UNKNOWN') ? 'apart' : 'unchecked';
  return STANDING_OF_CODE.find(([code]) => codes.includes(code))?.[1] ?? 'refused';
}

/** What is said about: the same issuer, person and kind of pass. */
function subjectMatter({ issuer, subject, profile, passType }: PassFacts): string {
  return JSON.stringify([issuer.did, subject?.name, subject?.birthDate, profile, passType]);
}

/** The newest other pass that takes the place of this one, if the wallet holds it; undefined if this is the newest. */
export function supersededBy(pass: KeptPass, all: readonly KeptPass[]): KeptPass | undefined {
  const { facts } = pass;
  // What a Pass Plus is about is not among the facts: a test takes the place of no vaccination.
  if (!facts?.subject || facts.profile === 'pass-plus') return undefined;
  const about = subjectMatter(facts);
  return all
    .filter((other) => other.facts !== null && subjectMatter(other.facts) === about)
    .filter((other) => (other.facts?.nbf ?? 0) > facts.nbf)
    .toSorted((one, other) => (other.facts?.nbf ?? 0) - (one.facts?.nbf ?? 0))[0];
}
