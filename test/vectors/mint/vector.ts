import type { Expected, Vector, VectorInput } from '../../support/vectors.ts';
import { NOW } from './moments.ts';

/** One row of a table: what is in the file but its name, with the expected answer as one line. */
export interface Row extends Partial<
  Pick<
    Vector,
    'section' | 'now' | 'at' | 'event' | 'allowUnanchored' | 'rules' | 'challenge' | 'trust' | 'needsClock'
  >
> {
  readonly why: string;
  /** Text of a JWS, or any input. */
  readonly input: string | VectorInput;
  /** `outcome: CODE, CODE` by hand from the design, one for each credential. */
  readonly expect: string | readonly string[];
  readonly checks?: Expected['checks'];
  readonly because?: Expected['because'];
}

/** The vectors of one folder; rows without a section of their own stand under the folder's. */
export function folder(
  path: string,
  section: string,
  rows: Readonly<Record<string, Row>>,
): readonly Vector[] {
  return Object.entries(rows).map(([name, row]) => {
    const { why, input, expect, checks, because, trust = 'federation', now = NOW, ...rest } = row;
    return {
      name: `${path}/${name}`,
      why,
      section,
      ...rest,
      input: typeof input === 'string' ? { text: input } : input,
      now,
      trust,
      expect: [expect].flat().map((line) => expected(line, checks, because)),
    };
  });
}

function expected(line: string, checks: Expected['checks'], because: Expected['because']): Expected {
  const [outcome = '', codes = ''] = line.split(': ');
  return {
    outcome,
    codes: codes.split(', '),
    ...(checks === undefined ? {} : { checks }),
    ...(because === undefined ? {} : { because }),
  };
}
