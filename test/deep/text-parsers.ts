import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { ASKING_PARSERS } from '../properties/asking.ts';
import { TEXT_PARSERS } from '../properties/parsers.ts';
import { inWords } from '../properties/run.ts';

describe('a parser of text answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of [...TEXT_PARSERS, ...ASKING_PARSERS])
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
