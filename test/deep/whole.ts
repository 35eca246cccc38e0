import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { WHOLE } from '../properties/whole.ts';
import { inWords } from '../properties/run.ts';

describe('whatever is shown gets an answer, in time, and never a wrong one', () => {
  for (const { name, run } of WHOLE)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
