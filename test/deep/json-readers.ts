import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { JSON_READERS } from '../properties/parsers.ts';
import { inWords } from '../properties/run.ts';

describe('a reader of JSON answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of JSON_READERS)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
