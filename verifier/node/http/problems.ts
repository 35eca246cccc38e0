import { EDGE, problemTable } from '../../http/problem.ts';

/** Every way a request to a verifier node can fail. */
export const PROBLEMS = {
  ...EDGE,
  ...problemTable({
    PRESENTATION_REFUSED: [
      400,
      'The answer is not signed for an open request of this venue by the holder of what is in it.',
    ],
    BUNDLE_MISSING: [404, 'This node holds no trust data that it could pass on.'],
    LOG_MISSING: [404, 'This node holds no log of a registry.'],
    REQUEST_UNKNOWN: [404, 'There is no such request to a holder, or its time is over.'],
    LINE_TOO_LARGE: [413, 'The line is longer than a line may be.'],
    TRUST_MISSING: [503, 'There is no trust data here yet: every card is undetermined.'],
    TRUST_INVALID: [503, 'The trust data here is damaged or false: every card is undetermined.'],
  }),
};

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];
