import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { PAIRS } from '../properties/pairs.ts';

describe('what is written reads back the same', () => {
  for (const { name, run } of PAIRS) test(name, () => run(DEEP.pair));
});
