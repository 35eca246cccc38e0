import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { JSON_READERS } from '../properties/parsers.ts';
import { RULE_READERS } from '../properties/rule-readers.ts';
import { inWords } from '../properties/run.ts';

describe('a reader of JSON answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of [...JSON_READERS, ...RULE_READERS])
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
