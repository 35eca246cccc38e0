import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { BYTE_PARSERS } from '../properties/parsers.ts';
import { inWords } from '../properties/run.ts';

describe('a parser of bytes answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of BYTE_PARSERS)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
