import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { LIST_PAIRS } from '../properties/list-pairs.ts';
import { PAIRS } from '../properties/pairs.ts';
import { inWords } from '../properties/run.ts';

describe('what is written reads back the same', () => {
  for (const { name, run } of [...PAIRS, ...LIST_PAIRS])
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.pair))));
});
