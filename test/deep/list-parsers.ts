import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { LIST_PARSERS } from '../properties/list-parsers.ts';
import { inWords } from '../properties/run.ts';

describe('a reader of status lists answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of LIST_PARSERS)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
